import type { Channel } from '../contract/vocabulary.js';
import type { Who } from '../opt-outs/request.js';
import type { SubscriberDirectory } from './directory.js';

export type AddressKind = 'email' | 'phone' | 'push';

/** Which kind of identifier a channel's messages use; null: it needs none. */
export const identifierKind: Readonly<Record<Channel, AddressKind | null>> = {
  email: 'email',
  sms: 'phone',
  voice: 'phone',
  whatsapp: 'phone',
  push: 'push',
  in_app: null,
  post: null,
  web: null,
};

export interface NamedIdentifiers {
  /** The address at which the channel's messages arrive, where one is named. */
  identifier: string | null;
  /** Addresses of another kind. They say who is meant, not where a message of the channel would go. */
  elsewhere: Partial<Record<AddressKind, string>>;
}

/** The identifiers that a request names, told apart by the kind that its channel uses. */
export function namedIdentifiers(
  who: Pick<Who, 'identifier' | 'email' | 'phone'>,
  channel: Channel,
  directory: Pick<SubscriberDirectory, 'idOf'>,
): NamedIdentifiers {
  const kind = identifierKind[channel];
  const elsewhere: NamedIdentifiers['elsewhere'] = {};
  let identifier = who.identifier ?? null;
  for (const named of ['email', 'phone'] as const) {
    const address = who[named];
    if (address === undefined) continue;
    const id = directory.idOf(named, address);
    if (named === kind) identifier ??= id;
    else elsewhere[named] = id;
  }
  return { identifier, elsewhere };
}
