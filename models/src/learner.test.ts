import { beforeAll, describe, expect, it } from 'vitest';
import { ArtifactError, fromFiles, toFiles } from './artifact.js';
import { encode } from './encode.js';
import { explain } from './explain.js';
import { binaryLabels, hazardLabels, intervalEnds } from './labels.js';
import { type Learned, learn, predictLogits, riskWithin } from './learner.js';
import { sigmoid } from './logit.js';
import { logLoss } from './metrics/probability.js';
import { rocAuc } from './metrics/ranking.js';
import { networkLogits, networkOptions } from './network.js';
import { outputAndGradient, rowInput } from './network-gradient.js';
import { inputShape, networkRows } from './network-input.js';
import { Cancelled } from './progress.js';
import { createRandom } from './random.js';
import type { Column } from './table/infer-columns.js';

const rows = 3600;
const random = createRandom(17);
const a = Float64Array.from({ length: rows }, () => random.normal());
const b = Float64Array.from({ length: rows }, () => random.normal());
const plan = Array.from({ length: rows }, () => random.choice(['basic', 'plus', null]));
const columns: Column[] = [
  { name: 'a', kind: 'numeric', values: a },
  { name: 'b', kind: 'numeric', values: b },
  { name: 'plan', kind: 'categorical', values: plan },
];
// Which of a and b is larger alone says nothing: only both together do.
const crossed = (row: number): number => -1 + 3 * Math.sign((a[row] as number) * (b[row] as number));
const apart = (row: number): number => -1 + (a[row] as number) + (plan[row] === 'plus' ? 1 : 0);
const drawn = (truth: (row: number) => number): Uint8Array =>
  Uint8Array.from({ length: rows }, (_, row) => (random.chance(sigmoid(truth(row))) ? 1 : 0));
const positive = drawn(crossed);
const train = Int32Array.from({ length: 3000 }, (_, row) => row);
const later = Int32Array.from({ length: 600 }, (_, row) => 3000 + row);
const options = { seed: 5, parts: 2, network: { ...networkOptions, mostEpochs: 12 } };
const learnCrossed = (seed = 5, table = columns, labels = positive): Promise<Learned> =>
  learn({ columns: table, labels: binaryLabels(labels) }, train, { ...options, seed });
const aucOf = async (model: Learned, truth: Uint8Array): Promise<number | null> =>
  rocAuc(truth.slice(3000), await predictLogits(model, columns, later));

let model: Learned;
beforeAll(async () => {
  model = await learnCrossed();
}, 120_000);

describe('learn', () => {
  it('finds what only two features together say, by networks', async () => {
    expect(model.evidence.kept_b).toBe(true);
    expect(model.networks).toHaveLength(2);
    expect(await aucOf(model, positive)).toBeGreaterThan(0.85);
    expect(await aucOf({ ...model, networks: [] }, positive)).toBeLessThan(0.6);
  });

  it('does no harm where each feature speaks for itself', async () => {
    const own = drawn(apart);
    const found = await learn({ columns, labels: binaryLabels(own) }, train, options);
    const lossOf = async (one: Learned): Promise<number> =>
      logLoss(own.slice(3000), (await predictLogits(one, columns, later)).map(sigmoid));
    const alone = await lossOf({ ...found, networks: [], calibration: { kind: 'identity' } });
    expect(await lossOf(found)).toBeLessThan(alone + 0.004);
    expect(await aucOf(found, own)).toBeGreaterThan(0.72);
  }, 120_000);

  it('tries no network on few rows', async () => {
    const few = await learn({ columns, labels: binaryLabels(positive) }, train.slice(0, 1900), options);
    expect(few.evidence).toMatchObject({ network_loss: null, kept_b: false, backend: null });
  });

  it('looks at no row that it is not given', async () => {
    const changed = columns.map(
      (column): Column =>
        column.kind === 'numeric'
          ? { ...column, values: column.values.map((value, row) => (row < 3000 ? value : 1e6)) }
          : { ...column, values: column.values.map((value, row) => (row < 3000 ? value : 'new')) },
    );
    const flipped = positive.map((one, row) => (row < 3000 ? one : 1 - one));
    const other = await learnCrossed(5, changed, flipped);
    expect(toFiles(other, {})).toEqual(toFiles(model, {}));
  }, 120_000);

  it('ends when it is told to', async () => {
    const cancelled = learn({ columns, labels: binaryLabels(positive) }, train, {
      ...options,
      report: ({ stage }) => stage !== 'network',
    });
    await expect(cancelled).rejects.toThrow(Cancelled);
  }, 60_000);

  it('of labels without any signal forecasts the rate', async () => {
    const noise = drawn(() => -1);
    const found = await learn({ columns, labels: binaryLabels(noise) }, train.slice(0, 1500), options);
    const auc = (await aucOf(found, noise)) as number;
    expect(Math.abs(auc - 0.5)).toBeLessThan(0.08);
  });
});

describe('artifact', () => {
  it('of two trainings on the same data is the same, byte for byte', async () => {
    const [one, other] = [toFiles(model, { rows }), toFiles(await learnCrossed(), { rows })];
    expect(Buffer.compare(one['weights.bin'], other['weights.bin'])).toBe(0);
    expect(other).toEqual(one);
    const reseeded = toFiles(await learnCrossed(6), { rows });
    expect(Buffer.compare(one['weights.bin'], reseeded['weights.bin'])).not.toBe(0);
  }, 240_000);

  it('read back forecasts the same', async () => {
    const back = fromFiles(toFiles(model, {}));
    expect(await predictLogits(back, columns, later)).toEqual(await predictLogits(model, columns, later));
  });

  it('is refused where a file is of another model, or of another format', () => {
    const files = toFiles(model, {});
    const weights = files['weights.bin'].slice();
    weights[9] = (weights[9] as number) ^ 1;
    expect(() => fromFiles({ ...files, 'weights.bin': weights })).toThrow(/weights.bin is not of this model/);
    expect(() =>
      fromFiles({ ...files, 'scaling.json': files['scaling.json'].replace('plus', 'minus') }),
    ).toThrow(ArtifactError);
    const newer = files['model.json'].replace('"format": 1', '"format": 2');
    expect(() => fromFiles({ ...files, 'model.json': newer })).toThrow(/format 2, and 1 is known/);
    const reordered = files['model.json'].replace('"a",\n    "b"', '"b",\n    "a"');
    expect(() => fromFiles({ ...files, 'model.json': reordered })).toThrow(
      /features of scaling.json are a, b, plan/,
    );
  });
});

describe('explain', () => {
  const raw: Learned['calibration'] = { kind: 'identity' };
  const sumOf = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, one) => sum + one, 0);

  it('of stage A sums to the logit less the mean logit of the training', async () => {
    const alone = { ...model, networks: [], calibration: raw };
    const mean = sumOf(await predictLogits(alone, columns, train)) / train.length;
    const logits = await predictLogits(alone, columns, later);
    const { contributions, gaps } = explain(alone, columns, later);
    for (const row of [0, 1, 300, 599]) {
      const own = contributions.slice(row * 3, row * 3 + 3);
      expect(sumOf(own)).toBeCloseTo((logits[row] as number) - mean, 9);
    }
    expect(new Set(gaps)).toEqual(new Set([0]));
  });

  it('with networks sums to the difference from the average row, but for a gap below a hundredth', async () => {
    const some = later.slice(0, 40);
    const logits = await predictLogits({ ...model, calibration: raw }, columns, some);
    const { contributions, gaps } = explain(model, columns, some);
    const asked = { shape: inputShape(model.encoder.features), intervals: 1, within: 1 };
    const average =
      (model.additive.intercepts[0] as number) +
      sumOf(model.baseline.scores) +
      sumOf(model.networks.map((one) => outputAndGradient(one, model.baseline.inputs, asked).output)) / 2;
    for (const row of some.keys()) {
      const difference = (logits[row] as number) - average;
      const sum = sumOf(contributions.slice(row * 3, row * 3 + 3));
      expect(Math.abs(sum - difference)).toBeLessThan(0.03 + 0.02 * Math.abs(difference));
      expect(gaps[row]).toBeLessThanOrEqual(0.01);
    }
  });

  it('names the features that a risk goes with', () => {
    const { contributions } = explain(model, columns, later);
    const size = (place: number): number =>
      sumOf(Array.from(later, (_, row) => Math.abs(contributions[row * 3 + place] as number)));
    expect(size(0)).toBeGreaterThan(3 * size(2));
    expect(size(1)).toBeGreaterThan(3 * size(2));
  });

  it('survives the artifact', () => {
    const back = fromFiles(toFiles(model, {}));
    expect(explain(back, columns, later.slice(0, 5))).toEqual(explain(model, columns, later.slice(0, 5)));
  });
});

describe('outputAndGradient', () => {
  const data = () => networkRows(model.encoder, encode(model.encoder, columns, later), columns, later);
  const asked = () => ({ shape: inputShape(model.encoder.features), intervals: 1, within: 1 });

  it('gives what TensorFlow gives', () => {
    const [network] = model.networks;
    if (network === undefined) throw new Error('no network');
    const theirs = networkLogits(network, data(), 1);
    for (const row of [0, 7, 599])
      expect(outputAndGradient(network, rowInput(data(), row), asked()).output).toBeCloseTo(
        theirs[row] as number,
        4,
      );
  });

  it('has the gradient of small steps', () => {
    const [network] = model.networks;
    if (network === undefined) throw new Error('no network');
    const input = rowInput(data(), 3);
    const { gradient } = outputAndGradient(network, input, asked());
    let largest = 0;
    for (const [i, slope] of gradient.entries()) {
      const at = (step: number): number =>
        outputAndGradient(network, input.with(i, (input[i] as number) + step), asked()).output;
      expect(Math.abs((at(1e-6) - at(-1e-6)) / 2e-6 - slope)).toBeLessThan(1e-4);
      largest = Math.max(largest, Math.abs(slope));
    }
    expect(largest).toBeGreaterThan(0.01);
  });
});

describe('riskWithin', () => {
  it('is 1 − Π (1 − h), and never falls with the horizon', () => {
    const logits = Float64Array.of(0, 0, 0);
    expect([1, 2, 3].map((j) => riskWithin(logits, 3, j)[0])).toEqual([0.5, 0.75, 0.875]);
  });

  it('finds the hazards that a table is drawn from', async () => {
    // One hazard for all: a twentieth of those left, each day.
    const time = Float64Array.from({ length: rows }, () => random.exponential(20));
    const event = Uint8Array.from(time, (days) => (days <= 90 ? 1 : 0));
    const followed = time.map((days) => Math.min(90, days));
    const found = await learn(
      { columns, labels: hazardLabels(followed, event) },
      train.slice(0, 1900),
      options,
    );
    const logits = await predictLogits(found, columns, later);
    const mean = (ends: number): number =>
      riskWithin(logits, intervalEnds.length, ends).reduce((sum, one) => sum + one, 0) / later.length;
    expect(Math.abs(mean(3) - (1 - Math.exp(-7 / 20)))).toBeLessThan(0.04);
    expect(Math.abs(mean(5) - (1 - Math.exp(-30 / 20)))).toBeLessThan(0.04);
  });
});
