import type { RulesetEvent, RulesetState } from '../contract/rules.js';
import { ConflictError } from '../errors.js';
import type { VersionsInForce } from './in-force.js';

/** Which states allow what. A version never changes; what is in force is found from the events of all (in-force.ts). */
export type Step = 'check' | 'approve' | 'publish' | 'roll_back' | 'discard';

const allowed: Readonly<Record<Step, readonly RulesetState[]>> = {
  // What was rolled back did harm: it has to be checked and approved anew before it decides again.
  check: ['draft', 'checked', 'approved', 'rolled_back'],
  approve: ['checked'],
  publish: ['approved', 'rollout', 'superseded'],
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

/** What a version is, by what became of it and by what is in force. */
export function stateOf(
  id: string,
  events: readonly Pick<RulesetEvent, 'event'>[],
  { published, rollout }: VersionsInForce,
): { state: RulesetState; percent: number | null } {
  if (id === rollout?.id) return { state: 'rollout', percent: rollout.percent };
  if (id === published) return { state: 'published', percent: 100 };
  let state: RulesetState = 'draft';
  for (const { event } of events) {
    if (event === 'created' || event === 'backtested') continue;
    // In force it is not: another took its place, and only half of that was written down.
    state = event === 'published' ? 'superseded' : event;
  }
  return { state, percent: null };
}
