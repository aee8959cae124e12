import type { Channel, LegalBasis, Regime, StreamClass } from '../contract/vocabulary.js';

/** A class, brand or parent that a stream had, and when it last had it (Infinity: it has it now). */
export interface Held<T> {
  value: T;
  /** Milliseconds since the epoch; Infinity while held. */
  until: number;
}

/** A stream with its history, as decisions and permissions need it. Never removed. */
export interface CataloguedStream {
  key: string;
  version: number;
  channel: Channel;
  category: string;
  origin: string;
  class: StreamClass;
  brand: string;
  /** Every class the stream has had, the present one included: re-classing a stream re-opens nobody. */
  classes: readonly Held<StreamClass>[];
  brands: readonly Held<string>[];
  listId: string | null;
  title: string;
  allOptionShown: boolean;
  legalBasis: LegalBasis | null;
  regime: Regime | null;
  markets: readonly string[];
  parent: string | null;
  /** Every parent the stream has had, null for none: re-parenting a stream re-opens nobody either. */
  parents: readonly Held<string | null>[];
  /** False for a stream that registered itself at first sight. */
  reviewed: boolean;
}
