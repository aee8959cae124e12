import { Inject, Injectable } from '@nestjs/common';
import type { PublicationStage } from '../contract/analytics.js';
import { type Database, ENGINE } from '../database.module.js';
import { StreamsService } from '../streams/streams.service.js';
import { hoursDue } from './hours-due.js';
import { RetentionService } from './retention.service.js';

const day = 86_400_000;
const hour = 3_600_000;
/** Each costs a look at all spells; the largest segments are those that somebody looks at. */
const mostSegments = 200;

const rateColumns = [
  'stage',
  'hour',
  'as_of',
  'known_at',
  'segments',
  'streams',
  'delivered',
  'opt_outs',
  'complaints',
] as const;
const curveColumns = ['stream', 'segment', 'as_of', 'known_at', 'body'] as const;

/** Writes down by the clock what is known, so that it can be held against what becomes known later. */
@Injectable()
export class PublicationsService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly streams: StreamsService,
    private readonly retentions: RetentionService,
  ) {}

  /** Publishes the hours that are due, at both stages. @throws EngineAwayError @throws QueryFailedError */
  async rates(now: Date): Promise<{ first: number; complete: number }> {
    return { first: await this.#hours('first', now), complete: await this.#hours('complete', now) };
  }

  async #hours(stage: PublicationStage, now: Date): Promise<number> {
    const [until] = await this.engine.query('analytics/published_until', {});
    const due = hoursDue(
      stage,
      {
        lastFirst: instantOf(until?.last_first),
        lastComplete: instantOf(until?.last_complete),
        firstDelivered: instantOf(until?.first_delivered),
      },
      now,
    );
    if (due === null) return 0;
    // By the day, so that catching up on years holds no more than a day in memory.
    for (let from = due.from.getTime(); from < due.to.getTime(); from += day)
      await this.#publish(stage, from, Math.min(from + day, due.to.getTime()), now);
    return (due.to.getTime() - due.from.getTime()) / hour;
  }

  async #publish(stage: PublicationStage, from: number, to: number, now: Date): Promise<void> {
    const range = { from: new Date(from), to: new Date(to) };
    const rows = await this.engine.query('analytics/hourly_cells', range);
    const cells = new Map(rows.map((row) => [Date.parse(row.hour), row]));
    const lines: string[] = [];
    for (let at = from; at < to; at += hour) {
      const { segments, streams, delivered, opt_outs, complaints } = cells.get(at) ?? noCells;
      const clocks = [now.toISOString(), now.toISOString()];
      const counts = [segments, streams, delivered, opt_outs, complaints];
      lines.push(JSON.stringify([stage, new Date(at).toISOString(), ...clocks, ...counts]));
    }
    // Whoever publishes the same hours again, after a crash or in another process, changes nothing.
    const token = `published_rates:${stage}:${range.from.toISOString()}:${range.to.toISOString()}`;
    await this.engine.insert('published_rates', rateColumns, lines.join('\n'), token);
  }

  /**
   * Publishes the retention curve of everybody, of each stream, and of each segment on all streams, as of the last midnight
   * (UTC). What was published of that midnight already is left as it is.
   * @throws EngineAwayError @throws QueryFailedError
   */
  async curves(now: Date): Promise<{ curves: number }> {
    const asOf = new Date(Math.floor(now.getTime() / day) * day);
    const done = new Set(
      (await this.engine.query('analytics/curves_published_at', { as_of: asOf })).map((row) =>
        placeOf(row.of_stream, row.of_segment),
      ),
    );
    const places = [
      ['', ''],
      ...this.streams.all().map(({ key }) => [key, '']),
      ...(await this.#segments(now)).map((segment) => ['', segment]),
    ] as [string, string][];
    let curves = 0;
    for (const [stream, segment] of places) {
      if (done.has(placeOf(stream, segment))) continue;
      const asked = {
        ...(stream === '' ? {} : { stream }),
        ...(segment === '' ? {} : { segment }),
        as_of: asOf.toISOString(),
        known_at: now.toISOString(),
      };
      const body = JSON.stringify(await this.retentions.retention(asked, now));
      const line = JSON.stringify([stream, segment, asOf.toISOString(), now.toISOString(), body]);
      const token = `published_curves:${asOf.toISOString()}:${placeOf(stream, segment)}`;
      await this.engine.insert('published_curves', curveColumns, line, token);
      curves += 1;
    }
    return { curves };
  }

  async #segments(now: Date): Promise<string[]> {
    const [defined, builtIn] = await Promise.all([
      this.engine.query('segments/current_sizes', {}),
      this.engine.query('analytics/segment_sizes', { at: now }),
    ]);
    return [...defined, ...builtIn]
      .filter(({ size }) => size > 0)
      .sort((one, other) => other.size - one.size)
      .slice(0, mostSegments)
      .map(({ segment }) => segment);
  }
}

const noCells = { segments: [], streams: [], delivered: [], opt_outs: [], complaints: [] };

const instantOf = (text: string | null | undefined): Date | null =>
  text === null || text === undefined ? null : new Date(text);

const placeOf = (stream: string, segment: string): string => JSON.stringify([stream, segment]);
