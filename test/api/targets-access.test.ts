import { Problem, TargetList, TargetView, TargetWithSecret } from '@secateur/backend/contract';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { type Called, Calls } from '../support/calls.js';
import { dispatching, hurry, makeTarget, soon } from '../support/targets.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };
const key = 'SG.0123456789abcdefgh';
const nobody = '00000000-0000-4000-8000-000000000009';

let app: RunningApp;
const call = new Calls(() => app);
let receiver: WebhookReceiver;
/** Everything the service wrote while these tests ran. */
const logged: string[] = [];

beforeAll(async () => {
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => logged.push(String(text)) > 0);
  app = await startApp({ logLevel: 'debug' }, dispatching);
  hurry(app);
  receiver = await WebhookReceiver.start();
  await call.stream('promotions', promotions);
  await call.stream('texts', { ...promotions, channel: 'sms' });
});
afterAll(async () => {
  await app.stop();
  await receiver.server.goAway();
  vi.restoreAllMocks();
});

const webhook = (change: object = {}) => ({
  kind: 'webhook',
  name: 'crm',
  url: `${receiver.url}?code=in-the-address`,
  ...change,
});
const sendgrid = (change: object = {}) => ({
  kind: 'sendgrid',
  name: 'mail',
  api_key: key,
  options: { groups: { promotions: 11 } },
  enabled: false,
  ...change,
});
const mailchimp = (change: object = {}) => ({
  kind: 'mailchimp',
  name: 'news',
  api_key: '0123456789abcdef-us21',
  options: { lists: { promotions: 'a1b2c3' } },
  enabled: false,
  ...change,
});

const fieldsOf = ({ status, body }: Called): string[] => {
  expect(status).toBe(400);
  return (Problem.parse(body).errors ?? []).map(({ field }) => field);
};

describe('a definition that cannot be used is refused, and names the field', () => {
  test.each<[string, object, string]>([
    ['this machine', { url: 'https://127.0.0.2/hook' }, 'url'],
    ['this machine by IPv6', { url: 'https://[::1]/hook' }, 'url'],
    ['this machine by IPv4 in IPv6', { url: 'https://[::ffff:127.0.0.2]/hook' }, 'url'],
    ['this machine as a number', { url: 'https://2130706434/hook' }, 'url'],
    ['this machine in octal', { url: 'https://0177.0.0.2/hook' }, 'url'],
    ['the metadata of a cloud', { url: 'https://169.254.169.254/latest' }, 'url'],
    ['a private network', { url: 'https://10.0.0.1/hook' }, 'url'],
    ['plain http on the internet', { url: 'http://93.184.215.14/hook' }, 'url'],
    ['another protocol', { url: 'ftp://example.com/hook' }, 'url'],
    ['a password', { url: 'https://me:secret@example.com/hook' }, 'url'],
    ['a fragment', { url: 'https://example.com/#part' }, 'url'],
    ['half an address', { url: '/hook' }, 'url'],
    ['no address', { url: undefined }, 'url'],
    ['no name', { name: '' }, 'name'],
    ['a place that is none', { since: 'yesterday' }, 'since'],
    ['a key that nothing is signed with', { api_key: key }, 'api_key'],
    ['a kind that is none', { kind: 'fax' }, 'kind'],
  ])('%s', async (_, change, field) => {
    expect(fieldsOf(await call.post('/v1/targets', webhook(change)))).toEqual([field]);
  });

  test.each<[string, object, string]>([
    [
      'a group that is no number',
      sendgrid({ options: { groups: { promotions: 'eleven' } } }),
      'options.groups.promotions',
    ],
    ['a stream of another channel', sendgrid({ options: { groups: { texts: 11 } } }), 'options.groups.texts'],
    ['no key', sendgrid({ api_key: undefined }), 'api_key'],
    ['a key with a line break', sendgrid({ api_key: 'a\nb' }), 'api_key'],
    ['a private base address', sendgrid({ url: 'https://192.168.1.1' }), 'url'],
    [
      'a list that could leave its path',
      mailchimp({ options: { lists: { promotions: 'a/../b' } } }),
      'options.lists.promotions',
    ],
    ['a key without a data centre', mailchimp({ api_key: '0123456789abcdef' }), 'options.data_centre'],
    [
      'a data centre that is a host',
      mailchimp({ options: { lists: {}, data_centre: 'evil.example/' } }),
      'options.data_centre',
    ],
  ])('%s of a provider', async (_, body, field) => {
    expect(fieldsOf(await call.post('/v1/targets', body))).toEqual([field]);
  });

  test('a target that is not there is not found', async () => {
    for (const [method, path] of [
      ['PUT', ''],
      ['DELETE', ''],
      ['POST', '/test'],
      ['POST', '/rotate'],
      ['GET', '/dead-letters'],
      ['POST', '/dead-letters/1/retry'],
    ] as const) {
      const body = method === 'PUT' ? webhook() : undefined;
      expect([path, (await call.send(method, `/v1/targets/${nobody}${path}`, body)).status]).toEqual([
        path,
        404,
      ]);
    }
    expect((await call.get(`/v1/decisions/${nobody}/receipts`)).status).toBe(404);
    expect(fieldsOf(await call.send('DELETE', '/v1/targets/seven'))).toEqual(['id']);
    expect(fieldsOf(await call.get('/v1/decisions/seven/receipts'))).toEqual(['id']);
    expect(fieldsOf(await call.get('/v1/analytics/time-to-honour?from=then'))).toEqual(['from']);
    expect(fieldsOf(await call.get('/v1/analytics/time-to-honour?form=2026-01-01T00:00:00Z'))).toEqual([
      'form',
    ]);
  });
});

describe('a change', () => {
  const put = (id: string, body: object) => call.send('PUT', `/v1/targets/${id}`, body);

  test('keeps the kind, and the key unless it is given', async () => {
    const target = await makeTarget(call, sendgrid());
    expect(target.secret).toBeNull();
    expect(fieldsOf(await put(target.id, webhook()))).toEqual(['kind']);
    const { api_key: _, ...rest } = sendgrid({ name: 'renamed', options: { groups: { promotions: 12 } } });
    expect((await put(target.id, rest)).body).toMatchObject({
      name: 'renamed',
      options: { groups: { promotions: 12 } },
      enabled: false,
    });
  });

  test('of the address needs the key anew: it would be sent there', async () => {
    const target = await makeTarget(call, sendgrid());
    const { api_key: _, ...moved } = sendgrid({ url: receiver.server.url });
    expect(fieldsOf(await put(target.id, moved))).toEqual(['api_key']);
    expect((await put(target.id, { ...moved, api_key: 'SG.another' })).status).toBe(200);
  });

  test('by rotation is for what signs', async () => {
    const target = await makeTarget(call, mailchimp());
    expect((await call.post(`/v1/targets/${target.id}/rotate`, undefined)).status).toBe(409);
  });

  test('that removes a target leaves neither it nor its secrets', async () => {
    const target = await makeTarget(call, sendgrid());
    expect((await call.send('DELETE', `/v1/targets/${target.id}`)).status).toBe(200);
    expect((await put(target.id, sendgrid())).status).toBe(404);
    const { targets } = TargetList.parse((await call.get('/v1/targets')).body);
    expect(targets.map(({ id }) => id)).not.toContain(target.id);
    const rows = await app.engine.query('targets/all_targets', {});
    expect(rows.find(({ id }) => id === target.id)).toMatchObject({ deleted: true, sealed: '' });
  });
});

describe('who may', () => {
  const scopes = ['ingest', 'send', 'read', 'edit', 'approve', 'privacy'];

  test('only an administrator changes, tests and rotates targets', async () => {
    const target = await makeTarget(call, webhook());
    for (const scope of scopes) {
      const as = await call.key(scope);
      const path = `/v1/targets/${target.id}`;
      const statuses = [
        await call.post('/v1/targets', webhook(), as),
        await call.send('PUT', path, webhook(), as),
        await call.send('DELETE', path, undefined, as),
        await call.post(`${path}/test`, undefined, as),
        await call.post(`${path}/rotate`, undefined, as),
        await call.post(`${path}/dead-letters/1/retry`, undefined, as),
      ].map(({ status }) => status);
      expect([scope, statuses]).toEqual([scope, Array(6).fill(403)]);
    }
    expect(receiver.messages).toEqual([]);
  });

  test('whoever reads sees targets, receipts and figures, and of an address its origin', async () => {
    const target = await makeTarget(call, webhook());
    const { id: decision } = await call.optOut({ subscriber: 'ada', ...promotions });
    for (const scope of scopes) {
      const as = await call.key(scope);
      const answers = await Promise.all(
        [
          '/v1/targets',
          `/v1/targets/${target.id}/dead-letters`,
          `/v1/decisions/${decision}/receipts`,
          '/v1/analytics/time-to-honour',
        ].map((path) => call.get(path, as)),
      );
      const expected = scope === 'read' ? 200 : 403;
      expect([scope, answers.map(({ status }) => status)]).toEqual([scope, Array(4).fill(expected)]);
      expect(JSON.stringify(answers.map(({ body }) => body))).not.toContain('in-the-address');
    }
    const urlOf = async (headers: Record<string, string>) =>
      TargetList.parse((await call.get('/v1/targets', headers)).body).targets.find(
        ({ id }) => id === target.id,
      )?.url;
    expect(await urlOf(await call.key('read'))).toBe(receiver.server.url);
    expect(await urlOf({})).toBe(`${receiver.url}?code=in-the-address`);
  });
});

test('a secret is told once, when it is made, and stands in no other answer, table or log', async () => {
  const target = await makeTarget(call, webhook());
  const rotated = TargetWithSecret.parse(
    (await call.post(`/v1/targets/${target.id}/rotate`, undefined)).body,
  );
  const providers = [await makeTarget(call, sendgrid()), await makeTarget(call, mailchimp())];
  const secrets = [
    target.secret ?? '',
    rotated.secret ?? '',
    key,
    '0123456789abcdef-us21',
    ...providers.flatMap(({ secret }) => secret ?? []),
  ];
  receiver.answer = () => ({ status: 500 });
  const { id: decision } = await call.optOut({ subscriber: 'ada', ...promotions });
  await soon(() => receiver.messages.length).toBeGreaterThan(1);
  const answers = [
    await call.get('/v1/targets'),
    await call.send('PUT', `/v1/targets/${target.id}`, webhook()),
    await call.post(`/v1/targets/${target.id}/test`, undefined),
    await call.get(`/v1/targets/${target.id}/dead-letters`),
    await call.get(`/v1/decisions/${decision}/receipts`),
    await call.send('DELETE', `/v1/targets/${target.id}`),
  ];
  for (const { status } of answers) expect(status).toBe(200);
  expect(TargetView.parse(answers[1]?.body)).not.toHaveProperty('secret');
  const rows = await app.engine.query('targets/all_targets', {});
  const everywhere = [...answers.map(({ body }) => JSON.stringify(body)), JSON.stringify(rows), ...logged];
  expect(logged.join()).toContain('insert receipts');
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(10);
    expect(everywhere.filter((text) => text.includes(secret))).toEqual([]);
  }
  expect(logged.filter((text) => text.includes('in-the-address') || text.includes('ada@'))).toEqual([]);
  receiver.answer = () => ({ status: 204 });
});
