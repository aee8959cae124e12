import type { RulesetEvent, RulesetState } from '../contract/rules.js';
import { ConflictError } from '../errors.js';

/** Which states allow what. A version never changes; what is in force is found from the events. */
export type Step = 'check' | 'approve' | 'publish' | 'roll_back' | 'discard';

const allowed: Readonly<Record<Step, readonly RulesetState[]>> = {
  check: ['draft', 'checked', 'approved'],
  approve: ['checked'],
  publish: ['approved', 'rollout', 'superseded', 'rolled_back'],
  roll_back: ['rollout', 'published'],
  discard: ['draft', 'checked', 'approved'],
};

const words: Readonly<Record<Step, string>> = {
  check: 'checked',
  approve: 'approved',
  publish: 'published',
  roll_back: 'rolled back',
  discard: 'discarded',
};

/** @throws ConflictError naming the state and what has to come first */
export function mustAllow(step: Step, state: RulesetState): void {
  if (allowed[step].includes(state)) return;
  throw new ConflictError(
    `A version that is ${state.replace('_', ' ')} cannot be ${words[step]}: it must be ${allowed[step]
      .map((one) => one.replace('_', ' '))
      .join(' or ')}.`,
  );
}

/** What a version is, by what became of it. */
export function stateOf(events: readonly Pick<RulesetEvent, 'event' | 'percent'>[]): {
  state: RulesetState;
  percent: number | null;
} {
  let state: RulesetState = 'draft';
  let percent: number | null = null;
  for (const { event, percent: share } of events) {
    switch (event) {
      case 'created':
      case 'backtested':
        break;
      case 'published':
        percent = share ?? 100;
        state = percent < 100 ? 'rollout' : 'published';
        break;
      default:
        percent = null;
        state = event;
    }
  }
  return { state, percent };
}
