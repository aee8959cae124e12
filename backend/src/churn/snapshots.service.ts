import { Inject, Injectable } from '@nestjs/common';
import type { Ending, SnapshotColumns } from '@secateur/models/churn';
import type { ReadOptions } from '@secateur/sql';
import { CoverService } from '../analytics/cover.service.js';
import { spellCauses } from '../contract/vocabulary.js';
import { type Database, ENGINE } from '../database.module.js';
import { withoutTheFuture } from './without-the-future.js';

/** Seconds that a snapshot may take. */
const longest = 600;
/** Lines of one insert: a few megabytes, which hold a decision up by a tenth of a second at most. */
const linesAtOnce = 10_000;
const optOutCauses: readonly number[] = [
  spellCauses.indexOf('opt_out') + 1,
  spellCauses.indexOf('complaint') + 1,
];

/** Open subscriptions with what was known of them at an instant. */
@Injectable()
export class SnapshotsService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly cover: CoverService,
  ) {}

  /** Part `chunk` of `chunks`, by person, as columns in a text. @throws EngineAwayError @throws QueryFailedError */
  async text(t0: Date, chunks: number, chunk = 0, options: ReadOptions = {}): Promise<string> {
    const asked = { t0, chunks, chunk, ...(await this.cover.of()) };
    return this.engine.text('churn/snapshot', asked, 'JSONColumns', {
      maxExecutionSeconds: longest,
      ...options,
    });
  }

  /** What ended in [from, asOf], as far as it is known now. @throws EngineAwayError @throws QueryFailedError */
  async endings(from: Date, asOf: Date, now: Date): Promise<Ending[]> {
    const rows = await this.engine.query(
      'churn/endings',
      { from, as_of: asOf, known_at: now, ...(await this.cover.of()) },
      { maxExecutionSeconds: longest },
    );
    return rows.map(({ person, stream, began_at, ended_at, cause }) => ({
      person,
      stream,
      began: Date.parse(began_at),
      ended: Date.parse(ended_at),
      isOptOut: optOutCauses.includes(cause),
    }));
  }

  /**
   * The features that are others when everything that happened or arrived at t0 or later is taken out of the tables: they know
   * what they cannot. Nothing about how the snapshot is written is trusted.
   */
  async leaking(t0: Date, chunks: number): Promise<string[]> {
    const whole = JSON.parse(await this.text(t0, chunks)) as SnapshotColumns;
    const past = JSON.parse(
      await this.text(t0, chunks, 0, { onlyRows: withoutTheFuture(t0) }),
    ) as SnapshotColumns;
    return Object.keys(whole).filter((name) => JSON.stringify(whole[name]) !== JSON.stringify(past[name]));
  }

  /** Keeps the snapshot of an instant for scoring. @returns how many subscriptions */
  async store(t0: Date, chunks: number): Promise<number> {
    const at = t0.toISOString();
    let stored = 0;
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      const lines = await this.#lines(t0, chunks, chunk);
      await this.#keep(lines, at, `churn_rows:${at}:${chunks}:${chunk}`);
      stored += lines.length;
    }
    return stored;
  }

  /** Adds some people to the snapshot of an instant, as they are now. */
  async addTo(t0: Date, now: Date, people: readonly string[]): Promise<void> {
    const among = `person IN (${people.filter((id) => uuid.test(id)).map((id) => `'${id}'`)})`;
    const lines = await this.#lines(now, 1, 0, { onlyRows: { events: among, spell_marks: among } });
    await this.#keep(lines, t0.toISOString(), `churn_rows:${t0.toISOString()}:since:${now.toISOString()}`);
  }

  async #lines(t0: Date, chunks: number, chunk: number, options: ReadOptions = {}): Promise<string[]> {
    const asked = { t0, chunks, chunk, ...(await this.cover.of()) };
    const text = await this.engine.text('churn/snapshot', asked, 'JSONCompactEachRow', {
      maxExecutionSeconds: longest,
      ...options,
    });
    return text.split('\n').filter((line) => line !== '');
  }

  async #keep(lines: readonly string[], t0: string, token: string): Promise<void> {
    const at = JSON.stringify(t0);
    for (let from = 0; from < lines.length; from += linesAtOnce) {
      const part = lines.slice(from, from + linesAtOnce).map((line) => `[${at},${line.slice(1)}`);
      await this.engine.insert('churn_rows', rowColumns, part.join('\n'), `${token}:${from}`);
    }
  }
}

const uuid = /^[0-9a-f-]{36}$/;

/** `t0`, and the columns of churn/snapshot in their order; a test compares the two. */
export const rowColumns = [
  't0',
  'person',
  'stream',
  'began_at',
  'in_segments',
  'channel',
  'category',
  'origin',
  'country',
  'plan',
  'month',
  'tenure',
  'days_since_delivery',
  'days_since_open',
  'days_since_click',
  'delivered_7',
  'delivered_28',
  'delivered_90',
  'delivered_7_all',
  'frequency_ratio',
  'most_on_a_day_28',
  'night_share_28',
  'weekend_share_28',
  'stream_share_28',
  'open_rate_28',
  'open_rate_90',
  'click_rate_28',
  'click_rate_90',
  'open_trend',
  'opens_decayed_7',
  'opens_decayed_30',
  'clicks_decayed_30',
  'bounced_90',
  'streams_open',
  'opt_outs_elsewhere',
  'opt_outs_here',
  'complaints_before',
  'came_back',
] as const;
