import { InvalidInputError } from '../errors.js';

/** What had happened by `asOf`, as far as it was known at `knownAt`. */
export interface Clocks {
  readonly asOf: Date;
  readonly knownAt: Date;
}

/**
 * Without `known_at` all that is known now counts, without `as_of` all that had happened by `known_at`.
 * @throws InvalidInputError that names the field
 */
export function clocksOf(
  asked: { as_of?: string | undefined; known_at?: string | undefined },
  now: Date,
): Clocks {
  const knownAt = instantOf('known_at', asked.known_at, now);
  if (knownAt > now) throw InvalidInputError.field('known_at', 'must not be in the future');
  const asOf = instantOf('as_of', asked.as_of, knownAt);
  if (asOf > knownAt) {
    throw InvalidInputError.field(
      'as_of',
      'must not be after known_at, by default now: nobody knows yet who was still there',
    );
  }
  return { asOf, knownAt };
}

/** @throws InvalidInputError for an instant that the engine has no room for */
export function instantOf(field: string, given: string | undefined, otherwise: Date): Date {
  if (given === undefined) return otherwise;
  const instant = new Date(given);
  if (!(instant.getTime() >= 0)) throw InvalidInputError.field(field, 'must not be before 1970-01-01');
  if (!(instant.getTime() <= Date.UTC(2100, 0, 1)))
    throw InvalidInputError.field(field, 'must not be after 2100-01-01');
  return instant;
}
