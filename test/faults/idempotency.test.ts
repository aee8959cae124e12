import { afterAll, beforeAll, expect, test } from 'vitest';
import { newDirectory, Service } from '../support/faults-child.js';
import { report } from '../support/faults-count.js';
import { Connection } from '../support/faults-http.js';
import { compareRollups } from '../support/faults-rollups.js';
import { registerStreams, streams } from '../support/faults-senders.js';

const directory = newDirectory();
let service: Service;
const one = new Connection(() => service.url);
const other = new Connection(() => service.url);

beforeAll(async () => {
  service = await Service.start(directory.path);
  await registerStreams(one);
});
afterAll(async () => {
  one.close();
  other.close();
  await service.stop();
  directory.remove();
});

interface Batch {
  accepted: number;
  duplicates: number;
  rejected: { index: number; code: string; field?: string; quarantine_id?: string }[];
}

const promotions = { subscriber: 'ada', ...streams.promotions };
const events = [
  { id: 'same-d', type: 'delivered', ...promotions, message_id: 'm-1' },
  { id: 'same-o', type: 'opened', ...promotions, message_id: 'm-1' },
  { id: 'same-x', type: 'opted_out', ...promotions, message_id: 'm-1', trigger: 'link_unsubscribe' },
];
const send = async (connection: Connection, rows: readonly object[]): Promise<Batch> =>
  (await connection.deliver<Batch>('/v1/events', rows)).body;

async function times(id: string): Promise<unknown> {
  const [row] = await service.rows(
    `SELECT (SELECT count() FROM events WHERE id = '${id}') AS events,
       (SELECT count() FROM decisions WHERE event_id = '${id}') AS decisions,
       (SELECT count() FROM event_ids WHERE id = '${id}') AS ids`,
  );
  return row;
}

test('an event that comes from two connections at once, again, and after a restart counts once', async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) => send(i % 2 === 0 ? one : other, events)),
  );
  const sum = (count: (batch: Batch) => number) => answers.reduce((total, batch) => total + count(batch), 0);
  expect(sum(({ accepted }) => accepted)).toBe(events.length);
  expect(sum(({ duplicates }) => duplicates)).toBe(7 * events.length);
  expect(await send(one, events)).toMatchObject({ accepted: 0, duplicates: 3, rejected: [] });
  await service.stop();
  service = await Service.start(directory.path);
  expect(await send(one, [...events, ...events])).toMatchObject({ accepted: 0, duplicates: 6, rejected: [] });
  await service.kill();
  service = await Service.start(directory.path);
  expect(await send(other, events)).toMatchObject({ accepted: 0, duplicates: 3, rejected: [] });

  expect(await times('same-d')).toEqual({ events: 1, decisions: 0, ids: 1 });
  expect(await times('same-o')).toEqual({ events: 1, decisions: 0, ids: 1 });
  expect(await times('same-x')).toEqual({ events: 0, decisions: 1, ids: 1 });
});

test('key order, and the moment of arrival of an event without a time, are no other content', async () => {
  const turned = events.map((event) => Object.fromEntries(Object.entries(event).reverse()));
  expect(await send(one, turned)).toMatchObject({ accepted: 0, duplicates: 3, rejected: [] });
});

test('the same id within one batch counts once', async () => {
  const event = { ...events[0], id: 'twin', message_id: 'm-2' };
  expect(await send(one, [event, event])).toMatchObject({ accepted: 1, duplicates: 1 });
  expect(await times('twin')).toEqual({ events: 1, decisions: 0, ids: 1 });
});

test('a delivery under a used id with other content is refused and kept in quarantine', async () => {
  const fresh = { ...events[0], id: 'fresh', message_id: 'm-3' };
  const result = await send(one, [{ ...events[0], campaign: 'other' }, fresh]);
  expect(result).toMatchObject({ accepted: 1, rejected: [{ index: 0, code: 'id_reused', field: 'id' }] });
  const { body } = await one.get<{ rows: { id: string; code: string }[] }>('/v1/quarantine');
  expect(body.rows).toContainEqual(
    expect.objectContaining({ id: result.rejected[0]?.quarantine_id, code: 'id_reused' }),
  );
  expect(await times('same-d')).toEqual({ events: 1, decisions: 0, ids: 1 });
});

test('an opt-out under a used id with other content is applied all the same, flagged, and only once', async () => {
  const conflict = { ...promotions, ...streams.newsletter, id: 'same-x', type: 'opted_out' };
  const answers = await Promise.all([send(one, [conflict]), send(other, [conflict])]);
  expect(answers.map(({ accepted, duplicates }) => [accepted, duplicates]).sort()).toEqual([
    [0, 1],
    [1, 0],
  ]);
  expect(await send(one, [conflict])).toMatchObject({ accepted: 0, duplicates: 1 });
  const rows = await service.rows<{ flags: string[] }>(
    "SELECT flags FROM decisions WHERE startsWith(event_id, 'same-x') ORDER BY seq",
  );
  expect(rows.map(({ flags }) => flags.includes('id_conflict'))).toEqual([false, true]);
  const { body } = await one.post<{ results: unknown[] }>('/v1/permissions/check', {
    message: streams.newsletter,
    subscribers: ['ada'],
  });
  expect(body.results).toEqual([expect.objectContaining({ allowed: false, reason: 'opt_out' })]);
});

test('what came more than once is once in every table that a view writes', async () => {
  const rollups = await compareRollups(service);
  expect(rollups.filter(({ different }) => different !== 0)).toEqual([]);
  report('idempotency', { 'rollups equal': rollups.length });
});
