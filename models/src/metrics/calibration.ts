import { quantileOfSorted } from '../encode.js';
import { logit } from '../logit.js';
import type { Random } from '../random.js';
import { fitLine, type Line } from '../recalibrate.js';

/**
 * Expected calibration error: forecasts in bins of equal width, Σ n_b/n · |mean forecast − share that happened|. It is never
 * 0 on finite data, however good the forecasts: compare with `calibrationNoise`.
 *
 * @see Naeini, Cooper, Hauskrecht (2015), Obtaining well calibrated probabilities using Bayesian binning, AAAI
 */
export function calibrationError(
  happened: ArrayLike<number>,
  forecast: ArrayLike<number>,
  bins = 15,
): number {
  return gaps(
    happened,
    forecast,
    (i) => Math.min(bins - 1, Math.floor(bins * (forecast[i] as number))),
    bins,
  );
}

/** The same over bins of equally many rows, by rising forecast; the first bins take what does not divide. */
export function calibrationErrorByMass(
  happened: ArrayLike<number>,
  forecast: ArrayLike<number>,
  bins = 15,
): number {
  const n = forecast.length;
  const order = Int32Array.from({ length: n }, (_, i) => i).sort(
    (one, other) => (forecast[one] as number) - (forecast[other] as number) || one - other,
  );
  const small = Math.floor(n / bins);
  const larger = n % bins;
  const binOf = new Int32Array(n);
  for (const [place, i] of order.entries()) {
    const inLarger = place < larger * (small + 1);
    binOf[i] = inLarger
      ? Math.floor(place / (small + 1))
      : larger + Math.floor((place - larger * (small + 1)) / small);
  }
  return gaps(happened, forecast, (i) => binOf[i] as number, bins);
}

function gaps(
  happened: ArrayLike<number>,
  forecast: ArrayLike<number>,
  binOf: (i: number) => number,
  bins: number,
): number {
  const difference = new Float64Array(bins);
  for (let i = 0; i < forecast.length; i += 1) {
    const bin = binOf(i);
    difference[bin] = (difference[bin] as number) + (forecast[i] as number) - (happened[i] as number);
  }
  return difference.reduce((sum, one) => sum + Math.abs(one), 0) / forecast.length;
}

/**
 * The calibration error that forecasts would show if each were exactly right: what happened is drawn from them, again and
 * again. An error below the 95th percentile is no evidence against the forecasts.
 */
export function calibrationNoise(
  forecast: ArrayLike<number>,
  random: Random,
  { draws = 1000, bins = 15, share = 0.95 } = {},
): number {
  const errors = new Float64Array(draws);
  const drawn = new Uint8Array(forecast.length);
  for (let draw = 0; draw < draws; draw += 1) {
    for (let i = 0; i < drawn.length; i += 1) drawn[i] = random.chance(forecast[i] as number) ? 1 : 0;
    errors[draw] = calibrationError(drawn, forecast, bins);
  }
  return quantileOfSorted(errors.sort(), share);
}

/**
 * Logistic regression of what happened on the logit of the forecast. Calibrated forecasts have intercept 0 and slope 1; a
 * slope below 1 says that they are too extreme. Forecasts are held in [10⁻¹², 1 − 10⁻¹²]. null where there is no such fit:
 * all forecasts alike, one class, or forecasts that separate the classes.
 *
 * @see Cox (1958), Two further applications of a model for binary regression, Biometrika 45
 */
export function calibrationLine(happened: ArrayLike<number>, forecast: ArrayLike<number>): Line | null {
  return fitLine(
    Float64Array.from(forecast, (value) => logit(value, 1e-12)),
    happened,
  );
}

/** One line a bin that holds rows: how many, what was forecast on average, what share it happened to. */
export function reliabilityTable(happened: ArrayLike<number>, forecast: ArrayLike<number>, bins = 15) {
  const table = Array.from({ length: bins }, () => ({ rows: 0, forecast: 0, happened: 0 }));
  for (let i = 0; i < forecast.length; i += 1) {
    const line = table[Math.min(bins - 1, Math.floor(bins * (forecast[i] as number)))];
    if (line === undefined) throw new RangeError(`${forecast[i]} is no probability`);
    line.rows += 1;
    line.forecast += forecast[i] as number;
    line.happened += happened[i] as number;
  }
  return table.flatMap(({ rows, forecast: sum, happened: count }, bin) =>
    rows === 0
      ? []
      : [{ from: bin / bins, to: (bin + 1) / bins, rows, forecast: sum / rows, happened: count / rows }],
  );
}
