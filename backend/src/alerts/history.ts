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
  /** Days by which it alarmed. */
  readonly flags: ReadonlySet<number> | undefined;
  readonly days: ReadonlyMap<number, Day>;
}

/** Counts by cell; days that are flagged are there to be looked at, and in nobody's past. */
export class History {
  readonly #series = new Map<string, Series[]>();

  /**
   * @param flags days that raised an alarm
   * @param since cells whose days count from a day on, by `cellId`: what was before is no longer usual
   */
  constructor(
    counts: Counts,
    private readonly flags: Flags,
    private readonly since: ReadonlyMap<string, number> = new Map(),
  ) {
    for (const metric of metrics)
      for (const level of levels)
        this.#series.set(`${metric} ${level}`, this.#read(metric, level, counts[level]));
  }

  all(metric: Metric, level: Level): readonly Series[] {
    return this.#series.get(`${metric} ${level}`) ?? [];
  }

  /** Days in [from, to] that may stand for the usual, in order. */
  past({ flags, days }: Series, from: number, to: number): Day[] {
    const found: Day[] = [];
    for (const day of days.values())
      if (day.on >= from && day.on <= to && flags?.has(day.on) !== true) found.push(day);
    return found.sort((one, other) => one.on - other.on);
  }

  #read(metric: Metric, level: Level, rows: readonly CountRow[]): Series[] {
    const found = new Map<string, Map<string, { cell: Cell; days: Map<number, Day> }>>();
    for (const row of rows) {
      const { stream, key, on, delivered } = row;
      const ofStream = found.get(stream) ?? new Map<string, { cell: Cell; days: Map<number, Day> }>();
      found.set(stream, ofStream);
      const series = ofStream.get(key) ?? {
        cell: { level, stream, key, metric },
        days: new Map<number, Day>(),
      };
      ofStream.set(key, series);
      // The engine counts a delivery and an opt-out in two steps: for a moment there may be more above than below.
      series.days.set(on, { on, n: delivered, x: Math.min(row[metric], delivered) });
    }
    return [...found.values()]
      .flatMap((ofStream) => [...ofStream.values()])
      .map(({ cell, days }) => {
        const id = cellId(cell);
        const since = this.since.get(id);
        if (since !== undefined) for (const on of days.keys()) if (on < since) days.delete(on);
        return { cell, days, flags: this.flags.of(id) };
      });
  }
}

/** Cells and days that raised an alarm, by `cellId`. */
export class Flags {
  readonly #days = new Map<string, Set<number>>();

  add(id: string, on: number): void {
    this.#days.set(id, (this.#days.get(id) ?? new Set()).add(on));
  }

  of(id: string): ReadonlySet<number> | undefined {
    return this.#days.get(id);
  }
}
