import {
  type RetentionCause,
  type RetentionQuery,
  type RetentionUnit,
  spellCauses,
} from '../contract/index.js';
import { InvalidInputError } from '../errors.js';
import { clocksOf } from './clocks.js';

const hour = 3_600_000;
export const unitLength: Record<RetentionUnit, number> = {
  hour,
  day: 24 * hour,
  week: 7 * 24 * hour,
  month: 30 * 24 * hour,
};

/** More nobody can tell apart, and each costs a look at every spell. */
const mostCurves = 12;
const defaultMinAtRisk = 20;

export interface Compared {
  /** null: all of them. */
  readonly stream: string | null;
  readonly segment: string | null;
}

/** What a request means, with its defaults. */
export interface RetentionQuestion {
  readonly curves: readonly Compared[];
  readonly cause: RetentionCause;
  readonly asOf: Date;
  readonly knownAt: Date;
  readonly unit: RetentionUnit;
  readonly times: 'whole' | 'exact';
  readonly minAtRisk: number;
  readonly whileInSegment: boolean;
  readonly includes: ReadonlySet<'incidence' | 'nelson_aalen'>;
}

/** @throws InvalidInputError that names the field */
export function questionOf(asked: RetentionQuery, now: Date): RetentionQuestion {
  const streams = listed(asked.stream);
  const segments = listed(asked.segment);
  const curves = streams.flatMap((stream) => segments.map((segment) => ({ stream, segment })));
  if (curves.length > mostCurves) {
    const field = streams.length > segments.length ? 'stream' : 'segment';
    throw InvalidInputError.field(
      field,
      `must be named less often: at most ${mostCurves} curves are compared`,
    );
  }
  const whileInSegment = asked.while_in_segment === 'true';
  if (whileInSegment && segments.includes(null)) {
    throw InvalidInputError.field('while_in_segment', 'needs a segment');
  }
  return {
    curves,
    cause: asked.cause ?? 'any',
    ...clocksOf(asked, now),
    unit: asked.unit ?? 'day',
    times: asked.times ?? 'whole',
    minAtRisk: asked.min_at_risk === undefined ? defaultMinAtRisk : Number(asked.min_at_risk),
    whileInSegment,
    includes: new Set(listed(asked.include).filter((each) => each !== null)),
  };
}

/** The codes by which the statements know causes: their places in `spellCauses`, from 1. Cause 6 is one nobody knows. */
export function causeCodes(cause: RetentionCause): number[] {
  return cause === 'any'
    ? [...spellCauses.map((_, index) => index + 1), 6]
    : [spellCauses.indexOf(cause) + 1];
}

/** Each once, in the order of the request; [null] where none is named. */
function listed<Item>(given: Item | readonly Item[] | undefined): (Item | null)[] {
  const all = given === undefined ? [] : Array.isArray(given) ? (given as readonly Item[]) : [given as Item];
  return all.length === 0 ? [null] : [...new Set(all)];
}
