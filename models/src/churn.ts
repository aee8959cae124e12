/** The learner: tables in, calibrated risks out. Loading it loads TensorFlow's core, but no backend. */
export { type Additive, additiveLogits, fitAdditive, lambdas, scoreAdditive } from './additive.js';
export { ArtifactError, type ArtifactFiles, fromFiles, toFiles } from './artifact.js';
export { type Backend, chooseBackend } from './backend.js';
export { type Calibration, calibrated, chooseCalibration, gainOf } from './calibrate.js';
export { type CardFacts, writeCard } from './card.js';
export type { ChurnAnswer, ChurnOrder } from './churn-worker.js';
export {
  churnFeatures,
  datasetOf,
  type Ending,
  type Snapshot,
  type SnapshotColumns,
  snapshotTable,
} from './dataset.js';
export * from './encode.js';
export { type PooledScores, pooledScoresOf, type Scores, scoresOf } from './evaluate.js';
export { type Baseline, type Explained, explain } from './explain.js';
export { type Split, splitsOf, stratifiedFolds } from './folds.js';
export { fitIsotonic, type Isotonic, readIsotonic } from './isotonic.js';
export { binaryLabels, eventsOf, hazardLabels, intervalEnds, type Labels, takeLabels } from './labels.js';
export { type Learned, type LearnerOptions, learn, predictLogits, riskWithin } from './learner.js';
export { logit, sigmoid, softplus } from './logit.js';
export { networkLayout } from './network.js';
export { type Bins, type Profile, riskName } from './profile.js';
export { Cancelled, type Progress, type Report } from './progress.js';
export { integratedGradients, shapleyValues } from './reasons.js';
export { fitLine, type Line } from './recalibrate.js';
export { type ScoreSql, scoreSql } from './score-sql.js';
export type { ScoreAnswer, ScoreOrder } from './score-worker.js';
export { type Column, inferColumns } from './table/infer-columns.js';
export { readFolds } from './table/read-folds.js';
export { columnOf, readTable, TableError, type TextTable } from './table/read-table.js';
export {
  type ChurnInput,
  type ChurnReport,
  type ChurnTrained,
  intervalsWithin,
  risksOf,
  trainChurn,
} from './train-churn.js';
export { fewestForNetwork } from './try-networks.js';
