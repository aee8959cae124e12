import { randomUUID } from 'node:crypto';
import { SweepsService } from '@secateur/backend/app';
import { ConditionCatalogue, type ConditionField, conditionFieldId } from '@secateur/backend/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';
import { between, oneOf, type Random, seeded } from '../support/faults-count.js';
import { SegmentCalls } from '../support/segment-calls.js';

/*
 * Statement and closure on generated people, by the real service: what SQL finds is looked at by the closure, so they
 * agree if a second sweep of the same instant finds nobody (SQL finds too many), a look at everybody changes nothing
 * (SQL finds too few), and a preview counts as many as the segment has.
 */

const people = 120;
const definitions = 40;
const day = 86_400_000;
let app: RunningApp;
const call = new Calls(() => app);
const segments = new SegmentCalls(call);
const { seed, random } = seeded();

const places = [
  { channel: 'email', category: 'offers', origin: 'shop' },
  { channel: 'email', category: 'news', origin: 'crm' },
  { channel: 'sms', category: 'offers', origin: 'shop' },
];

beforeAll(async () => {
  app = await startApp();
  const declared = { attributes: [{ name: 'since', type: 'instant' }] };
  expect(await call.send('PUT', '/v1/segments/attributes', declared)).toMatchObject({ status: 200 });
  for (const [index, place] of places.entries()) await call.stream(`s${index}`, place);
  const subscribers = Array.from({ length: people }, (_, index) => profile(`p-${index}`, random));
  await call.profiles(...subscribers);
  const events: object[] = [];
  for (let index = 0; index < people * 8; index++) {
    const occurredAt = new Date(Date.now() - between(random, 0, 100 * day));
    events.push({
      id: `e-${index}`,
      type: oneOf(random, ['delivered', 'delivered', 'opened', 'clicked']),
      subscriber: `p-${between(random, 0, people)}`,
      ...oneOf(random, places),
      occurred_at: occurredAt.toISOString(),
      // A user agent of a scanner makes a machine of it.
      ...(random() < 0.3 ? { metadata: { machine: true } } : {}),
    });
  }
  await call.events(...events);
  await call.events(
    ...Array.from({ length: people }, () => ({
      id: randomUUID(),
      type: oneOf(random, ['opted_out', 'opted_out', 'complained']),
      subscriber: `p-${between(random, 0, people)}`,
      ...oneOf(random, places),
    })),
  );
});
afterAll(async () => {
  await app.stop();
});

function profile(id: string, random: Random): object {
  const values: Record<string, readonly unknown[]> = {
    country: ['DE', 'US', '', 7, null],
    plan: ['free', 'pro', true, null],
    score: [0, -0, 1.5, -3, 2 ** 53, 2 ** 64, 1e300, 5e-324, 'a', null],
    vip: [true, false, 'true', 1, null],
    note: ['', 'a', 'ä\u0000b', 'quote \' \\ " \n', 'A', 5, null],
    since: ['2026-11-20', '2026-10-01T10:00:00+02:00', '2026-02-30', 'soon', '', 5, null],
    'odd name [x=y]': ['a', 'b', null],
  };
  const attributes = Object.fromEntries(
    Object.entries(values).flatMap(([name, some]) => {
      const value = oneOf(random, some);
      return value === null ? [] : [[name, value]];
    }),
  );
  const jurisdiction = oneOf(random, ['DE', 'US', 'US-CA', 'JP', null]);
  const email = random() < 0.7 ? { email: `${id}@example.com` } : {};
  return { id, attributes, ...email, ...(jurisdiction === null ? {} : { jurisdiction }) };
}

const texts = ['DE', 'US', 'free', 'a', 'ä', '\u0000', "'", '\\', 'US-CA', 'Ä'];
const numbers = [0, 1, 2, 5, 30, -3, 1.5, 2 ** 53, 2 ** 64, 1e300];

function condition(fields: readonly ConditionField[], keys: readonly string[], depth = 1): object {
  const count = between(random, 1, 4);
  const rules = Array.from({ length: count }, () =>
    depth < 3 && random() < 0.3 ? condition(fields, keys, depth + 1) : leafOf(oneOf(random, fields), keys),
  );
  return { combinator: oneOf(random, ['and', 'or']), not: random() < 0.3, rules };
}

function leafOf(field: ConditionField, keys: readonly string[]): object {
  const operator = oneOf(random, field.operators);
  const parameters = {
    stream: ['s0', 's1', 's2'],
    category: ['offers', 'news'],
    channel: ['email', 'sms', 'push'],
  };
  const parameter =
    field.parameters.length > 0 && random() < 0.6 ? oneOf(random, field.parameters) : undefined;
  const id =
    parameter === undefined
      ? field.id
      : conditionFieldId(field.id, parameter, oneOf(random, parameters[parameter]));
  const value = valueFor(field, operator, keys);
  return { field: id, operator, ...(value === undefined ? {} : { value }) };
}

function valueFor({ type }: ConditionField, operator: string, keys: readonly string[]): unknown {
  if (operator === 'null' || operator === 'notNull') return undefined;
  if (operator === 'withinLast' || operator === 'notWithinLast') return oneOf(random, [1, 7, 30, 90]);
  const one = (): unknown => {
    if (type === 'number') return oneOf(random, numbers);
    if (type === 'boolean') return random() < 0.5;
    if (type === 'instant') return new Date(Date.now() - between(random, 0, 100) * day).toISOString();
    if (type !== 'set') return oneOf(random, texts);
    return oneOf(random, ['country:DE', 'plan:free', 'engagement:active', 'engagement:dormant', ...keys]);
  };
  if (operator === 'between' || operator === 'notBetween') {
    const pair = [one(), one()] as (number | string)[];
    return pair.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }
  return operator === 'in' || operator === 'notIn' ? [one(), one(), one()] : one();
}

test('statement and closure agree about generated people, today and as time goes by', {
  timeout: 180_000,
}, async () => {
  const sweeps = app.app.get(SweepsService);
  const catalogue = ConditionCatalogue.parse((await call.get('/v1/segments/fields')).body);
  const fields = catalogue.fields.filter(({ group }) => group !== 'permission');
  const conditions = new Map<string, object>();
  for (let index = 0; index < definitions; index++) {
    const key = `g${String(index).padStart(2, '0')}`;
    // Each field is asked at least once, and by a leaf alone, so that a disagreement is not hidden by its neighbours.
    const field = fields[index % fields.length] ?? oneOf(random, fields);
    const made =
      index < fields.length && index % 2 === 0
        ? { combinator: 'and', rules: [leafOf(field, [...conditions.keys()])] }
        : condition(fields, [...conditions.keys()]);
    const { size } = await segments.define(key, made);
    const { count } = await segments.preview(made);
    expect({ key, count }, `seed ${seed}: ${JSON.stringify(made)}`).toEqual({ key, count: size });
    conditions.set(key, made);
  }
  let moved = 0;
  for (const days of [0, 20, 95]) {
    const now = new Date(Date.now() + days * day);
    moved += (await sweeps.sweep(now)).edges;
    expect(await sweeps.sweep(now), `seed ${seed}: too many after ${days} days`).toEqual({
      looked_at: 0,
      edges: 0,
    });
    const everybody = await sweeps.lookAtAll(now);
    expect(everybody, `seed ${seed}: too few after ${days} days`).toEqual({ looked_at: people, edges: 0 });
  }
  expect(moved).toBeGreaterThan(0);
});

test('what SQL does not know is found by the closure, and comes out of no other', async () => {
  await segments.define('allowed', {
    combinator: 'and',
    rules: [{ field: 'permission.allowed[stream=s0]', operator: '=', value: true }],
  });
  const { size } = await segments.define('not-allowed', {
    combinator: 'and',
    rules: [{ field: 'segment', operator: 'doesNotContain', value: 'allowed' }],
  });
  const allowed = await segments.settled('allowed');
  expect((allowed.size ?? 0) + (size ?? 0)).toBe(people);
  const subscribers = Array.from({ length: people }, (_, index) => `p-${index}`);
  const answers = await call.checks(places[0] ?? {}, subscribers);
  expect(answers.filter((one) => one.allowed)).toHaveLength(allowed.size ?? -1);
});
