import { InvalidInputError } from '../errors.js';

/** The engine's months of partitions; nothing is older. */
const earliest = Date.UTC(2000, 0, 1);

/**
 * The instants of a month in UTC, the end not included.
 *
 * @param month `2026-11`
 * @throws InvalidInputError where it has not begun: an empty file would look like a calm month
 */
export function monthOf(month: string, now: Date): { from: Date; to: Date } {
  const [year, number] = month.split('-').map(Number);
  const at = (index: number) => new Date(Date.UTC(year ?? Number.NaN, index, 1));
  const [from, to] = [at((number ?? Number.NaN) - 1), at(number ?? Number.NaN)];
  if (!(from.getTime() >= earliest)) throw InvalidInputError.field('month', 'must not be before 2000-01');
  if (from > now) throw InvalidInputError.field('month', 'has not begun');
  return { from, to };
}
