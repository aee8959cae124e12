import { expect, test } from 'vitest';
import { ConditionCatalogue, conditionFieldId } from '../contract/condition-fields.js';
import { Catalogue } from './catalogue.js';
import { catalogue } from './test-support.js';

const { fields } = catalogue.entries;
const ids = fields.map(({ id }) => id);
const withIds = (...wanted: string[]) => fields.filter(({ id }) => wanted.includes(id));

test('has every field of DESIGN.md section 4', () => {
  const counted = ['sends', 'opens', 'clicks'].flatMap((what) =>
    [7, 30, 90].map((days) => `engagement.${what}_${days}d`),
  );
  const recent = ['open', 'click', 'delivery'].flatMap((what) => [
    `engagement.last_${what}`,
    `engagement.days_since_${what}`,
  ]);
  const message = [
    'channel',
    'category',
    'origin',
    'audience',
    'campaign',
    'message_type',
    'stream',
    'class',
    'brand',
  ];
  expect(ids).toEqual([
    ...message.map((name) => `message.${name}`),
    ...['trigger', 'asked', 'hour', 'machine_probability', 'reason'].map((name) => `request.${name}`),
    ...['basis', 'age_days', 'source'].map((name) => `consent.${name}`),
    'subscriber.jurisdiction',
    'subscriber.tenure_days',
    ...['plan', 'orders', 'trial', 'renews at', 'x[stream=offers]'].map(
      (name) => `subscriber.attributes.${name}`,
    ),
    ...counted,
    ...recent,
    'engagement.past_opt_outs',
    'permission.allowed',
    'permission.reason',
    'segment',
    'churn.risk_30d',
  ]);
});

test('is what the contract says, with a title of its own for each field', () => {
  expect(ConditionCatalogue.parse(catalogue.entries)).toEqual(catalogue.entries);
  expect(new Set(fields.map(({ title }) => title)).size).toBe(fields.length);
});

test('machine probability, risk and audience may only widen', () => {
  expect(fields.filter((field) => field.widens_only).map(({ id }) => id)).toEqual([
    'message.audience',
    'request.machine_probability',
    'churn.risk_30d',
  ]);
});

test('only message, request and consent are unknown to a sweep', () => {
  for (const { id, used_in } of fields) {
    const isOfRequest = /^(message|request|consent)\./.test(id);
    expect(used_in, id).toEqual(isOfRequest ? ['decision'] : ['decision', 'sweep']);
  }
});

test('only what may be missing can be asked whether it is', () => {
  for (const field of fields) {
    expect(field.operators.includes('null'), field.id).toBe(field.may_be_missing);
    expect(field.operators.includes('notNull'), field.id).toBe(field.may_be_missing);
  }
  expect(
    withIds('message.channel', 'request.asked', 'request.hour').some((field) => field.may_be_missing),
  ).toBe(false);
});

test('finds a field under its parameter, by one id however it is written', () => {
  const found = catalogue.find('engagement.opens_30d[category=spring%20s%61le]');
  expect(found).toMatchObject({
    id: conditionFieldId('engagement.opens_30d', 'category', 'spring sale'),
    parameter: { name: 'category', value: 'spring sale' },
    title: 'opens in 30 days of category "spring sale"',
  });
  expect(catalogue.find('engagement.opens_30d')).toMatchObject({
    parameter: null,
    title: 'opens in 30 days',
  });
});

test('an attribute whose name looks like a parameter is found by its name', () => {
  expect(catalogue.find('subscriber.attributes.x[stream=offers]')).toMatchObject({ parameter: null });
});

test('refuses a catalogue with one id twice', () => {
  expect(() => new Catalogue({ ...catalogue.entries, fields: [...fields, ...withIds('segment')] })).toThrow(
    'one id',
  );
});
