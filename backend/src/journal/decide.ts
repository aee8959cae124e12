import type { LaneOptions, Prepared } from './lane-options.js';

export interface Decision<Result> {
  /** Undefined when no request could be decided. */
  prepared: Prepared<Result> | undefined;
  /** Places of the requests that `prepared` decides, in its order. */
  good: number[];
  bad: { index: number; error: unknown }[];
}

/** The engine is away; `cause` is what it said. */
export class AwayError extends Error {
  override readonly name = 'AwayError';

  constructor(cause: unknown) {
    super('The engine is away', { cause });
  }
}

/**
 * Decides the requests together. When that fails again and again, halves them until the poisonous ones are
 * found, and decides the others without them.
 * @throws AwayError nothing is decided
 */
export async function decide<Request, Result>(
  options: LaneOptions<Request, Result>,
  requests: readonly Request[],
  pause: (ms: number) => Promise<void>,
): Promise<Decision<Result>> {
  const attempt = async (indexes: readonly number[], tries: number): Promise<Prepared<Result>> => {
    const chosen = indexes.flatMap((index) => requests.slice(index, index + 1));
    for (let turn = 1; ; turn += 1) {
      try {
        const prepared = await options.prepare(chosen);
        if (prepared.results.length === chosen.length) return prepared;
        throw new Error(`prepare gave ${prepared.results.length} results for ${chosen.length} requests`);
      } catch (error) {
        if (options.isAway(error)) throw new AwayError(error);
        if (turn >= tries) throw error;
        await pause((options.poisonWaitMs ?? 100) * turn);
      }
    }
  };
  const findBad = async (indexes: readonly number[]): Promise<Decision<Result>['bad']> => {
    try {
      await attempt(indexes, 1);
      return [];
    } catch (error) {
      if (error instanceof AwayError) throw error;
      const [first] = indexes;
      if (first !== undefined && indexes.length === 1) return [{ index: first, error }];
      const middle = indexes.length >> 1;
      return [...(await findBad(indexes.slice(0, middle))), ...(await findBad(indexes.slice(middle)))];
    }
  };

  const all = requests.map((_, index) => index);
  const tries = options.poisonTries ?? 3;
  try {
    return { prepared: await attempt(all, tries), good: all, bad: [] };
  } catch (error) {
    if (error instanceof AwayError || error instanceof PauseEnded) throw error;
    if (all.length === 1) return { prepared: undefined, good: [], bad: [{ index: 0, error }] };
  }
  const bad = await findBad(all);
  const good = all.filter((index) => !bad.some((one) => one.index === index));
  if (good.length === 0) return { prepared: undefined, good, bad };
  try {
    return { prepared: await attempt(good, 1), good, bad };
  } catch (error) {
    if (error instanceof AwayError) throw error;
    // Each can be decided alone but not together: none of them is lost, all are set aside.
    bad.push(...good.map((index) => ({ index, error })));
    return { prepared: undefined, good: [], bad: bad.sort((a, b) => a.index - b.index) };
  }
}

/** The lane stops while something waits for its next try. */
export class PauseEnded extends Error {
  override readonly name = 'PauseEnded';
}
