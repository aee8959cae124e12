import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';

let app: RunningApp;
const call = new Calls(() => app);
const month = new Date().toISOString().slice(0, 7);
const people = 40;

beforeAll(async () => {
  app = await startApp();
  const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };
  const names = Array.from({ length: people }, (_, index) => `p-${index}`);
  await call.profiles(...names.map((id) => ({ id, email: `${id}@example.com` })));
  // Received now, so all are of this month whenever they occurred.
  const delivered = {
    type: 'delivered',
    occurred_at: new Date(Date.now() - 60_000).toISOString(),
    ...promotions,
  };
  await call.events(
    ...names.map((id) => ({
      ...delivered,
      id: `d-${id}`,
      subscriber: id,
      message_id: `m-${id}`,
      campaign: '=cmd',
    })),
  );
  await call.events(
    ...names.slice(0, 7).map((id) => ({
      ...{ ...promotions, id: `o-${id}`, type: 'opted_out', subscriber: id, message_id: `m-${id}` },
      ...{ asked: 'this', trigger: 'one_click_unsubscribe' },
    })),
    { id: 'e-1', type: 'erased', subscriber: 'p-39', trigger: 'erasure_request_art17', channel: 'email' },
  );
});
afterAll(() => app.stop());

async function download(path: string) {
  const response = await app.request(`/v1/exports/${path}`);
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}

/** The rows of a Parquet file, as the engine reads them. */
async function rowsOf<Row>(bytes: Buffer, columns: string): Promise<Row[]> {
  const path = join(app.config.dataDirectory, `read-${Math.random()}.parquet`);
  writeFileSync(path, bytes);
  return app.engine.rows<Row>('read', `SELECT ${columns} FROM file({path: String}, 'Parquet')`, { path });
}

async function countOf(sql: string): Promise<number> {
  const [row] = await app.engine.rows<{ n: number }>('count', `SELECT count() AS n FROM ${sql}`);
  return row?.n ?? Number.NaN;
}

describe('a month of Parquet', () => {
  test('of events has each row of the table but those of the erased person', async () => {
    const { response, bytes } = await download(`events?month=${month}`);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/vnd.apache.parquet',
      'content-disposition': `attachment; filename="events-${month}.parquet"`,
      'content-length': String(bytes.length),
      'cache-control': 'no-store',
    });
    const rows = await rowsOf<{ id: string; person: string; campaign: string; received_at: string }>(
      bytes,
      '*',
    );
    expect(rows).toHaveLength(people - 1);
    expect(await countOf('events')).toBe(people);
    expect(new Set(rows.map(({ person }) => person)).size).toBe(people - 1);
    expect(rows.map(({ id }) => id)).not.toContain('d-p-39');
    // A machine reads it: nothing is quoted.
    expect(rows[0]?.campaign).toBe('=cmd');
    expect(rows[0]?.received_at.slice(0, 7)).toBe(month);
  });

  test('of decisions has each decision but the erasure, and says what stopped', async () => {
    const { bytes } = await download(`decisions?month=${month}&format=parquet`);
    const rows = await rowsOf<{ type: string; streams_stopped: string[]; attributed_delivery: string }>(
      bytes,
      '*',
    );
    expect(rows).toHaveLength(7);
    expect(await countOf('decisions')).toBe(8);
    expect(rows.every(({ streams_stopped }) => streams_stopped.length > 0)).toBe(true);
    expect(rows.every(({ attributed_delivery }) => attributed_delivery.startsWith('d-p-'))).toBe(true);
  });

  test('of spells has as many open ones as reach tells', async () => {
    const { bytes } = await download(`spells?month=${month}`);
    const [row] = await rowsOf<{ all: number; open: number; causes: string[] }>(
      bytes,
      'count() AS all, countIf(ended_at IS NULL) AS open, groupUniqArray(cause) AS causes',
    );
    // Where the month has just begun the deliveries were in the one before.
    const before = await download(`spells?month=${new Date(Date.now() - 60_000).toISOString().slice(0, 7)}`);
    const counted =
      row?.all === 0
        ? await rowsOf(before.bytes, 'count() AS all, countIf(ended_at IS NULL) AS open')
        : [row];
    expect(counted[0]).toMatchObject({ all: people - 1, open: people - 1 - 7 });
    const reach = await call.get('/v1/analytics/reach');
    expect((reach.body as { rows: { figure: { value: number } }[] }).rows[0]?.figure.value).toBe(
      people - 1 - 7,
    );
  });

  test('of a calm month is a file with columns and no rows', async () => {
    const { response, bytes } = await download('events?month=2020-02');
    expect(response.status).toBe(200);
    expect(await rowsOf(bytes, 'count() AS n')).toEqual([{ n: 0 }]);
  });
});

test('a month of CSV has a header, and no formula in it', async () => {
  const { response, bytes } = await download(`events?month=${month}&format=csv`);
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  expect(response.headers.get('content-disposition')).toBe(`attachment; filename="events-${month}.csv"`);
  const [header, ...lines] = bytes.toString('utf8').trimEnd().split('\n');
  expect(header?.startsWith('"id","type","person"')).toBe(true);
  expect(lines).toHaveLength(people - 1);
  expect(lines.every((line) => line.includes(`"'=cmd"`))).toBe(true);
});

test('leaves no file behind, however many ask at once', async () => {
  const all = await Promise.all(
    ['events', 'spells', 'decisions', 'events'].map((table) => download(`${table}?month=${month}`)),
  );
  expect(all.map(({ response }) => response.status)).toEqual([200, 200, 200, 200]);
  expect(all[0]?.bytes.equals(all[3]?.bytes ?? Buffer.alloc(0))).toBe(true);
  const folder = join(app.config.dataDirectory, 'exports');
  expect(existsSync(folder) && readdirSync(folder)).toEqual([]);
});

test.each([
  ['events', 'month'],
  ['events?month=2026-13', 'month'],
  ['events?month=2026-1', 'month'],
  ['events?month=1999-12', 'month'],
  ['events?month=2999-01', 'month'],
  [`events?month=${month}&format=xlsx`, 'format'],
  [`events?month=${month}&moth=1`, 'moth'],
  [`people?month=${month}`, 'table'],
])('refuses %s and names %s', async (path, field) => {
  const { status, body } = await call.get(`/v1/exports/${path}`);
  expect(status).toBe(400);
  expect((body as { errors: { field: string }[] }).errors.map((error) => error.field)).toEqual([field]);
});

test.each([
  [['read'], 403],
  [['privacy'], 403],
  [['send', 'ingest'], 403],
  [['read', 'privacy'], 200],
])('a key with %s gets %s', async (scopes, status) => {
  const made = await call.post('/v1/keys', { name: scopes.join(' '), scopes });
  const { key } = made.body as { key: string };
  const asked = await app.request(`/v1/exports/decisions?month=${month}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(asked.status).toBe(status);
});

/** Runs last: it takes the events away. */
test('answers with an error, and not with half a file, when the query fails', async () => {
  await app.engine.command('RENAME TABLE events TO events_away');
  const { status, headers, body } = await call.get(`/v1/exports/events?month=${month}`);
  expect(status).toBeGreaterThanOrEqual(500);
  expect(headers.get('content-type')).toContain('application/problem+json');
  expect(body).toHaveProperty('title');
  expect(readdirSync(join(app.config.dataDirectory, 'exports'))).toEqual([]);
});
