import { RolloutsService } from '@secateur/backend/app';
import {
  Backtest,
  CheckReport,
  GuardSettings,
  type Rollout,
  Rollouts,
  Ruleset,
} from '@secateur/backend/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';

let app: RunningApp;
let fresh: string;
const api = new Calls(() => app);
const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };
const newsletter = { channel: 'email', category: 'newsletter', origin: 'shop' };
const texts = { channel: 'sms', category: 'promotions', origin: 'shop' };
const day = 86_400_000;
const people = Array.from({ length: 480 }, (_, index) => `person-${index}`);

/** Every other person left 40 days ago, the others an hour ago. */
const leftAt = (subscriber: string): number =>
  Date.now() - (Number(subscriber.split('-')[1]) % 2 === 0 ? 40 * day : 3_600_000);
const iso = (ms: number): string => new Date(ms).toISOString();

beforeAll(async () => {
  app = await startApp({ markets: ['US'] });
  for (const [key, place] of Object.entries({ promotions, texts, newsletter })) await api.stream(key, place);
  fresh = await approvedVersion();
  // The safety proof of a version may take half a minute on a busy machine.
}, 180_000);
afterAll(() => app.stop());

const guard = () => app.app.get(RolloutsService).guard(new Date());

/** A version that stops the whole category; before it the floor stands alone, which stops the stream. */
async function approvedVersion(): Promise<string> {
  const rule = { id: 'wide', name: 'wide', priority: 1, when: { combinator: 'and', rules: [] } };
  // biome-ignore lint/suspicious/noThenProperty: the word of the product
  const rules = [{ ...rule, then: { scope: { kind: 'category' } } }];
  const { id } = Ruleset.parse((await api.post('/v1/rulesets', { rules })).body);
  await approve(id);
  return id;
}

async function approve(id: string): Promise<void> {
  const { passed } = CheckReport.parse((await api.post(`/v1/rulesets/${id}/check`, {})).body);
  expect(passed).toBe(true);
  expect(await api.post(`/v1/rulesets/${id}/approve`, { why: 'sound' })).toMatchObject({ status: 200 });
}

async function publish(id: string, percent: number): Promise<void> {
  const answer = await api.post(`/v1/rulesets/${id}/publish`, { why: 'try it', percent });
  expect(answer).toMatchObject({ status: 200 });
}

const leave = (subscribers: readonly string[], place: object, name: string, at: (one: string) => number) =>
  api.events(
    ...subscribers.map((subscriber) => ({
      id: `${name} ${subscriber}`,
      type: 'opted_out',
      trigger: 'link_unsubscribe',
      asked: 'this',
      occurred_at: iso(at(subscriber)),
      subscriber,
      ...place,
    })),
  );

/** Ten days after they left, where that was 40 days ago. */
const complain = (subscribers: readonly string[]) =>
  api.events(
    ...subscribers.map((subscriber) => ({
      id: `complaint ${subscriber}`,
      type: 'complained',
      trigger: 'complaint',
      occurred_at: iso(Math.min(leftAt(subscriber) + 10 * day, Date.now())),
      subscriber,
      ...newsletter,
    })),
  );

interface Row {
  seq: number;
  person: string;
  subscriber: string;
  type: string;
  rollout: 'new' | 'old' | '';
  ordered: number;
  stopped: number;
  kept: number;
}

const decisions = () =>
  app.engine.rows<Row>(
    'decisions of the test',
    `SELECT toFloat64(seq) AS seq, person, splitByChar(' ', event_id)[-1] AS subscriber, type, rollout,
       toFloat64(toUnixTimestamp64Milli(order_at)) AS ordered,
       length(streams_stopped) AS stopped, length(streams_kept) AS kept FROM decisions ORDER BY seq`,
  );

/** What the rows say of one arm, the slow and obvious way. */
function countedOf(rows: readonly Row[], arm: 'new' | 'old') {
  const people = [...new Set(rows.map((row) => row.person))]
    .map((person) => rows.filter((row) => row.person === person))
    .filter(([first]) => first?.rollout === arm)
    .map((own) => {
      const start = own[0]?.ordered ?? 0;
      const soon = own.slice(1).filter((row) => row.ordered <= start + 30 * day);
      return {
        own,
        isFollowed: start + 30 * day <= Date.now(),
        repeats: soon.some((row) => row.stopped > 0 && row.ordered >= start + 1000),
        complains: soon.some((row) => row.type === 'complained' && row.ordered > start),
      };
    });
  const followed = people.filter(({ isFollowed }) => isFollowed);
  const own = people.flatMap((one) => one.own);
  return {
    people: people.length,
    followed: followed.length,
    repeats: [people, followed].map((all) => all.filter(({ repeats }) => repeats).length),
    complaints: [people, followed].map((all) => all.filter(({ complains }) => complains).length),
    decided: own.length,
    stopped: own.reduce((total, { stopped }) => total + stopped, 0),
    kept: own.reduce((total, { kept }) => total + kept, 0),
  };
}

const shownOf = (arm: Rollout['new_arm']) => ({
  people: arm.people,
  followed: arm.followed_people,
  repeats: [arm.repeats_so_far.numerator, arm.repeat_rate.numerator],
  complaints: [arm.complaints_so_far.numerator, arm.complaint_rate.numerator],
  decided: arm.decisions,
  stopped: arm.streams_stopped,
  kept: arm.streams_kept,
});

async function rollouts(path = '/v1/rollouts'): Promise<Rollout[]> {
  const { status, body } = await api.get(path);
  expect({ status, body }).toMatchObject({ status: 200 });
  return Rollouts.parse(body).rollouts;
}

let arms: Record<'new' | 'old', string[]>;

test('there is no rollout before one is published to a share, and none to guard', async () => {
  expect(await rollouts()).toEqual([]);
  expect(await rollouts(`/v1/rollouts/${fresh}`)).toEqual([]);
  expect(await guard()).toEqual({ rolled_back: 0 });
});

test('both arms are counted as the decisions say', { timeout: 60_000 }, async () => {
  await publish(fresh, 50);
  await leave(people, promotions, 'first', leftAt);
  const of = async (arm: string) => (await decisions()).filter((row) => row.rollout === arm);
  arms = {
    new: (await of('new')).map((row) => row.subscriber),
    old: (await of('old')).map((row) => row.subscriber),
  };
  expect(arms.new.length + arms.old.length).toBe(people.length);
  expect(Math.min(arms.new.length, arms.old.length)).toBeGreaterThan(150);
  // As many complaints in one arm as in the other; and some who leave again, at once or later.
  await complain([...arms.new.slice(0, 10), ...arms.old.slice(0, 10)]);
  await leave(arms.new.slice(20, 40), newsletter, 'again', (one) => leftAt(one) + 60_000);
  await leave(arms.old.slice(20, 60), newsletter, 'again', (one) => leftAt(one) + 60_000);

  const rows = await decisions();
  const [rollout, ...others] = await rollouts();
  expect(others).toEqual([]);
  if (rollout === undefined) throw new Error('no rollout');
  expect(rollout).toMatchObject({
    ruleset: fresh,
    percent: 50,
    to: null,
    end: 'running',
    design: 'randomised',
  });
  expect([rollout.new_arm.rulesets, rollout.old_arm.rulesets]).toEqual([[fresh], ['default']]);
  expect(shownOf(rollout.new_arm)).toEqual(countedOf(rows, 'new'));
  expect(shownOf(rollout.old_arm)).toEqual(countedOf(rows, 'old'));
  expect(rollout.new_arm.complaints_so_far.numerator).toBe(10);
  expect(rollout.old_arm.repeats_so_far.numerator).toBe(50);
  expect(rollout.new_arm.followed_people).toBeGreaterThan(50);
  // The new arm stops texts beside promotions, the old one promotions alone.
  expect(rollout.differences.kept_per_person.value).toBeCloseTo(-1, 12);
  expect((await rollouts(`/v1/rollouts/${fresh}`)).map(shown)).toEqual([rollout].map(shown));
});

const shown = ({ as_of, ...rest }: Rollout) => rest;

test('a backtest compares the arms of rollouts in its window, and calls that randomised', async () => {
  const started = Backtest.parse((await api.post('/v1/backtests', { ruleset: fresh, days: 1 })).body);
  let backtest = started;
  while (backtest.report === null) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    backtest = Backtest.parse((await api.get(`/v1/backtests/${started.id}`)).body);
    expect(backtest.error).toBe('');
  }
  const [rollout] = await rollouts();
  if (rollout === undefined) throw new Error('no rollout');
  const { guard: _, ...compared } = rollout;
  expect(backtest.report.rollouts).toEqual([{ ...compared, as_of: started.to }]);
  expect(backtest.report.rollouts[0]?.design).toBe('randomised');
  // Its own verdict compares streams that nobody drew.
  expect(backtest.report.verdict.design).toBe('observational');

  const service = app.app.get(RolloutsService);
  const began = new Date(rollout.from);
  expect(await service.between(new Date(0), began)).toEqual([]);
  expect(await service.between(new Date(0), new Date(began.getTime() + 1))).toHaveLength(1);
});

test('with equal complaints the guard does nothing', async () => {
  expect((await rollouts())[0]?.guard.verdict).not.toBe('worse');
  expect(await guard()).toEqual({ rolled_back: 0 });
  expect((await rollouts())[0]?.end).toBe('running');
});

test('the guard is set by an admin, within bounds, and waits for as many people as it is told', async () => {
  expect(GuardSettings.parse((await api.get('/v1/rollouts/guard')).body)).toEqual({
    margin: 0.002,
    min_people: 100,
  });
  const reader = await api.key('read');
  const patient = { margin: 0.01, min_people: 100_000 };
  expect(await api.send('PUT', '/v1/rollouts/guard', patient, reader)).toMatchObject({ status: 403 });
  for (const [field, value] of Object.entries({ margin: -0.1, min_people: 1 })) {
    const answer = await api.send('PUT', '/v1/rollouts/guard', { ...patient, [field]: value });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  }
  expect(await api.send('PUT', '/v1/rollouts/guard', patient)).toMatchObject({ status: 200, body: patient });
  expect(await api.get('/v1/rollouts/guard', reader)).toMatchObject({ status: 200, body: patient });

  await complain(arms.new.slice(60, 130));
  expect((await rollouts())[0]?.guard).toMatchObject({ verdict: 'too_few', ...patient });
  expect(await guard()).toEqual({ rolled_back: 0 });
  const usual = { margin: 0.002, min_people: 100 };
  expect(await api.send('PUT', '/v1/rollouts/guard', usual)).toMatchObject({ status: 200 });
});

test('a new arm that draws more complaints is rolled back, and the version says by whom and why', async () => {
  expect((await rollouts())[0]?.guard.verdict).toBe('worse');
  expect(await guard()).toEqual({ rolled_back: 1 });
  const ruleset = Ruleset.parse((await api.get(`/v1/rulesets/${fresh}`)).body);
  expect(ruleset.state).toBe('rolled_back');
  const last = ruleset.events.at(-1);
  expect(last).toMatchObject({ event: 'rolled_back', by: 'guard' });
  expect(last?.why).toContain(`80 of ${arms.new.length} people in the new arm`);
  expect(last?.why).toContain(`10 of ${arms.old.length} people in the old`);
  const [rollout] = await rollouts();
  expect(rollout).toMatchObject({ end: 'rolled_back', ended_by: 'guard', to: last?.at });
  // It ended when it was rolled back: a window that begins then holds none of it.
  const ended = new Date(last?.at ?? '');
  expect(await app.app.get(RolloutsService).between(ended, new Date())).toEqual([]);
  expect(await guard()).toEqual({ rolled_back: 0 });
});

test('another share is another rollout, and a version that is in force for all is left alone', async () => {
  await approve(fresh);
  await publish(fresh, 20);
  await publish(fresh, 40);
  await publish(fresh, 100);
  expect((await rollouts()).map(({ percent, end }) => [percent, end])).toEqual([
    [40, 'published'],
    [20, 'share_changed'],
    [50, 'rolled_back'],
  ]);
  expect(await guard()).toEqual({ rolled_back: 0 });
});

test('rollouts are for those who may read, and of versions that exist', async () => {
  const ingest = await api.key('ingest');
  for (const path of ['/v1/rollouts', '/v1/rollouts/guard', `/v1/rollouts/${fresh}`])
    expect(await api.get(path, ingest)).toMatchObject({ status: 403 });
  expect(await api.get('/v1/rollouts/00000000-0000-4000-8000-000000000001')).toMatchObject({ status: 404 });
  expect(await api.get('/v1/rollouts/none')).toMatchObject({ status: 400 });
});
