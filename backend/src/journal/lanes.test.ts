import { Logger } from '@nestjs/common';
import { EngineAwayError, QueryFailedError } from '@secateur/sql';
import { expect, it } from 'vitest';
import type { Database } from '../database.module.js';
import { ConflictError } from '../errors.js';
import { Readiness } from '../readiness.js';
import type { Insert } from './group.js';
import { openJournal } from './journal.js';
import { Lanes } from './lanes.js';
import { until, withFolder } from './test-support.js';

Logger.overrideLogger(false);

type Stored = { id: string; received_at: string; decision: string };

class FakeDatabase {
  /** What the next inserts throw. */
  readonly failures: Error[] = [];
  readonly inserted: string[] = [];
  stored: Stored[] = [];

  async insert(_table: string, _columns: readonly string[], _lines: string, token: string): Promise<void> {
    const failure = this.failures.shift();
    if (failure) throw failure;
    this.inserted.push(token);
  }

  async query(): Promise<Stored[]> {
    return this.stored;
  }

  async ping(): Promise<void> {}
}

/** Lanes on a fresh journal, with one lane `made` whose groups hold `inserts`. */
function withLanes(
  inserts: readonly Insert[],
  work: (bench: {
    lanes: Lanes;
    database: FakeDatabase;
    submit: () => Promise<string | undefined>;
  }) => Promise<void>,
): Promise<void> {
  return withFolder(async (folder) => {
    const database = new FakeDatabase();
    const journal = await openJournal(folder);
    const lanes = new Lanes(journal, database as unknown as Database, 100, new Readiness());
    let groups = 0;
    const lane = lanes.make<string, string>({
      name: 'made',
      prepare: async (requests) => {
        groups += 1;
        return { group: { id: `g${groups}`, lane: 'made', inserts: [...inserts] }, results: [...requests] };
      },
      keys: (request) => [request],
    });
    await lanes.onApplicationBootstrap();
    await work({ lanes, database, submit: async () => (await lane.submit(['a']))[0]?.state });
    await lanes.onApplicationShutdown();
  });
}

const rows = { table: 'facts', columns: ['id'], lines: '["a"]' };
const event = {
  table: 'events',
  columns: ['id', 'received_at'],
  lines: '["e-1","2026-11-20T09:30:00.000Z"]\n["e-2","2026-11-20T09:30:00.000Z"]',
};
const decision = {
  table: 'decisions',
  columns: ['id', 'event_id', 'received_at'],
  lines: '["d-1","e-1","2026-11-20T09:30:00.000Z"]',
};
const refused = () => new QueryFailedError('insert', 395, 'VIEW');
const own = { id: 'e-1', received_at: '2026-11-20T09:30:00.000Z', decision: 'd-1' };
const repeated = { id: 'e-1', received_at: '2026-11-20T10:00:00.000Z', decision: 'd-2' };

it.each([
  ['out of time', new QueryFailedError('facts', 159, 'TIMEOUT_EXCEEDED')],
  ['cancelled', new QueryFailedError('facts', 394, 'QUERY_WAS_CANCELLED')],
  ['away', new EngineAwayError('facts', null, 'TIMEOUT')],
])('an engine that is %s is away: the work is kept and tried again, nothing is poison', (_, failure) =>
  withLanes([rows], async ({ lanes, database, submit }) => {
    database.failures.push(failure, failure, failure, failure, failure);
    expect(await submit()).toBe('pending');
    expect(lanes.isPending('made', 'a')).toBe(true);
    await until(() => !lanes.isPending('made', 'a'));
    expect([database.inserted, lanes.setAside()]).toEqual([['g1:0'], []]);
  }),
);

it('closes what the lanes work with after the last one has stopped, and not before', () =>
  withLanes([rows], async ({ lanes }) => {
    const states: string[] = [];
    lanes.afterStop(() => states.push(...Object.values(lanes.report().lanes).map(({ state }) => state)));
    lanes.make<string, string>({
      name: 'other',
      prepare: async () => ({ group: { id: 'never', lane: 'other', inserts: [] }, results: [] }),
      keys: () => [],
    });
    await lanes.onApplicationShutdown();
    expect(states).toEqual(['stopped', 'stopped']);
  }));

async function setAside({ lanes, database, submit }: Parameters<Parameters<typeof withLanes>[1]>[0]) {
  database.failures.push(refused(), refused(), refused());
  expect(await submit()).toBe('set_aside');
  expect(lanes.report()).toMatchObject({ set_aside: 1 });
  return lanes.setAside()[0]?.id ?? '';
}

it('a retried group whose events the sender repeated meanwhile is done, not stored twice', () =>
  withLanes([decision], async (bench) => {
    const record = await setAside(bench);
    bench.database.stored = [repeated];
    await bench.lanes.retry(record);
    expect([bench.database.inserted, bench.lanes.setAside()]).toEqual([[], []]);
    expect(bench.lanes.isPending('made', 'a')).toBe(false);
  }));

it('a retried group whose own rows are in the engine is completed under its token', () =>
  withLanes([decision], async (bench) => {
    const record = await setAside(bench);
    bench.database.stored = [own];
    await bench.lanes.retry(record);
    await until(() => !bench.lanes.isPending('made', 'a'));
    expect(bench.database.inserted).toEqual(['g1:0']);
  }));

it('a retry that would count some events twice is refused, and the record stays', () =>
  withLanes([event], async (bench) => {
    const record = await setAside(bench);
    bench.database.stored = [repeated];
    await expect(bench.lanes.retry(record)).rejects.toThrow(ConflictError);
    await expect(bench.lanes.retry(record)).rejects.toThrow('1 of the 2 events');
    expect(bench.lanes.setAside()).toHaveLength(1);
    bench.database.stored = [];
    await bench.lanes.retry(record);
    await until(() => !bench.lanes.isPending('made', 'a'));
    expect(bench.database.inserted).toEqual(['g1:0']);
  }));
