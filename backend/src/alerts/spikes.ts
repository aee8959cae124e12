import { benjaminiHochberg } from '@secateur/models/statistics';
import type { Expectation } from './baseline.js';
import { betaBinomialTail } from './beta-binomial.js';
import type { Cell } from './cell.js';

/** One cell on the day that is looked at, so far. */
export interface Observed {
  readonly cell: Cell;
  readonly on: number;
  readonly n: number;
  readonly x: number;
  readonly expectation: Expectation;
}

export interface Alarm extends Observed {
  readonly p: number;
}

export interface SpikeSettings {
  /** Chance of any alarm in this look where nothing happened. */
  readonly q: number;
  readonly minEvents: number;
  readonly minDeliveries: number;
  /** Observed over expected, at least: what is certain and small wakes nobody. */
  readonly minRatio: number;
}

export interface Look {
  readonly tests: number;
  readonly alarms: readonly Alarm[];
}

/**
 * One look at all cells of a day: the chance of so many events under each cell's predictive beta-binomial, and of those the
 * ones that Benjamini–Hochberg rejects. Volume alone decides what is tested, and what happened only what is told.
 */
export function judge(observed: readonly Observed[], settings: SpikeSettings): Look {
  const tested = observed.filter(({ n }) => n >= settings.minDeliveries);
  const values = tested.map(({ x, n, expectation }) =>
    betaBinomialTail(x, n, expectation.rate, expectation.rho),
  );
  const rates = benjaminiHochberg(values);
  const alarms = tested.flatMap((one, index) => {
    const isLarge = one.x >= settings.minEvents && one.x >= settings.minRatio * one.n * one.expectation.rate;
    return (rates[index] ?? 1) <= settings.q && isLarge ? [{ ...one, p: values[index] ?? 1 }] : [];
  });
  return { tests: tested.length, alarms };
}
