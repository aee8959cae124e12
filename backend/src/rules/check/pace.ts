import { setTimeout as sleep } from 'node:timers/promises';

/** It takes half of the thread at most: requests are decided in between, and are answered in milliseconds. */
const mostMillisecondsHeld = 5;

/** Lets others have the thread while a check is under way. */
export class Pace {
  #heldSince = performance.now();

  get isDue(): boolean {
    return performance.now() - this.#heldSince > mostMillisecondsHeld;
  }

  async rest(): Promise<void> {
    await sleep(mostMillisecondsHeld);
    this.#heldSince = performance.now();
  }
}
