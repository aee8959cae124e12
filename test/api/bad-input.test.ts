import { BatchResult, Problem } from '@secateur/backend/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { type Called, Calls } from '../support/calls.js';
import { hostileBody, type Shot } from '../support/hostile.js';

const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };
const ndjson = { 'content-type': 'application/x-ndjson' };
const withProto = (json: string) => json.replace('}', ',"__proto__":{"channel":"fax"}}');
const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

let app: RunningApp;
const call = new Calls(() => app);
let count = 0;
const fresh = (prefix: string) => `${prefix}-${++count}`;

beforeAll(async () => {
  app = await startApp();
  await call.stream('promotions', promotions);
  await call.stream('newsletter', { ...promotions, category: 'newsletter' });
});
afterAll(() => app.stop());

function problem({ status, headers, body }: Called): Problem {
  expect(headers.get('content-type')).toContain('application/problem+json');
  const parsed = Problem.parse(body);
  expect(parsed.status).toBe(status);
  return parsed;
}

const fieldsOf = (answer: Called): string[] => (problem(answer).errors ?? []).map(({ field }) => field);

describe('a body that cannot be read is answered with a problem that names the field', () => {
  const check = { message: promotions, subscribers: ['u-1'] };
  const stream = { ...promotions, category: 'x', class: 'commercial', brand: 'shop' };
  test.each<[string, string, unknown, number, string]>([
    ['JSON that stops in the middle', '/v1/events', '[{"id":', 400, 'body'],
    ['a comma too many', '/v1/opt-outs', '{"subscriber":"u-1",}', 400, 'body'],
    ['no body', '/v1/events', '', 400, 'body'],
    ['no rows', '/v1/events', [], 400, 'body'],
    ['no profiles', '/v1/subscribers', [], 400, 'body'],
    ['no body of an opt-out', '/v1/opt-outs', '', 400, 'body'],
    ['an opt-out that is a list', '/v1/opt-outs', [{}, {}], 400, 'body'],
    ['an opt-out that is a word', '/v1/opt-outs', '"stop"', 400, 'body'],
    ['an unknown field', '/v1/permissions/check', { ...check, subscriberz: [] }, 400, 'subscriberz'],
    [
      'an unknown field further in',
      '/v1/permissions/check',
      { ...check, message: { ...promotions, colour: 1 } },
      400,
      'message.colour',
    ],
    ['a wrong type', '/v1/permissions/check', { ...check, subscribers: 'u-1' }, 400, 'subscribers'],
    [
      'a wrong type in a list',
      '/v1/permissions/check',
      { ...check, subscribers: ['u-1', 7] },
      400,
      'subscribers[1]',
    ],
    [
      'too many subscribers',
      '/v1/permissions/check',
      { ...check, subscribers: Array(100_001).fill('u') },
      400,
      'subscribers',
    ],
    [
      'a channel that is none',
      '/v1/permissions/check',
      { ...check, message: { ...promotions, channel: 'fax' } },
      400,
      'message.channel',
    ],
    [
      'a control character',
      '/v1/permissions/check',
      { ...check, subscribers: ['u\u0000'] },
      400,
      'subscribers[0]',
    ],
    ['an unknown field of a stream', 'PUT /v1/streams/x', { ...stream, colour: 'red' }, 400, 'colour'],
    ['a class that is none', 'PUT /v1/streams/x', { ...stream, class: 'spam' }, 400, 'class'],
    ['a key with other characters', 'PUT /v1/streams/a%20b', stream, 400, 'key'],
    ['an opt-in without a channel', '/v1/opt-ins', { subscriber: 'u-1' }, 400, 'channel'],
  ])('%s: %s', async (_, route, body, status, field) => {
    const [path = '', method = 'POST'] = route.split(' ').reverse();
    const answer = await call.send(method, path, body);
    expect({ status: answer.status, fields: fieldsOf(answer) }).toEqual({
      status,
      fields: expect.arrayContaining([field]),
    });
  });

  test('names that would change what objects are made of are refused', async () => {
    const answer = await call.post('/v1/events', '[{"id":"p","__proto__":{"admin":true}}]');
    expect(answer.status).toBe(400);
    expect(problem(answer).detail).toContain('__proto__');
  });

  test('a body above 8 MiB and a batch above 10,000 rows are told what is too large', async () => {
    const large = await call.post('/v1/events', `[${' '.repeat(9 * 1024 * 1024)}]`);
    expect(large.status).toBe(413);
    expect(problem(large).detail).toContain('8 MiB');
    const many = await call.post('/v1/events', Array(10_001).fill(0));
    expect(many.status).toBe(413);
    expect(problem(many).detail).toContain('10000');
  });

  test('a check that is not JSON is told which type to send', async () => {
    const answer = await call.post('/v1/permissions/check', '{}', { 'content-type': 'text/plain' });
    expect(answer.status).toBe(415);
    expect(problem(answer).detail).toContain('application/json');
  });

  test('a forged key opens nothing', async () => {
    const { key } = (await call.post('/v1/keys', { name: 'k', scopes: ['ingest'] })).body as { key: string };
    const forged = `${key.slice(0, -2)}${key.endsWith('AA') ? 'BB' : 'AA'}`;
    const answer = await call.post('/v1/events', [], { authorization: `Bearer ${forged}` });
    expect(answer.status).toBe(401);
    problem(answer);
  });
});

describe('a row that cannot be used is named, kept, and stops no other row', () => {
  const delivered = { type: 'delivered', ...promotions, subscriber: 'rows' };
  const row = (change: object) => JSON.stringify({ id: 'bad', ...delivered, ...change });
  test.each<[string, string, string, string | undefined]>([
    ['an unknown field', row({ colour: 1 }), 'unknown_field', 'colour'],
    ['the name of an object method', row({ toString: 1 }), 'unknown_field', 'toString'],
    ['a number where an id belongs', row({ subscriber: 5 }), 'invalid', 'subscriber'],
    ['no id', JSON.stringify(delivered), 'invalid', 'id'],
    ['a type that is none', row({ type: 'sent' }), 'invalid', 'type'],
    ['the 30th of February', row({ occurred_at: '2026-02-30T10:00:00Z' }), 'invalid', 'occurred_at'],
    ['a time without a zone', row({ occurred_at: '2026-02-03T10:00:00' }), 'invalid', 'occurred_at'],
    [
      'a time before there was e-mail',
      row({ occurred_at: '1970-01-01T00:00:00Z' }),
      'invalid',
      'occurred_at',
    ],
    ['a time in the future', row({ occurred_at: '9999-01-01T00:00:00Z' }), 'invalid', 'occurred_at'],
    ['an empty subscriber', row({ subscriber: '' }), 'invalid', 'subscriber'],
    ['nobody', row({ subscriber: undefined }), 'unidentified', 'subscriber'],
    [
      'an address that nobody has',
      row({ subscriber: undefined, email: 'x@example.com' }),
      'unidentified',
      'subscriber',
    ],
    ['a control character', row({ category: 'a\u0000b' }), 'invalid', 'category'],
    ['a name that is too long', row({ campaign: 'c'.repeat(129) }), 'invalid', 'campaign'],
    ['an object in the metadata', row({ metadata: { a: { b: 1 } } }), 'invalid', 'metadata.a'],
    [
      'a number beyond all numbers',
      row({}).replace('}', ',"metadata":{"n":1e999}}'),
      'invalid',
      'metadata.n',
    ],
    ['brackets without end', row({}).replace('}', `,"metadata":${deep(20_000)}}`), 'invalid', 'metadata'],
    ['nothing but brackets', deep(20_000), 'invalid', undefined],
    ['a list', '[1]', 'invalid', undefined],
    ['a word', '"delivered"', 'invalid', undefined],
    ['null', 'null', 'invalid', undefined],
    ['no JSON', '{"id":"ada@example.com"', 'invalid', undefined],
    ['__proto__', row({}).replace('}', ',"__proto__":{"type":"clicked"}}'), 'unknown_field', '__proto__'],
    ['an envelope around nothing', '{"specversion":"1.0","id":"c"}', 'invalid', undefined],
  ])('%s', async (_, bad, code, field) => {
    const good = () => JSON.stringify({ id: fresh('good'), ...delivered });
    const answer = await call.post('/v1/events', [good(), bad, good()].join('\n'), ndjson);
    const { accepted, rejected } = BatchResult.parse(answer.body);
    expect({ status: answer.status, accepted }).toEqual({ status: 200, accepted: 2 });
    expect(rejected).toEqual([
      expect.objectContaining({ index: 1, code, ...(field === undefined ? {} : { field }) }),
    ]);
    expect(rejected[0]?.detail).not.toContain('example.com');
    expect(rejected[0]?.quarantine_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('an id that comes again with other content is refused, and with the same content is a duplicate', async () => {
    const first = { id: fresh('twice'), ...delivered };
    await call.events(first);
    const { body } = await call.post('/v1/events', [first, { ...first, campaign: 'other' }]);
    expect(body).toMatchObject({ duplicates: 1, rejected: [{ index: 1, code: 'id_reused', field: 'id' }] });
  });

  test('a batch of which no row can be taken is a problem that names each row', async () => {
    const answer = await call.post('/v1/events', [{ id: 1 }, 7]);
    expect(answer.status).toBe(422);
    expect(fieldsOf(answer)).toEqual(['[0].id', '[1]']);
  });

  test('profiles: the row is named by its place, its field and the reason', async () => {
    const good = { id: fresh('profile') };
    const bad = [
      { id: 'x', email: 'no address' },
      { id: 'x', phone: '0151' },
      { id: 'x', colour: 1 },
      { id: 5 },
      'x',
    ];
    const { status, body } = await call.post('/v1/subscribers', [good, ...bad]);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        accepted: 1,
        rejected: ['email', 'phone', 'colour', 'id', 'profile'].map((field, at) => ({
          index: at + 1,
          field,
        })),
      },
    });
  });
});

describe('an opt-out, a complaint or a STOP is never refused for a fault', () => {
  const optOut = { type: 'opted_out', ...promotions };
  const complaint = { type: 'complained', ...promotions };
  const stop = {
    type: 'opted_out',
    trigger: 'sms_stop',
    channel: 'sms',
    category: 'promotions',
    origin: 'shop',
  };
  type Fault = [string, object, string];
  const faults: Fault[] = [
    ['an unknown field', { colour: 'red' }, 'unknown_field:colour'],
    ['the name of an object method', { toString: 'x', hasOwnProperty: 1 }, 'unknown_field:toString'],
    [
      'a key that is half a character',
      { [`${'k'.repeat(63)}\u{1f600}`]: 1, '\ud800': 1 },
      `unknown_field:${'k'.repeat(63)}\ufffd`,
    ],
    ['a time in the future', { occurred_at: '9999-12-31T23:59:59Z' }, 'occurred_at_clamped'],
    ['a time before there was e-mail', { occurred_at: '0001-01-01T00:00:00Z' }, 'occurred_at_clamped'],
    ['the 30th of February', { occurred_at: '2026-02-30T10:00:00Z' }, 'occurred_at_unreadable'],
    ['a time that is a number', { occurred_at: 1e300 }, 'occurred_at_unreadable'],
    ['a time without a zone', { occurred_at: '2026-02-03 10:00' }, 'occurred_at_without_zone'],
    ['a reason that is too long', { reason: 'x'.repeat(5000) }, 'mended:reason'],
    ['a reason that is a list', { reason: ['x'] }, 'unreadable:reason'],
    ['a control character', { campaign: 'a\u0000b' }, 'mended:campaign'],
    ['half a surrogate pair', { campaign: '\ud800', reason: '\udc00', message_id: '\ud800' }, ''],
    ['a trigger that is none', { trigger: 'shouting' }, 'unreadable:trigger'],
    ['no id', { id: undefined }, 'id_made'],
    ['an id that is too long', { id: 'i'.repeat(500) }, 'mended:id'],
    ['an id that is an object', { id: {} }, 'id_made'],
    ['a maker that is none', { made_by: 'a ghost' }, 'unreadable:made_by'],
    ['a number beyond all numbers', { metadata: { n: 1e308 } }, ''],
    [
      'an end that no calendar holds',
      { until: '9999-12-31T23:59:59Z', expires_at: '0001-01-01T00:00:00Z' },
      '',
    ],
    ['__proto__', {}, 'unknown_field:__proto__'],
  ];

  test.each(faults)('%s', async (_, fault, flag) => {
    const isProto = flag.endsWith('__proto__');
    const cases = [optOut, complaint, stop].map((request) => {
      const id = fresh('fault');
      const phone = `+1202${5550000 + count}`;
      const profile = { id, email: `${id}@example.com`, phone, jurisdiction: 'US' };
      // A STOP without its trigger would be another request.
      const hasOwnTrigger = 'trigger' in fault && 'trigger' in request;
      const line = JSON.stringify({ id, subscriber: id, ...request, ...(hasOwnTrigger ? {} : fault) });
      return { id, profile, request, hasOwnTrigger, line: isProto ? withProto(line) : line };
    });
    await call.profiles(...cases.map(({ profile }) => profile));
    const answer = await call.post('/v1/events', cases.map(({ line }) => line).join('\n'), ndjson);
    const result = BatchResult.parse(answer.body);
    expect({ status: answer.status, ...result }).toMatchObject({ status: 200, accepted: 3, rejected: [] });
    for (const [index, { id, request, hasOwnTrigger }] of cases.entries()) {
      const flags = result.flagged.find((row) => row.index === index)?.flags ?? [];
      if (flag !== '' && !hasOwnTrigger) expect(flags, request.type).toContain(flag);
      const place = { channel: request.channel, category: 'promotions', origin: 'shop' };
      expect(await call.check(place, id), request.type).toMatchObject({ allowed: false, reason: 'opt_out' });
    }
  });

  test('a channel that cannot be read is guessed from what else is known', async () => {
    const id = fresh('fault');
    await call.profiles({ id, email: `${id}@example.com`, jurisdiction: 'US' });
    const { flagged } = await call.events({ id, subscriber: id, ...optOut, channel: ' E-Mail ' });
    expect(flagged[0]?.flags).toContain('channel_assumed:email');
    expect(await call.check(promotions, id)).toMatchObject({ allowed: false });
  });

  test('a scope that cannot be read is taken as wide as it may have been meant', async () => {
    const id = fresh('fault');
    await call.profiles({ id, email: `${id}@example.com`, jurisdiction: 'US' });
    const { flagged } = await call.events({ id, subscriber: id, ...optOut, asked: [{ chanel: 'email' }] });
    expect(flagged[0]?.flags).toContain('asked_unreadable:widest');
    expect(await call.check({ ...promotions, category: 'newsletter' }, id)).toMatchObject({ allowed: false });
  });

  test.each([
    ['a number', (id: string) => Number(id)],
    ['a line end behind it', (id: string) => `${id}\r\n`],
    ['blanks around it', (id: string) => `\u0000${id}\u007f`],
  ])('a subscriber is found by an id that is %s', async (_, spelt) => {
    const id = String(70_000 + ++count);
    await call.profiles({ id, email: `${id}@example.com`, jurisdiction: 'US' });
    await call.events({ id: fresh('spelt'), subscriber: spelt(id), ...optOut });
    expect(await call.check(promotions, id)).toMatchObject({ allowed: false, reason: 'opt_out' });
  });

  test('an opt-out without an id counts each time: the one after an opt-in is not taken for the first', async () => {
    const id = fresh('again');
    await call.profiles({ id, email: `${id}@example.com`, jurisdiction: 'US' });
    const proof = { basis: 'explicit_consent', evidence: 'form' };
    const noId = { subscriber: id, ...optOut };
    await call.events(noId);
    await call.events({ id: fresh('in'), type: 'opted_in', subscriber: id, ...promotions, ...proof });
    expect(await call.check(promotions, id)).toMatchObject({ allowed: true });
    await call.events(noId);
    expect(await call.check(promotions, id)).toMatchObject({ allowed: false });
  });

  test('the same id with other content is kept as a conflict, and applied', async () => {
    const [id, event] = [fresh('conflict'), fresh('event')];
    await call.profiles({ id, email: `${id}@example.com`, jurisdiction: 'US' });
    const newsletter = { ...promotions, category: 'newsletter' };
    await call.events({ id: event, subscriber: id, ...optOut });
    const { flagged } = await call.events({ id: event, subscriber: id, ...optOut, category: 'newsletter' });
    expect(flagged[0]?.flags).toContain('id_conflict');
    expect(await call.check(newsletter, id)).toMatchObject({ allowed: false });
  });

  test.each([
    ['text/plain', (body: string) => body],
    ['application/x-www-form-urlencoded', (body: string) => body],
    ['', (body: string) => body],
    ['not a type', (body: string) => `\ufeff${body}`],
    ['application/json', (body: string) => `[${body}]`],
  ])('one JSON object sent as "%s" is read', async (type, as) => {
    for (const path of ['/v1/opt-outs', '/v1/events']) {
      const id = fresh('typed');
      await call.profiles({ id, email: `${id}@example.com`, jurisdiction: 'US' });
      const body = as(JSON.stringify({ id, type: 'opted_out', subscriber: id, ...promotions }, null, 1));
      const answer = await call.post(path, Buffer.from(body), { 'content-type': type });
      expect({ path, ...answer }).toMatchObject({ status: 200 });
      expect(await call.check(promotions, id), path).toMatchObject({ allowed: false, reason: 'opt_out' });
    }
  });

  test('one that names nobody is kept with its clock running, and says so', async () => {
    const answer = await call.post('/v1/opt-outs', { ...promotions, email: ' \u0000 ', phone: 'unknown' });
    expect(answer).toMatchObject({ status: 202, body: { state: 'quarantined' } });
  });
});

test('what cannot be stored as text poisons nobody: neither attributes nor titles nor what comes after', async () => {
  const id = '\ud800 half';
  await call.profiles({ id, jurisdiction: 'US', attributes: { plan: '\ud800', '\ud800': '\ud800' } });
  await call.events({
    id: fresh('half'),
    type: 'delivered',
    subscriber: id,
    ...promotions,
    campaign: '\ud800',
  });
  await call.optOut({ subscriber: id, ...promotions, asked: [{ channel: 'email', category: '\ud800' }] });
  const stream = { ...promotions, category: 'half', class: 'commercial', brand: '\ud800', title: '\ud800' };
  expect((await call.send('PUT', '/v1/streams/half', stream)).status).toBeLessThan(500);
  expect((await call.get('/v1/journal')).body).toMatchObject({ set_aside: [] });
});

test('2,000 hostile bodies: no answer of class 5xx, nothing set aside, and the service still decides', async () => {
  const seed = Number(process.env.SECATEUR_SEED);
  console.log(`hostile bodies with seed ${seed}`);
  const shots = fc.sample(hostileBody, { numRuns: 2000, seed });
  const broken: { status: number; shot: Shot; answer: unknown }[] = [];
  let next = 0;
  const shoot = async () => {
    for (let shot = shots[next++]; shot !== undefined; shot = shots[next++]) {
      const { status, body } = await call.send(shot.method, shot.path, shot.body, {
        'content-type': shot.type,
      });
      if (status >= 500) broken.push({ status, shot, answer: body });
    }
  };
  await Promise.all(Array.from({ length: 64 }, shoot));
  expect(broken.slice(0, 3)).toEqual([]);
  expect((await call.get('/v1/journal')).body).toMatchObject({ set_aside: [] });
  const id = fresh('after');
  await call.optOut({ subscriber: id, ...promotions });
  expect(await call.check(promotions, id)).toMatchObject({ allowed: false });
}, 60_000);
