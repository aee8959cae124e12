import { demoOptions, simulate } from '@secateur/models';
import { expect, test } from 'vitest';
import { buildCatalogue } from '../conditions/index.js';
import { checkRules } from '../rules/check/check.js';
import { readRules } from '../rules/compiled-rules.js';
import { demoRules } from './demo-rules.js';

test('the demo’s rules pass their check without a warning', async () => {
  const { streams } = simulate(demoOptions(new Date('2026-11-01T00:00:00Z')));
  const catalogue = buildCatalogue({
    attributes: [],
    segments: [],
    streams: streams.map(({ key, category }) => ({ key, title: key, category })),
  });
  const read = readRules(demoRules, catalogue);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  const report = await checkRules(read.rules, catalogue, Date.UTC(2026, 10, 23));
  console.log(
    `demo rules: ${report.cells} cells, ${report.findings.length} findings, ${report.milliseconds} ms`,
  );
  expect(report.findings).toEqual([]);
  expect(report.passed).toBe(true);
  // Each cell of the domain without a rule, and again for each rule where rules are looked at.
  expect(report.cells).toBeGreaterThan(100_000);
}, 120_000);
