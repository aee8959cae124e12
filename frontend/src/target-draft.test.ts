import { TargetChange, TargetDefinition, type TargetView } from '@secateur/backend/contract';
import { expect, test } from 'vitest';
import { changeOf, definitionOf, draftOf, emptyDraft, faultsOf, switched } from './target-draft.js';

const webhook = { ...emptyDraft, name: ' Warehouse ', url: ' https://hooks.example/in ' };
const sendgrid = {
  ...emptyDraft,
  kind: 'sendgrid' as const,
  name: 'Groups',
  apiKey: 'SG.key',
  places: [
    { stream: 'promotions', at: ' 10 ' },
    { stream: '', at: '' },
  ],
};
const mailchimp = {
  ...emptyDraft,
  kind: 'mailchimp' as const,
  name: 'Audience',
  apiKey: 'key-us21',
  places: [{ stream: 'newsletter', at: 'a1b2c3' }],
};

test('what a filled form says is what the contract takes', () => {
  expect(TargetDefinition.parse(definitionOf(webhook))).toEqual({
    kind: 'webhook',
    name: 'Warehouse',
    url: 'https://hooks.example/in',
  });
  expect(TargetDefinition.parse(definitionOf({ ...sendgrid, fromStart: true }))).toEqual({
    kind: 'sendgrid',
    name: 'Groups',
    api_key: 'SG.key',
    options: { groups: { promotions: 10 } },
    since: '0',
  });
  expect(TargetDefinition.parse(definitionOf({ ...mailchimp, dataCentre: 'us5' }))).toMatchObject({
    options: { lists: { newsletter: 'a1b2c3' }, data_centre: 'us5' },
  });
});

test('a change without a key leaves the key, and never says where it begins', () => {
  const change = TargetChange.parse(changeOf({ ...sendgrid, apiKey: '', fromStart: true }));
  expect(change).toEqual({ kind: 'sendgrid', name: 'Groups', options: { groups: { promotions: 10 } } });
});

const view = (change: Partial<TargetView>): TargetView => ({
  id: 't',
  kind: 'webhook',
  name: 'Warehouse',
  url: null,
  options: {},
  enabled: true,
  disabled_for: '',
  since: '4',
  created_at: '',
  changed_at: '',
  old_secret_until: null,
  ...change,
});

test.each<Partial<TargetView>>([
  { url: 'https://hooks.example/in' },
  { kind: 'sendgrid', options: { groups: { promotions: 10, news: 11 }, global_suppressions: true } },
  {
    kind: 'mailchimp',
    url: 'https://proxy.example/',
    options: { lists: { news: 'a1' }, data_centre: 'us5' },
  },
])('turning the switch changes nothing else of %j', (change) => {
  const { kind, name, url, options } = view(change);
  const wanted = { kind, name, enabled: false, ...(url === null ? {} : { url }) };
  expect(TargetChange.parse(switched(view(change), false))).toEqual(
    kind === 'webhook' ? wanted : { ...wanted, options },
  );
  expect(faultsOf(draftOf(view(change)), false)).toEqual({});
});

test('what is missing is named by the field of the API', () => {
  expect(faultsOf(emptyDraft, true)).toEqual({
    name: 'Give it a name.',
    url: 'Give the address that is called.',
  });
  expect(faultsOf({ ...sendgrid, apiKey: '', places: [] }, true)).toEqual({
    api_key: 'A key is needed to write there.',
    'options.groups': 'Name at least one stream.',
  });
  expect(faultsOf({ ...sendgrid, apiKey: '' }, false)).toEqual({});
  const two = [
    { stream: 'news', at: 'ten' },
    { stream: 'news', at: '11' },
  ];
  expect(faultsOf({ ...sendgrid, places: two.slice(0, 1) }, true)).toEqual({
    'options.groups': '“ten” is no group: it has a whole number.',
  });
  expect(faultsOf({ ...mailchimp, places: two }, true)).toEqual({
    'options.lists': 'A stream stands in two lines.',
  });
  expect(faultsOf({ ...mailchimp, places: [{ stream: 'news', at: '' }] }, true)).toEqual({
    'options.lists': 'Each line needs a stream and its place there.',
  });
});
