import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Journal, openJournal } from './journal.js';
import { createLane } from './lane.js';
import type { Lane } from './lane-options.js';
import { type Ask, FakeEngine, FaultyFiles, Fuse, until, withFolder } from './test-support.js';

/** One process: what it does, and after how many file operations and engine calls it dies. */
const life = fc.record({
  fuse: fc.integer({ min: 1, max: 60 }),
  steps: fc.array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ kind: fc.constant('submit' as const), size: fc.integer({ min: 1, max: 5 }) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constantFrom('away', 'back', 'unclear', 'wait', 'disk') }),
      },
    ),
    { minLength: 3, maxLength: 14 },
  ),
  cut: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
});

type Step = { kind: string; size?: number };

/** What every process before this one was promised, and what the engine took. */
class World {
  readonly engine = new FakeEngine();
  readonly acknowledged = new Set<string>();
  readonly keyOf = new Map<string, string>();

  constructor(readonly folder: string) {}

  async live(fuse: Fuse, steps: readonly Step[], cut: number): Promise<void> {
    const { engine } = this;
    const files = new FaultyFiles(fuse);
    engine.fuse = fuse;
    engine.ambiguous = 0;
    const journal = await fuse.orDeath(
      openJournal(this.folder, { files, segmentBytes: 700, doneFlushMs: 2 }),
    );
    const lane = journal && createLane({ ...engine.options(journal), maxGroup: 4, lingerMs: 0 });
    if (journal && lane) {
      this.checkPending(lane, journal);
      await fuse.orDeath(lane.start());
      const answers: Promise<unknown>[] = [];
      for (const step of steps) {
        if (fuse.blown) break;
        if (step.kind === 'submit') answers.push(this.submit(lane, journal, step.size ?? 1));
        if (step.kind === 'away') engine.away = true;
        if (step.kind === 'back') engine.away = false;
        if (step.kind === 'unclear') engine.ambiguous = 2;
        if (step.kind === 'disk')
          files.fail('datasync', Object.assign(new Error('EIO'), { code: 'EIO' }), true);
        if (step.kind === 'wait') await fuse.orDeath(Promise.all(answers));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await fuse.orDeath(Promise.allSettled(answers));
      this.checkPending(lane, journal);
    }
    while (fuse.burn()); // dies now if it did not before
    await files.losePower(() => cut);
  }

  async recover(): Promise<Lane<Ask, string>> {
    this.engine.away = false;
    this.engine.ambiguous = 0;
    this.engine.fuse = new Fuse(Number.POSITIVE_INFINITY);
    const journal = await openJournal(this.folder);
    expect(journal.recovered.damaged).toEqual([]);
    const lane = createLane(this.engine.options(journal));
    this.checkPending(lane, journal);
    await lane.start();
    await until(() => lane.stats().state === 'live');
    await lane.stop();
    await journal.close();
    return lane;
  }

  private async submit(lane: Lane<Ask, string>, journal: Journal, size: number): Promise<void> {
    const asks = Array.from({ length: size }, () => {
      const id = String(this.keyOf.size).padStart(4, '0');
      const key = `key-${this.keyOf.size % 3}`;
      this.keyOf.set(id, key);
      return { id, key };
    });
    const settled = await lane.submit(asks).catch(() => []);
    for (const [index, { state }] of settled.entries()) {
      const id = asks[index]?.id ?? '';
      if (state === 'done') expect(this.engine.applied).toContain(id);
      if (state === 'done' || state === 'pending') this.acknowledged.add(id);
    }
    this.checkPending(lane, journal);
  }

  /** Whoever was told `pending` stays pending until the engine has it. */
  private checkPending(lane: Lane<Ask, string>, _journal: Journal): void {
    for (const id of this.acknowledged) {
      if (!this.engine.applied.includes(id)) expect(lane.isPending(this.keyOf.get(id) ?? '')).toBe(true);
    }
  }
}

it('applies every acknowledged request exactly once, in order per key, whenever the process dies', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 3 }), (lives) =>
      withFolder(async (folder) => {
        const world = new World(folder);
        for (const { fuse, steps, cut } of lives) await world.live(new Fuse(fuse), steps, cut);
        const lane = await world.recover();
        const { applied } = world.engine;
        expect(applied).toEqual([...new Set(applied)]);
        expect([...world.acknowledged].filter((id) => !applied.includes(id))).toEqual([]);
        for (const key of new Set(world.keyOf.values())) {
          const own = applied.filter((id) => world.keyOf.get(id) === key);
          expect(own).toEqual([...own].sort());
          expect(lane.isPending(key)).toBe(false);
        }
        const before = [...applied];
        await world.recover();
        expect(applied).toEqual(before);
      }),
    ),
    { numRuns: Number(process.env.CRASH_RUNS ?? 100), verbose: 1 },
  );
});
