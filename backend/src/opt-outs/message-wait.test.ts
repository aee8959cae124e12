import { Logger } from '@nestjs/common';
import { EngineAwayError } from '@secateur/sql';
import { expect, it } from 'vitest';
import type { Database } from '../database.module.js';
import { openJournal } from '../journal/journal.js';
import { Lanes } from '../journal/lanes.js';
import { until, withFolder } from '../journal/test-support.js';
import { Readiness } from '../readiness.js';
import { MessageWait } from './message-wait.js';
import type { Incoming, Outcome } from './request.js';

Logger.overrideLogger(false);

interface Bench {
  wait: MessageWait;
  /** Decisions in the order in which they were handed over. */
  handed: string[];
  clock: { now: number; deliveriesWait: boolean; isBusy: boolean };
}

const named = (messageId: string): Incoming =>
  ({ who: { messageId }, request: { decision: `decision-${messageId}` } }) as Incoming;

/** A wait behind an events lane whose delivery does not come in as long as `clock.deliveriesWait`. */
function withWait(work: (bench: Bench) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const clock = { now: 1_000_000, deliveriesWait: true, isBusy: false };
    const database = {
      insert: async () => {
        if (clock.deliveriesWait) throw new EngineAwayError('insert events', null, 'TIMEOUT');
      },
      ping: async () => {},
    } as unknown as Database;
    const lanes = new Lanes(await openJournal(folder), database, 100, new Readiness());
    const handed: string[] = [];
    const decide = async (incoming: readonly Incoming[]): Promise<Outcome[]> => {
      if (clock.isBusy) throw new Error('busy');
      return incoming.map(({ request: { decision } }) => {
        handed.push(decision);
        return { state: 'duplicate', decision };
      });
    };
    const wait = new MessageWait(lanes, decide, () => clock.now);
    const events = lanes.make<string, string>({
      name: 'events',
      prepare: async (requests) => ({
        group: {
          id: 'deliveries',
          lane: 'events',
          inserts: [{ table: 'facts', columns: ['id'], lines: '["d"]' }],
        },
        results: [...requests],
      }),
      keys: () => [],
    });
    await lanes.onApplicationBootstrap();
    expect((await events.submit(['d']))[0]?.state).toBe('pending');
    await work({ wait, handed, clock });
    await lanes.onApplicationShutdown();
  });
}

it('a request that names only a message waits until the deliveries are in, and is handed over once', () =>
  withWait(async ({ wait, handed, clock }) => {
    expect(await wait.submit([named('m')])).toEqual([{ state: 'pending', decision: 'decision-m' }]);
    expect([wait.messages(), handed]).toEqual([['m'], []]);
    clock.deliveriesWait = false;
    await until(() => wait.messages().length === 0);
    expect(handed).toEqual(['decision-m']);
  }));

it('after ten minutes of waiting it goes on without them, once, and later ones wait on', async () => {
  let now = 1_000_000;
  let deliveriesWait = true;
  const handed: string[] = [];
  let attempt: (requests: readonly Incoming[]) => Promise<unknown> = async () => [];
  const lanes = {
    make: ({ prepare }: { prepare: typeof attempt }) => {
      attempt = prepare;
    },
    isBehind: () => deliveriesWait,
  } as unknown as Lanes;
  const decide = async (incoming: readonly Incoming[]): Promise<Outcome[]> =>
    incoming.map(({ request: { decision } }) => {
      handed.push(decision);
      return { state: 'duplicate', decision };
    });
  new MessageWait(lanes, decide, () => now);
  const waitFor = async (seconds: number, ...messages: string[]) => {
    for (let second = 0; second < seconds; second += 2) {
      now += 2_000;
      await attempt(messages.map(named)).catch(() => undefined);
    }
  };
  await waitFor(300, 'old');
  await waitFor(298, 'old', 'new');
  expect(handed).toEqual([]);
  await waitFor(20, 'old', 'new');
  expect(handed).toEqual(['decision-old']);
  // An outage of the engine is no waiting: the deliveries have not had their turn.
  now += 3_600_000;
  await waitFor(300, 'old', 'new');
  expect(handed).toEqual(['decision-old']);
  deliveriesWait = false;
  expect(await attempt([named('old'), named('new')])).toMatchObject({
    group: { inserts: [] },
    results: [{ decision: 'decision-old' }, { decision: 'decision-new' }],
  });
  expect(handed).toEqual(['decision-old', 'decision-new']);
});

it('requests that the deciding lane cannot take now wait on, too', () =>
  withWait(async ({ wait, handed, clock }) => {
    clock.isBusy = true;
    await wait.submit([named('m')]);
    clock.deliveriesWait = false;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([wait.messages(), handed]).toEqual([['m'], []]);
    clock.isBusy = false;
    await until(() => wait.messages().length === 0);
    expect(handed).toEqual(['decision-m']);
  }));
