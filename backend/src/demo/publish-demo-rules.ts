import type { RulesService } from '../rules/rules.service.js';
import { demoRules } from './demo-rules.js';

const by = 'demo';

/**
 * Once for an installation, and not where somebody has written rules, be it a draft. A start that ended half-way is gone
 * on with from where it stood. Where a second person has to approve, the version waits for them.
 */
export async function publishDemoRules(rules: RulesService): Promise<void> {
  const versions = rules.list();
  if (versions.some(({ created_by }) => created_by !== by)) return;
  const { id } =
    versions[0] ?? (await rules.draft({ rules: [...demoRules], note: 'The rules of the demo' }, by));
  if (rules.one(id).state === 'draft') await rules.check(id, by);
  if (rules.one(id).state === 'checked') {
    if (rules.ruleSettings().two_person) return;
    await rules.approve(id, by, 'the demo');
  }
  if (rules.one(id).state === 'approved') await rules.publish(id, { percent: 100, why: 'the demo' }, by);
}
