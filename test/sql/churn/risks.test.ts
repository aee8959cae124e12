import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { person } from '../analytics/rows.js';
import { modelId, profiling, score, t0 } from './rows.js';

/*
 *   person | stream | segments of the delivery | defined | risk
 *   1      | news   | DE                       | vip     | 0.1
 *   2      | news   | DE                       |         | 0.3
 *   2      | offers | DE                       |         | 0.5
 *   3      | news   | US                       | vip, left | 0.2
 *   4      | news   | DE                       |         | 0.9   no to profiling since
 *   5      | news   | DE                       |         | 0.8   left since
 *   6      | news   | DE                       |         | 0.7   by another model
 *   1      | news   | DE                       | vip     | 0.6   by a later scoring, under way
 */
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.insert('churn_scores', [
    score(1, 0.1),
    score(2, 0.3),
    score(2, 0.5, { stream: 'offers' }),
    score(3, 0.2, { in_segments: ['country:US'] }),
    score(4, 0.9),
    score(5, 0.8),
    score(6, 0.7, { model: modelId(2) }),
    score(1, 0.6, { t0: '2026-11-21T00:00:00.000Z' }),
  ]);
  await database.insert('members', [
    { segment: 'vip', person: person(1), seq: 1, edge: 'entered', at: t0 },
    { segment: 'vip', person: person(3), seq: 1, edge: 'entered', at: t0 },
    { segment: 'vip', person: person(3), seq: 2, edge: 'left', at: t0 },
  ]);
  await database.insert('statements', [profiling(4, 'opt_out', '2026-11-20T01:00:00.000Z')]);
  await database.insert('spell_edges', [
    { person: person(5), stream: 'news', at: '2026-11-20T01:00:00.000Z', edge: 'close' },
  ]);
});
afterAll(() => database.close());

test('tells segments and streams, the most expected opt-outs first, without objectors and who has left', async () => {
  const rows = await database.engine.query('churn/risks', {
    ...{ t0: new Date(t0), model: modelId(1), least: 1, limit: 100 },
  });
  const told = rows.map(({ segment, stream, people, mean_risk_30d }) => [
    segment,
    stream,
    people,
    mean_risk_30d,
  ]);
  expect(told).toHaveLength(10);
  expect(told).toEqual(
    expect.arrayContaining([
      ['', '', 4, expect.closeTo(0.275, 12)],
      ['', 'news', 3, expect.closeTo(0.2, 12)],
      ['country:DE', '', 3, expect.closeTo(0.3, 12)],
      ['country:DE', 'offers', 1, 0.5],
      ['country:US', 'news', 1, 0.2],
      ['vip', '', 1, 0.1],
    ]),
  );
  const expected = rows.map(({ expected_30d }) => expected_30d);
  expect(expected).toEqual([...expected].sort((a, b) => b - a));
  expect(rows[0]).toMatchObject({ segment: '', stream: '', expected_30d: expect.closeTo(1.1, 12) });
  expect(rows[0]?.mean_groups).toEqual([expect.closeTo(0.275, 6), expect.closeTo(-0.275, 6)]);
});

test('leaves out what is too small', async () => {
  const rows = await database.engine.query('churn/risks', {
    ...{ t0: new Date(t0), model: modelId(1), least: 3, limit: 100 },
  });
  expect(rows.map(({ segment, stream }) => [segment, stream])).toEqual([
    ['', ''],
    ['country:DE', ''],
    ['', 'news'],
  ]);
});
