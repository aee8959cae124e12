import { type ArtifactFiles, toFiles } from './artifact.js';
import { baselinesOf } from './baselines.js';
import { type Dataset, datasetOf, type Ending, type Snapshot } from './dataset.js';
import { type PooledScores, pooledScoresOf } from './evaluate.js';
import { eventsOf, intervalEnds } from './labels.js';
import { type LeakTest, laterSnapshot, permutedLabels, singleFeatures } from './leaks.js';
import { type Learned, learn, predictLogits, riskWithin } from './learner.js';
import { reliabilityTable } from './metrics/calibration.js';
import { logLoss, rowLogLoss } from './metrics/probability.js';
import { type Resampled, resampledMean } from './paired-bootstrap.js';
import type { Report } from './progress.js';
import { createRandom } from './random.js';
import { poissonTail } from './statistics/tails.js';

export interface ChurnInput {
  /** Before `cut`, oldest first. */
  readonly train: readonly Snapshot[];
  /** At `cut`, and later ones that can be followed for a week. */
  readonly test: readonly Snapshot[];
  readonly endings: readonly Ending[];
  /** ms since the epoch: what is learnt is what had happened by then. */
  readonly cut: number;
  /** ms since the epoch: what is tested is what happened from `cut` to then. */
  readonly until: number;
  readonly seed: number;
}

/** How the model forecast what happened after everything that it was trained on. */
export interface HorizonReport extends PooledScores {
  readonly days: number;
  readonly rows: number;
  readonly events: number;
  readonly baselines: { readonly rate: number; readonly stream_tenure: number; readonly logistic: number };
  /** Log loss saved against the rate of stream and tenure, a row; resampled by person. */
  readonly gain: Resampled;
}

export interface StreamReport {
  readonly stream: string;
  readonly rows: number;
  readonly events: number;
  readonly expected: number;
  /** Within what chance allows, with all streams looked at. */
  readonly holds: boolean;
}

export interface ChurnReport {
  readonly train: { readonly snapshots: number; readonly rows: number; readonly events: number };
  readonly horizons: readonly HorizonReport[];
  readonly streams: readonly StreamReport[];
  readonly reliability: ReturnType<typeof reliabilityTable>;
  readonly leaks: readonly LeakTest[];
  /** Why the smoothed rate is served and not the model; empty where the model is. */
  readonly refusals: readonly string[];
}

export interface ChurnTrained {
  readonly files: ArtifactFiles | null;
  readonly report: ChurnReport;
  /** Losses of the test rows at 30 days, for a comparison with another model of the same rows. */
  readonly losses: Float64Array | null;
}

/** Below these nothing that is learnt can be told from chance. */
export const fewestEvents = { train: 200, test: 50 } as const;
const testedDays = [7, 30] as const;
const gateDays = 30;

/** Trains on what was known and had happened by the cut, and tests on what happened after it. */
export async function trainChurn(input: ChurnInput, report: Report): Promise<ChurnTrained> {
  const random = createRandom(input.seed);
  const train = datasetOf(input.train, input.endings, input.cut);
  const [first, ...later] = input.test.map((snapshot) => datasetOf([snapshot], input.endings, input.until));
  const size = { snapshots: input.train.length, rows: train.days.length, events: eventsOf(train.labels) };
  const nothing = { train: size, horizons: [], streams: [], reliability: [], leaks: [] };
  const tested = first === undefined ? 0 : happenedWithin(first, gateDays).reduce((sum, one) => sum + one, 0);
  const few = [
    ...(size.events < fewestEvents.train
      ? [`${size.events} opt-outs to learn from: ${fewestEvents.train} are needed`]
      : []),
    ...(tested < fewestEvents.test
      ? [`${tested} opt-outs within ${gateDays} days to test by: ${fewestEvents.test} are needed`]
      : []),
  ];
  if (first === undefined || few.length > 0)
    return { files: null, losses: null, report: { ...nothing, refusals: few } };

  const happened = happenedWithin(first, gateDays);
  const leaks = [
    singleFeatures(
      train,
      happenedWithin(train, gateDays),
      (row) => (train.potential[row] as number) >= gateDays,
    ),
    permutedLabels(train, first, happened, random.fork('permuted')),
  ];
  if (leaks.some(({ holds }) => !holds))
    return { files: null, losses: null, report: { ...nothing, leaks, refusals: leaks.flatMap(leakText) } };

  const rows = Int32Array.from(train.days.keys());
  const model = await learn(train, rows, { seed: input.seed, groups: train.persons, report });
  const risks = await risksOf(model, first);
  const last = later.at(-1);
  if (last !== undefined) {
    const lastRisks = await risksOf(model, last);
    leaks.push(
      laterSnapshot(
        { happened: happenedWithin(first, 7), risk: risks(7) },
        { happened: happenedWithin(last, 7), risk: lastRisks(7) },
      ),
    );
  }
  const horizons = testedDays
    .filter((days) => days <= (first.potential[0] ?? 0))
    .map((days) => horizonOf(train, first, days, risks(days), input.seed));
  const forecast = risks(gateDays);
  const streams = streamsOf(first, happened, forecast);
  const refusals = [...leaks.flatMap(leakText), ...refusalsOf(horizons, streams)];
  const about = { cut: new Date(input.cut).toISOString(), seed: input.seed, rows: size.rows };
  return {
    files: toFiles(model, about),
    losses: Float64Array.from(forecast, (risk, row) => rowLogLoss(happened[row] as number, risk)),
    report: {
      train: size,
      horizons,
      streams,
      reliability: reliabilityTable(happened, forecast),
      leaks,
      refusals,
    },
  };
}

/** The risk of each row within a number of days that ends an interval. */
export async function risksOf(model: Learned, data: Dataset): Promise<(days: number) => Float64Array> {
  const logits = await predictLogits(model, data.columns, Int32Array.from(data.days.keys()));
  return (days) => riskWithin(logits, model.intervals, intervalsWithin(days));
}

/** @throws RangeError for a number of days at which no interval ends */
export function intervalsWithin(days: number): number {
  const place = (intervalEnds as readonly number[]).indexOf(days);
  if (place === -1) throw new RangeError(`no interval ends after ${days} days`);
  return place + 1;
}

export const happenedWithin = ({ days }: Dataset, horizon: number): Uint8Array =>
  Uint8Array.from(days, (one) => (one <= horizon ? 1 : 0));

function horizonOf(
  train: Dataset,
  test: Dataset,
  days: number,
  forecast: Float64Array,
  seed: number,
): HorizonReport {
  const random = createRandom(seed).fork(`horizon ${days}`);
  const happened = happenedWithin(test, days);
  const baselines = baselinesOf(train, test, intervalsWithin(days));
  const gains = forecast.map(
    (risk, row) =>
      rowLogLoss(happened[row] as number, baselines.stream_tenure[row] as number) -
      rowLogLoss(happened[row] as number, risk),
  );
  return {
    days,
    rows: happened.length,
    events: happened.reduce((sum, one) => sum + one, 0),
    ...pooledScoresOf(happened, forecast, random.fork('noise')),
    baselines: {
      rate: logLoss(happened, baselines.rate),
      stream_tenure: logLoss(happened, baselines.stream_tenure),
      logistic: logLoss(happened, baselines.logistic),
    },
    gain: resampledMean(gains, test.persons, random.fork('gain')),
  };
}

function streamsOf({ streams }: Dataset, happened: Uint8Array, forecast: Float64Array): StreamReport[] {
  const sums = new Map<string, { rows: number; events: number; expected: number }>();
  for (const [row, stream] of streams.entries()) {
    const sum = sums.get(stream) ?? { rows: 0, events: 0, expected: 0 };
    sum.rows += 1;
    sum.events += happened[row] as number;
    sum.expected += forecast[row] as number;
    sums.set(stream, sum);
  }
  // Of many streams one is beyond its own 95 % by chance alone.
  const tail = 0.025 / Math.max(1, sums.size);
  return [...sums]
    .map(([stream, { rows, events, expected }]) => ({
      ...{ stream, rows, events, expected },
      holds: poissonTail(events, expected) > tail && 1 - poissonTail(events + 1, expected) > tail,
    }))
    .sort((one, other) => other.rows - one.rows);
}

function refusalsOf(horizons: readonly HorizonReport[], streams: readonly StreamReport[]): string[] {
  const gate = horizons.find(({ days }) => days === gateDays);
  if (gate === undefined) return ['nothing could be followed for 30 days'];
  const off = streams.filter(({ holds }) => !holds);
  return [
    ...(gate.gain.lower > 0
      ? []
      : [
          `no proven skill: against the rate of stream and tenure it saves ${gate.gain.mean.toPrecision(2)} nats a row (95 % ${gate.gain.lower.toPrecision(2)} to ${gate.gain.upper.toPrecision(2)})`,
        ]),
    ...off.map(
      ({ stream, events, expected }) =>
        `${stream}: ${events} opt-outs where ${expected.toFixed(1)} were expected`,
    ),
  ];
}

function leakText({ holds, test, features, value, bound }: LeakTest): string[] {
  if (holds) return [];
  const which = features.length === 0 ? '' : ` (${features.join(', ')})`;
  return [`leak: ${test}${which}, ${value?.toFixed(3) ?? 'all'} beyond ${bound.toFixed(3)}`];
}
