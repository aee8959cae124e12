import { type Cell, cellId, type Day, type Level, levels, type Metric, metrics } from './cell.js';

/** Counts of one cell and day, both metrics: a row of `alerts/daily_counts`. */
export interface CountRow {
  readonly stream: string;
  readonly key: string;
  /** Days since the epoch. */
  readonly on: number;
  readonly delivered: number;
  readonly opt_outs: number;
  readonly complaints: number;
}

export type Counts = Readonly<Record<Level, readonly CountRow[]>>;

/** All days of one cell, by day. */
export interface Series {
  readonly cell: Cell;
  readonly days: ReadonlyMap<number, Day>;
}

/** Counts by cell; days that are flagged are there to be looked at, and in nobody's past. */
export class History {
  readonly #series = new Map<string, Series[]>();
  readonly #byId = new Map<string, Series>();

  /**
   * @param flagged `flagOf` each cell and day that raised an alarm
   * @param since cells whose days count from a day on, by `cellId`: what was before is no longer usual
   */
  constructor(
    counts: Counts,
    private readonly flagged: ReadonlySet<string>,
    private readonly since: ReadonlyMap<string, number> = new Map(),
  ) {
    for (const metric of metrics)
      for (const level of levels)
        this.#series.set(`${metric} ${level}`, this.#read(metric, level, counts[level]));
  }

  all(metric: Metric, level: Level): readonly Series[] {
    return this.#series.get(`${metric} ${level}`) ?? [];
  }

  of(cell: Cell): Series | undefined {
    return this.#byId.get(cellId(cell));
  }

  /** Days in [from, to] that may stand for the usual, in order. */
  past({ cell, days }: Series, from: number, to: number): Day[] {
    const id = cellId(cell);
    const found: Day[] = [];
    for (let on = from; on <= to; on++) {
      const day = days.get(on);
      if (day !== undefined && !this.flagged.has(flagOf(id, on))) found.push(day);
    }
    return found;
  }

  #read(metric: Metric, level: Level, rows: readonly CountRow[]): Series[] {
    const found = new Map<string, { cell: Cell; days: Map<number, Day> }>();
    for (const row of rows) {
      const cell: Cell = { level, stream: row.stream, key: row.key, metric };
      const id = cellId(cell);
      if (row.on < (this.since.get(id) ?? 0)) continue;
      const series = found.get(id) ?? { cell, days: new Map<number, Day>() };
      found.set(id, series);
      // The engine counts a delivery and an opt-out in two steps: for a moment there may be more above than below.
      series.days.set(row.on, { on: row.on, n: row.delivered, x: Math.min(row[metric], row.delivered) });
    }
    for (const [id, series] of found) this.#byId.set(id, series);
    return [...found.values()];
  }
}

export const flagOf = (id: string, on: number): string => `${id}@${on}`;
