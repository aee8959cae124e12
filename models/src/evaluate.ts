import { calibrationError, calibrationLine, calibrationNoise } from './metrics/calibration.js';
import { brier, logLoss, skill } from './metrics/probability.js';
import { averagePrecision, lift, rocAuc } from './metrics/ranking.js';
import type { Random } from './random.js';

export interface Scores {
  readonly roc_auc: number | null;
  readonly pr_auc: number | null;
  readonly log_loss: number;
  readonly brier: number;
  readonly lift10: number | null;
}

export interface PooledScores extends Scores {
  readonly ece15: number;
  readonly ece15_null_p95: number;
  readonly calibration_slope: number | null;
  readonly calibration_intercept: number | null;
  readonly log_loss_skill: number;
  readonly brier_skill: number;
}

export function scoresOf(happened: ArrayLike<number>, forecast: ArrayLike<number>): Scores {
  return {
    roc_auc: rocAuc(happened, forecast),
    pr_auc: averagePrecision(happened, forecast),
    log_loss: logLoss(happened, forecast),
    brier: brier(happened, forecast),
    lift10: lift(happened, forecast),
  };
}

/** Skills are against the share of all rows that it happened to. */
export function pooledScoresOf(
  happened: ArrayLike<number>,
  forecast: ArrayLike<number>,
  random: Random,
): PooledScores {
  const scores = scoresOf(happened, forecast);
  const line = calibrationLine(happened, forecast);
  const rate = Array.from(happened).reduce((sum, one) => sum + one, 0) / happened.length;
  const base = new Float64Array(happened.length).fill(rate);
  return {
    ...scores,
    ece15: calibrationError(happened, forecast),
    ece15_null_p95: calibrationNoise(forecast, random),
    calibration_slope: line?.slope ?? null,
    calibration_intercept: line?.intercept ?? null,
    log_loss_skill: skill(scores.log_loss, logLoss(happened, base)),
    brier_skill: skill(scores.brier, brier(happened, base)),
  };
}
