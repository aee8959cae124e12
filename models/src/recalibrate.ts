import { sigmoid, softplus } from './logit.js';

/** intercept + slope · logit */
export interface Line {
  readonly intercept: number;
  readonly slope: number;
}

interface LineOptions {
  /** 1 or 0, or a share between. */
  readonly weights?: ArrayLike<number> | undefined;
  readonly fixIntercept?: boolean;
  readonly fixSlope?: boolean;
}

const mostSteps = 100;
/** Half the squared Newton decrement, as a share of the loss, below which the step at hand is the last. */
const settled = 1e-14;

/**
 * Logistic regression on one logit by Newton's method, with either parameter held at 0 or 1 on demand: the maps
 * "temperature" (slope alone), "Platt" (both) and "in the large" (intercept alone). null where the likelihood has no
 * maximum: the classes are separated, or one is missing, or all logits are alike.
 */
export function fitLine(
  logits: ArrayLike<number>,
  happened: ArrayLike<number>,
  { weights, fixIntercept = false, fixSlope = false }: LineOptions = {},
): Line | null {
  if (!hasMaximum(logits, happened, fixIntercept, fixSlope)) return null;
  let intercept = 0;
  let slope = 1;
  let loss = lineLoss(logits, happened, weights, intercept, slope);
  for (let step = 0; step < mostSteps; step += 1) {
    const [da, db, decrement] = newtonStep(logits, happened, weights, {
      intercept,
      slope,
      fixIntercept,
      fixSlope,
    });
    if (decrement / 2 <= settled * loss) {
      intercept -= da;
      slope -= db;
      break;
    }
    let share = 1;
    let next = loss;
    for (; share > 1e-9; share /= 2) {
      next = lineLoss(logits, happened, weights, intercept - share * da, slope - share * db);
      if (next <= loss) break;
    }
    if (!(next <= loss)) break;
    intercept -= share * da;
    slope -= share * db;
    loss = next;
  }
  return { intercept, slope };
}

interface Range {
  low: number;
  high: number;
}

/** Separation: every logit of one class is on one side of every logit of the other, and a threshold fits without error. */
function hasMaximum(
  logits: ArrayLike<number>,
  happened: ArrayLike<number>,
  fixIntercept: boolean,
  fixSlope: boolean,
): boolean {
  const range: [Range, Range] = [
    { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY },
    { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY },
  ];
  for (let i = 0; i < logits.length; i += 1) {
    const value = logits[i] as number;
    const target = happened[i] as number;
    for (const side of [0, 1] as const) {
      if (side === 1 ? target === 0 : target === 1) continue;
      range[side].low = Math.min(range[side].low, value);
      range[side].high = Math.max(range[side].high, value);
    }
  }
  const [no, yes] = range;
  if (no.low > no.high || yes.low > yes.high) return false;
  if (fixSlope) return true;
  const bound = fixIntercept ? [0] : [no.high, yes.high];
  return !bound.some((at) => (no.high <= at && yes.low >= at) || (yes.high <= at && no.low >= at));
}

function lineLoss(
  logits: ArrayLike<number>,
  happened: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  intercept: number,
  slope: number,
): number {
  let loss = 0;
  for (let i = 0; i < logits.length; i += 1) {
    const z = intercept + slope * (logits[i] as number);
    loss += (weights?.[i] ?? 1) * (softplus(z) - (happened[i] as number) * z);
  }
  return loss;
}

/** The step to take off either parameter, and the squared decrement: what the loss still falls by, twice. */
function newtonStep(
  logits: ArrayLike<number>,
  happened: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  { intercept, slope, fixIntercept, fixSlope }: Line & { fixIntercept: boolean; fixSlope: boolean },
): [number, number, number] {
  let ga = 0;
  let gb = 0;
  let haa = 0;
  let hab = 0;
  let hbb = 0;
  for (let i = 0; i < logits.length; i += 1) {
    const x = logits[i] as number;
    const weight = weights?.[i] ?? 1;
    const probability = sigmoid(intercept + slope * x);
    const pull = weight * (probability - (happened[i] as number));
    const bend = weight * probability * (1 - probability);
    ga += pull;
    gb += pull * x;
    haa += bend;
    hab += bend * x;
    hbb += bend * x * x;
  }
  if (fixIntercept) return [0, gb / hbb, (gb * gb) / hbb];
  if (fixSlope) return [ga / haa, 0, (ga * ga) / haa];
  const determinant = haa * hbb - hab * hab;
  const da = (ga * hbb - gb * hab) / determinant;
  const db = (gb * haa - ga * hab) / determinant;
  return [da, db, ga * da + gb * db];
}
