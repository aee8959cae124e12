import { type Scores, scoresOf } from './evaluate.js';
import { binaryLabels } from './labels.js';
import { type LearnerOptions, learn, predictLogits } from './learner.js';
import { sigmoid } from './logit.js';
import type { Column } from './table/infer-columns.js';

export interface FoldResult extends Scores {
  readonly fold: string;
  readonly rows: number;
  readonly positives: number;
  readonly lambda: number;
  readonly kept_b: boolean;
  readonly calibration: string;
}

/** The fold's forecasts, by a model that has seen none of its rows: not for encoding, λ, stopping or calibration either. */
export async function runFold(
  columns: readonly Column[],
  positive: Uint8Array,
  folds: readonly string[],
  fold: string,
  options: Partial<LearnerOptions>,
): Promise<{ readonly result: FoldResult; readonly rows: Int32Array; readonly forecast: Float64Array }> {
  const all = Int32Array.from(folds.keys());
  const inside = all.filter((row) => folds[row] === fold);
  const outside = all.filter((row) => folds[row] !== fold);
  const model = await learn({ columns, labels: binaryLabels(positive) }, outside, options);
  const forecast = (await predictLogits(model, columns, inside)).map(sigmoid);
  const happened = Uint8Array.from(inside, (row) => positive[row] as number);
  return {
    rows: inside,
    forecast,
    result: {
      fold,
      rows: inside.length,
      positives: happened.reduce((sum, one) => sum + one, 0),
      ...scoresOf(happened, forecast),
      lambda: model.additive.lambda,
      kept_b: model.evidence.kept_b,
      calibration: model.calibration.kind,
    },
  };
}
