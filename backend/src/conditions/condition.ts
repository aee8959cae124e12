import type { ConditionOperator } from '../contract/condition-fields.js';
import type { AskedField } from './catalogue.js';

/** What a leaf asks of a fact that is there. Instants are milliseconds since the epoch. */
export type Test =
  | { readonly kind: 'missing' }
  | { readonly kind: 'equals'; readonly value: string | number | boolean }
  | { readonly kind: 'order'; readonly operator: '<' | '<=' | '>' | '>='; readonly than: number }
  /** Both ends belong to it. */
  | { readonly kind: 'between'; readonly low: number; readonly high: number }
  | { readonly kind: 'one_of'; readonly values: readonly (string | number)[] }
  | { readonly kind: 'contains' | 'begins' | 'ends'; readonly text: string }
  /** now − days < fact ≤ now. */
  | { readonly kind: 'within_last'; readonly days: number }
  /** A set: one member, or one of several. */
  | { readonly kind: 'has'; readonly member: string }
  | { readonly kind: 'has_one_of'; readonly members: readonly string[] };

/** A comparison with a missing fact is false, a negated one too; only `missing` is true of it. */
export interface Leaf {
  readonly kind: 'leaf';
  /** `rules[2].rules[0]` */
  readonly path: string;
  readonly field: AskedField;
  readonly operator: ConditionOperator;
  readonly test: Test;
  /** The operator says the contrary of `test`: `!=`, `notIn`, `notNull` … */
  readonly negated: boolean;
}

export interface Group {
  readonly kind: 'group';
  readonly combinator: 'and' | 'or';
  /** Plain negation of what the group says. */
  readonly not: boolean;
  readonly parts: readonly (Leaf | Group)[];
}

/** Why a condition cannot be used: where, and a plain sentence to follow the path. No value is quoted. */
export interface Fault {
  /** `rules[2].rules[0].value`; `condition` for the whole. */
  readonly path: string;
  readonly reason: string;
}

/** The leaves in the order in which they are written. */
export function leavesOf(group: Group): Leaf[] {
  return group.parts.flatMap((part) => (part.kind === 'leaf' ? [part] : leavesOf(part)));
}
