import type { ConditionOperator } from '../contract/condition-fields.js';
import { compileLeaf } from './closure.js';
import type { Group, Leaf } from './condition.js';
import type { Fact, FactLayout, Facts } from './facts.js';

/** One leaf, and the fact that it was asked of. */
export interface TracedLeaf {
  /** `rules[2].rules[0]` */
  readonly path: string;
  readonly field: string;
  readonly operator: ConditionOperator;
  /** As JSON holds it: instants in ISO 8601, sets as sorted lists, null for missing. */
  readonly fact: string | number | boolean | readonly string[] | null;
  readonly held: boolean;
}

export interface Trace {
  readonly held: boolean;
  /** Every leaf, in the order in which they are written, also those that could not change the answer any more. */
  readonly leaves: readonly TracedLeaf[];
}

/** The closure's twin: the same answer, and what each leaf found. */
export function compileTrace(group: Group, layout: FactLayout): (facts: Facts, now: number) => Trace {
  const evaluate = traceGroup(group, layout);
  return (facts, now) => {
    const leaves: TracedLeaf[] = [];
    return { held: evaluate(facts, now, leaves), leaves };
  };
}

type Evaluate = (facts: Facts, now: number, leaves: TracedLeaf[]) => boolean;

function traceGroup({ parts, combinator, not }: Group, layout: FactLayout): Evaluate {
  const evaluators = parts.map((part) =>
    part.kind === 'leaf' ? traceLeaf(part, layout) : traceGroup(part, layout),
  );
  return (facts, now, leaves) => {
    let held = combinator === 'and';
    for (const evaluate of evaluators) {
      const partHeld = evaluate(facts, now, leaves);
      held = combinator === 'and' ? held && partHeld : held || partHeld;
    }
    return held !== not;
  };
}

function traceLeaf(leaf: Leaf, layout: FactLayout): Evaluate {
  const holds = compileLeaf(leaf, layout);
  const slot = layout.slotOf(leaf.field);
  const { path, operator } = leaf;
  const { id, field } = leaf.field;
  return (facts, now, leaves) => {
    const held = holds(facts, now);
    leaves.push({ path, field: id, operator, fact: shown(facts[slot] ?? null, field.type), held });
    return held;
  };
}

function shown(fact: Fact, type: Leaf['field']['field']['type']): TracedLeaf['fact'] {
  if (fact instanceof Set) return [...fact].sort();
  if (type === 'instant' && typeof fact === 'number') return new Date(fact).toISOString();
  return fact as Exclude<Fact, ReadonlySet<string>>;
}
