import { ScoringService, TrainingService } from '@secateur/backend/app';
import { canonicalSelector } from '@secateur/backend/contract';
import { rocAuc } from '@secateur/models/metrics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { trueRisks, writeChurnLog } from '../support/churn-log.js';
import { isFull, print } from './scale.js';

/* A log whose hazards are known: how near the model comes to who knows them. */
const stream = { channel: 'email', category: 'news', origin: 'shop' } as const;
const size = { people: isFull ? 30_000 : 2_000, days: 150, seed: 21 };
let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
  const response = await app.request('/v1/streams/news', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ ...stream, title: 'News', class: 'commercial', brand: 'shop', regime: 'opt_out' },
      ...{ list_id: 'news.example.com', all_option_shown: true, legal_basis: 'consent' },
    }),
  });
  expect(response.status).toBe(200);
  await writeChurnLog(app, { ...size, selector: canonicalSelector(stream) });
});
afterAll(() => app.stop());

test('ranks nearly as well as the true hazards, and each decile leaves as it says', async () => {
  const model = await app.app.get(TrainingService).train('simulator', new Date());
  const gate = model?.report.horizons.find(({ days }) => days === 30);
  await app.app.get(ScoringService).score(new Date());
  const scored = await app.engine.rows<{ person: string; risk_30d: number }>(
    'scores',
    'SELECT person, risk_30d FROM churn_scores',
  );
  const truth = await trueRisks(app, size);
  const rows = scored.map(({ person, risk_30d }) => ({
    risk: risk_30d,
    true_risk: truth.get(person) ?? Number.NaN,
  }));
  // Everybody's chance of leaving in the next thirty days is known, so the AUC that the truth will have is, too.
  const weighted = (of: (row: (typeof rows)[number]) => number): number => expectedAuc(rows, of);
  const [ours, theirs] = [weighted(({ risk }) => risk), weighted(({ true_risk }) => true_risk)];
  const sorted = rows.toSorted((one, other) => one.risk - other.risk);
  const deciles = Array.from({ length: 10 }, (_, decile) => {
    const part = sorted.slice(
      Math.floor((decile * sorted.length) / 10),
      Math.floor(((decile + 1) * sorted.length) / 10),
    );
    const sum = (of: (row: (typeof rows)[number]) => number) =>
      part.reduce((total, row) => total + of(row), 0);
    const expected = sum(({ true_risk }) => true_risk);
    const error = Math.sqrt(sum(({ true_risk }) => true_risk * (1 - true_risk)));
    return { told: sum(({ risk }) => risk), expected, off: (sum(({ risk }) => risk) - expected) / error };
  });
  const within = deciles.filter(({ off }) => Math.abs(off) <= 1.96).length;
  const farthest = Math.max(...deciles.map(({ off }) => Math.abs(off)));
  print(
    `churn: ${size.people} people, ${model?.kind ?? 'none'}, AUC on the test ${gate?.roc_auc?.toFixed(4)}; told ${ours.toFixed(4)}, of the truth ${theirs.toFixed(4)}; ` +
      `${within} of 10 deciles within the interval of the truth, the farthest ${farthest.toFixed(2)} standard errors off`,
  );
  expect(theirs - ours).toBeLessThan(isFull ? 0.01 : 0.05);
  if (isFull) expect(within).toBe(10);
}, 600_000);

/** The AUC of scores when each row happens with its own chance. */
function expectedAuc<Row extends { true_risk: number }>(
  rows: readonly Row[],
  of: (row: Row) => number,
): number {
  const yes = rows.map(({ true_risk }) => true_risk);
  const scores = rows.map(of);
  // Each row once as it happens and once as it does not, with its weight: by sorting, as ranks are.
  const order = [...rows.keys()].sort((one, other) => (scores[one] ?? 0) - (scores[other] ?? 0));
  let below = 0;
  let pairs = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    let [here, not] = [0, 0];
    while (to < order.length && scores[order[to] ?? 0] === scores[order[from] ?? 0]) {
      here += yes[order[to] ?? 0] ?? 0;
      not += 1 - (yes[order[to] ?? 0] ?? 0);
      to += 1;
    }
    pairs += here * (below + not / 2);
    below += not;
    from = to;
  }
  return pairs / (yes.reduce((sum, one) => sum + one, 0) * below);
}

test('the expected AUC is the AUC where all is certain', () => {
  const happened = [1, 0, 1, 0, 0];
  const scores = [0.9, 0.8, 0.4, 0.4, 0.1];
  const rows = happened.map((true_risk, index) => ({ true_risk, score: scores[index] ?? 0 }));
  expect(expectedAuc(rows, ({ score }) => score)).toBeCloseTo(rocAuc(happened, scores) ?? 0, 12);
});
