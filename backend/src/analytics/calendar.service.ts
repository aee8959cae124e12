import { Inject, Injectable } from '@nestjs/common';
import type { RatesQuery } from '../contract/analytics.js';
import { type Database, ENGINE } from '../database.module.js';
import { OptOutsService } from '../opt-outs/opt-outs.service.js';
import { type Window, weekShift, windowOf } from './window.js';

export interface Bucket {
  /** Its start. */
  readonly at: string;
  /** False while now lies in it or before it: deliveries and opt-outs still arrive. */
  readonly finished: boolean;
}

/** Windows and their buckets, by the engine's own calendar: so they meet those of the queries in every time zone. */
@Injectable()
export class CalendarService {
  #zones: Promise<ReadonlySet<string>> | null = null;

  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly optOuts: OptOutsService,
  ) {}

  /** @throws InvalidInputError @throws EngineAwayError @throws QueryFailedError */
  async window(asked: RatesQuery, now: Date): Promise<Window> {
    // What is counted anew counts.
    await this.optOuts.recounts.caughtUp();
    this.#zones ??= this.engine
      .query('analytics/time_zones', {})
      .then((rows) => new Set(rows.map((row) => row.time_zone)));
    // What failed is asked again.
    const zones = await this.#zones.catch((error: unknown) => {
      this.#zones = null;
      throw error;
    });
    return windowOf(asked, now, zones);
  }

  /** Every bucket that the window touches, oldest first. Those at its ends may hold only a part of their time. */
  async buckets({ from, to, interval, zone, weekStart }: Window, now: Date): Promise<Bucket[]> {
    const rows = await this.engine.query('analytics/buckets', {
      from,
      to,
      bucket: interval,
      zone,
      week_shift: weekShift[weekStart],
    });
    return rows
      .filter(({ at }) => Date.parse(at) < to.getTime())
      .map(({ at, next }) => ({
        at: new Date(at).toISOString(),
        finished: Date.parse(next) <= now.getTime(),
      }));
  }
}
