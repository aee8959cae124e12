import { churnFeatures, type Dataset } from './dataset.js';
import { quantileOfSorted } from './encode.js';

/** Values by bin: 0 is missing, 1 is up to the first cut, and so on. */
export interface NumericBins {
  readonly kind: 'numeric';
  readonly name: string;
  /** Rising; a bin holds its upper cut. */
  readonly cuts: readonly number[];
  readonly counts: readonly number[];
}

/** Values by bin: 0 is any level that is not named, 1 the first, and so on. */
export interface CategoricalBins {
  readonly kind: 'categorical';
  readonly name: string;
  readonly levels: readonly string[];
  readonly counts: readonly number[];
}

export type Bins = NumericBins | CategoricalBins;

/** How the features of open subscriptions, and what was told of them, lay on an average day of a week. */
export interface Profile {
  /** Subscriptions on an average day. */
  readonly rows: number;
  readonly features: readonly Bins[];
  /** Risk within 30 days by the model; null where it was not kept. */
  readonly model_risk: NumericBins | null;
  /** The same by the smoothed rate. */
  readonly rate_risk: NumericBins;
}

const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const mostLevels = 20;
/** It is another one every month. */
const ofTheSeason = 'month';

/** What was told stands among the features by that name. */
export const riskName = 'risk';

/** @param data rows of so many snapshots together: of each weekday one, for what was sent last depends on it */
export function profileOf(
  { columns, days }: Dataset,
  snapshots: number,
  risks: { readonly model: Float64Array | null; readonly rate: Float64Array },
): Profile {
  const each = <One extends Bins>(bins: One): One => ({
    ...bins,
    counts: bins.counts.map((count) => count / Math.max(1, snapshots)),
  });
  return {
    rows: days.length / Math.max(1, snapshots),
    features: columns
      .filter(({ name }) => name !== ofTheSeason && churnFeatures.some((feature) => feature.name === name))
      .map((column) =>
        column.kind === 'numeric'
          ? each(numericBins(column.name, column.values))
          : each(categoricalBins(column.name, column.values.map(String))),
      ),
    model_risk: risks.model === null ? null : each(numericBins(riskName, risks.model)),
    rate_risk: each(numericBins(riskName, risks.rate)),
  };
}

/** Deciles that coincide are one: a count that is mostly 0 gets a bin for 0. */
export function numericBins(name: string, values: Float64Array): NumericBins {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted();
  const cuts =
    sorted.length === 0 ? [] : [...new Set(deciles.map((share) => quantileOfSorted(sorted, share)))];
  const counts = new Array<number>(cuts.length + 2).fill(0);
  for (const value of values) {
    const bin = Number.isNaN(value) ? 0 : 1 + cuts.filter((cut) => value > cut).length;
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { kind: 'numeric', name, cuts, counts };
}

function categoricalBins(name: string, values: readonly string[]): CategoricalBins {
  const byLevel = new Map<string, number>();
  for (const value of values) byLevel.set(value, (byLevel.get(value) ?? 0) + 1);
  const named = [...byLevel]
    .sort(([one, ones], [other, others]) => others - ones || (one < other ? -1 : 1))
    .slice(0, mostLevels);
  const rest = values.length - named.reduce((sum, [, count]) => sum + count, 0);
  return {
    kind: 'categorical',
    name,
    levels: named.map(([level]) => level),
    counts: [rest, ...named.map(([, count]) => count)],
  };
}
