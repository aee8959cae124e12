import type { Cap } from '../contract/events.js';
import type { Channel } from '../contract/vocabulary.js';
import type { Messages } from './messages/en.js';
import type { Offer } from './offers.js';

/** A stream in the words of the page. */
export interface StreamName {
  title: string;
  channel: Channel;
  /** '' when the stream has none of its own. */
  brand: string;
}

/** A check box. `locked`: shown, but not to be changed here. */
export interface Box extends StreamName {
  key: string;
  ticked: boolean;
  locked: boolean;
}

/** What a button came to. */
export type Result =
  | StopResult
  | { kind: 'paused'; until: number }
  | { kind: 'fewer'; cap: Cap }
  | {
      kind:
        | 'undone'
        | 'noted'
        | 'not-undone'
        | 'undo-over'
        | 'unchanged'
        | 'thanks'
        | 'not-offered'
        | 'failed';
    };

/** What became of the browser's signal: in force, or kept until the engine is back. */
export type PrivacySignal = 'honoured' | 'noted';

export interface StopResult {
  kind: 'stopped';
  asked: 'this' | 'all' | 'everything' | 'picks';
  /** Streams that the decision stopped; empty when they were stopped before. */
  stopped: StreamName[];
  /** Streams that go on; null when the engine is away and nobody can tell. */
  goesOn: StreamName[] | null;
  resumed: StreamName[];
  stayOff: StreamName[];
  /** The decision is wider than what was asked. */
  widened: boolean;
  /** Durable, but not decided yet; or kept for a person of the sender's to look at. */
  pending: boolean;
  /** It waits for the engine, and not for a person to look at it: 202. */
  away: boolean;
  /** Sealed; null when there is nothing to take back. */
  receipt: string | null;
  /** A pause or fewer instead: none before the opt-out is durable (INV-GD-4). */
  offers: Offer[];
  askReason: boolean;
}

/** Everything that a page shows. */
export interface PageView {
  language: Messages;
  /** Path of the link, without a query. */
  action: string;
  stylesheet: string;
  /** Names this rendering, so that a form sent twice is one request. 16 hexadecimal digits. */
  formId: string;
  channel: Channel;
  /** The stream of the message; null when it is not known. */
  stream: StreamName | null;
  /** The person stopped the stream. */
  already: boolean;
  /** null: the engine is away, and the page does without the list. */
  boxes: Box[] | null;
  /** The person receives essential messages too. */
  essential: boolean;
  addressHint: string | null;
  result: Result | null;
  /** null: the browser sent none, or nothing can be claimed. */
  privacySignal: PrivacySignal | null;
}
