/** The past decided anew by other rules: in the engine at once, or one by one with the service's own `decide`. */
export { BacktestsService } from './backtests.service.js';
export { replayed } from './draft.js';
export { Past } from './past.js';
export { redecider, type StoredDecision, storedFacts } from './redecide.js';
