import { Inject, Injectable } from '@nestjs/common';
import {
  type DriversAnswer,
  type DriversQuery,
  type UnsolicitedAnswer,
  UnsolicitedKind,
  type UnsolicitedQuery,
} from '../contract/analytics.js';
import { type Database, ENGINE } from '../database.module.js';
import { OptOutsService } from '../opt-outs/opt-outs.service.js';
import { StreamsService } from '../streams/streams.service.js';
import { type DriverSums, driversOf } from './drivers.js';
import { rateOf } from './rate.js';
import { titleOf } from './titles.js';
import { rangeOf } from './window.js';

const mostRows = 500;
const mostExamples = 5;

/** Why people leave: what they were sent, and who left though nothing invited them to. */
@Injectable()
export class CausesService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly streams: StreamsService,
    private readonly optOuts: OptOutsService,
  ) {}

  /** @throws InvalidInputError @throws EngineAwayError @throws QueryFailedError */
  async drivers(asked: DriversQuery, now: Date): Promise<DriversAnswer> {
    await this.optOuts.recounts.caughtUp();
    const range = rangeOf(asked, now);
    const [byRates, byExposure] = await Promise.all([
      this.engine.query('analytics/drivers', range),
      this.engine.query('analytics/drivers_by_exposure', range),
    ]);
    const sums = [
      ...byRates.map((row) => ({ ...row, view: 'last_touch' as const })),
      ...byExposure,
    ] as readonly DriverSums[];
    const rows = driversOf(sums, (dimension, key) =>
      dimension === 'frequency'
        ? `${key.replace('-', '–')} ${key === '1' ? 'message' : 'messages'} in 7 days`
        : titleOf(dimension, key, (stream) => this.streams.catalogue.latest(stream)),
    );
    return {
      from: range.from.toISOString(),
      to: range.to.toISOString(),
      as_of: now.toISOString(),
      claim: 'association',
      definition: {
        last_touch:
          'An opt-out belongs to the message it names, else to the last one on its stream within 7 days.',
        dose: 'An opt-out is shared out evenly among all messages on its channel that the person received in the 7 days before.',
        strata:
          'Campaigns, message types and frequency bands are compared within the same stream and engagement tier, channels and origins within the same engagement tier.',
        tests: rows.filter(({ p }) => p !== null).length,
      },
      queries: ['analytics/drivers', 'analytics/drivers_by_exposure'],
      rows: rows.slice(0, mostRows),
    };
  }

  /** @throws InvalidInputError @throws EngineAwayError @throws QueryFailedError */
  async unsolicited(asked: UnsolicitedQuery, now: Date): Promise<UnsolicitedAnswer> {
    await this.optOuts.recounts.caughtUp();
    const range = rangeOf(asked, now);
    const [rows, examples] = await Promise.all([
      this.engine.query('analytics/unsolicited', { ...range, limit: mostRows }),
      this.engine.query('analytics/unsolicited_examples', range),
    ]);
    const streamOf = (key: string) => this.streams.catalogue.latest(key);
    const placeOf = (row: { segment: string; stream: string }) => `${row.segment}\n${row.stream}`;
    const byPlace = new Map<string, UnsolicitedAnswer['rows'][number]['examples']>();
    for (const { id, kind, at, trigger, campaign, ...place } of examples) {
      const own = byPlace.get(placeOf(place)) ?? [];
      own.push({ decision: id, kind: UnsolicitedKind.parse(kind), at, trigger, campaign });
      byPlace.set(placeOf(place), own);
    }
    return {
      from: range.from.toISOString(),
      to: range.to.toISOString(),
      as_of: now.toISOString(),
      definition:
        'Opt-outs, complaints and erasures that no link of the sender invited. `late`: more than 72 hours after the last delivery on the channel.',
      query: 'analytics/unsolicited',
      rows: rows.map((row) => ({
        segment: row.segment,
        stream: row.stream,
        titles: {
          segment: titleOf('segment', row.segment, streamOf),
          stream: titleOf('stream', row.stream, streamOf),
        },
        share: rateOf(row.unsolicited, row.requests),
        kinds: row.kinds
          .map((kind, index) => ({ kind: UnsolicitedKind.parse(kind), count: row.counts[index] ?? 0 }))
          .sort((one, other) => other.count - one.count),
        examples: (byPlace.get(placeOf(row)) ?? [])
          .sort((one, other) => Date.parse(other.at) - Date.parse(one.at))
          .slice(0, mostExamples),
      })),
    };
  }
}
