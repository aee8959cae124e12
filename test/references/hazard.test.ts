import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  columnOf,
  hazardLabels,
  inferColumns,
  intervalEnds,
  learn,
  predictLogits,
  readTable,
  riskWithin,
} from '@secateur/models/churn';
import { calibrationLine, logLoss, rocAuc } from '@secateur/models/metrics';
import { expect, test } from 'vitest';

/*
 * The hazard on simulated snapshots, beside references.json: trained as if today were the last snapshot, and judged by what
 * came after. Exact probabilities score .1350, the base rate .1485.
 */
const file = join(dirname(process.env.SECATEUR_REFERENCES ?? ''), 'SYNTHETIC_optout_snapshots.csv');
const between = 28;
const last = 5;

test.each([file].filter(existsSync))(
  '30-day risks on the last snapshots are nearly as good as can be',
  async () => {
    const table = readTable(readFileSync(file, 'utf8'));
    const numbers = (name: string): number[] => columnOf(table, name).map(Number);
    const snapshot = numbers('snapshot');
    const days = numbers('followup_days');
    const cause = numbers('cause');
    const known = snapshot.map((one) => between * (last - one));
    // Who left by another cause can no longer unsubscribe: followed to the end, without the event.
    const time = days.map((one, row) =>
      cause[row] === 1 || cause[row] === 0 ? one : Number.POSITIVE_INFINITY,
    );
    const labels = hazardLabels(
      time.map((one, row) => Math.min(one, known[row] as number)),
      cause.map((one, row) => one === 1 && (days[row] as number) <= (known[row] as number)),
      known.map((one) => Math.min(one, 90)),
    );
    const hidden = ['snapshot', 'followup_days', 'cause', 'true_p7', 'true_p30', 'true_p90'];
    const columns = inferColumns(table, hidden);
    const rows = Int32Array.from(snapshot.keys()).filter((row) => snapshot[row] !== last);
    const places = Int32Array.from(rows.keys());
    const isLatest = (place: number): boolean => snapshot[rows[place] as number] === last - 1;
    const split = { fit: places.filter((place) => !isLatest(place)), check: places.filter(isLatest) };
    const model = await learn({ columns, labels }, rows, { splits: [split, split, split] });

    const judged = Int32Array.from(snapshot.keys()).filter((row) => snapshot[row] === last);
    const logits = await predictLogits(model, columns, judged);
    const happened = Array.from(judged, (row) => (cause[row] === 1 && (days[row] as number) <= 30 ? 1 : 0));
    const within30 = intervalEnds.indexOf(30) + 1;
    const risk = riskWithin(logits, intervalEnds.length, within30);
    const loss = logLoss(happened, risk);
    process.stdout.write(
      `references: 30-day log loss ${loss.toFixed(5)}, ROC-AUC ${rocAuc(happened, risk)?.toFixed(4)}, slope ${calibrationLine(happened, risk)?.slope.toFixed(2)}, λ ${model.additive.lambda}, ` +
        `B ${model.evidence.kept_b ? 'kept' : 'not kept'}, calibration ${model.calibration.kind}\n`,
    );
    expect(loss).toBeLessThanOrEqual(0.1385);
  },
  300_000,
);
