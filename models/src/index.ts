export { createRandom, type Random } from './random.js';
export { demoOptions, simulate } from './simulate.js';
export { countryAndPlan, summariseTruth, type TruthRow } from './simulate-truth.js';
export type * from './simulate-types.js';
