import type { Channel } from '../contract/vocabulary.js';
import type { Incoming, Outcome, Who } from '../opt-outs/request.js';
import type { StreamStanding } from '../permissions/permissions.service.js';
import type { CataloguedStream } from '../streams/stream.js';

/** What the public edge needs to know of the catalogue. Answers from memory: also while the engine is away. */
export interface EdgeCatalogue {
  byKey(key: string): CataloguedStream | undefined;
  byTriple(channel: Channel, category: string, origin: string): CataloguedStream | undefined;
  /** `hash` is `streamHash(channel, category, origin)` of token.ts: 16 hexadecimal digits. */
  byHash(channel: Channel, hash: string): CataloguedStream | undefined;
}

/** How one stream stands for one person. */
export interface PersonalStream {
  stream: CataloguedStream;
  /** May a message of this stream go to the person now? The box is ticked. */
  allowed: boolean;
  /**
   * Why. Only `opt_out` means that the person stopped it, and it outranks a pause or a hold beside it. `pending`: a
   * request of theirs waits, and nobody can tell yet.
   */
  reason: StreamStanding['permission']['reason'];
  /** Was the person ever subscribed? Other streams get no box, or the page would advertise private ones. */
  subscribed: boolean;
}

export interface LinkSubject {
  /** Internal id of the person (UUID). */
  person: string;
  /** Keyed hash of the sender's external id (UUID). */
  externalId: string;
  /** Id of the identifier the channel uses (UUID); null when the profile has none. */
  identifier: string | null;
}

/** The services behind the public edge. Bound by the application; in-memory in the tests of this folder. */
export abstract class PreferencePorts {
  /** Resolves when the requests are durable, and a duplicate not before the first is visible to `streamsOf`. */
  abstract submit(incoming: Incoming[]): Promise<Outcome[]>;
  /**
   * Every stream as it stands for the person, and on this channel for the identifier in `who`, which may be an older
   * address than the profile has. Empty for an erased person. null: the engine is away.
   */
  abstract streamsOf(who: Who, channel: Channel): Promise<PersonalStream[] | null>;
  /** Registers the subscriber when unknown. */
  abstract linkSubject(subscriber: string, channel: Channel): Promise<LinkSubject>;
  /** Registers the stream when unknown. */
  abstract ensureStream(channel: Channel, category: string, origin: string): Promise<CataloguedStream>;
  abstract catalogue(): EdgeCatalogue;
  /** The address the page is about, already masked (`mask.ts`); null when it cannot be told. */
  abstract addressHint(who: Who): Promise<string | null>;
  /**
   * Keeps why the person left beside a decision that is made already. null: not supported, and the page asks
   * for a reason only together with the opt-out.
   */
  abstract readonly noteReason: ((decision: string, reason: string) => Promise<void>) | null;
}

/** Settings of the public edge. */
export abstract class PreferenceSettings {
  /** Where the outside world reaches this service, for example `https://mail.example.com`. */
  abstract readonly publicUrl: string;
  /** The first signs, all verify. A secret that ever signed a link stays in the list: links live for ever. */
  abstract readonly secrets: readonly string[];
  /** Where mail that unsubscribes is read (mail/); null: List-Unsubscribe has no mailto. */
  abstract readonly unsubscribeMailbox: string | null;
  /** Milliseconds since the epoch. */
  abstract now(): number;
}
