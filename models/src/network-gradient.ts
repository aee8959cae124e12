import type { Feature } from './encode.js';
import { embeddedUnits, hiddenUnits, type Network } from './network.js';
import {
  fillGroup,
  fillPassed,
  type InputShape,
  inputShape,
  type NetworkRows,
  widthOf,
} from './network-input.js';

/*
 * The network of one row in plain numbers, with its gradient by the inputs: what reasons are made of. TensorFlow would take
 * longer to be asked than this takes.
 */

/** All that one row gives the network: the encodings of each group, then what goes through as it is. */
export function rowInput(data: NetworkRows, row: number): Float64Array {
  const shape = inputShape(data.encoded.features);
  const rows = Int32Array.of(row);
  return Float64Array.from([
    ...shape.groups.flatMap((group) => Array.from(fillGroup(data, rows, group))),
    ...fillPassed(data, rows, shape),
  ]);
}

/** The feature that each input speaks of; −1: the constant 1. */
export function featureOfInputs(features: readonly Feature[]): number[] {
  const shape = inputShape(features);
  return [
    ...shape.groups.flatMap(({ places, width }) =>
      places.flatMap((place) => Array.from({ length: width }, (_, i) => (i === width - 1 ? -1 : place))),
    ),
    ...shape.passed.flatMap((place) => new Array<number>(widthOf(features[place] as Feature)).fill(place)),
    ...shape.standardised,
    -1,
  ];
}

interface Asked {
  readonly shape: InputShape;
  readonly intervals: number;
  /** The mean output of the first so many intervals is meant. */
  readonly within: number;
}

/** The network's output for one row, and its gradient by the row's inputs. */
export function outputAndGradient(
  { weights }: Pick<Network, 'weights'>,
  input: ArrayLike<number>,
  { shape, intervals, within }: Asked,
): { output: number; gradient: Float64Array } {
  const [w1, w2, b2, w3, b3] = weights.slice(shape.groups.length) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const [units1, units2] = hiddenUnits;
  const joined: number[] = [];
  let at = 0;
  for (const [index, { places, width }] of shape.groups.entries()) {
    const embedding = weights[index] as Float32Array;
    for (let place = 0; place < places.length; place += 1, at += width)
      for (let unit = 0; unit < embeddedUnits; unit += 1) {
        let sum = 0;
        for (let i = 0; i < width; i += 1)
          sum +=
            (input[at + i] as number) * (embedding[(place * width + i) * embeddedUnits + unit] as number);
        joined.push(Math.max(0, sum));
      }
  }
  const embeddings = joined.length;
  for (; at < input.length; at += 1) joined.push(input[at] as number);
  const first = times(joined, w1, units1).map((value) => Math.max(0, value));
  const second = times(first, w2, units2).map((value, unit) => Math.max(0, value + (b2[unit] as number)));
  const outputs = times(second, w3, intervals);
  let output = 0;
  for (let j = 0; j < within; j += 1) output += ((outputs[j] as number) + (b3[j] as number)) / within;

  const pull = Float64Array.from({ length: intervals }, (_, j) => (j < within ? 1 / within : 0));
  const toSecond = timesAcross(pull, w3, second);
  const toFirst = timesAcross(toSecond, w2, first);
  const toJoined = timesAcross(toFirst, w1);
  const gradient = new Float64Array(input.length);
  let unitAt = 0;
  at = 0;
  for (const [index, { places, width }] of shape.groups.entries()) {
    const embedding = weights[index] as Float32Array;
    for (let place = 0; place < places.length; place += 1, at += width, unitAt += embeddedUnits)
      for (let unit = 0; unit < embeddedUnits; unit += 1) {
        if ((joined[unitAt + unit] as number) <= 0) continue;
        for (let i = 0; i < width; i += 1)
          gradient[at + i] =
            (gradient[at + i] as number) +
            (toJoined[unitAt + unit] as number) *
              (embedding[(place * width + i) * embeddedUnits + unit] as number);
      }
  }
  gradient.set(toJoined.subarray(embeddings), at);
  return { output, gradient };
}

/** x W, W with so many columns. */
function times(x: ArrayLike<number>, w: Float32Array, columns: number): Float64Array {
  const product = new Float64Array(columns);
  for (let i = 0; i < x.length; i += 1) {
    const value = x[i] as number;
    if (value === 0) continue;
    for (let j = 0; j < columns; j += 1)
      product[j] = (product[j] as number) + value * (w[i * columns + j] as number);
  }
  return product;
}

/** W y, 0 where the unit in front was not active. */
function timesAcross(y: Float64Array, w: Float32Array, active?: Float64Array): Float64Array {
  return Float64Array.from({ length: w.length / y.length }, (_, i) => {
    if (active?.[i] === 0) return 0;
    let sum = 0;
    for (let j = 0; j < y.length; j += 1) sum += (y[j] as number) * (w[i * y.length + j] as number);
    return sum;
  });
}
