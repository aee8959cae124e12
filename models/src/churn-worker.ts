// A thread that trains a churn model on what it is given, tells how far it is, and ends.
import { parentPort, workerData } from 'node:worker_threads';
import type { ArtifactFiles } from './artifact.js';
import type { Ending, SnapshotColumns } from './dataset.js';
import type { Progress } from './progress.js';
import { type ChurnTrained, trainChurn } from './train-churn.js';

/** Snapshots as the engine answers them, in JSONColumns: a text passes to a thread at no cost, and is read there. */
export interface ChurnOrder {
  readonly train: readonly { readonly t0: number; readonly text: string }[];
  readonly test: readonly { readonly t0: number; readonly text: string }[];
  readonly week: readonly { readonly t0: number; readonly text: string }[];
  readonly endings: readonly Ending[];
  readonly cut: number;
  readonly until: number;
  readonly seed: number;
  readonly leaking: readonly string[];
  readonly champion: ArtifactFiles | null;
}

export type ChurnAnswer =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'done'; readonly trained: ChurnTrained }
  | { readonly kind: 'failed'; readonly why: string };

const order = workerData as ChurnOrder;
const answer = (message: ChurnAnswer): void => parentPort?.postMessage(message);
const read = ({ t0, text }: { t0: number; text: string }) => ({
  t0,
  columns: JSON.parse(text) as SnapshotColumns,
});

trainChurn(
  { ...order, train: order.train.map(read), test: order.test.map(read), week: order.week.map(read) },
  (progress) => {
    answer({ kind: 'progress', progress });
    return undefined;
  },
).then(
  (trained) => answer({ kind: 'done', trained }),
  (error) =>
    answer({ kind: 'failed', why: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
);
