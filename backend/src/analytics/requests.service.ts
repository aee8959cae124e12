import { Inject, Injectable } from '@nestjs/common';
import { type Database, ENGINE } from '../database.module.js';
import type { Asked, Cell, TrendCell } from './family.js';
import { type Window, weekShift } from './window.js';

/** What was decided for people who left, and how fast. */
@Injectable()
export class RequestsService {
  constructor(@Inject(ENGINE) private readonly engine: Database) {}

  async measures(asked: Asked): Promise<{ cells: Cell[]; previous: Cell[]; total: number }> {
    const { from, to, previousFrom } = asked.window;
    const [cells, previous] = await Promise.all([
      this.#measures(asked, from, to, 'none'),
      this.#measures(asked, previousFrom, from, 'none'),
    ]);
    cells.sort((one, other) => (other.counts.requests ?? 0) - (one.counts.requests ?? 0));
    return { cells, previous, total: cells.length };
  }

  measuresTrend(asked: Asked): Promise<TrendCell[]> {
    return this.#measures(asked, asked.window.from, asked.window.to, asked.window.interval);
  }

  async honour(asked: Asked): Promise<{ cells: Cell[]; previous: Cell[]; total: number }> {
    const { from, to, previousFrom } = asked.window;
    const [cells, previous] = await Promise.all([
      this.#honour(asked, from, to, 'none'),
      this.#honour(asked, previousFrom, from, 'none'),
    ]);
    return { cells, previous, total: cells.length };
  }

  honourTrend(asked: Asked): Promise<TrendCell[]> {
    return this.#honour(asked, asked.window.from, asked.window.to, asked.window.interval);
  }

  async #measures(asked: Asked, from: Date, to: Date, bucket: Window['interval'] | 'none') {
    const rows = await this.engine.query('analytics/decision_measures', paramsOf(asked, from, to, bucket));
    return rows.map(cellOf);
  }

  async #honour(asked: Asked, from: Date, to: Date, bucket: Window['interval'] | 'none') {
    const rows = await this.engine.query('analytics/honour', paramsOf(asked, from, to, bucket));
    return rows.map(cellOf);
  }
}

const paramsOf = ({ by, window }: Asked, from: Date, to: Date, bucket: Window['interval'] | 'none') => ({
  ...by,
  from,
  to,
  bucket,
  zone: window.zone,
  week_shift: weekShift[window.weekStart],
});

function cellOf<Row extends { first_key: string; second_key: string; at: string }>({
  first_key,
  second_key,
  at,
  ...counts
}: Row) {
  return { keys: [first_key, second_key] as const, at, counts };
}
