import { type Additive, additiveLogits, carriedOn, fitAdditive, followedIntervals } from './additive.js';
import { type ArtifactFiles, fromFiles, toFiles } from './artifact.js';
import { baselinesOf } from './baselines.js';
import { type Dataset, datasetOf, type Ending, type Snapshot } from './dataset.js';
import { encode, fitEncoder } from './encode.js';
import { type PooledScores, pooledScoresOf } from './evaluate.js';
import { baselineOf } from './explain.js';
import { meanOf, rowLosses } from './held-out.js';
import { eventsOf, intervalEnds, type Labels } from './labels.js';
import { type LeakTest, laterSnapshot, permutedLabels, singleFeatures } from './leaks.js';
import { type Learned, learn, predictLogits, riskWithin } from './learner.js';
import { logit, sigmoid } from './logit.js';
import { calibrationLine, reliabilityTable } from './metrics/calibration.js';
import { logLoss, rowLogLoss } from './metrics/probability.js';
import { type Resampled, resampledMean } from './paired-bootstrap.js';
import { type Profile, profileOf } from './profile.js';
import type { Report } from './progress.js';
import { createRandom } from './random.js';
import { poissonTail } from './statistics/tails.js';

export interface ChurnInput {
  /** Before `cut`, oldest first. */
  readonly train: readonly Snapshot[];
  /** At `cut`, and later ones that can be followed for a week. */
  readonly test: readonly Snapshot[];
  /** A week of daily ones from the cut, by which is told later what has drifted. */
  readonly week: readonly Snapshot[];
  readonly endings: readonly Ending[];
  /** ms since the epoch: what is learnt is what had happened by then. */
  readonly cut: number;
  /** ms since the epoch: what is tested is what happened from `cut` to then. */
  readonly until: number;
  readonly seed: number;
  /** Features that were found to know the future: they block the model, whatever it forecasts. */
  readonly leaking: readonly string[];
  /** The model in force, to be compared on the same rows. */
  readonly champion: ArtifactFiles | null;
}

/** How the model forecast what happened after everything that it was trained on. */
export interface HorizonReport extends PooledScores {
  readonly days: number;
  readonly rows: number;
  readonly events: number;
  /** Standard error of the calibration slope. */
  readonly calibration_slope_error: number | null;
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
  readonly train: {
    readonly snapshots: number;
    readonly rows: number;
    readonly events: number;
    /** Days that rows were followed by: a risk of more days carries the last hazard on. */
    readonly followed_days: number;
  };
  readonly horizons: readonly HorizonReport[];
  readonly streams: readonly StreamReport[];
  readonly reliability: ReturnType<typeof reliabilityTable>;
  readonly leaks: readonly LeakTest[];
  /** Log loss of the champion less that of this model, a row; null without a champion or a test. */
  readonly comparison: Resampled | null;
  /** How features and risks lay in the week after the cut: what drifts is held against it; null without one. */
  readonly profile: Profile | null;
  /** Why the smoothed rate is served and not the model; empty where the model may be. */
  readonly refusals: readonly string[];
}

export interface ChurnTrained {
  /** `rate`: no skill was proven, and the smoothed rate of stream and tenure is all that is told. */
  readonly kind: 'model' | 'rate';
  readonly files: ArtifactFiles;
  /** Of the rate: what is told where this model does not take the place of one. */
  readonly rate: ArtifactFiles;
  readonly report: ChurnReport;
}

/** Below these nothing that is learnt can be told from chance. */
export const fewestEvents = { train: 200, test: 50 } as const;
const testedDays = [7, 30] as const;
const gateDays = 30;
/** Of the rate that is told without a model. */
const strongRidge = 33;

/** Trains on what was known and had happened by the cut, and tests on what happened after it. */
export async function trainChurn(input: ChurnInput, report: Report): Promise<ChurnTrained> {
  const random = createRandom(input.seed);
  const train = datasetOf(input.train, input.endings, input.cut);
  const [first, ...later] = input.test.map((snapshot) => datasetOf([snapshot], input.endings, input.until));
  const found = {
    train: {
      snapshots: input.train.length,
      rows: train.days.length,
      events: eventsOf(train.labels),
      followed_days: intervalEnds[followedIntervals(train.labels) - 1] ?? 0,
    },
    horizons: [] as HorizonReport[],
    streams: [] as StreamReport[],
    reliability: [] as ReturnType<typeof reliabilityTable>,
    leaks: [withoutTheFuture(input.leaking)],
    comparison: null as Resampled | null,
    profile: null as Profile | null,
  };
  const about = {
    cut: new Date(input.cut).toISOString(),
    until: new Date(input.until).toISOString(),
    seed: input.seed,
    rows: found.train.rows,
  };
  const rateModel = rateOf(train);
  const rate = toFiles(rateModel, about);
  const refuse = (refusals: readonly string[]): ChurnTrained => ({
    kind: 'rate',
    files: rate,
    rate,
    report: { ...found, refusals },
  });
  const few = [...found.leaks.flatMap(leakText), ...tooFew(found.train.events, first)];
  if (first === undefined) return refuse(few);
  const week = datasetOf(input.week, input.endings, input.until);
  const profiled = async (model: Learned | null): Promise<Profile> => {
    const risk = async (by: Learned) => (await risksOf(by, week))(gateDays);
    const risks = { model: model === null ? null : await risk(model), rate: await risk(rateModel) };
    return profileOf(week, input.week.length, risks);
  };
  found.profile = await profiled(null);
  if (few.length > 0) return refuse(few);

  const happened = happenedWithin(first, gateDays);
  const isFollowed = (row: number): boolean => (train.potential[row] as number) >= gateDays;
  found.leaks.push(
    singleFeatures(train, happenedWithin(train, gateDays), isFollowed),
    permutedLabels(train, first, happened, random.fork('permuted')),
  );
  const known = found.leaks.flatMap(leakText);
  if (known.length > 0) return refuse(known);

  const rows = Int32Array.from(train.days.keys());
  const learnt = await learn(train, rows, { seed: input.seed, groups: train.persons, report });
  const model = { ...learnt, additive: carried(learnt.additive, train.labels) };
  const risks = await risksOf(model, first);
  const last = later.at(-1);
  if (last !== undefined) {
    const lastRisks = await risksOf(model, last);
    found.leaks.push(
      laterSnapshot(
        { happened: happenedWithin(first, 7), risk: risks(7) },
        { happened: happenedWithin(last, 7), risk: lastRisks(7) },
      ),
    );
  }
  const forecast = risks(gateDays);
  found.profile = await profiled(model);
  found.horizons = testedDays
    .filter((days) => days <= (first.potential[0] ?? 0))
    .map((days) => horizonOf(train, first, days, risks(days), input.seed));
  found.streams = streamsOf(first, happened, forecast);
  found.reliability = reliabilityTable(happened, forecast);
  if (input.champion !== null)
    found.comparison = await comparedWith(input.champion, first, happened, forecast, random.fork('champion'));
  const refusals = [...found.leaks.flatMap(leakText), ...refusalsOf(found.horizons, found.streams)];
  if (refusals.length > 0) return refuse(refusals);
  return { kind: 'model', files: toFiles(model, about), rate, report: { ...found, refusals } };
}

/** The rate of stream and tenure, drawn to that of all: what is told where nothing more is proven. */
function rateOf(train: Dataset): Learned {
  const columns = train.columns.filter(({ name }) => name === 'stream' || name === 'tenure');
  const rows = Int32Array.from(train.days.keys());
  const encoder = fitEncoder(columns, rows);
  const encoded = encode(encoder, columns, rows);
  const additive = carried(fitAdditive(encoded, train.labels, strongRidge), train.labels);
  return {
    encoder,
    intervals: train.labels.intervals,
    additive,
    networks: [],
    calibration: { kind: 'identity' },
    baseline: baselineOf(additive, encoded),
    evidence: {
      rows: rows.length,
      events: eventsOf(train.labels),
      lambda_losses: [],
      additive_loss: meanOf(
        rowLosses(additiveLogits(additive, encode(encoder, columns, rows)), train.labels),
      ),
      network_loss: null,
      kept_b: false,
      backend: null,
    },
  };
}

const carried = (additive: Additive, labels: Labels): Additive =>
  carriedOn(additive, followedIntervals(labels), intervalEnds);

function tooFew(trained: number, test: Dataset | undefined): string[] {
  const tested = test === undefined ? 0 : happenedWithin(test, gateDays).reduce((sum, one) => sum + one, 0);
  return [
    ...(trained < fewestEvents.train
      ? [`${trained} opt-outs to learn from: ${fewestEvents.train} are needed`]
      : []),
    ...(tested < fewestEvents.test
      ? [`${tested} opt-outs within ${gateDays} days to test by: ${fewestEvents.test} are needed`]
      : []),
  ];
}

async function comparedWith(
  champion: ArtifactFiles,
  test: Dataset,
  happened: Uint8Array,
  forecast: Float64Array,
  random: ReturnType<typeof createRandom>,
): Promise<Resampled> {
  const theirs = (await risksOf(fromFiles(champion), test))(gateDays);
  const losses = forecast.map(
    (risk, row) =>
      rowLogLoss(happened[row] as number, theirs[row] as number) - rowLogLoss(happened[row] as number, risk),
  );
  return resampledMean(losses, test.persons, random);
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
    calibration_slope_error: slopeError(happened, forecast),
    baselines: {
      rate: logLoss(happened, baselines.rate),
      stream_tenure: logLoss(happened, baselines.stream_tenure),
      logistic: logLoss(happened, baselines.logistic),
    },
    gain: resampledMean(gains, test.persons, random.fork('gain')),
  };
}

/** From the information of the two parameters of the line; null where there is no line. */
function slopeError(happened: Uint8Array, forecast: Float64Array): number | null {
  const line = calibrationLine(happened, forecast);
  if (line === null) return null;
  let [one, z, zz] = [0, 0, 0];
  for (const risk of forecast) {
    const at = logit(risk, 1e-12);
    const p = sigmoid(line.intercept + line.slope * at);
    one += p * (1 - p);
    z += p * (1 - p) * at;
    zz += p * (1 - p) * at * at;
  }
  return Math.sqrt(one / (one * zz - z * z));
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

const withoutTheFuture = (features: readonly string[]): LeakTest => ({
  test: 'features_without_the_future',
  holds: features.length === 0,
  features,
  value: features.length,
  bound: 0,
});

function leakText({ holds, test, features, value, bound }: LeakTest): string[] {
  if (holds) return [];
  const which = features.length === 0 ? '' : ` (${features.join(', ')})`;
  return [`leak: ${test}${which}, ${value?.toFixed(3) ?? 'all'} beyond ${bound.toFixed(3)}`];
}
