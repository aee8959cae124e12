import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { runFold } from './cross-validate.js';
import type { Progress } from './progress.js';
import type { Column } from './table/infer-columns.js';

export interface FoldTable {
  readonly columns: readonly Column[];
  readonly positive: Uint8Array;
  readonly folds: readonly string[];
}

export interface FoldOrder {
  readonly fold: string;
  readonly seed: number;
}

type FoldDone = Awaited<ReturnType<typeof runFold>>;

export type FoldAnswer =
  | { readonly kind: 'progress'; readonly fold: string; readonly progress: Progress }
  | ({ readonly kind: 'done' } & FoldDone)
  | { readonly kind: 'failed'; readonly fold: string; readonly why: string };

/** Each thread holds the table once more. */
const mostThreads = 4;

/** Runs folds on as many threads as there are cores. What comes of a fold does not depend on the others. */
export async function runFolds(
  table: FoldTable,
  orders: readonly FoldOrder[],
  told: (answer: FoldAnswer) => void,
): Promise<FoldDone[]> {
  const waiting = [...orders];
  const done: FoldDone[] = [];
  const threads = Math.min(orders.length, availableParallelism(), mostThreads);
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL('./fold-worker.js', import.meta.url), { workerData: table }),
  );
  const runOn = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      const next = (): void => {
        const order = waiting.shift();
        if (order === undefined) resolve();
        else worker.postMessage(order);
      };
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`a training thread ended with ${code}`)));
      worker.on('message', (answer: FoldAnswer) => {
        told(answer);
        if (answer.kind === 'failed') reject(new Error(`fold ${answer.fold}: ${answer.why}`));
        if (answer.kind !== 'done') return;
        done.push(answer);
        next();
      });
      next();
    });
  try {
    await Promise.all(workers.map(runOn));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return done;
}
