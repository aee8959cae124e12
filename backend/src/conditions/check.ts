import { type ConditionOperator, type FieldUse, operatorsOf } from '../contract/condition-fields.js';
import { Condition, type ConditionLeaf } from '../contract/conditions.js';
import { fieldName } from '../field-name.js';
import type { Catalogue } from './catalogue.js';
import type { Fault, Group, Leaf } from './condition.js';
import { isNegated, type Operand, readTest } from './operand.js';

type Path = readonly (string | number)[];

export type Checked =
  | { readonly ok: true; readonly condition: Group }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Enough to mend a condition by. */
const mostFaults = 100;

/**
 * Reads a condition and settles each question in it: field found, operator allowed, values of the field's type.
 *
 * @param input JSON as it was sent or stored
 * @param use where it will be asked: a sweep knows no message and no request
 * @param at where the condition stands in what was sent, to lead the paths: `['rules', 3, 'when']`
 */
export function checkCondition(input: unknown, catalogue: Catalogue, use: FieldUse, at: Path = []): Checked {
  const parsed = Condition.safeParse(input);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      (issue): Fault => fault([...at, ...(issue.path as Path)], issue.message),
    );
    return { ok: false, faults };
  }
  const checker = new Checker(catalogue, use);
  const condition = checker.group(parsed.data, at);
  return checker.faults.length === 0
    ? { ok: true, condition }
    : { ok: false, faults: checker.faults.slice(0, mostFaults) };
}

function fault(path: Path, reason: string): Fault {
  return { path: fieldName(path, 'condition'), reason };
}

class Checker {
  readonly faults: Fault[] = [];

  constructor(
    private readonly catalogue: Catalogue,
    private readonly use: FieldUse,
  ) {}

  group({ combinator, not = false, rules }: Condition, path: Path): Group {
    const parts: (Leaf | Group)[] = [];
    for (const [index, part] of rules.entries()) {
      const at = [...path, 'rules', index];
      const read = 'rules' in part ? this.group(part, at) : this.#leaf(part, at);
      if (read !== undefined) parts.push(read);
    }
    return { kind: 'group', combinator, not, parts };
  }

  #leaf(leaf: ConditionLeaf, path: Path): Leaf | undefined {
    const asked = this.catalogue.find(leaf.field);
    if (typeof asked === 'string') return this.#fault([...path, 'field'], asked);
    const { field } = asked;
    if (!field.used_in.includes(this.use)) {
      const known =
        this.use === 'sweep'
          ? 'known only while a request is decided'
          : 'not known while a request is decided';
      return this.#fault([...path, 'field'], `is ${known}`);
    }
    if (!field.operators.includes(leaf.operator)) {
      return this.#fault([...path, 'operator'], notAnOperator(leaf.operator, field));
    }
    const operand: Operand = {
      field,
      allows: (value) => this.catalogue.allows(field, value),
      fault: (below, reason) => this.#fault([...path, 'value', ...below], reason),
    };
    const test = readTest(leaf.operator, leaf.value, operand);
    if (test === undefined) return undefined;
    const { operator } = leaf;
    return {
      kind: 'leaf',
      path: fieldName(path, 'condition'),
      field: asked,
      operator,
      test,
      negated: isNegated(operator),
    };
  }

  #fault(path: Path, reason: string): undefined {
    this.faults.push(fault(path, reason));
    return undefined;
  }
}

function notAnOperator(
  operator: ConditionOperator,
  field: { readonly type: Leaf['field']['field']['type']; readonly operators: readonly ConditionOperator[] },
): string {
  if (operatorsOf(field.type).includes(operator))
    return 'cannot be asked of this field, which is never missing';
  return `cannot be asked of this field: it takes ${field.operators.join(', ')}`;
}
