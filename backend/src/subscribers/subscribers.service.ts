import type { Lane } from '../journal/lane-options.js';
import type { Lanes } from '../journal/lanes.js';
import type { SubscriberDirectory } from './directory.js';
import { type ProfileChange, prepareProfiles } from './prepare.js';
import type { Subject } from './subject.js';

/** Writes profiles through the journal. */
export class SubscribersService {
  readonly #lane: Lane<ProfileChange, Subject>;
  readonly #listeners: ((subjects: readonly Subject[], receivedAt: number) => Promise<void>)[] = [];

  constructor(
    private readonly directory: SubscriberDirectory,
    lanes: Lanes,
  ) {
    this.#lane = lanes.make({
      name: 'profiles',
      prepare: (changes) => prepareProfiles(changes, directory),
      keys: ({ profile }) => [directory.idOf('external', profile.id)],
      maxGroup: 10_000,
      onLateResult: ({ receivedAt }, subject) => void this.#tell([subject], receivedAt),
    });
  }

  /** To be called with profiles that can be read in the engine, before their sender is answered. It must not reject. */
  afterStored(listener: (subjects: readonly Subject[], receivedAt: number) => Promise<void>): void {
    this.#listeners.push(listener);
  }

  /**
   * @returns how many are stored, and how many wait in the journal for the engine
   * @throws BusyError when too much waits already
   */
  async upsert(changes: readonly ProfileChange[]): Promise<{ stored: number; pending: number }> {
    const settled = await this.#lane.submit(changes);
    const done = settled.flatMap((one) => (one.state === 'done' ? [one.result] : []));
    const receivedAt = Math.min(...changes.map((change) => change.receivedAt));
    await this.#tell(done, receivedAt);
    return { stored: done.length, pending: settled.length - done.length };
  }

  async #tell(stored: readonly Subject[], receivedAt: number): Promise<void> {
    this.directory.confirm(stored);
    if (stored.length === 0) return;
    for (const listener of this.#listeners) await listener(stored, receivedAt);
  }
}
