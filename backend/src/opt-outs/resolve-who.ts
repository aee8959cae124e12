import type { Engine, Queries } from '@secateur/sql';
import type { SubscriberDirectory } from '../subscribers/directory.js';
import { noId } from '../subscribers/identifiers.js';
import type { Subject } from '../subscribers/subject.js';
import type { Incoming } from './request.js';

/** Whom a request is about. At least one of the two is not null. */
export interface Resolved {
  subject: Subject | null;
  /** The identifier the request itself names; null: the one on the person's profile. */
  identifier: string | null;
}

/**
 * The person behind each request of a group: by our own token, else the sender's id, else the address, else the
 * message. A sender's id that is new makes a new person: an opt-out is never refused for coming first. An address that
 * nobody has is enough, too: the statement binds the address.
 *
 * @returns in the order of the requests; null where nothing names anybody
 * @throws EngineAwayError
 */
export async function resolveWho(
  requests: readonly Incoming[],
  engine: Engine<Queries>,
  directory: SubscriberDirectory,
): Promise<(Resolved | null)[]> {
  const people = new Set<string>();
  const subscribers: { subscriber: string; at: number }[] = [];
  const externalIds = new Set<string>();
  const identifiers = new Set<string>();
  const messages = new Set<string>();
  const named = requests.map(({ who, request }) => {
    const identifier =
      who.identifier ??
      (who.email !== undefined
        ? directory.idOf('email', who.email)
        : who.phone !== undefined
          ? directory.idOf('phone', who.phone)
          : null);
    if (who.person !== undefined) people.add(who.person);
    else if (who.subscriber !== undefined) {
      subscribers.push({ subscriber: who.subscriber, at: request.receivedAt });
    } else if (who.externalId !== undefined) externalIds.add(who.externalId);
    else if (identifier !== null) identifiers.add(identifier);
    else if (who.messageId !== undefined) messages.add(who.messageId);
    return { who, identifier };
  });
  const deliveries =
    messages.size === 0
      ? []
      : await engine.query('events/deliveries_by_message', { ids: [...messages].join('\n') });
  const byMessage = new Map(deliveries.map((row) => [row.message_id, row.person]));
  for (const person of byMessage.values()) if (person !== noId) people.add(person);

  const [byPerson, byExternal, byIdentifier] = await Promise.all([
    directory.byPerson(people),
    directory.byExternalId(externalIds),
    directory.byIdentifier(identifiers),
  ]);
  const ensured = await directory.ensure(subscribers);

  return named.map(({ who, identifier }) => {
    const subject =
      who.person !== undefined
        ? byPerson.get(who.person)
        : who.subscriber !== undefined
          ? ensured.get(directory.idOf('external', who.subscriber))
          : who.externalId !== undefined
            ? byExternal.get(who.externalId)
            : identifier !== null
              ? byIdentifier.get(identifier)?.[0]
              : byPerson.get(byMessage.get(who.messageId ?? '') ?? '');
    if (subject === undefined && identifier === null) return null;
    return { subject: subject ?? null, identifier };
  });
}
