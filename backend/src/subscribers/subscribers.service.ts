import type { Lane } from '../journal/lane-options.js';
import type { Lanes } from '../journal/lanes.js';
import type { SubscriberDirectory } from './directory.js';
import { type ProfileChange, prepareProfiles } from './prepare.js';
import type { Subject } from './subject.js';

/** Writes profiles through the journal. */
export class SubscribersService {
  readonly #lane: Lane<ProfileChange, Subject>;

  constructor(
    private readonly directory: SubscriberDirectory,
    lanes: Lanes,
  ) {
    this.#lane = lanes.make({
      name: 'profiles',
      prepare: (changes) => prepareProfiles(changes, directory),
      keys: ({ profile }) => [directory.idOf('external', profile.id)],
      maxGroup: 10_000,
    });
  }

  /**
   * @returns how many are stored, and how many wait in the journal for the engine
   * @throws BusyError when too much waits already
   */
  async upsert(changes: readonly ProfileChange[]): Promise<{ stored: number; pending: number }> {
    const settled = await this.#lane.submit(changes);
    const done = settled.flatMap((one) => (one.state === 'done' ? [one.result] : []));
    this.directory.confirm(done);
    return { stored: done.length, pending: settled.length - done.length };
  }
}
