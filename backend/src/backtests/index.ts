/** The past decided anew by other rules: in the engine at once, or one by one with the service's own `decide`. */
export { BacktestsModule } from './backtests.module.js';
export { BacktestsService } from './backtests.service.js';
export { replayed } from './draft.js';
export { Past } from './past.js';
export { redecider, type StoredDecision, storedFacts } from './redecide.js';
export type { RuleSums } from './replay-sql.js';
export type { TriedOut } from './report.js';
