import { type Additive, additiveLogits, fitAdditive, lambdas } from './additive.js';
import { type Encoded, takeEncoded } from './encode.js';
import type { Split } from './folds.js';
import { rowLosses, sumOf } from './held-out.js';
import { type Labels, takeLabels } from './labels.js';
import { type Report, reportOrStop } from './progress.js';
import type { Random } from './random.js';
import { thinned } from './thin.js';

/** Rows that λ is fitted on, at most, in each split; where there are more, so many splits say enough. */
const mostForLambda = 20_000;
const enoughSplits = 2;
/** The decrement at which a fit to a part is done; its last step still makes it good to ten digits. */
const roughly = 1e-7;

/** A split with the rows that stand for all it fits on, how many each stands for, and stage A of them. */
export interface FittedPart extends Split {
  readonly weight: Float64Array;
  readonly additive: Additive;
}

/** Stage A of each split's rows, of so many at most. */
export function fitParts(
  encoded: Encoded,
  labels: Labels,
  splits: readonly Split[],
  { lambda, most, random }: { lambda: number; most: number; random: Random },
): FittedPart[] {
  let start: Additive | undefined;
  return splits.map(({ fit, check }) => {
    const { rows, weight } = thinned(fit, labels, most, random);
    const additive = fitRoughly(encoded, labels, { rows, weight }, lambda, start);
    start ??= additive;
    return { fit: rows, check, weight, additive };
  });
}

function fitRoughly(
  encoded: Encoded,
  labels: Labels,
  { rows, weight }: ReturnType<typeof thinned>,
  lambda: number,
  start?: Additive,
): Additive {
  const taken = { ...takeLabels(labels, rows), weight };
  return fitAdditive(takeEncoded(encoded, rows), taken, lambda, { settled: roughly, start });
}

/** The λ of the least held-out loss, over all splits; each fit starts from the one before. */
export function chooseLambda(
  encoded: Encoded,
  labels: Labels,
  splits: readonly Split[],
  random: Random,
  report: Report,
): { lambda: number; losses: { lambda: number; loss: number }[] } {
  const sums = new Map<number, number>(lambdas.map((lambda) => [lambda, 0]));
  let total = 0;
  const isLarge = splits.some(({ fit }) => fit.length > mostForLambda);
  for (const split of isLarge ? splits.slice(0, enoughSplits) : splits) {
    const fit = thinned(split.fit, labels, mostForLambda, random);
    const checkEncoded = takeEncoded(encoded, split.check);
    const checkLabels = takeLabels(labels, split.check);
    total += split.check.length;
    let model: Additive | undefined;
    for (const lambda of lambdas) {
      model = fitRoughly(encoded, labels, fit, lambda, model);
      const loss = sumOf(rowLosses(additiveLogits(model, checkEncoded), checkLabels));
      sums.set(lambda, (sums.get(lambda) as number) + loss);
    }
  }
  const losses = lambdas.map((lambda) => ({
    lambda,
    loss: (sums.get(lambda) as number) / Math.max(1, total),
  }));
  for (const one of losses) reportOrStop(report, { stage: 'lambda', ...one });
  return { lambda: losses.reduce((best, one) => (one.loss < best.loss ? one : best)).lambda, losses };
}
