export * from './beta-binomial.js';
export * from './control-charts.js';
export * from './false-discoveries.js';
export * from './intervals.js';
export * from './population-stability.js';
export * from './shifted-beta-geometric.js';
export * from './special.js';
export * from './tails.js';
