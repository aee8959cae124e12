import type { Finding } from '../../contract/rules.js';
import { canonicalSelector, type Selector } from '../../contract/selectors.js';
import { channels } from '../../contract/vocabulary.js';
import { decide } from '../../opt-outs/decide.js';
import type { Decision, RuleSet } from '../../opt-outs/request.js';
import type { ReadRule } from '../compiled-rules.js';
import { scopeSelectors } from '../rule-scope.js';
import { Pace } from './pace.js';
import { at, type Cell, domain, type World, withEssentialAt, worldOf } from './world.js';

/** Enough examples to mend a rule by. */
const mostExamples = 5;

export interface Proof {
  cells: number;
  findings: Finding[];
}

/**
 * Proves over the finite domain trigger × channel × jurisdiction × class × asked × which rule fires (conditions
 * abstracted: any rule may fire on any request) what must hold whatever the rules are:
 *
 * 1. the stream that the person clicked ends
 * 2. essential mail that was not clicked is never stopped for a rule's sake
 * 3. picks, "all" and "everything" are neither narrowed nor widened
 * 4. whatever stops without the rule stops with it, the floor included
 *
 * The real `decide` is asked, in a world of five streams, and of a sixth where rules name one.
 */
export async function prove(rules: readonly ReadRule[]): Promise<Proof> {
  const findings: Finding[] = [];
  const sets = alikeIn(rules);
  let cells = 0;
  const pace = new Pace();
  for (const [index, cell] of [...domain()].entries()) {
    const world = worldOf(cell);
    const bare = bareIn(index, world);
    const fault = clickedEnds(cell, bare);
    if (fault !== null) note(findings, cell, '', fault);
    cells++;
    // Where no rule is even asked the set as a whole stands for each of its rules, and what it says changes nothing.
    if (rules.length > 0 && !bare.isAsked) cells++;
    for (const { fired, alike } of bare.isAsked ? sets : []) {
      const ruled = decide(world.request, { ...world.facts, rules: firing(fired, world) }, at);
      cells += alike.length;
      for (const found of faultsOf(cell, bare, ruled))
        for (const { rule } of alike) note(findings, cell, rule.id, found);
    }
    if (pace.isDue) await pace.rest();
  }
  for (const { fired, alike } of sets) {
    for (const cell of namedCells(fired)) {
      const world = withEssentialAt(cell.selector, worldOf(cell));
      const ruled = decide(world.request, { ...world.facts, rules: firing(fired, world) }, at);
      cells += alike.length;
      if (!ruled.streamsStopped.includes('essential-named')) continue;
      for (const { rule } of alike) note(findings, cell, rule.id, 'essential mail that it names is stopped');
    }
    if (pace.isDue) await pace.rest();
  }
  return { cells, findings };
}

/** Whatever selectors a rule names, essential mail may stand at their place; a bare click on each channel. */
function* namedCells(fired: readonly ReadRule[]): Generator<Cell & { selector: Selector }> {
  const bare = {
    trigger: 'link_unsubscribe',
    jurisdiction: 'US',
    class: 'commercial',
    asked: 'this',
  } as const;
  for (const { rule } of fired) {
    if (rule.then.scope.kind !== 'selectors') continue;
    for (const selector of rule.then.scope.selectors)
      for (const channel of channels) yield { ...bare, channel, selector };
  }
}

/** What stops without rules, and whether rules would be asked. */
type Bare = Pick<Decision, 'effective' | 'streamsStopped'> & { isAsked: boolean };
// The same whatever the rules are: worked out once for a process.
const bares: Bare[] = [];

function bareIn(index: number, { request, facts }: World): Bare {
  const known = bares[index];
  if (known !== undefined) return known;
  let isAsked = false;
  const evaluate = () => {
    isAsked = true;
    return null;
  };
  const rules = { id: 'none', rules: [{ id: 'none', evaluate }] };
  const { effective, streamsStopped } = decide(request, { ...facts, rules }, at);
  const bare = { effective, streamsStopped, isAsked };
  bares[index] = bare;
  return bare;
}

/** Rules of one scope do the same, whichever of them fires: one is asked for all. */
function alikeIn(rules: readonly ReadRule[]): { fired: readonly ReadRule[]; alike: readonly ReadRule[] }[] {
  const byScope = new Map<string, ReadRule[]>();
  for (const one of rules) {
    const scope = JSON.stringify(one.rule.then.scope);
    byScope.set(scope, [...(byScope.get(scope) ?? []), one]);
  }
  return [...byScope.values()].map((alike) => ({ fired: alike.slice(0, 1), alike }));
}

function firing(rules: readonly ReadRule[], { request, stream }: World): RuleSet {
  const message = { ...request, brand: stream.brand };
  return {
    id: 'draft',
    rules: rules.map(({ rule }) => ({
      id: rule.id,
      evaluate: () => ({
        selectors: scopeSelectors(rule.then.scope, message).map(canonicalSelector),
        detail: 'fires',
      }),
    })),
  };
}

function clickedEnds({ asked, trigger }: Cell, { streamsStopped }: Bare): string | null {
  // A browser's signal is about data and not about a message; a deletion closes by what it is.
  const isAboutStream = asked === 'this' && trigger !== 'opt_out_preference_signal';
  const isOfDirectMarketing = trigger === 'gdpr_objection_art21' || trigger === 'erasure_request_art17';
  if (!isAboutStream || isOfDirectMarketing || trigger === 'global_unsubscribe') return null;
  const isComplaint = trigger === 'complaint' || trigger === 'complaint_optout';
  return streamsStopped.includes('clicked') || isComplaint ? null : 'the stream that was clicked goes on';
}

function faultsOf({ asked }: Cell, bare: Bare, ruled: Decision): string[] {
  const faults: string[] = [];
  const lost = bare.effective.filter((selector) => !ruled.effective.includes(selector));
  if (lost.length > 0) faults.push(`what stopped without the rule goes on with it: ${lost.join(', ')}`);
  if (asked !== 'this' && ruled.request.type === 'opted_out') {
    const added = ruled.effective.filter((selector) => !bare.effective.includes(selector));
    if (added.length > 0) faults.push(`what the person chose is widened: ${added.join(', ')}`);
  }
  const essential = ['essential', 'essential-elsewhere'].filter(
    (key) => ruled.streamsStopped.includes(key) && !bare.streamsStopped.includes(key),
  );
  if (essential.length > 0) faults.push(`essential mail is stopped: ${essential.join(', ')}`);
  if (ruled.flags.includes('rule_essential_dropped')) faults.push('it asks for essential mail to stop');
  return faults;
}

function note(findings: Finding[], cell: Cell, rule: string, fault: string): void {
  if (findings.filter((one) => one.rules[0] === rule).length >= mostExamples) return;
  findings.push({
    kind: 'unsafe',
    severity: 'error',
    rules: rule === '' ? [] : [rule],
    detail: fault,
    example: {
      'request.trigger': cell.trigger,
      'message.channel': cell.channel,
      'subscriber.jurisdiction': cell.jurisdiction,
      'message.class': cell.class,
      'request.asked': typeof cell.asked === 'string' ? cell.asked : 'picks',
    },
  });
}
