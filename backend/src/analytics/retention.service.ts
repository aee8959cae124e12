import { Inject, Injectable } from '@nestjs/common';
import {
  type CohortsAnswer,
  type CohortsQuery,
  type LogRankTest,
  type RetentionAnswer,
  type RetentionCurve,
  type RetentionQuery,
  spellCauses,
} from '../contract/index.js';
import { type Database, ENGINE } from '../database.module.js';
import { InvalidInputError } from '../errors.js';
import { SegmentsService } from '../segments/segments.service.js';
import { StreamsService } from '../streams/streams.service.js';
import { cohortsQuestionOf, heatMapOf } from './cohorts.js';
import { CoverService } from './cover.service.js';
import { type CurveRow, curveOf } from './retention-curve.js';
import {
  type Compared,
  causeCodes,
  questionOf,
  type RetentionQuestion,
  unitLength,
} from './retention-question.js';
import type { SpellCover } from './spell-cover.js';
import { logRank } from './survival/index.js';
import { titleOf } from './titles.js';

/** Times of all curves together: a chart shows fewer, and more are asked for by `times=exact` of a large stream. */
const mostPoints = 20_000;

const builtIn = /^(?:country|plan|engagement):./;

/** How long people stay on a stream. Nothing is caught here: a query that failed is an error and never an empty chart. */
@Injectable()
export class RetentionService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly streams: StreamsService,
    private readonly segments: SegmentsService,
    private readonly cover: CoverService,
  ) {}

  /** @throws InvalidInputError @throws EngineAwayError @throws QueryFailedError */
  async retention(asked: RetentionQuery, now: Date): Promise<RetentionAnswer> {
    const question = questionOf(asked, now);
    for (const curve of question.curves) this.refuseUnknown(curve);
    const cover = await this.cover.of(placesOf(question.curves).streams);
    const [curves, test] = await Promise.all([this.#curves(question, cover), this.#logRank(question, cover)]);
    const [first, ...compared] = curves;
    if (first === undefined) throw new Error('A question without a curve');
    return {
      ...first,
      compared,
      log_rank: test,
      definition: definitionOf(question),
      query: hasSegment(question.curves[0])
        ? 'analytics/retention_curve_in_segments'
        : 'analytics/retention_curve',
    };
  }

  /** @throws InvalidInputError @throws EngineAwayError @throws QueryFailedError */
  async cohorts(asked: CohortsQuery, now: Date): Promise<CohortsAnswer> {
    const { stream, period, windows, periods, from, to, asOf, knownAt } = cohortsQuestionOf(asked, now);
    this.refuseUnknown({ stream, segment: null });
    const cells = await this.engine.query('analytics/engagement_cohorts', {
      stream: stream ?? '',
      period,
      windows,
      periods,
      from,
      to,
      as_of: asOf,
      known_at: knownAt,
    });
    return {
      measure: 'opened_or_clicked',
      ...heatMapOf(cells),
      definition: {
        stream,
        period,
        windows,
        from: from.toISOString(),
        to: to.toISOString(),
        as_of: asOf.toISOString(),
        known_at: knownAt.toISOString(),
        time_zone: 'UTC',
      },
      query: 'analytics/engagement_cohorts',
    };
  }

  async #curves(question: RetentionQuestion, cover: SpellCover): Promise<RetentionCurve[]> {
    const inSegments = question.curves.filter(hasSegment);
    const ofStreams = question.curves.filter((curve) => !hasSegment(curve));
    const shared = {
      ...spellsAsked(question),
      ...cover,
      causes: causeCodes(question.cause),
      min_at_risk: question.minAtRisk,
      most: mostPoints + 1,
    };
    const [bySegment, byStream] = await Promise.all([
      inSegments.length === 0
        ? []
        : this.engine.query('analytics/retention_curve_in_segments', {
            ...shared,
            ...placesOf(inSegments),
            while_in_segment: question.whileInSegment ? 1 : 0,
          }),
      ofStreams.length === 0
        ? []
        : this.engine.query('analytics/retention_curve', { ...shared, streams: placesOf(ofStreams).streams }),
    ]);
    if (bySegment.length + byStream.length > mostPoints) {
      throw InvalidInputError.field(
        question.times === 'exact' ? 'times' : 'unit',
        `gives more than ${mostPoints} different times: count in whole or longer units`,
      );
    }
    return question.curves.map((curve) => {
      const [list, rows]: [readonly Compared[], readonly CurveRow[]] = hasSegment(curve)
        ? [inSegments, bySegment]
        : [ofStreams, byStream];
      const number = list.indexOf(curve) + 1;
      return {
        ...curve,
        title: this.titleOf(curve),
        ...curveOf(
          rows.filter((row) => row.curve === number),
          question.includes,
        ),
      };
    });
  }

  async #logRank(question: RetentionQuestion, cover: SpellCover): Promise<LogRankTest | null> {
    const { curves } = question;
    if (curves.length < 2) return null;
    const [sums] = await this.engine.query('analytics/retention_log_rank', {
      ...spellsAsked(question),
      ...cover,
      ...placesOf(curves),
      while_in_segment: question.whileInSegment ? 1 : 0,
      causes: causeCodes(question.cause),
      curves: curves.length,
    });
    if (sums === undefined) throw new Error('A query that always answers with one row answered with none');
    const { n, observed, expected, variance } = sums;
    return {
      ...logRank(sums),
      is_disjoint:
        new Set(curves.map(({ stream }) => stream)).size === curves.length && !curves.some(isOfAll),
      curves: curves.map((_, index) => ({
        n: n[index] ?? 0,
        observed: observed[index] ?? 0,
        expected: expected[index] ?? 0,
      })),
      variance: curves.map((_, row) =>
        curves.map((__, column) => variance[row * curves.length + column] ?? 0),
      ),
    };
  }

  /** @throws InvalidInputError that names the field, of what was never defined */
  refuseUnknown({ stream, segment }: Compared): void {
    if (stream !== null && this.streams.catalogue.latest(stream) === undefined) {
      throw InvalidInputError.field('stream', 'is no stream that is registered');
    }
    if (segment !== null && !builtIn.test(segment) && this.segments.latest(segment) === undefined) {
      throw InvalidInputError.field('segment', 'is neither a defined segment nor a built-in one');
    }
  }

  titleOf({ stream, segment }: Compared): string {
    const titles = [
      stream === null ? null : titleOf('stream', stream, (key) => this.streams.catalogue.latest(key)),
      segment === null
        ? null
        : (this.segments.latest(segment)?.name ?? titleOf('segment', segment, () => undefined)),
    ];
    return titles.filter((title) => title !== null).join(' · ') || 'All streams';
  }
}

const hasSegment = (curve: Compared | undefined): boolean => curve !== undefined && curve.segment !== null;
const isOfAll = ({ stream }: Compared): boolean => stream === null;

/** Names as the statements take them: '' stands for all. */
const placesOf = (curves: readonly Compared[]): { streams: string[]; segments: string[] } => ({
  streams: curves.map(({ stream }) => stream ?? ''),
  segments: curves.map(({ segment }) => segment ?? ''),
});

const spellsAsked = ({ asOf, knownAt, unit, times }: RetentionQuestion) => ({
  as_of: asOf,
  known_at: knownAt,
  step_ms: times === 'exact' ? 1 : unitLength[unit],
  unit_ms: unitLength[unit],
});

function definitionOf(question: RetentionQuestion): RetentionAnswer['definition'] {
  const { cause, whileInSegment } = question;
  return {
    as_of: question.asOf.toISOString(),
    known_at: question.knownAt.toISOString(),
    cause,
    censored_by: [
      ...(cause === 'any' ? [] : spellCauses.filter((each) => each !== cause)),
      ...(whileInSegment ? ['left_segment'] : []),
    ],
    unit: question.unit,
    times: question.times,
    clock: 'since_spell_began',
    following: whileInSegment ? 'while_in_segment' : 'to_the_end',
    min_at_risk: question.minAtRisk,
    level: 0.95,
    interval: 'log-log',
  };
}
