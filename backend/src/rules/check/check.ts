import type { Catalogue } from '../../conditions/index.js';
import type { CheckReport } from '../../contract/rules.js';
import type { ReadRule } from '../compiled-rules.js';
import { findingsOf } from './findings.js';
import { prove } from './proof.js';

/**
 * Everything that can be said about a set of rules without asking the log: what can never match, what is covered, what
 * conflicts, what is missed, and the safety proof.
 *
 * @param rules enabled ones, in the order in which they are looked at
 * @param now the instant to which "within the last" refers
 */
export async function checkRules(
  rules: readonly ReadRule[],
  catalogue: Catalogue,
  now: number,
): Promise<CheckReport> {
  const began = performance.now();
  const findings = await findingsOf(rules, catalogue, now);
  const proof = await prove(rules);
  const all = [...findings, ...proof.findings];
  return {
    passed: all.every(({ severity }) => severity !== 'error'),
    findings: all,
    cells: proof.cells,
    milliseconds: Math.round(performance.now() - began),
  };
}
