import { type Pace, waitBefore } from './pace.js';

/**
 * Does a target answer? While it does not, nothing is sent but one probe after each wait. A failure ends a round: calls
 * that were out together and fail together are one failure, and what they still answer says nothing of the round after.
 */
export class Health {
  #round = 0;
  #failures = 0;
  #refusedInARow = 0;
  /** No call before this instant, in ms since the epoch. */
  resumesAt = -Infinity;

  constructor(private readonly pace: Pick<Pace, 'firstWait' | 'mostWait' | 'refusedInARow'>) {}

  /** To be kept with each call, and given back with its result. */
  get round(): number {
    return this.#round;
  }

  get isAway(): boolean {
    return this.#failures > 0;
  }

  /** Many notices were given up, and none was taken: then it is not the notices, and a refusal counts as a failure. */
  get refusesAll(): boolean {
    return this.#refusedInARow >= this.pace.refusedInARow;
  }

  acknowledged(round: number): void {
    this.#refusedInARow = 0;
    this.#answered(round);
  }

  /** The target is there, and does not want the notice. */
  refused(round: number, { isGivenUp }: { isGivenUp: boolean }): void {
    if (isGivenUp) this.#refusedInARow += 1;
    this.#answered(round);
  }

  /** @param random in [0, 1) */
  failed(round: number, now: number, retryAfterMs: number, random: number): void {
    if (round === this.#round) {
      this.#round += 1;
      this.#failures += 1;
      this.resumesAt = now + waitBefore(this.#failures, this.pace, random);
    }
    this.resumesAt = Math.max(this.resumesAt, now + retryAfterMs);
  }

  #answered(round: number): void {
    if (round !== this.#round) return;
    this.#failures = 0;
    this.resumesAt = -Infinity;
  }
}
