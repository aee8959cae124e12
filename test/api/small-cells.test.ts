import { MetricAnswer } from '@secateur/backend/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rates } from '../sql/alerts/rows.js';
import { type RunningApp, startApp } from '../support/app.js';

const hour = new Date(Math.floor(Date.now() / 3_600_000 - 2) * 3_600_000).toISOString();
/* Campaigns of 2 % and 3 %, a tiny one in which one of four left, and in the order of their size. */
const campaigns = [
  ['a', 4000, 80],
  ['b', 3000, 90],
  ['c', 2000, 40],
  ['d', 1000, 30],
  ['tiny', 4, 1],
] as const;

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
  const rows = campaigns.map(([campaign, delivered, optOuts]) =>
    rates(hour, delivered, optOuts, { campaign }),
  );
  const columns = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => JSON.stringify(columns.map((column) => row[column])));
  await app.engine.insert('rates', columns, lines.join('\n'), null);
});
afterAll(() => app.stop());

async function rateBy(search: string): Promise<MetricAnswer['rows']> {
  const response = await app.request(`/v1/analytics/opt_out_rate?${search}`);
  return MetricAnswer.parse(await response.json()).rows;
}

test('one of four that left is shown as it is, and drawn to what the other campaigns say', async () => {
  const rows = await rateBy('by=campaign');
  const tiny = rows.at(-1);
  expect(tiny?.figure.value).toBe(0.25);
  expect(tiny?.shrunk?.value).toBeGreaterThan(0.02);
  expect(tiny?.shrunk?.value).toBeLessThan(0.08);
  expect(tiny?.shrunk?.upper).toBeLessThan(tiny?.figure.upper ?? 0);
  for (const { figure, shrunk } of rows.slice(0, 4)) expect(shrunk?.value).toBeCloseTo(figure.value ?? 0, 2);
});

test('how many rows are asked for changes none of them', async () => {
  const all = await rateBy('by=campaign');
  expect(await rateBy('by=campaign&limit=2')).toEqual(all.slice(0, 2));
});

test('CSV has both', async () => {
  const response = await app.request('/v1/analytics/opt_out_rate?by=campaign&format=csv');
  const [header = '', ...lines] = (await response.text()).trimEnd().split('\r\n');
  const columns = header.split(',');
  const values = lines.at(-1)?.split(',') ?? [];
  const at = (name: string) => Number(values[columns.indexOf(name)]);
  expect(at('figure.value')).toBe(0.25);
  expect(at('shrunk.value')).toBeLessThan(0.08);
  expect(at('shrunk.lower')).toBeLessThan(at('shrunk.value'));
  expect(at('shrunk.towards')).toBeCloseTo(0.025, 2);
});
