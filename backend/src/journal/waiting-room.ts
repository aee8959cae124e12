import type { Settled } from './lane-options.js';

interface Waiting<Request, Result> {
  request: Request;
  bytes: number;
  settle(settled: Settled<Result>): void;
  fail(error: unknown): void;
}

/** Requests that are taken together, and the promises of those who wait for them. */
export class Batch<Request, Result> {
  readonly requests: readonly Request[];

  constructor(private readonly waiting: readonly Waiting<Request, Result>[]) {
    this.requests = waiting.map(({ request }) => request);
  }

  settle(index: number, settled: Settled<Result>): void {
    this.waiting[index]?.settle(settled);
  }

  settleAll(settled: Settled<Result>): void {
    for (const one of this.waiting) one.settle(settled);
  }

  /** Those already settled stay settled. */
  fail(error: unknown): void {
    for (const one of this.waiting) one.fail(error);
  }
}

/** Requests that are accepted into the lane and in no record yet. */
export class WaitingRoom<Request, Result> {
  private waiting: Waiting<Request, Result>[] = [];
  bytes = 0;

  get length(): number {
    return this.waiting.length;
  }

  enter(requests: readonly Request[], sizes: readonly number[]): Promise<Settled<Result>[]> {
    return Promise.all(
      requests.map(
        (request, index) =>
          new Promise<Settled<Result>>((settle, fail) => {
            const bytes = sizes[index] ?? 0;
            this.waiting.push({ request, bytes, settle, fail });
            this.bytes += bytes;
          }),
      ),
    );
  }

  take(most: number): Batch<Request, Result> {
    const taken = this.waiting.splice(0, most);
    for (const { bytes } of taken) this.bytes -= bytes;
    return new Batch(taken);
  }
}
