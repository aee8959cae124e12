import fc from 'fast-check';

/** One request to be answered with anything but a 5xx. */
export interface Shot {
  readonly method: string;
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

const place = { channel: 'email', category: 'promotions', origin: 'shop' };
const selector = { class: 'commercial', channel: 'email' };

/** What each route expects, as a point from which to go astray. */
const sound: readonly { method: string; path: string; body: unknown }[] = [
  {
    method: 'POST',
    path: '/v1/events',
    body: [
      {
        id: 'f-1',
        type: 'delivered',
        subscriber: 'f',
        ...place,
        message_id: 'm',
        metadata: { user_agent: 'x' },
      },
      {
        id: 'f-2',
        type: 'opted_out',
        subscriber: 'f',
        ...place,
        asked: [selector],
        occurred_at: '2026-11-01T10:00:00Z',
      },
      { id: 'f-3', type: 'complained', email: 'f@example.com', ...place, trigger: 'complaint' },
      { id: 'f-4', type: 'paused', phone: '+12025550100', channel: 'sms', until: '2027-01-01T00:00:00Z' },
      { id: 'f-5', type: 'capped', subscriber: 'f', ...place, cap: { n: 2, per: 'week' } },
      {
        id: 'f-6',
        type: 'opted_in',
        subscriber: 'f',
        ...place,
        basis: 'consent',
        evidence: 'e',
        expires_at: '2027-01-01T00:00:00Z',
      },
      { id: 'f-7', type: 'bounced', subscriber: 'f', ...place, bounce: 'hard' },
    ],
  },
  {
    method: 'POST',
    path: '/v1/subscribers',
    body: [
      {
        id: 'f',
        email: 'f@example.com',
        phone: '+12025550100',
        jurisdiction: 'US-CA',
        attributes: { plan: 'free', age: 5 },
      },
    ],
  },
  {
    method: 'POST',
    path: '/v1/opt-outs',
    body: { id: 'o', subscriber: 'f', ...place, asked: 'this', reason: 'too_many', all_option_shown: true },
  },
  {
    method: 'POST',
    path: '/v1/signals/gpc',
    body: { subscriber: 'f', sec_gpc: '1', occurred_at: '2026-11-01T10:00:00Z', reference: 'session-1' },
  },
  {
    method: 'PUT',
    path: '/v1/streams/f',
    body: {
      ...place,
      category: 'f',
      class: 'commercial',
      brand: 'shop',
      list_id: 'f.example.com',
      title: 'F',
      markets: ['US'],
      parent: 'promotions',
    },
  },
  {
    method: 'POST',
    path: '/v1/permissions/check',
    body: { message: { ...place, audience: 'a', campaign: 'c' }, subscribers: ['f', 'g'] },
  },
];

const strange = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1e308,
    Number.MAX_SAFE_INTEGER + 2,
    '',
    ' ',
    '\u0000',
    '\ud800',
    '\udc00\ud800',
    'x'.repeat(5000),
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    '1969-12-31T23:59:59+14:00',
    '2026-11-01T10:00:00',
    [],
    {},
    [[]],
    [null],
    'everything',
    '*',
    'class=;=',
    '%',
    "'; DROP TABLE decisions",
    '\\N',
    '\n',
    '\u2028',
    '{x:String}',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.double(),
);

const strangeKey = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    '',
    'specversion',
    'data',
    'kind',
    '\ud800',
  ),
  fc.string({ maxLength: 80 }),
);

/** Follows `path` into the value as far as it goes, and changes what it finds there. */
function changed(value: unknown, path: readonly number[], change: (found: unknown) => unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== 'object' || value === null) return change(value);
  const entries = Object.entries(value);
  const chosen = entries[step % Math.max(1, entries.length)];
  if (chosen === undefined) return change(value);
  const next = entries.map(([key, one]): [string, unknown] => [
    key,
    key === chosen[0] ? changed(one, rest, change) : one,
  ]);
  return Array.isArray(value) ? next.map(([, one]) => one) : Object.fromEntries(next);
}

const route = fc.array(fc.nat(20), { maxLength: 4 });

const mutation: fc.Arbitrary<(value: unknown) => unknown> = fc.oneof(
  fc.tuple(route, strange).map(
    ([path, other]) =>
      (value: unknown) =>
        changed(value, path, () => other),
  ),
  fc.tuple(route, strangeKey, strange).map(
    ([path, key, other]) =>
      (value: unknown) =>
        changed(value, path, (found) =>
          typeof found === 'object' && found !== null && !Array.isArray(found)
            ? Object.defineProperty({ ...found }, key, { value: other, enumerable: true, configurable: true })
            : { [key]: found },
        ),
  ),
  fc.tuple(route, fc.nat(20)).map(
    ([path, at]) =>
      (value: unknown) =>
        changed(value, path, (found) =>
          typeof found === 'object' && found !== null
            ? Object.fromEntries(Object.entries(found).filter((_, index) => index !== at))
            : undefined,
        ),
  ),
  route.map((path) => (value: unknown) => changed(value, path, (found) => [found])),
);

const textMutation: fc.Arbitrary<(text: string) => string> = fc.oneof(
  { weight: 12, arbitrary: fc.constant((text: string) => text) },
  { weight: 2, arbitrary: fc.nat(2000).map((at) => (text: string) => text.slice(0, at)) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(2000), fc.string({ unit: 'binary', maxLength: 3 })).map(
      ([at, other]) =>
        (text: string) =>
          `${text.slice(0, at % (text.length + 1))}${other}${text.slice((at % (text.length + 1)) + 1)}`,
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .nat(5000)
      .map((depth) => (text: string) => `${'['.repeat(depth)}${text}${']'.repeat(depth)}`),
  },
  {
    weight: 1,
    arbitrary: fc
      .nat(5000)
      .map(
        (depth) => (text: string) => text.replace('"', `"x":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)},"`),
      ),
  },
  {
    weight: 1,
    arbitrary: fc.constant((text: string) =>
      text.replaceAll(/"(\w)/g, '"\\u000$1').replaceAll(':', ':-0e99999'),
    ),
  },
);

const contentType = fc.constantFrom(
  'application/json',
  'application/json',
  'application/json',
  'application/x-ndjson',
  'text/plain',
  'application/cloudevents-batch+json',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  '?',
  'application/json; charset=utf-16',
);

/** A sound request with one to four faults. */
export const hostileBody: fc.Arbitrary<Shot> = fc
  .record({
    from: fc.constantFrom(...sound),
    mutations: fc.array(mutation, { minLength: 1, maxLength: 4 }),
    text: textMutation,
    type: contentType,
  })
  .map(({ from, mutations, text, type }) => {
    const value = mutations.reduce((before, mutate) => mutate(before), from.body);
    return { method: from.method, path: from.path, type, body: text(JSON.stringify(value) ?? '') };
  });
