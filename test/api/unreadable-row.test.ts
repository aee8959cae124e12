import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';

const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };
let app: RunningApp;
const call = new Calls(() => app);

beforeAll(async () => {
  app = await startApp();
  await call.stream('promotions', promotions);
});
afterAll(() => app.stop());

test('a row that the engine cannot read keeps nobody else from being opted out, and is kept', async () => {
  // No door lets such a row through that we know of: the fault is made on the way to the engine.
  const insert = app.engine.insert.bind(app.engine);
  const spoil = (lines: string): string =>
    lines
      .split('\n')
      .map((line) =>
        line.includes('"poison"') ? line.replace(/"20\d\d-[^"]*Z"/, '"+010000-01-01T00:59:59.000Z"') : line,
      )
      .join('\n');
  const spoiled = vi
    .spyOn(app.engine, 'insert')
    .mockImplementation((table, columns, lines, token) =>
      insert(table, columns, table === 'decisions' ? spoil(lines) : lines, token),
    );
  const people = ['ann', 'bob', 'cid', 'dee', 'eve'];
  const events = people.map((subscriber, index) => ({
    id: index === 3 ? 'poison' : `e-${index}`,
    type: 'opted_out',
    subscriber,
    ...promotions,
  }));
  expect((await call.post('/v1/events', events)).status).toBe(202);
  for (const subscriber of people.filter((one) => one !== 'dee')) {
    await expect
      .poll(() => call.check(promotions, subscriber), { timeout: 10_000, interval: 50 })
      .toMatchObject({ allowed: false, reason: 'opt_out' });
  }
  expect(await call.check(promotions, 'dee')).toMatchObject({ allowed: false, reason: 'pending' });
  const { body } = await call.get('/v1/journal');
  const { set_aside, depth } = body as { set_aside: { id: string }[]; depth: { records: number } };
  expect([set_aside, depth.records]).toMatchObject([[{ lane: 'decisions', kind: 'request' }], 0]);

  spoiled.mockRestore();
  expect((await call.post(`/v1/journal/set-aside/${set_aside[0]?.id}/retry`, {})).status).toBe(202);
  await expect
    .poll(() => call.check(promotions, 'dee'), { timeout: 10_000, interval: 50 })
    .toMatchObject({ allowed: false, reason: 'opt_out' });
  const counted = await app.engine.rows<{ decisions: number }>(
    'count',
    'SELECT toUInt32(count()) AS decisions FROM decisions',
  );
  expect(counted).toEqual([{ decisions: people.length }]);
});
