export * from './calibration.js';
export * from './probability.js';
export * from './ranking.js';
