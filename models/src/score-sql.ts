import type { Calibration } from './calibrate.js';
import type { Feature } from './encode.js';
import type { Learned } from './learner.js';
import { heightOffsets } from './touches.js';

/** A model of stage A as ClickHouse expressions over columns named as its features. */
export interface ScoreSql {
  /** Σ_f s_f(x_f): the logit of interval j is an intercept more. */
  readonly score: string;
  /** What each feature adds to the score, by its name. */
  readonly contributions: ReadonlyMap<string, string>;
  /** Probability of the event within the first `intervals` intervals, of a column or alias that holds the score. */
  risk(score: string, intervals: number): string;
}

/**
 * Writes a model without networks as SQL. Numbers stand in it with all their digits, so that the engine and
 * `predictLogits` agree to 1e-12.
 *
 * @throws RangeError for a model with networks: those are scored in batches
 */
export function scoreSql({ encoder, additive, networks, calibration }: Learned): ScoreSql {
  if (networks.length > 0) throw new RangeError('a model with networks has no expression');
  const { offsets } = heightOffsets(encoder.features);
  const contributions = new Map(
    encoder.features.map((feature, place) => [
      feature.name,
      contribution(feature, additive.heights, offsets[place] as number),
    ]),
  );
  const risk = (score: string, intervals: number): string => {
    const intercepts = numbers(additive.intercepts.subarray(0, intervals));
    return `1 - arrayProduct(arrayMap(a -> 1 - (${hazard(calibration, `a + ${score}`)}), ${intercepts}))`;
  };
  return { score: [...contributions.values()].join(' + ') || '0.', contributions, risk };
}

function contribution(feature: Feature, heights: Float64Array, offset: number): string {
  const name = `\`${feature.name.replaceAll('`', '')}\``;
  if (feature.kind === 'categorical') {
    const of = heights.subarray(offset, offset + feature.levels.length);
    const levels = feature.levels.map((level) => literal(level ?? '')).join(', ');
    return `transform(toString(${name}), [${levels}], ${numbers(of)}, 0.)`;
  }
  const { knots, median, missing } = feature;
  const last = knots.length - 1;
  const at = [0, ...heights.subarray(offset, offset + last)];
  const bin = Math.min(Math.floor(median), last - 1);
  const fraction = median - bin;
  const middle = (at[bin] as number) + fraction * ((at[bin + 1] as number) - (at[bin] as number));
  const absent = middle + (missing ? (heights[offset + last] as number) : 0);
  return `ifNull(${piecewise(name, knots, at)}, ${number(absent)})`;
}

/** Straight lines through the points, level beyond both ends; null of null. */
function piecewise(x: string, points: readonly number[], values: readonly number[]): string {
  const rises = values.slice(1).map((value, i) => value - (values[i] as number));
  const [first = 0] = values;
  const lines = `arrayMap((w, lo, hi) -> w * greatest(0., least(1., (assumeNotNull(${x}) - lo) / (hi - lo))), ${numbers(rises)}, ${numbers(points.slice(0, -1))}, ${numbers(points.slice(1))})`;
  return `if(isNull(${x}), NULL, ${number(first)} + arraySum(${lines}))`;
}

function hazard(map: Calibration, z: string): string {
  if (map.kind === 'identity') return `1 / (1 + exp(-(${z})))`;
  if (map.kind !== 'isotonic')
    return `1 / (1 + exp(-(${number(map.intercept)} + ${number(map.slope)} * (${z}))))`;
  const share =
    map.map.points.length === 1
      ? number(map.map.values[0] as number)
      : `ifNull(${piecewise(`(${z})`, map.map.points, map.map.values)}, 0.)`;
  return `least(${number(1 - map.least)}, greatest(${number(map.least)}, ${share}))`;
}

/** With a point or exponent, so that the engine takes it for Float64. */
function number(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no weight`);
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.`;
}

const numbers = (values: Iterable<number>): string => `[${Array.from(values, number).join(', ')}]`;

const literal = (text: string): string => `'${text.replace(/[\\']/g, '\\$&').replaceAll('\0', '\\0')}'`;
