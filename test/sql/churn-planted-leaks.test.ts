import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SnapshotsService } from '@secateur/backend/app';
import { type Engine, migrate, namedQuery, open, readQueries } from '@secateur/sql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { delivery, person } from './analytics/rows.js';
import { cover } from './churn/rows.js';

/* Features are planted in the text of the snapshot that know what happened, arrived or became so at t0 or later. */
const t0 = new Date('2026-11-20T00:00:00.000Z');
const path = mkdtempSync(join(tmpdir(), 'secateur-leaks-'));
const queries = new Map(readQueries());
const text = queries.get('churn/snapshot')?.sql ?? '';
let engine: Engine;
beforeAll(async () => {
  engine = await open({ path }, { queries });
  await migrate(engine);
  const lines = [1, 2].flatMap((who) => [
    delivery('2026-11-01T00:00:00.000Z', { person: person(who), segments: ['plan:free'] }),
    delivery('2026-11-10T00:00:00.000Z', { person: person(who), received_at: '2026-11-21T00:00:00.000Z' }),
    delivery('2026-11-22T00:00:00.000Z', { person: person(who) }),
  ]);
  const columns = [...new Set(lines.flatMap((line) => Object.keys(line)))];
  const rows = (all: readonly Record<string, unknown>[]) =>
    all.map((line) => JSON.stringify(columns.map((column) => line[column] ?? null))).join('\n');
  await engine.insert('events', columns, rows(lines), null);
  await engine.insert(
    'members',
    ['segment', 'person', 'seq', 'edge', 'at'],
    JSON.stringify(['vip', person(1), 1, 'entered', '2026-11-19T00:00:00.000Z']),
    null,
  );
});
afterAll(async () => {
  await engine.close();
  rmSync(path, { recursive: true, force: true });
});

/** @param by in the text of the snapshot, once */
async function leaking(planted: string, by: string): Promise<string[]> {
  expect(text.split(planted)).toHaveLength(2);
  queries.set('churn/snapshot', namedQuery('churn/snapshot', text.replace(planted, by)));
  const snapshots = new SnapshotsService(engine, { of: async () => cover } as never);
  return snapshots.leaking(t0, 1);
}

test('the snapshot as it is knows nothing of the future', async () => {
  expect(
    await leaking('toUInt8(length(o.turns) > 1) AS came_back', 'toUInt8(length(o.turns) > 1) AS came_back'),
  ).toEqual([]);
});

test.each([
  [
    'deliveries after t0',
    'bounced_90',
    'ifNull(m.bounced_90, 0) AS bounced_90',
    `o.person IN (SELECT person FROM events WHERE occurred_at > {t0:DateTime64(3)}) AS bounced_90`,
  ],
  [
    'a delivery that arrived after t0',
    'came_back',
    'toUInt8(length(o.turns) > 1) AS came_back',
    `(SELECT countIf(occurred_at < {t0:DateTime64(3)}) FROM events) AS came_back`,
  ],
  [
    'who is in a segment today',
    'plan',
    "substring(arrayFirst(s -> startsWith(s, 'plan:'), in_segments), 6) AS plan",
    "if(o.person IN (SELECT person FROM members FINAL WHERE edge = 'entered'), 'vip', '') AS plan",
  ],
])('%s: the feature %s is named', async (_, feature, planted, by) => {
  expect(await leaking(planted, by)).toEqual([feature]);
});
