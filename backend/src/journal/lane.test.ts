import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BusyError, JournalUnavailableError, LaneStoppedError } from './errors.js';
import { type Journal, openJournal } from './journal.js';
import { createLane } from './lane.js';
import type { GroupTiming, Lane, LaneOptions } from './lane-options.js';
import { type Ask, FakeEngine, FaultyFiles, systemError, until, withFolder } from './test-support.js';

interface Bench {
  engine: FakeEngine;
  files: FaultyFiles;
  journal: Journal;
  lane: Lane<Ask, string>;
}

/** A started lane on a fresh journal, stopped afterwards. */
function withLane(
  more: Partial<LaneOptions<Ask, string>>,
  work: (bench: Bench, folder: string) => Promise<void>,
): Promise<void> {
  return withFolder(async (folder) => {
    const engine = new FakeEngine();
    const files = new FaultyFiles();
    const journal = await openJournal(folder, { files });
    const lane = createLane({ ...engine.options(journal), ...more });
    await lane.start();
    await work({ engine, files, journal, lane }, folder);
    await lane.stop();
    await journal.close();
  });
}

/** What the next process finds in the folder. */
async function reopened(
  folder: string,
  engine: FakeEngine,
  work: (lane: Lane<Ask, string>, journal: Journal) => Promise<void>,
): Promise<void> {
  const journal = await openJournal(folder);
  const lane = createLane(engine.options(journal));
  await work(lane, journal);
  await lane.stop();
  await journal.close();
}

const ask = (id: string, key = id): Ask => ({ id, key });
const asks = (from: number, to: number): Ask[] =>
  Array.from({ length: to - from }, (_, index) => ask(`a${from + index}`));
const idsOf = (many: readonly Ask[]): string[] => many.map(({ id }) => id);

it('decides, inserts and answers, one result per request in order', () =>
  withLane({}, async ({ engine, journal, lane }) => {
    const settled = await lane.submit([ask('a'), ask('b')]);
    expect(settled).toEqual([
      { state: 'done', result: 'decided a' },
      { state: 'done', result: 'decided b' },
    ]);
    expect(engine.applied).toEqual(['a', 'b']);
    expect(engine.tokens).toEqual(['group-1:0', 'group-1:1']);
    expect(journal.depth().records).toBe(0);
    expect(lane.isPending('a')).toBe(false);
  }));

it('lets concurrent submits share few groups, in the order in which they came', async () => {
  const timings: GroupTiming[] = [];
  await withLane({ onGroup: (timing) => timings.push(timing) }, async ({ engine, lane }) => {
    engine.slowMs = 2;
    const many = asks(0, 100);
    await Promise.all(many.map((one) => lane.submit([one])));
    expect(engine.applied).toEqual(idsOf(many));
    expect(timings.length).toBeLessThanOrEqual(3);
    expect(lane.stats()).toMatchObject({ state: 'live', queued: 0, groups: timings.length });
    expect(lane.stats().meanGroupSize).toBeCloseTo(100 / timings.length);
  });
});

it('inserts nothing and answers nothing before the group is synced', () =>
  withLane({}, async ({ engine, files, lane }) => {
    files.log.length = 0;
    const inserted: string[][] = [];
    const insert = engine.tokens.push.bind(engine.tokens);
    engine.tokens.push = (...tokens) => {
      inserted.push([...files.log]);
      return insert(...tokens);
    };
    await lane.submit([ask('a')]);
    expect(inserted[0]).toContain('datasync');
  }));

it('writes no record for a group without rows', () =>
  withLane(
    {
      prepare: async (many) => ({
        group: { id: 'empty', lane: 'opt-outs', inserts: [] },
        results: many.map(() => 'duplicate'),
      }),
    },
    async ({ files, lane }) => {
      files.log.length = 0;
      expect(await lane.submit([ask('a')])).toEqual([{ state: 'done', result: 'duplicate' }]);
      expect(files.log).toEqual([]);
    },
  ));

it('journals while the engine is away, answers pending, and applies all in order when it is back', async () => {
  const late: string[] = [];
  const states: string[] = [];
  const hooks = {
    onLateResult: (one: Ask, result: string) => late.push(`${one.id}: ${result}`),
    onState: (state: string) => states.push(state),
    maxGroup: 4,
  };
  await withLane(hooks, async ({ engine, journal, lane }) => {
    await lane.submit([ask('before')]);
    engine.away = true;
    const settled = await Promise.all(asks(0, 20).map((one) => lane.submit([one])));
    expect(settled.flat().every(({ state }) => state === 'pending')).toBe(true);
    expect(asks(0, 20).every(({ key }) => lane.isPending(key))).toBe(true);
    await lane.drain();
    expect(lane.stats()).toMatchObject({ state: 'away', queued: 0 });
    expect(journal.depth().records).toBeLessThan(20);
    engine.away = false;
    await until(() => lane.stats().state === 'live');
    expect(engine.applied).toEqual(['before', ...idsOf(asks(0, 20))]);
    expect(asks(0, 20).some(({ key }) => lane.isPending(key))).toBe(false);
    expect(late).toEqual(idsOf(asks(0, 20)).map((id) => `${id}: decided ${id}`));
    expect(journal.depth().records).toBe(0);
    expect(states.slice(0, 2)).toEqual(['live', 'away']);
    expect((await lane.submit([ask('after')]))[0]?.state).toBe('done');
  });
});

it('repeats an insert without answer under the same token before anything else', () =>
  withLane({}, async ({ engine, lane }) => {
    engine.ambiguous = 3;
    const [settled] = await lane.submit([ask('a')]);
    expect(settled?.state).toBe('pending');
    expect(lane.isPending('a')).toBe(true);
    await lane.submit([ask('b')]);
    await until(() => lane.stats().state === 'live');
    expect(engine.applied).toEqual(['a', 'b']);
    expect(engine.prepared).toBe(2);
    expect(lane.isPending('a')).toBe(false);
  }));

it('goes live again although requests keep coming', () =>
  withLane({}, async ({ engine, lane }) => {
    engine.away = true;
    const sent: string[] = [];
    const answers: Promise<unknown>[] = [];
    const timer = setInterval(() => {
      const id = `r${sent.length}`;
      sent.push(id);
      answers.push(lane.submit([ask(id)]));
    }, 1);
    await until(() => sent.length > 10);
    engine.away = false;
    await until(() => lane.stats().state === 'live');
    clearInterval(timer);
    await Promise.all(answers);
    await lane.drain();
    expect(engine.applied).toEqual(sent);
  }));

it('sets a group aside that the engine refuses, goes on, and takes it back on request', () =>
  withLane({}, async ({ engine, journal, lane }, folder) => {
    engine.unacceptable.add('bad');
    const [settled] = await lane.submit([ask('bad')]);
    expect(settled).toMatchObject({ state: 'set_aside', reason: 'Error' });
    expect((await lane.submit([ask('good')]))[0]?.state).toBe('done');
    expect(lane.isPending('bad')).toBe(true);
    expect(journal.depth().records).toBe(0);
    expect(await readdir(join(folder, 'set-aside'))).toHaveLength(1);
    engine.unacceptable.clear();
    const [item] = journal.setAsideList('opt-outs');
    expect(await lane.retry(item?.id ?? '')).toBe(true);
    await until(() => lane.stats().state === 'live');
    expect(engine.applied).toEqual(['good', 'bad']);
    expect(lane.isPending('bad')).toBe(false);
    expect(await lane.retry('unknown')).toBe(false);
  }));

it('finds the requests that cannot be decided and decides the others without them', () =>
  withLane({}, async ({ engine, journal, lane }, folder) => {
    engine.undecidable.add('a3').add('a17');
    const settled = await lane.submit(asks(0, 20));
    const failed = settled.flatMap((one, index) => (one.state === 'failed' ? [index] : []));
    expect(failed).toEqual([3, 17]);
    expect(settled.filter(({ state }) => state === 'done')).toHaveLength(18);
    expect(engine.applied).toEqual(idsOf(asks(0, 20)).filter((id) => id !== 'a3' && id !== 'a17'));
    expect(journal.setAsideList().map(({ keys }) => keys[0])).toEqual(['a3', 'a17']);
    await lane.stop();
    await journal.close();
    await reopened(folder, engine, async (next) => {
      expect(next.isPending('a3')).toBe(true);
      expect(next.isPending('a4')).toBe(false);
      await next.start();
      engine.undecidable.clear();
      const [item] = journal.setAsideList();
      expect(await next.retry(item?.id ?? '')).toBe(true);
      await next.drain();
      expect(engine.applied.at(-1)).toBe('a3');
      expect(next.isPending('a3')).toBe(false);
    });
  }));

it('finds poison among the requests that were journaled while away', () =>
  withLane({ maxGroup: 5 }, async ({ engine, journal, lane }) => {
    engine.away = true;
    await lane.submit([ask('first')]);
    engine.undecidable.add('a2');
    engine.unacceptable.add('z');
    await lane.submit(asks(0, 5));
    await lane.submit([ask('z')]);
    await lane.submit(asks(5, 10));
    engine.away = false;
    await until(() => lane.stats().state === 'live');
    expect(engine.applied).toEqual(['first', 'a0', 'a1', 'a3', 'a4', ...idsOf(asks(5, 10))]);
    expect(journal.setAsideList().map(({ kind, keys }) => [kind, ...keys])).toEqual([
      ['request', 'a2'],
      ['group', 'z'],
    ]);
    expect(['a2', 'z', 'a1'].map((key) => lane.isPending(key))).toEqual([true, true, false]);
  }));

it('is busy when more waits than it may hold, and says when to come back', () =>
  withLane({ maxQueued: 10, maxGroup: 5 }, async ({ engine, lane }) => {
    engine.slowMs = 5;
    const taken = lane.submit(asks(0, 12)); // an empty lane takes any number
    const refused = lane.submit([ask('late')]);
    await expect(refused).rejects.toThrow(BusyError);
    await expect(refused).rejects.toMatchObject({ retryAfterSeconds: 1 });
    expect((await taken).every(({ state }) => state === 'done')).toBe(true);
    expect(await lane.submit([ask('later')])).toEqual([{ state: 'done', result: 'decided later' }]);
  }));

it('is busy by bytes, too', () =>
  withLane({ maxQueuedBytes: 10, sizeOf: () => 6 }, async ({ lane }) => {
    const taken = lane.submit([ask('a')]);
    await expect(lane.submit([ask('b')])).rejects.toThrow(BusyError);
    await taken;
  }));

it('refuses what a full disk cannot keep, inserts nothing of it, and goes on when there is room', () =>
  withLane({}, async ({ engine, files, journal, lane }, folder) => {
    files.fail('write', systemError('ENOSPC'), true);
    await expect(lane.submit([ask('a')])).rejects.toThrow(JournalUnavailableError);
    expect(engine.applied).toEqual([]);
    expect(lane.isPending('a')).toBe(false);
    engine.away = true;
    files.fail('datasync', systemError('EIO'), true);
    await expect(lane.submit([ask('b')])).rejects.toThrow(JournalUnavailableError);
    engine.away = false;
    await until(() => lane.stats().state === 'live');
    await lane.submit([ask('c')]);
    await lane.stop();
    await journal.close();
    await reopened(folder, engine, async (next) => {
      await next.start();
      expect(engine.applied).toEqual(['c']);
    });
  }));

it('keeps a journaled group when the disk cannot take it aside, and blocks until it can', () =>
  withLane({}, async ({ engine, files, journal, lane }) => {
    engine.unacceptable.add('bad');
    files.fail('rename', systemError('EIO'));
    const [settled] = await lane.submit([ask('bad')]);
    expect(settled?.state).toBe('pending');
    await until(() => lane.stats().state === 'live');
    expect(journal.setAsideList().map(({ keys }) => keys)).toEqual([['bad']]);
  }));

it('runs only between start and stop, and leaves what is journaled to the next one', () =>
  withFolder(async (folder) => {
    const engine = new FakeEngine();
    const journal = await openJournal(folder);
    const lane = createLane(engine.options(journal));
    await expect(lane.submit([ask('a')])).rejects.toThrow(LaneStoppedError);
    await lane.start();
    engine.away = true;
    await lane.submit([ask('a')]);
    await lane.stop();
    await expect(lane.submit([ask('b')])).rejects.toThrow(LaneStoppedError);
    await lane.drain();
    await journal.close();
    await reopened(folder, engine, async (next) => {
      expect(next.isPending('a')).toBe(true);
      await next.start(); // the engine is still away: the lane takes requests all the same
      expect(next.stats()).toMatchObject({ state: 'away', backlog: 1 });
      expect((await next.submit([ask('b')]))[0]?.state).toBe('pending');
      engine.away = false;
      await until(() => next.stats().state === 'live');
      expect(engine.applied).toEqual(['a', 'b']);
    });
  }));

it('stays alive when a listener or an encoder throws', () =>
  withLane(
    {
      onGroup: () => {
        throw new Error('listener');
      },
      sizeOf: () => 1,
      encode: () => {
        throw new Error('encoder');
      },
    },
    async ({ engine, lane }) => {
      expect((await lane.submit([ask('a')]))[0]?.state).toBe('done');
      engine.undecidable.add('b');
      await expect(lane.submit([ask('b')])).rejects.toThrow('encoder');
      expect((await lane.submit([ask('c')]))[0]?.state).toBe('done');
    },
  ));

it('decides a group that the engine cannot read again by halves: only the request to blame is set aside', () =>
  withLane({}, async ({ engine, journal, lane }, folder) => {
    engine.unreadable.add('a3').add('a17');
    const settled = await lane.submit(asks(0, 20));
    expect(settled.every(({ state }) => state === 'pending')).toBe(true);
    await lane.drain();
    expect(engine.applied).toEqual(idsOf(asks(0, 20)).filter((id) => id !== 'a3' && id !== 'a17'));
    expect(journal.setAsideList().map(({ kind, keys, reason }) => [kind, ...keys, reason])).toEqual([
      ['request', 'a3', 'Error'],
      ['request', 'a17', 'Error'],
    ]);
    expect(asks(0, 20).filter(({ key }) => lane.isPending(key))).toEqual([ask('a3'), ask('a17')]);
    expect(journal.depth().records).toBe(0);
    expect((await lane.submit([ask('next')]))[0]?.state).toBe('done');
    await lane.stop();
    await journal.close();
    await reopened(folder, engine, async (next, again) => {
      await next.start();
      engine.unreadable.clear();
      for (const { id } of again.setAsideList()) {
        expect(await next.retry(id)).toBe(true);
        await next.drain();
      }
      expect(engine.applied.slice(-2).sort()).toEqual(['a17', 'a3']);
      expect(next.isPending('a3')).toBe(false);
    });
  }));

it('divides what was journaled while away, too, in its order and before what came later', () =>
  withLane({ maxGroup: 8 }, async ({ engine, journal, lane }) => {
    engine.away = true;
    await lane.submit([ask('first')]);
    engine.unreadable.add('a5');
    for (const one of asks(0, 12)) await lane.submit([one]);
    engine.away = false;
    await until(() => lane.stats().state === 'live');
    expect(engine.applied).toEqual(['first', ...idsOf(asks(0, 12)).filter((id) => id !== 'a5')]);
    expect(journal.setAsideList().map(({ kind, keys }) => [kind, ...keys])).toEqual([['request', 'a5']]);
  }));

it('loses none of an unreadable group when the disk fails while it is divided', () =>
  withLane({}, async ({ engine, files, journal, lane }) => {
    engine.unreadable.add('a1');
    const submitted = lane.submit(asks(0, 4));
    await until(() => lane.isPending('a1'));
    files.fail('write', systemError('ENOSPC'), true);
    expect((await submitted).every(({ state }) => state === 'pending')).toBe(true);
    await until(() => lane.stats().state === 'live');
    expect([...new Set(engine.applied)].sort()).toEqual(['a0', 'a2', 'a3']);
    expect(journal.setAsideList().map(({ keys }) => keys)).toEqual([['a1']]);
  }));

it('sets a group aside whole after a restart, when nobody knows its requests any more', () =>
  withFolder(async (folder) => {
    const engine = new FakeEngine();
    const journal = await openJournal(folder);
    const inserts = [{ table: 'decisions', columns: ['id'], lines: '["a"]\n["b"]\n' }];
    await journal.append({ kind: 'group', id: 'g', lane: 'opt-outs', at: 1, keys: ['a', 'b'], inserts });
    await journal.close();
    engine.unreadable.add('b');
    await reopened(folder, engine, async (lane, again) => {
      await lane.start();
      expect(again.setAsideList().map(({ kind, keys }) => [kind, ...keys])).toEqual([['group', 'a', 'b']]);
    });
  }));

it('does not store a group again that the sender repeated while it was set aside', async () => {
  const stored = new Set<string>();
  const isStored = async ({ id }: { id: string }) => {
    if (stored.has(`part of ${id}`)) throw new Error('a part of it was stored');
    return stored.has(id);
  };
  await withLane({ isStored }, async ({ engine, journal, lane }, folder) => {
    engine.unacceptable.add('bad').add('half');
    const [bad] = await lane.submit([ask('bad')]);
    const [half] = await lane.submit([ask('half')]);
    if (bad?.state !== 'set_aside' || half?.state !== 'set_aside') throw new Error('not set aside');
    engine.unacceptable.clear();
    stored.add(bad.record).add(`part of ${half.record}`);
    expect(await lane.retry(bad.record)).toBe(true);
    await lane.drain();
    expect([engine.applied, lane.isPending('bad')]).toEqual([[], false]);
    await expect(lane.retry(half.record)).rejects.toThrow('a part of it was stored');
    expect([engine.applied, lane.isPending('half')]).toEqual([[], true]);
    expect(journal.setAsideList().map(({ id }) => id)).toEqual([half.record]);
    expect(await readdir(join(folder, 'set-aside'))).toHaveLength(1);
    stored.clear();
    expect(await lane.retry(half.record)).toBe(true);
    await lane.drain();
    expect(engine.applied).toEqual(['half']);
  });
});
