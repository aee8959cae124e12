import { demoRules, publishDemoRules, RulesService } from '@secateur/backend/app';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';

let app: RunningApp;
const api = new Calls(() => app);

beforeEach(async () => {
  app = await startApp({ markets: ['US'] });
  for (const category of ['promotions', 'newsletter', 'product_updates', 'events'])
    await api.stream(category, { channel: 'email', category, origin: 'crm' });
  await api.stream('texts', { channel: 'sms', category: 'promotions', origin: 'shop' });
});
afterEach(() => app.stop());

const rules = (): RulesService => app.app.get(RulesService);
const draft = (by: string) => rules().draft({ rules: [...demoRules], note: '' }, by);
const happened = () =>
  rules()
    .list()
    .map(({ events }) => events.map(({ event }) => event));

test('the demo publishes its rules once, however often it starts', async () => {
  await publishDemoRules(rules());
  expect(happened()).toEqual([['created', 'checked', 'approved', 'published']]);
  await publishDemoRules(rules());
  expect(happened()).toHaveLength(1);
  const [version] = rules().list();
  expect(rules().inForce.published.id).toBe(version?.id);
  await rules().rollBack(version?.id ?? '', 'a person', 'a test');
  await publishDemoRules(rules());
  expect(happened()).toEqual([['created', 'checked', 'approved', 'published', 'rolled_back']]);
}, 60_000);

test('a start of the demo that ended half-way is gone on with', async () => {
  const { id } = await draft('demo');
  await rules().check(id, 'demo');
  await publishDemoRules(rules());
  expect(happened()).toEqual([['created', 'checked', 'approved', 'published']]);
  expect(rules().inForce.published.id).toBe(id);
}, 60_000);

test('where somebody has drafted rules the demo publishes none', async () => {
  await draft('a person');
  await publishDemoRules(rules());
  expect(happened()).toEqual([['created']]);
});

test('where a second person has to approve the demo’s rules wait for them', async () => {
  await rules().changeSettings({ two_person: true }, 'a person');
  await publishDemoRules(rules());
  expect(happened()).toEqual([['created', 'checked']]);
}, 60_000);
