import type { Dimension, Figure, MetricRow } from '../contract/analytics.js';
import type { Metric } from './metrics.js';
import { type Counted, shrinkage } from './shrinkage.js';

export const whatShrunkMeans =
  'The rate of the cell drawn towards the mean of its siblings, as far as its own counts say little (beta-binomial, averaged over what the siblings allow), with its 95 % interval. Siblings are the cells of this answer, at most the 1000 largest; of segments those of one family (country, plan, engagement, your own). null where fewer than four have counts. `figure` is the raw rate.';

/**
 * Is this figure a share whose cells are siblings? Rows of a trigger or reason share out the opt-outs of the same
 * deliveries: their rates have no mean to be drawn to.
 */
export function shrinksBy(
  { unit, query }: Pick<Metric, 'unit' | 'query'>,
  dimensions: readonly Dimension[],
): boolean {
  if (unit !== 'share' || dimensions.length === 0) return false;
  const isOfOptOut = dimensions.some((one) => one === 'trigger' || one === 'reason');
  return !(query === 'analytics/rates' && isOfOptOut);
}

interface Cell {
  readonly keys: readonly string[];
  readonly figure: Pick<Figure, 'numerator' | 'denominator'>;
}

/** @param rows how many of the cells are shown: the first ones */
export function shrunkRows(
  dimensions: readonly Dimension[],
  cells: readonly Cell[],
  rows: number,
): MetricRow['shrunk'][] {
  const families = new Map<string, Counted[]>();
  for (const cell of cells) {
    const family = familyOf(dimensions, cell.keys);
    const siblings = families.get(family) ?? [];
    siblings.push(countedOf(cell));
    families.set(family, siblings);
  }
  const draws = new Map([...families].map(([family, siblings]) => [family, shrinkage(siblings)]));
  return cells.slice(0, rows).map((cell) => {
    const drawn = draws.get(familyOf(dimensions, cell.keys)) ?? null;
    const counted = countedOf(cell);
    return drawn === null || counted.trials === 0 ? null : drawn(counted);
  });
}

const countedOf = ({ figure }: Cell): Counted => ({
  successes: figure.numerator ?? 0,
  trials: figure.denominator ?? 0,
});

/** Countries are no siblings of plans: each person is in one of both. */
function familyOf(dimensions: readonly Dimension[], keys: readonly string[]): string {
  const segment = keys[dimensions.indexOf('segment')] ?? '';
  const end = segment.indexOf(':');
  return end <= 0 ? '' : segment.slice(0, end);
}
