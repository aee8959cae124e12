import type { ChurnTrained } from '@secateur/models/churn';
import type { ChurnModel } from '../contract/churn.js';

/** Of the champion's log loss: so much worse is no loss where something else is better. */
const slack = 0.005;
const slopes = { from: 0.9, to: 1.1 };
/** Times the error that perfect forecasts would show. */
const mostError = 1.3;

const z = 1.96;

/** Whether what was trained takes the champion's place, and why. */
export interface Verdict {
  readonly promotes: boolean;
  readonly why: string;
}

/** A model that passed its gates against the champion. A rate takes the place of a rate, and of nothing. */
export function verdictOf({ kind, report }: ChurnTrained, champion: ChurnModel | null): Verdict {
  if (kind === 'rate') {
    const why = report.refusals.join('; ');
    return champion === null || champion.kind === 'rate'
      ? { promotes: true, why: `the rate is told: ${why}` }
      : { promotes: false, why };
  }
  const gate = report.horizons.find(({ days }) => days === 30);
  if (gate === undefined) return { promotes: false, why: 'it was not tested at 30 days' };
  if (gate.ece15 > mostError * gate.ece15_null_p95)
    return { promotes: false, why: `calibration error ${gate.ece15.toFixed(4)} is beyond its noise` };
  const { calibration_slope: slope, calibration_slope_error: error } = gate;
  if (slope === null || error === null) return { promotes: false, why: 'its calibration cannot be told' };
  // Few events leave the slope uncertain: it is off where chance does not explain it.
  if (slope + z * error < slopes.from || slope - z * error > slopes.to)
    return {
      promotes: false,
      why: `calibration slope ${slope.toFixed(2)} ± ${(z * error).toFixed(2)} is not near 1`,
    };
  if (champion === null || champion.kind === 'rate')
    return { promotes: true, why: 'skill is proven, and there was no model' };
  const { comparison } = report;
  if (comparison === null) return { promotes: false, why: 'it was not compared with the champion' };
  const saved = `${comparison.mean.toPrecision(2)} nats a row (95 % ${comparison.lower.toPrecision(2)} to ${comparison.upper.toPrecision(2)})`;
  if (comparison.lower > 0) return { promotes: true, why: `better than the champion by ${saved}` };
  const before = champion.report.horizons.find(({ days }) => days === 30);
  const isNoWorse = comparison.lower > -slack * (gate.log_loss + comparison.mean);
  const isCloser =
    before?.calibration_slope !== null &&
    before?.calibration_slope !== undefined &&
    Math.abs(slope - 1) < Math.abs(before.calibration_slope - 1) &&
    gate.ece15 < before.ece15;
  if (isNoWorse && isCloser && comparison.mean !== 0)
    return { promotes: true, why: `no worse than the champion, ${saved}, and better calibrated` };
  return { promotes: false, why: `not better than the champion: it saves ${saved}` };
}
