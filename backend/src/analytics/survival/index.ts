/** What is read off a survival curve that the engine computed. */
export { chiSquareTail } from './chi-square.js';
export { readAt, type SurvivalPoint } from './curve.js';
export { type LogRank, type LogRankSums, logRank } from './log-rank.js';
export { quantile } from './quantile.js';
export { restrictedMean } from './restricted-mean.js';
