import {
  type RetentionCause,
  type RetentionQuery,
  type RetentionUnit,
  spellCauses,
} from '../contract/index.js';
import { InvalidInputError } from '../errors.js';

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

/**
 * Without `known_at` all that is known now counts, without `as_of` all that had happened by `known_at`.
 * @throws InvalidInputError that names the field
 */
export function questionOf(asked: RetentionQuery, now: Date): RetentionQuestion {
  const knownAt = instantOf('known_at', asked.known_at, now);
  if (knownAt > now) throw InvalidInputError.field('known_at', 'must not be in the future');
  const asOf = instantOf('as_of', asked.as_of, knownAt);
  if (asOf > knownAt) {
    throw InvalidInputError.field(
      'as_of',
      'must not be after known_at, by default now: nobody knows yet who was still there',
    );
  }
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
    asOf,
    knownAt,
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

function instantOf(field: string, given: string | undefined, otherwise: Date): Date {
  if (given === undefined) return otherwise;
  const instant = new Date(given);
  if (!(instant.getTime() >= 0)) throw InvalidInputError.field(field, 'must not be before 1970-01-01');
  return instant;
}
