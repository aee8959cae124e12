import { BatchResult } from '@secateur/backend/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { type Called, Calls, minutesAgo } from '../support/calls.js';
import { type ProviderCall, sendgridSecret, bySendgrid as signed } from '../support/provider-calls.js';

let app: RunningApp;
const api = new Calls(() => app);
const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };
const newsletter = { channel: 'email', category: 'newsletter', origin: 'shop' };

beforeAll(async () => {
  app = await startApp({ markets: ['US'] });
  await api.stream('promotions', promotions);
  await api.stream('newsletter', newsletter);
  await connect('sendgrid', { secrets: [sendgridSecret] });
});
afterAll(() => app.stop());

async function connect(provider: string, change: object): Promise<void> {
  expect(await api.send('PUT', `/v1/providers/${provider}`, change)).toMatchObject({
    status: 200,
    body: { provider, enabled: true },
  });
}

function post(provider: string, { body, headers }: ProviderCall, path = ''): Promise<Called> {
  return api.send('POST', `/v1/webhooks/${provider}${path}`, body, { ...headers, authorization: '' });
}

const bySendgrid = (events: readonly object[], at?: number): ProviderCall =>
  signed(JSON.stringify(events), at);

let people = 0;
/** Somebody new, with an address. */
async function somebody(): Promise<{ id: string; email: string }> {
  const id = `webhook-${++people}`;
  const email = `${id}@people.example`;
  await api.profiles({ id, email, jurisdiction: 'US' });
  return { id, email };
}

const group = (email: string, changes: object = {}) => ({
  event: 'group_unsubscribe',
  email,
  timestamp: Math.floor(Date.now() / 1000) - 60,
  sg_event_id: `e-${email}`,
  sg_message_id: `m-${email}`,
  asm_group_id: 77,
  ...changes,
});

const isAllowed = async (message: object, id: string): Promise<boolean> =>
  (await api.check(message, id)).allowed;

test('INV-WH-1: a call whose signature does not fit has no effect', async () => {
  const { id, email } = await somebody();
  const call = bySendgrid([group(email, { asm_group_id: 78 })]);
  const flipped = { ...call, body: call.body.replace('78', '79') };
  expect(await post('sendgrid', flipped)).toMatchObject({ status: 401 });
  expect(await post('sendgrid', { ...call, headers: {} })).toMatchObject({ status: 401 });
  const { body } = await api.get('/v1/streams/first-seen');
  expect(JSON.stringify(body)).not.toContain('asm:79');
  const { body: known } = await api.get(`/v1/permissions/${id}`);
  expect((known as { statements: unknown[] }).statements).toEqual([]);
});

test('a group that stands for a stream stops that stream and nothing else', async () => {
  const { id, email } = await somebody();
  expect(
    await api.send('PUT', '/v1/providers/sendgrid/streams', {
      ref: 'sendgrid:asm:77',
      streams: ['promotions'],
    }),
  ).toMatchObject({ status: 200 });
  const { status, body } = await post('sendgrid', bySendgrid([group(email)]));
  expect(status).toBe(200);
  expect(BatchResult.parse(body)).toMatchObject({ accepted: 1, rejected: [] });
  expect([await isAllowed(promotions, id), await isAllowed(newsletter, id)]).toEqual([false, true]);
});

test('a group that nobody mapped registers itself, is shown, and its opt-outs reach the stream it is mapped to later', async () => {
  const { id, email } = await somebody();
  await api.stream('gazette', { ...newsletter, category: 'gazette' });
  // A stream that registered itself says neither its legal basis nor whether an all-option is shown: US widens to the channel.
  await post('sendgrid', bySendgrid([group(email, { asm_group_id: 80 })]));
  const shown = await sendgridStreams();
  expect(shown.find(({ ref }) => ref === 'sendgrid:asm:80')).toMatchObject({ channel: 'email', streams: [] });
  await api.send('PUT', '/v1/providers/sendgrid/streams', { ref: 'sendgrid:asm:80', streams: ['gazette'] });
  const { body } = await api.get('/v1/streams/gazette');
  expect(body).toMatchObject({
    parent: shown.find(({ ref }) => ref === 'sendgrid:asm:80')?.registered,
  });
  expect(await isAllowed({ ...newsletter, category: 'gazette' }, id)).toBe(false);
});

async function sendgridStreams() {
  const { body } = await api.get('/v1/providers');
  const { providers } = body as {
    providers: { provider: string; streams: { ref: string; registered?: string }[] }[];
  };
  return providers.find(({ provider }) => provider === 'sendgrid')?.streams ?? [];
}

test('INV-WH-2: an opt-out under a stale but valid signature is applied, a resubscription is not', async () => {
  const { id, email } = await somebody();
  const old = Date.now() - 3_600_000;
  const timestamp = Math.floor(old / 1000);
  await post('sendgrid', bySendgrid([group(email, { timestamp })], old));
  expect(await isAllowed(promotions, id)).toBe(false);
  const back = group(email, { event: 'group_resubscribe', timestamp: timestamp + 60, sg_event_id: 'back' });
  const answer = await post('sendgrid', bySendgrid([back], old));
  expect(answer).toMatchObject({ status: 200, body: { accepted: 0, rejected: [{ code: 'stale' }] } });
  expect(await isAllowed(promotions, id)).toBe(false);
});

test('a resubscription that the person just made lifts the opt-out from the same group', async () => {
  const { id, email } = await somebody();
  await post('sendgrid', bySendgrid([group(email, { timestamp: Math.floor(Date.now() / 1000) - 3600 })]));
  expect(await isAllowed(promotions, id)).toBe(false);
  const back = group(email, {
    event: 'group_resubscribe',
    timestamp: Math.floor(Date.now() / 1000),
    sg_event_id: `back-${email}`,
  });
  await post('sendgrid', bySendgrid([back]));
  expect(await isAllowed(promotions, id)).toBe(true);
});

test('INV-WH-3: redelivered in another batch an event is counted once', async () => {
  const [{ email }, { email: other }] = [await somebody(), await somebody()];
  const event = group(email);
  const first = await post('sendgrid', bySendgrid([event]));
  expect(first.body).toMatchObject({ accepted: 1, duplicates: 0 });
  const again = await post('sendgrid', bySendgrid([group(other), event], Date.now() + 1000));
  expect(again.body).toMatchObject({ accepted: 1, duplicates: 1, rejected: [] });
});

test('INV-WH-4: a type that nobody knows fails neither the call nor its neighbours, and a broken one is kept', async () => {
  const { id, email } = await somebody();
  const answer = await post(
    'sendgrid',
    bySendgrid([{ event: 'teleported', email }, { email }, group(email)]),
  );
  expect(answer).toMatchObject({
    status: 200,
    body: { accepted: 1, skipped: { teleported: 1 }, rejected: [{ code: 'invalid' }] },
  });
  expect(await isAllowed(promotions, id)).toBe(false);
});

test('a genuine body that cannot be read at all is acknowledged and kept in quarantine', async () => {
  const answer = await post('sendgrid', signed('{"no":"array"}'));
  expect(answer).toMatchObject({ status: 200, body: { accepted: 0, kept: expect.any(String) } });
});

test('INV-WH-5: an opt-out that names nobody waits in quarantine with its deadline running', async () => {
  const answer = await post(
    'sendgrid',
    bySendgrid([group('', { email: null, sg_message_id: 'nobody-knows' })]),
  );
  expect(answer.body).toMatchObject({
    accepted: 0,
    rejected: [{ code: 'unidentified', quarantine_id: expect.any(String) }],
  });
  const { body } = await api.get('/v1/quarantine');
  const rows = (body as { rows: { deadline_at: string }[] }).rows;
  expect(Date.parse(rows[0]?.deadline_at ?? '')).toBeGreaterThan(Date.now());
});

test('an opt-out whose address nobody has binds the address, so whoever gets it later is denied', async () => {
  const email = 'first-at-the-provider@people.example';
  await post('sendgrid', bySendgrid([group(email)]));
  await api.profiles({ id: 'came-later', email, jurisdiction: 'US' });
  expect(await isAllowed(promotions, 'came-later')).toBe(false);
});

test('INV-DSN-3: one soft bounce holds nobody, five in fourteen days hold the address, refusals of the sender never do', async () => {
  const { id, email } = await somebody();
  const bounce = (n: number, changes: object = {}) =>
    group(email, {
      event: 'bounce',
      type: 'bounce',
      reason: 'mailbox full',
      asm_group_id: null,
      sg_event_id: `b-${email}-${n}`,
      ...changes,
    });
  const blocks = Array.from({ length: 8 }, (_, n) => bounce(n + 100, { type: 'blocked' }));
  await post('sendgrid', bySendgrid(blocks));
  expect(await isAllowed(promotions, id)).toBe(true);
  const soft = (n: number) => ({
    id: `soft-${email}-${n}`,
    type: 'bounced',
    bounce: 'soft',
    trigger: 'soft_bounce',
    subscriber: id,
    ...promotions,
    occurred_at: minutesAgo(n),
  });
  await api.events(soft(1), soft(2), soft(3), soft(4));
  expect(await isAllowed(promotions, id)).toBe(true);
  await api.events(soft(5));
  expect(await api.check(promotions, id)).toMatchObject({ allowed: false, reason: 'hold' });
});

test('a provider that is not connected, or unknown, has no webhook', async () => {
  expect(await post('mailgun', { body: '{}', headers: {} })).toMatchObject({ status: 404 });
  expect(await post('nobody', { body: '{}', headers: {} })).toMatchObject({ status: 404 });
});

test('what was read is told only where that is switched on', async () => {
  const { email } = await somebody();
  const call = bySendgrid([group(email)]);
  const asked = { ...call, headers: { ...call.headers, 'x-secateur-explain': 'events' } };
  expect(await post('sendgrid', asked)).toMatchObject({ status: 403 });
  expect((await post('sendgrid', call)).body).toMatchObject({ accepted: 1 });
});

test('secrets are never shown again, and only administrators may set them', async () => {
  const { body } = await api.get('/v1/providers');
  expect(JSON.stringify(body)).not.toContain(sendgridSecret);
  const edit = await api.key('edit');
  expect(await api.send('PUT', '/v1/providers/sendgrid', { enabled: false }, edit)).toMatchObject({
    status: 403,
  });
  const faulty = await api.send('PUT', '/v1/providers/sendgrid/streams', {
    ref: 'sendgrid:asm:1',
    streams: ['none-such'],
  });
  expect(faulty).toMatchObject({ status: 400, body: { errors: [{ field: 'streams[0]' }] } });
});

test('a connection survives a change of other settings and is known after it', async () => {
  expect(await api.send('PUT', '/v1/providers/sendgrid', { topics: [] })).toMatchObject({
    status: 200,
    body: { enabled: true, secrets: 1 },
  });
});
