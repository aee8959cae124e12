import type { RulesetEvent } from '../contract/rules.js';

/** What became of one of the versions. */
export type VersionEvent = RulesetEvent & { readonly ruleset: string };

/** Which versions decide, by id. */
export interface VersionsInForce {
  readonly published: string | null;
  readonly rollout: { readonly id: string; readonly percent: number } | null;
}

/**
 * What all events together put in force: of the versions that were published to all and not rolled back since, the one
 * that was published last; beside it the one that is rolled out. That a version was superseded, or put back when another
 * was rolled back, follows from this, so where only half of such a pair was written nothing else comes out.
 *
 * @param events of all versions, in the order in which they happened
 */
export function inForceAfter(
  events: readonly Pick<VersionEvent, 'ruleset' | 'event' | 'percent'>[],
): VersionsInForce {
  let stack: string[] = [];
  let rollout = null as VersionsInForce['rollout'];
  for (const { ruleset, event, percent = 100 } of events) {
    if (event !== 'published' && event !== 'rolled_back') continue;
    if (rollout?.id === ruleset) rollout = null;
    if (event === 'published' && percent < 100) {
      rollout = { id: ruleset, percent };
      continue;
    }
    // Put back when another was rolled back: it stands where it stood.
    if (event === 'published' && stack.at(-1) === ruleset) continue;
    stack = stack.filter((one) => one !== ruleset);
    if (event === 'published') stack.push(ruleset);
  }
  return { published: stack.at(-1) ?? null, rollout };
}
