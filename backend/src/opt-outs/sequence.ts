import type { Engine, Queries } from '@secateur/sql';

/** The order in which things were committed: strictly rising, microseconds since the epoch. */
export class Sequence {
  #last = 0;

  constructor(private readonly engine: Engine<Queries>) {}

  /** Goes on behind the highest number ever given, also where the clock was set back. @throws EngineAwayError */
  async load(): Promise<void> {
    const [row] = await this.engine.query('opt-outs/last_seq', {});
    this.#last = Math.max(this.#last, row?.seq ?? 0);
  }

  next(now: number): number {
    this.#last = Math.max(this.#last + 1, now * 1000);
    return this.#last;
  }
}
