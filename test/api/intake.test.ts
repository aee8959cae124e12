import { BatchResult } from '@secateur/backend/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls, minutesAgo } from '../support/calls.js';

const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };
const newsletter = { ...promotions, category: 'newsletter' };
const texts = { channel: 'sms', category: 'promotions', origin: 'shop' };
const proof = { basis: 'explicit_consent', evidence: 'form 7, confirmed by click' };

let app: RunningApp;
const call = new Calls(() => app);
let count = 0;
const fresh = (prefix: string) => `${prefix}-${++count}`;
const delivered = (change: object = {}) => ({ id: fresh('d'), type: 'delivered', ...promotions, ...change });

beforeAll(async () => {
  app = await startApp();
  for (const [key, place] of Object.entries({ promotions, newsletter, texts })) await call.stream(key, place);
});
afterAll(() => app.stop());

interface Waiting {
  id: string;
  code: string;
  door: string;
  received_at: string;
  deadline_at: string;
}
const quarantine = async () => ((await call.get('/v1/quarantine')).body as { rows: Waiting[] }).rows;

describe('a batch of events', () => {
  const rows = () => [delivered({ subscriber: 'shape' }), delivered({ subscriber: 'shape' })];
  const envelope = ({ id, occurred_at, ...data }: { id: string; occurred_at: string }) => ({
    specversion: '1.0',
    id,
    time: occurred_at,
    type: 'com.example.message',
    source: '/shop',
    data,
  });

  test.each<[string, string, () => unknown, number]>([
    ['a JSON array', 'application/json', rows, 2],
    ['one object', 'application/json', () => rows()[0], 1],
    [
      'NDJSON',
      'application/x-ndjson',
      () =>
        rows()
          .map((row) => JSON.stringify(row))
          .join('\n'),
      2,
    ],
    [
      'NDJSON with CRLF, blank lines and a byte order mark',
      'application/x-ndjson',
      () =>
        `\ufeff${rows()
          .map((row) => JSON.stringify(row))
          .join('\r\n\r\n')}\r\n`,
      2,
    ],
    [
      'CloudEvents',
      'application/cloudevents-batch+json',
      () => rows().map((row) => envelope({ ...row, occurred_at: minutesAgo(5) })),
      2,
    ],
    [
      'one CloudEvent',
      'application/cloudevents+json',
      () => envelope({ ...delivered({ subscriber: 'shape' }), occurred_at: minutesAgo(5) }),
      1,
    ],
  ])('%s is taken', async (_, type, body, accepted) => {
    const answer = await call.post('/v1/events', body(), { 'content-type': type });
    expect(answer.status).toBe(200);
    expect(BatchResult.parse(answer.body)).toEqual({
      accepted,
      duplicates: 0,
      pending: 0,
      rejected: [],
      flagged: [],
    });
  });

  test('a CloudEvent is the same event as the one it holds: its id and time are those of the envelope', async () => {
    const at = minutesAgo(5);
    const row = delivered({ subscriber: 'shape' });
    await call.post('/v1/events', [envelope({ ...row, occurred_at: at })]);
    expect(await call.events({ ...row, occurred_at: at })).toMatchObject({ accepted: 0, duplicates: 1 });
  });

  test('each row has its own result, by its place in the batch', async () => {
    const [first, second] = rows();
    const { status, body } = await call.post('/v1/events', [
      first,
      { ...first, campaign: 'other' },
      first,
      { id: 'x' },
      second,
    ]);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      accepted: 2,
      duplicates: 1,
      rejected: [
        { index: 1, code: 'id_reused' },
        { index: 3, code: 'invalid', field: 'type' },
      ],
    });
  });

  test('10,000 events are taken at once, and again they are 10,000 duplicates', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      delivered({ subscriber: `many-${index % 500}`, campaign: 'ten thousand' }),
    );
    expect(await call.events(...many)).toMatchObject({ accepted: 10_000, duplicates: 0 });
    expect(await call.events(...many)).toMatchObject({ accepted: 0, duplicates: 10_000 });
    const sql = "SELECT count() AS n FROM events WHERE campaign = 'ten thousand'";
    expect(await app.engine.rows('stored', sql)).toEqual([{ n: 10_000 }]);
  });

  test('an opt-out counts for the deliveries of the same batch, wherever it stands in it', async () => {
    const id = fresh('u');
    await call.events(
      { id: fresh('o'), type: 'opted_out', subscriber: id, ...promotions, message_id: `m-${id}` },
      delivered({ subscriber: id, campaign: 'bf', message_id: `m-${id}`, occurred_at: minutesAgo(1) }),
    );
    const { changes } = await call.changes('0');
    const { body } = await call.get(`/v1/decisions/${changes.at(-1)?.decision}`);
    expect(body).toMatchObject({ subscriber: id, attributed: { message_id: `m-${id}`, campaign: 'bf' } });
  });

  test('a stream first seen is registered as advertising that nobody has reviewed', async () => {
    await call.events(delivered({ subscriber: 'shape', category: 'flash sale', origin: 'crm' }));
    const { body } = await call.get('/v1/streams');
    const seen = (body as { streams: { category: string }[] }).streams.find(
      ({ category }) => category === 'flash sale',
    );
    expect(seen).toMatchObject({
      channel: 'email',
      origin: 'crm',
      class: 'commercial',
      reviewed: false,
      version: 1,
    });
  });
});

describe('whom an opt-out is about', () => {
  test('a subscriber who is not known yet: it holds from their first profile on', async () => {
    const id = fresh('u');
    const decision = await call.optOut({ subscriber: id, ...promotions });
    expect(decision.subscriber).toBe(id);
    expect(await call.check(promotions, id)).toMatchObject({ allowed: false, reason: 'opt_out' });
    await call.profiles({ id, email: `${id}@example.com`, jurisdiction: 'US' });
    expect(await call.check(promotions, id)).toMatchObject({ allowed: false, reason: 'opt_out' });
  });

  test('an address that nobody has: whoever has it later, however it is spelt, is not mailed', async () => {
    const address = `${fresh('early')}@example.com`;
    await call.optOut({ email: `Early Bird <${address.toUpperCase()}>`, ...promotions });
    const [later, other] = [fresh('u'), fresh('u')];
    await call.profiles(
      { id: later, email: address, jurisdiction: 'US' },
      { id: other, email: `x${address}`, jurisdiction: 'US' },
    );
    expect(await call.check(promotions, later)).toMatchObject({ allowed: false, reason: 'opt_out' });
    expect(await call.check(promotions, other)).toMatchObject({ allowed: true });
  });

  test.each([
    ['+1 (202) 555-7701', '+12025557701'],
    ['0012025557702', '+12025557702'],
    ['12025557703', '+12025557703'],
    ['\uff0b\uff11\uff12\uff10\uff12\uff15\uff15\uff15\uff17\uff17\uff10\uff14', '+12025557704'],
  ])('a STOP from %s stops texts and calls to %s, and leaves its e-mail alone', async (spelt, phone) => {
    const id = fresh('u');
    await call.events({ id: fresh('stop'), type: 'opted_out', trigger: 'sms_stop', phone: spelt, ...texts });
    await call.profiles({ id, phone, email: `${id}@example.com`, jurisdiction: 'US' });
    expect(await call.check(texts, id)).toMatchObject({ allowed: false, reason: 'opt_out' });
    expect(await call.check({ ...texts, channel: 'voice' }, id)).toMatchObject({ allowed: false });
    expect(await call.check(promotions, id)).toMatchObject({ allowed: true });
  });

  test('a message id alone leads to whom the message went', async () => {
    const [id, message] = [fresh('u'), fresh('m')];
    await call.profiles({ id, email: `${id}@example.com`, jurisdiction: 'US' });
    await call.events(delivered({ subscriber: id, message_id: message, campaign: 'bf' }));
    const decision = await call.optOut({ channel: 'email', message_id: message });
    expect(decision).toMatchObject({ subscriber: id, stream: 'promotions', attributed: { campaign: 'bf' } });
    expect(await call.check(promotions, id)).toMatchObject({ allowed: false, reason: 'opt_out' });
    expect(await call.check(newsletter, id)).toMatchObject({ allowed: true });
  });

  test('an address that was given up keeps its opt-out', async () => {
    const [id, next] = [fresh('u'), fresh('u')];
    await call.profiles({ id, email: `${id}@example.com`, jurisdiction: 'US' });
    await call.optOut({ subscriber: id, ...promotions });
    await call.profiles(
      { id, email: `new-${id}@example.com` },
      { id: next, email: `${id}@example.com`, jurisdiction: 'US' },
    );
    expect(await call.check(promotions, next)).toMatchObject({ allowed: false, reason: 'opt_out' });
  });
});

describe('dates that no calendar holds', () => {
  const [far, long] = ['9999-12-31T23:59:59.999Z', '0001-01-01T00:00:00Z'];

  test('a pause without a foreseeable end lasts, one that ended long ago does not', async () => {
    const [paused, past] = [fresh('u'), fresh('u')];
    await call.profiles({ id: paused, jurisdiction: 'US' }, { id: past, jurisdiction: 'US' });
    await call.events(
      { id: fresh('p'), type: 'paused', subscriber: paused, ...promotions, until: far },
      { id: fresh('p'), type: 'paused', subscriber: past, ...promotions, until: long },
    );
    expect(await call.check(promotions, paused)).toMatchObject({ allowed: false, reason: 'pause' });
    expect(await call.check(promotions, past)).toMatchObject({ allowed: true });
  });

  test('consent that ended long ago is no consent, and consent without a foreseeable end is', async () => {
    const [granted, past] = [fresh('u'), fresh('u')];
    const optIn = { type: 'opted_in', ...promotions, ...proof };
    for (const [subscriber, expires_at] of [
      [granted, far],
      [past, long],
    ] as const) {
      await call.optOut({ subscriber, ...promotions, occurred_at: minutesAgo(9) });
      await call.events({ id: fresh('i'), ...optIn, subscriber, expires_at });
    }
    expect(await call.check(promotions, granted)).toMatchObject({ allowed: true, reason: 'opt_in' });
    expect(await call.check(promotions, past)).toMatchObject({ allowed: false, reason: 'opt_out' });
  });
});

describe('quarantine', () => {
  const replay = (id: string | undefined, body?: unknown) =>
    call.send('POST', `/v1/quarantine/${id}/replay`, body);

  test('a row that was not taken is listed with its deadline, replayed as corrected, and gone from the list', async () => {
    const id = fresh('u');
    const wrong = { ...delivered({ subscriber: id }), colour: 'red' };
    const { body } = await call.post('/v1/events', [delivered({ subscriber: id }), wrong]);
    const [rejected] = BatchResult.parse(body).rejected;
    const listed = (await quarantine()).find((row) => row.id === rejected?.quarantine_id);
    expect(listed).toMatchObject({ code: 'unknown_field', door: 'events' });
    expect(Date.parse(listed?.deadline_at ?? '') - Date.parse(listed?.received_at ?? '')).toBe(
      48 * 3_600_000,
    );
    expect(JSON.stringify(listed)).not.toContain(id);

    const { colour: _, ...right } = wrong;
    expect(await replay(rejected?.quarantine_id, right)).toMatchObject({
      status: 200,
      body: { accepted: 1 },
    });
    expect((await quarantine()).map((row) => row.id)).not.toContain(rejected?.quarantine_id);
    expect(await replay(rejected?.quarantine_id, right)).toMatchObject({ status: 404 });
    expect(await call.events(right)).toMatchObject({ duplicates: 1 });
  });

  test('a correction that is wrong too waits on, with the deadline that was', async () => {
    const { body } = await call.post('/v1/events', [
      delivered({ subscriber: 'q' }),
      { id: fresh('q'), type: 'delivered' },
    ]);
    const before = (await quarantine()).find(
      (row) => row.id === BatchResult.parse(body).rejected[0]?.quarantine_id,
    );
    const answer = await replay(before?.id, { id: fresh('q'), type: 'delivered', channel: 'fax' });
    expect(answer).toMatchObject({ status: 422, body: { rejected: [{ field: 'channel' }] } });
    const next = (answer.body as BatchResult).rejected[0]?.quarantine_id;
    const waiting = await quarantine();
    expect(waiting.find((row) => row.id === next)?.deadline_at).toBe(before?.deadline_at);
    expect(waiting.map((row) => row.id)).not.toContain(before?.id);
  });

  test('a correction keeps an opt-out an opt-out, one row alone, and resubscribes nobody', async () => {
    const [id, message] = [fresh('u'), fresh('m')];
    const unknown = await call.post('/v1/opt-outs', {
      id: fresh('o'),
      channel: 'email',
      message_id: message,
    });
    const { decision: row } = unknown.body as { decision: string };
    const found = { id: fresh('o'), type: 'opted_out', subscriber: id, ...promotions };
    expect(await replay(row, { ...found, type: 'delivered' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'type' }] },
    });
    expect(await replay(row, [found, found])).toMatchObject({ status: 400 });
    expect(await replay(row, found)).toMatchObject({ status: 200, body: { accepted: 1 } });
    expect(await call.check(promotions, id)).toMatchObject({ allowed: false, reason: 'opt_out' });

    const optIn = {
      type: 'opted_in',
      subscriber: id,
      ...promotions,
      basis: 'double_opt_in',
      evidence: 'form',
    };
    const { body } = await call.post('/v1/events', [{ ...optIn, id: fresh('i'), colour: 'red' }, found]);
    const [refused] = BatchResult.parse(body).rejected;
    expect(await replay(refused?.quarantine_id, { ...optIn, id: fresh('i') })).toMatchObject({ status: 200 });
    expect(await call.check(promotions, id)).toMatchObject({ allowed: false, reason: 'opt_out' });
  });

  test('a replay needs the scope ingest beside edit', async () => {
    const answer = await app.request('/v1/keys', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'editor', scopes: ['edit'] }),
    });
    const { key } = (await answer.json()) as { key: string };
    const path = '/v1/quarantine/00000000-0000-4000-8000-000000000000/replay';
    const refused = await app.request(path, { method: 'POST', headers: { authorization: `Bearer ${key}` } });
    expect(refused.status).toBe(403);
  });

  test('an opt-out by a message nobody knew is decided by a replay once the delivery is reported', async () => {
    const [id, message] = [fresh('u'), fresh('m')];
    const answer = await call.post('/v1/opt-outs', { id: fresh('o'), channel: 'email', message_id: message });
    expect(answer).toMatchObject({ status: 202, body: { state: 'quarantined' } });
    const { decision: row } = answer.body as { decision: string };
    expect((await quarantine()).map(({ id: waiting }) => waiting)).toContain(row);
    expect(await replay(row)).toMatchObject({ status: 422, body: { rejected: [{ code: 'unidentified' }] } });

    await call.profiles({ id, email: `${id}@example.com`, jurisdiction: 'US' });
    await call.events(delivered({ subscriber: id, message_id: message }));
    const again = (await quarantine()).find(({ door }) => door === 'opt-outs');
    expect(await replay(again?.id)).toMatchObject({ status: 200, body: { accepted: 1 } });
    expect(await call.check(promotions, id)).toMatchObject({ allowed: false, reason: 'opt_out' });
    expect((await quarantine()).filter(({ door }) => door === 'opt-outs')).toEqual([]);
  });

  test('a delivery to an address nobody had is stored by a replay once somebody has it', async () => {
    const id = fresh('u');
    const row = delivered({ email: `${id}@example.com`, message_id: fresh('m') });
    const { body } = await call.post('/v1/events', [row, delivered({ subscriber: 'q' })]);
    const [rejected] = BatchResult.parse(body).rejected;
    expect(rejected).toMatchObject({ index: 0, code: 'unidentified' });
    await call.profiles({ id, email: `${id}@example.com`, jurisdiction: 'US' });
    expect(await replay(rejected?.quarantine_id)).toMatchObject({ status: 200, body: { accepted: 1 } });
    expect(await call.events(row)).toMatchObject({ duplicates: 1 });
  });

  test('is listed for readers and replayed by editors only', async () => {
    const [read, ingest] = [await call.key('read'), await call.key('ingest')];
    expect(await call.get('/v1/quarantine', ingest)).toMatchObject({ status: 403 });
    expect(await call.get('/v1/quarantine', read)).toMatchObject({ status: 200 });
    const id = '00000000-0000-4000-8000-000000000001';
    expect(await call.post(`/v1/quarantine/${id}/replay`, {}, read)).toMatchObject({ status: 403 });
  });
});
