import type { Engine, Queries } from '@secateur/sql';
import type { Rejection } from '../contract/events.js';
import type { SubscriberDirectory } from '../subscribers/directory.js';
import { noId } from '../subscribers/identifiers.js';
import { type NamedIdentifiers, namedIdentifiers } from '../subscribers/named-identifiers.js';
import type { Subject } from '../subscribers/subject.js';
import type { Incoming, Who } from './request.js';

/** Whom a request is about: the person, the addresses that it names, or both. */
export interface Resolved extends NamedIdentifiers {
  subject: Subject | null;
  /** Who else has the address by which the person was found: no less likely to be meant. */
  others: readonly Subject[];
}

/** Why nobody can be said to be meant. */
export interface Unresolved {
  code: Extract<Rejection['code'], 'unidentified' | 'ambiguous_message'>;
  field: string;
  detail: string;
}

export const nobody: Unresolved = {
  code: 'unidentified',
  field: 'subscriber',
  detail: 'subscriber: nobody is known by what the request names',
};

const anybody: Unresolved = {
  code: 'ambiguous_message',
  field: 'message_id',
  detail: 'message_id: was delivered to several people',
};

/**
 * The person behind each request of a group: by our own token, else the sender's id, else the address, else the
 * message. A sender's id that is new makes a new person: an opt-out is never refused for coming first. An address that
 * nobody has is enough, too: the statement binds the address.
 *
 * @returns in the order of the requests
 * @throws EngineAwayError
 */
export async function resolveWho(
  requests: readonly Incoming[],
  engine: Engine<Queries>,
  directory: SubscriberDirectory,
): Promise<(Resolved | Unresolved)[]> {
  const people = new Set<string>();
  const subscribers: { subscriber: string; at: number }[] = [];
  const externalIds = new Set<string>();
  const identifiers = new Set<string>();
  const messages = new Set<string>();
  const all = requests.map(({ who, request }) => {
    const named = namedIdentifiers(who, request.channel, directory);
    const addresses = addressesOf(named);
    // A person of ours may be gone with an older database, while the sender's id came back with an import.
    if (who.externalId !== undefined) externalIds.add(who.externalId);
    if (who.person !== undefined) people.add(who.person);
    else if (who.subscriber !== undefined) {
      subscribers.push({ subscriber: who.subscriber, at: request.receivedAt });
    } else if (who.externalId === undefined && addresses.length > 0)
      for (const id of addresses) identifiers.add(id);
    else if (who.externalId === undefined && who.messageId !== undefined) messages.add(who.messageId);
    return { who, request, named };
  });
  const deliveries =
    messages.size === 0
      ? []
      : await engine.query('events/deliveries_by_message', { ids: [...messages].join('\n') });
  const byMessage = new Map(deliveries.map((row) => [row.message_id, row]));
  for (const { person } of deliveries) if (person !== noId) people.add(person);

  const [byPerson, byExternal, byIdentifier] = await Promise.all([
    directory.byPerson(people),
    directory.byExternalId(externalIds),
    directory.byIdentifier(identifiers),
  ]);
  const ensured = await directory.ensure(subscribers);

  const oneByWho = (who: Who): Subject | undefined => {
    const known = who.person === undefined ? undefined : byPerson.get(who.person);
    if (known !== undefined) return known;
    if (who.subscriber !== undefined) return ensured.get(directory.idOf('external', who.subscriber));
    return who.externalId === undefined ? undefined : byExternal.get(who.externalId);
  };
  return all.map(({ who, request, named }) => {
    const addresses = addressesOf(named);
    if (who.person !== undefined || who.subscriber !== undefined || who.externalId !== undefined) {
      const subject = oneByWho(who);
      if (subject === undefined && addresses.length === 0) return nobody;
      return { ...named, subject: subject ?? null, others: [] };
    }
    if (addresses.length === 0) {
      const delivery = byMessage.get(who.messageId ?? '');
      if (delivery !== undefined && delivery.people > 1) return anybody;
      const subject = byPerson.get(delivery?.person ?? '');
      return subject === undefined ? nobody : { ...named, subject, others: [] };
    }
    const [address, found] = addresses
      .map((id) => [id, byIdentifier.get(id) ?? []] as const)
      .find(([, having]) => having.length > 0) ?? [null, []];
    const [subject = null, ...rest] = found;
    // Whoever has the address of the channel is reached by it. Of another kind it only says that one of them is meant:
    // all of them want less then, but nobody is known to want more.
    const others = address === named.identifier ? [] : rest;
    if (others.length > 0 && (request.type === 'opted_in' || request.type === 'undone')) return nobody;
    return { ...named, subject, others };
  });
}

/** The channel's own first. */
function addressesOf({ identifier, elsewhere }: NamedIdentifiers): string[] {
  return [...(identifier === null ? [] : [identifier]), ...Object.values(elsewhere)];
}
