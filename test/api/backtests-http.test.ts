import { Backtest, BacktestedDecision, DecisionView } from '@secateur/backend/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';

let app: RunningApp;
const api = new Calls(() => app);
const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };
const texts = { channel: 'sms', category: 'promotions', origin: 'shop' };
let decision: DecisionView;
let ruleset = '';

const ruleOf = (id: string, when: object) => ({
  id,
  name: id,
  priority: 1,
  when,
  // biome-ignore lint/suspicious/noThenProperty: the word of the product; rules are data and never awaited
  then: { scope: { kind: 'category' } },
});

beforeAll(async () => {
  app = await startApp({ markets: ['US'] });
  await api.stream('promotions', promotions);
  await api.stream('texts', texts);
  await api.profiles({ id: 'ada', email: 'ada@people.example', phone: '+12025550123', jurisdiction: 'US' });
  decision = await api.optOut({ subscriber: 'ada', ...promotions, trigger: 'link_unsubscribe' });
  const wide = ruleOf('wide', { combinator: 'and', rules: [] });
  const { body } = await api.post('/v1/rulesets', { rules: [wide], note: 'wider' });
  ruleset = (body as { id: string }).id;
});
afterAll(() => app.stop());

async function ended(id: string): Promise<Backtest> {
  for (;;) {
    const { body } = await api.get(`/v1/backtests/${id}`);
    const found = Backtest.parse(body);
    if (found.state !== 'waiting' && found.state !== 'running') return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a draft is replayed, its progress streamed, its report stored with the version, its decisions opened', async () => {
  const { status, body } = await api.post('/v1/backtests', { ruleset, days: 30 });
  expect(status).toBe(202);
  const { id } = Backtest.parse(body);
  const stream = await app.request(`/v1/backtests/${id}/progress`);
  expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const events = (await stream.text()).split('\n\n').filter((one) => one.includes('data:'));
  const last = events.at(-1) ?? '';
  expect(last).toContain('event: done');
  expect(JSON.parse(/^data: (.*)$/m.exec(last)?.[1] ?? '')).toMatchObject({ id, state: 'done', progress: 1 });

  const { report } = await ended(id);
  expect(report).toMatchObject({
    decisions: { all: 1, chosen: 0, replayed: 1, not_evaluable: { unrecorded: 0, unknown: 0 }, changed: 1 },
    total: { stopped: 1, would_stop: 2, also: 1, spared: 0 },
    verdict: { verdict: 'not_enough', design: 'observational' },
    samples: [
      {
        decision: decision.id,
        stream: 'promotions',
        rule_then: '',
        rule: 'wide',
        also: ['texts'],
        spared: [],
      },
    ],
    checked: { decisions: 1, differ: 0 },
    still_followed: 1,
    rollouts: [],
  });

  const opened = await api.get(`/v1/backtests/${id}/decisions/${decision.id}`);
  expect(BacktestedDecision.parse(opened.body)).toMatchObject({
    did: { rule: '', streams_stopped: ['promotions'] },
    would: { rule: 'wide', trace: [{ rule: 'wide', matched: true }] },
    also: ['texts'],
  });

  const version = await api.get(`/v1/rulesets/${ruleset}`);
  expect(version.body).toMatchObject({
    state: 'draft',
    events: [{ event: 'created' }, { event: 'backtested' }],
  });
  const list = await api.get(`/v1/backtests?ruleset=${ruleset}`);
  expect(list.body).toMatchObject({ backtests: [{ id, state: 'done', report: null }] });
  const [row] = await app.engine.query('backtests/backtest_by_id', { id });
  expect(JSON.parse(row?.report ?? '{}')).toEqual(report);
});

test('asking for the past changes nothing of it', async () => {
  const { body } = await api.get(`/v1/decisions/${decision.id}`);
  expect(DecisionView.parse(body)).toEqual(decision);
  expect(await api.check({ ...texts }, 'ada')).toMatchObject({ allowed: true });
});

test('one that waits or runs is cancelled, the next goes on, and one that ended is not cancelled any more', async () => {
  const start = async () => Backtest.parse((await api.post('/v1/backtests', { ruleset })).body);
  const [first, second, third] = [await start(), await start(), await start()];
  const { status, body } = await api.post(`/v1/backtests/${second.id}/cancel`, {});
  expect(status).toBe(200);
  expect(Backtest.parse(body)).toMatchObject({ state: 'cancelled', report: null });
  expect((await ended(first.id)).state).toBe('done');
  expect((await ended(third.id)).state).toBe('done');
  expect(await api.post(`/v1/backtests/${third.id}/cancel`, {})).toMatchObject({ status: 409 });
});

test('permissions are not recorded: what asks for them is counted as not evaluable', async () => {
  const when = {
    combinator: 'and',
    rules: [{ field: 'permission.allowed[stream=texts]', operator: '=', value: true }],
  };
  const asks = ruleOf('asks', when);
  const draft = await api.post('/v1/rulesets', { rules: [asks], note: '' });
  expect(draft.status).toBe(201);
  const { body } = await api.post('/v1/backtests', { ruleset: (draft.body as { id: string }).id });
  const { report } = await ended(Backtest.parse(body).id);
  expect(report?.decisions).toMatchObject({ all: 1, replayed: 0, not_evaluable: { unknown: 1 } });
});

test('who was in a segment before it was changed is not who would have been: not evaluable', async () => {
  const define = (key: string, ...rules: object[]) =>
    api.send('PUT', `/v1/segments/${key}`, { name: key, condition: { combinator: 'and', rules } });
  const unknown = async (): Promise<number | undefined> => {
    const when = { combinator: 'and', rules: [{ field: 'segment', operator: 'contains', value: 'outer' }] };
    const draft = await api.post('/v1/rulesets', { rules: [ruleOf('asks', when)] });
    const { body } = await api.post('/v1/backtests', { ruleset: (draft.body as { id: string }).id });
    const { report } = await ended(Backtest.parse(body).id);
    expect(report?.checked.differ).toBe(0);
    return report?.decisions.not_evaluable.unknown;
  };
  expect(await define('inner')).toMatchObject({ status: 200 });
  const inInner = { field: 'segment', operator: 'contains', value: 'inner' };
  expect(await define('outer', inInner)).toMatchObject({ status: 200 });
  await api.profiles({ id: 'bob', email: 'bob@people.example', jurisdiction: 'US' });
  await api.optOut({ subscriber: 'bob', ...promotions, trigger: 'link_unsubscribe' });
  const before = await unknown();

  // Its name is not what it says; what it uses is.
  await api.send('PUT', '/v1/segments/outer', {
    name: 'another name',
    condition: { combinator: 'and', rules: [inInner] },
  });
  expect(await unknown()).toBe(before);
  await define('inner', { field: 'subscriber.jurisdiction', operator: '=', value: 'DE' });
  expect(await unknown()).toBe((before ?? 0) + 1);
});

test.each([
  ['a version that is not there', { ruleset: '00000000-0000-4000-8000-000000000001' }, 404, 'version'],
  ['no id', { ruleset: 'x' }, 400, 'ruleset'],
  ['too many days', { ruleset: '00000000-0000-4000-8000-000000000001', days: 100_000 }, 400, 'days'],
])('%s is refused by name', async (_, request, status, word) => {
  const answer = await api.post('/v1/backtests', request);
  expect(answer.status).toBe(status);
  expect(JSON.stringify(answer.body)).toContain(word);
});

test('unknown ones are 404, and a key that may only read starts none', async () => {
  const none = '00000000-0000-4000-8000-000000000009';
  for (const path of [none, `${none}/progress`, `${none}/decisions/${none}`])
    expect((await api.get(`/v1/backtests/${path}`)).status, path).toBe(404);
  const reader = await api.key('read');
  expect((await api.post('/v1/backtests', { ruleset }, reader)).status).toBe(403);
  expect((await api.get('/v1/backtests', reader)).status).toBe(200);
  expect((await api.get('/v1/backtests', await api.key('send'))).status).toBe(403);
});

test('a decision is opened by those who may read: its trace quotes what is known of a person', async () => {
  const { body } = await api.post('/v1/backtests', { ruleset });
  const path = `/v1/backtests/${Backtest.parse(body).id}/decisions/${decision.id}`;
  expect((await api.get(path, await api.key('edit'))).status).toBe(403);
  expect((await api.get(path, await api.key('read'))).status).toBe(200);
});
