/** What is counted of deliveries. */
export const metrics = ['opt_outs', 'complaints'] as const;
export type Metric = (typeof metrics)[number];

export const levels = ['stream', 'segment', 'campaign'] as const;
/** How finely deliveries are cut: a stream; a segment on a stream; a campaign on a stream. */
export type Level = (typeof levels)[number];

/** What a detector watches. */
export interface Cell {
  readonly level: Level;
  readonly stream: string;
  /** The segment or campaign; '' for a stream. */
  readonly key: string;
  readonly metric: Metric;
}

/** Deliveries of one UTC day, and those of them that led to an opt-out or complaint. */
export interface Day {
  /** Days since the epoch. */
  readonly on: number;
  readonly n: number;
  readonly x: number;
}

export const dayMs = 86_400_000;
export const hourMs = 3_600_000;

/** @example cellId({ level: 'segment', stream: 'news', key: 'plan:free', metric: 'opt_outs' }) // 'opt_outs segment news plan:free' */
export const cellId = ({ level, stream, key, metric }: Cell): string =>
  [metric, level, stream, key].join(' ').trimEnd();
