// A thread that runs folds, one after the other, as it is told.
import { parentPort, workerData } from 'node:worker_threads';
import { runFold } from './cross-validate.js';
import type { FoldAnswer, FoldOrder, FoldTable } from './fold-threads.js';

const { columns, positive, folds } = workerData as FoldTable;
const answer = (message: FoldAnswer): void => parentPort?.postMessage(message);

parentPort?.on('message', async ({ fold, seed }: FoldOrder) => {
  const report = (progress: Extract<FoldAnswer, { kind: 'progress' }>['progress']): undefined =>
    answer({ kind: 'progress', fold, progress }) as undefined;
  try {
    answer({ kind: 'done', ...(await runFold(columns, positive, folds, fold, { seed, report })) });
  } catch (error) {
    answer({
      kind: 'failed',
      fold,
      why: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
});
