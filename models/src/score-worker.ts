// A thread that scores a snapshot with a model that has networks, and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { type ArtifactFiles, fromFiles } from './artifact.js';
import { type SnapshotColumns, snapshotTable } from './dataset.js';
import { predictLogits, riskWithin } from './learner.js';

export interface ScoreOrder {
  readonly files: ArtifactFiles;
  /** Columns of the snapshot, as JSON. */
  readonly columns: string;
  /** Numbers of intervals within which the risk is asked. */
  readonly intervals: readonly number[];
}

export type ScoreAnswer =
  | { readonly kind: 'done'; readonly risks: readonly Float64Array[] }
  | { readonly kind: 'failed'; readonly why: string };

const { files, columns, intervals } = workerData as ScoreOrder;

async function score(): Promise<ScoreAnswer> {
  const model = fromFiles(files);
  const read = JSON.parse(columns) as SnapshotColumns;
  const rows = Int32Array.from((read.person ?? []).keys());
  const logits = await predictLogits(model, snapshotTable(read), rows);
  return { kind: 'done', risks: intervals.map((count) => riskWithin(logits, model.intervals, count)) };
}

score().then(
  (answer) => parentPort?.postMessage(answer),
  (error) =>
    parentPort?.postMessage({ kind: 'failed', why: error instanceof Error ? error.message : String(error) }),
);
