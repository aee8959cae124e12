import type { Dimension } from '../contract/analytics.js';
import type { Counts } from './figure.js';
import type { Window } from './window.js';

export type Cut = Dimension | 'none';

/** A row of a query: where it belongs, and what was counted. */
export interface Cell {
  readonly keys: readonly [string, string];
  readonly counts: Counts;
}

/** The same in one bucket, by the instant at which it begins. */
export interface TrendCell extends Cell {
  readonly at: string;
}

export interface Asked {
  readonly by: { readonly first: Cut; readonly second: Cut };
  readonly window: Window;
  readonly now: Date;
}

/** How the metrics of one query are asked. */
export interface Family {
  now(asked: Asked): Promise<{ cells: Cell[]; previous: Cell[]; total: number }>;
  /** null: not told by the bucket. */
  readonly trend: ((asked: Asked, shown: readonly Cell[]) => Promise<TrendCell[]>) | null;
}
