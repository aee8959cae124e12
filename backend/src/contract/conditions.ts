import { z } from 'zod';
import { ConditionOperator, conditionOperators } from './condition-fields.js';

export const conditionLimits = {
  /** Groups within groups, the outermost counted. */
  depth: 8,
  /** Leaves, and groups that hold nothing. */
  leaves: 200,
  /** Values of one list. */
  values: 1000,
  /** Characters of one text. */
  textLength: 1024,
} as const;

/** Room for a comma list of the editor. */
const longestText = 100_000;
/** Room for a category of 128 characters, percent-encoded. */
const longestField = 2000;

const scalar = z.union([z.string().max(longestText), z.number(), z.boolean()]);

/** One comparison. `null` and `notNull` take no value. */
export const ConditionLeaf = z.strictObject({
  field: z.string().min(1).max(longestField),
  operator: ConditionOperator,
  value: z.union([scalar, z.array(scalar).max(conditionLimits.values)]).optional(),
});
export type ConditionLeaf = z.infer<typeof ConditionLeaf>;

/** `and` of nothing always holds, `or` of nothing never; `not` turns what the group says. */
const ConditionGroup = z.strictObject({
  combinator: z.enum(['and', 'or']),
  not: z.boolean().optional(),
  get rules() {
    return z.array(z.union([ConditionLeaf, ConditionGroup]));
  },
});

/**
 * A condition, as react-querybuilder edits it. What the editor keeps for itself (`id`, `path`, `disabled`,
 * `valueSource: 'value'`) is left out; anything else that is not known is refused.
 */
export const Condition = z.preprocess((value, context) => {
  const reader = new ShapeReader();
  const condition = reader.group(value, [], 1);
  for (const { path, message } of reader.faults) context.addIssue({ code: 'custom', path, message });
  return condition;
}, ConditionGroup);
export type Condition = z.infer<typeof Condition>;

type Path = (string | number)[];

const editorMembers = ['id', 'path', 'disabled'];
const groupMembers = new Set([...editorMembers, 'combinator', 'not', 'rules']);
const leafMembers = new Set([...editorMembers, 'field', 'operator', 'value', 'valueSource']);
const operators: ReadonlySet<unknown> = new Set(conditionOperators);

/** Enough to mend a condition by. */
const mostFaults = 100;

/**
 * Reads what the schema describes, naming each fault once and in a sentence, where the choices of a union would name
 * it for each choice; and stops at the limits, because a schema that calls itself would run out of stack.
 */
class ShapeReader {
  readonly faults: { path: Path; message: string }[] = [];
  #leaves = 0;

  group(value: unknown, path: Path, depth: number): unknown {
    if (!isObject(value)) return this.#fault(path, 'must be a group with combinator and rules');
    this.#members(value, groupMembers, path);
    const { combinator, not, rules } = value;
    if (combinator !== 'and' && combinator !== 'or')
      this.#fault([...path, 'combinator'], 'must be "and" or "or"');
    if (not !== undefined && typeof not !== 'boolean') this.#fault([...path, 'not'], 'must be true or false');
    if (!Array.isArray(rules)) return this.#fault([...path, 'rules'], 'must be a list');
    if (rules.length === 0) this.#count(path);
    const parts: unknown[] = [];
    for (const [index, part] of rules.entries()) {
      if (this.#isFull) break;
      parts.push(this.#part(part, [...path, 'rules', index], depth));
    }
    return { combinator, ...(not === true ? { not } : {}), rules: parts };
  }

  #part(value: unknown, path: Path, depth: number): unknown {
    if (!isObject(value)) return this.#fault(path, 'must be a leaf or a group');
    if (!('rules' in value || 'combinator' in value)) return this.#leaf(value, path);
    if (depth >= conditionLimits.depth) {
      return this.#fault(path, `groups may be nested ${conditionLimits.depth} deep at most`);
    }
    return this.group(value, path, depth + 1);
  }

  #leaf(value: Record<string, unknown>, path: Path): unknown {
    this.#count(path);
    this.#members(value, leafMembers, path);
    const { field, operator, valueSource } = value;
    if (typeof field !== 'string' || field === '' || field.length > longestField)
      this.#fault([...path, 'field'], 'must be the id of a field');
    if (valueSource !== undefined && valueSource !== null && valueSource !== 'value') {
      this.#fault([...path, 'valueSource'], 'must be "value": fields are not compared with each other');
    }
    if (!operators.has(operator)) return this.#fault([...path, 'operator'], 'must be a known operator');
    if (operator === 'null' || operator === 'notNull') return { field, operator };
    return { field, operator, value: this.#value(value.value, [...path, 'value']) };
  }

  #value(value: unknown, path: Path): unknown {
    if (value === undefined || value === null) return this.#fault(path, 'is needed');
    if (!Array.isArray(value)) return this.#scalar(value, path);
    if (value.length > conditionLimits.values) {
      return this.#fault(path, `may list ${conditionLimits.values} values at most`);
    }
    return value.map((item, index) => this.#scalar(item, [...path, index]));
  }

  #scalar(value: unknown, path: Path): unknown {
    if (typeof value === 'string') {
      return value.length > longestText ? this.#fault(path, 'is too long') : value;
    }
    if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value;
    return this.#fault(
      path,
      typeof value === 'number' ? 'must be a finite number' : 'must be text, a number, true or false',
    );
  }

  #members(value: Record<string, unknown>, known: ReadonlySet<string>, path: Path): void {
    for (const name of Object.keys(value)) {
      if (!known.has(name)) this.#fault([...path, name], 'is not a known field');
    }
  }

  #count(path: Path): void {
    this.#leaves += 1;
    if (this.#leaves === conditionLimits.leaves + 1) {
      this.#fault(path, `is one too many: a condition may have ${conditionLimits.leaves} leaves at most`);
    }
  }

  get #isFull(): boolean {
    return this.#leaves > conditionLimits.leaves || this.faults.length >= mostFaults;
  }

  #fault(path: Path, message: string): undefined {
    if (this.faults.length < mostFaults) this.faults.push({ path, message });
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
