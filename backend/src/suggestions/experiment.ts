import type { Rollout } from '../contract/rollouts.js';
import type { Rule, Ruleset } from '../contract/rules.js';
import type { SuggestionExperiment } from '../contract/suggestions.js';
import { fewest } from './weigh.js';

/**
 * The rollout that drew by lot who is decided by such a rule, the newest first: a version that differs from what the other
 * arm was decided by in that one rule and nothing else, with enough people followed in both arms. null: none did.
 *
 * @param versionOf by id; undefined where there is none, as of the rules before any were published
 */
export function experimentOf(
  rule: Rule,
  rollouts: readonly Rollout[],
  versionOf: (id: string) => Pick<Ruleset, 'rules'> | undefined,
): SuggestionExperiment | null {
  for (const rollout of rollouts) {
    const { new_arm, old_arm, differences } = rollout;
    if (Math.min(new_arm.followed_people, old_arm.followed_people) < fewest) continue;
    const [before, ...more] = old_arm.rulesets;
    if (before === undefined || more.length > 0) continue;
    const tried = meanings(versionOf(rollout.ruleset)?.rules ?? []);
    const rest = meanings(versionOf(before)?.rules ?? []);
    const own = meaningOf(rule);
    if (!tried.includes(own) || rest.includes(own)) continue;
    const added = tried.filter((one) => !rest.includes(one));
    const gone = rest.filter((one) => !tried.includes(one));
    // A rule that was changed is one that came and one that went.
    if (added.length !== 1 || gone.length > 1) continue;
    return {
      ruleset: rollout.ruleset,
      number: rollout.number,
      from: rollout.from,
      to: rollout.to,
      people: { new: new_arm.followed_people, old: old_arm.followed_people },
      repeat_rate: differences.repeat_rate,
      complaint_rate: differences.complaint_rate,
      kept_per_person: differences.kept_per_person,
      arms: { new: new_arm.kept_per_person, old: old_arm.kept_per_person },
    };
  }
  return null;
}

/** What a rule does, whatever it is called, tagged, and wherever it stands. */
const meaningOf = ({ when, then: { scope, offers } }: Rule): string => JSON.stringify([when, scope, offers]);

const meanings = (rules: readonly Rule[]): string[] => rules.filter(({ enabled }) => enabled).map(meaningOf);
