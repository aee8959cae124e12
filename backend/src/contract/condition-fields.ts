import { z } from 'zod';
import { Name } from './vocabulary.js';

/** What a fact can be. `choice` is text of a closed list, `instant` a moment in time, `set` a set of texts. */
export const fieldTypes = ['text', 'number', 'boolean', 'instant', 'set', 'choice'] as const;
export const FieldType = z.enum(fieldTypes);
export type FieldType = z.infer<typeof FieldType>;

/** The names of react-querybuilder, and two of ours for instants. */
export const conditionOperators = [
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'between',
  'notBetween',
  'in',
  'notIn',
  'contains',
  'doesNotContain',
  'beginsWith',
  'doesNotBeginWith',
  'endsWith',
  'doesNotEndWith',
  'withinLast',
  'notWithinLast',
  'null',
  'notNull',
] as const;
export const ConditionOperator = z.enum(conditionOperators);
export type ConditionOperator = z.infer<typeof ConditionOperator>;

const choiceTitles = {
  '=': 'is',
  '!=': 'is not',
  in: 'is one of',
  notIn: 'is none of',
  null: 'is missing',
  notNull: 'is known',
};

const titles: Readonly<Record<FieldType, Partial<Record<ConditionOperator, string>>>> = {
  text: {
    ...choiceTitles,
    contains: 'contains',
    doesNotContain: 'does not contain',
    beginsWith: 'begins with',
    doesNotBeginWith: 'does not begin with',
    endsWith: 'ends with',
    doesNotEndWith: 'does not end with',
  },
  number: {
    '=': '=',
    '!=': '≠',
    '<': '<',
    '<=': '≤',
    '>': '>',
    '>=': '≥',
    between: 'is between',
    notBetween: 'is not between',
    in: 'is one of',
    notIn: 'is none of',
    null: 'is missing',
    notNull: 'is known',
  },
  boolean: { '=': 'is', '!=': 'is not', null: 'is missing', notNull: 'is known' },
  // Not equality: of two instants in milliseconds it says next to nothing, and "= a day" would mean its midnight.
  instant: {
    '<': 'is before',
    '<=': 'is at or before',
    '>': 'is after',
    '>=': 'is at or after',
    between: 'is between',
    notBetween: 'is not between',
    withinLast: 'is within the last',
    notWithinLast: 'is not within the last',
    null: 'is missing',
    notNull: 'is known',
  },
  set: {
    contains: 'include',
    doesNotContain: 'do not include',
    in: 'include one of',
    notIn: 'include none of',
    null: 'are missing',
    notNull: 'are known',
  },
  choice: choiceTitles,
};

/** What the type can be asked, in the order of a menu. */
export function operatorsOf(type: FieldType): ConditionOperator[] {
  return conditionOperators.filter((operator) => titles[type][operator] !== undefined);
}

/** @example operatorTitle('instant', '<') // 'is before' */
export function operatorTitle(type: FieldType, operator: ConditionOperator): string {
  return titles[type][operator] ?? operator;
}

export const FieldChoice = z.object({ value: z.string(), title: z.string() });
export type FieldChoice = z.infer<typeof FieldChoice>;

/** What a field may be asked of in particular: `engagement.opens_30d[stream=promotions]`. */
export const fieldParameters = ['stream', 'category', 'channel'] as const;
export const FieldParameter = z.enum(fieldParameters);
export type FieldParameter = z.infer<typeof FieldParameter>;

/** `decision`: known when a request is decided. `sweep`: known of any person at any time. */
export const FieldUse = z.enum(['decision', 'sweep']);
export type FieldUse = z.infer<typeof FieldUse>;

export const ConditionField = z.object({
  id: z.string(),
  type: FieldType,
  /** As it stands in a sentence: `opens in 30 days`. */
  title: z.string(),
  /** What a number counts; null for what is no number, and for numbers without one. */
  unit: z.string().nullable(),
  description: z.string(),
  group: z.string(),
  may_be_missing: z.boolean(),
  operators: z.array(ConditionOperator),
  used_in: z.array(FieldUse),
  /** The closed list of a choice, and of a set whose members are known. null: any text. */
  choices: z.array(FieldChoice).nullable(),
  parameters: z.array(FieldParameter),
  /** One of `parameters` must be named. */
  parameter_required: z.boolean(),
  /** In a rule it may make what stops wider, or offer something; never narrower. */
  widens_only: z.boolean(),
});
export type ConditionField = z.infer<typeof ConditionField>;

/** All that may be asked in this installation now: the editor builds itself from it. */
export const ConditionCatalogue = z.object({
  fields: z.array(ConditionField),
  /** What each parameter can name. */
  parameters: z.record(FieldParameter, z.array(FieldChoice)),
});
export type ConditionCatalogue = z.infer<typeof ConditionCatalogue>;

/** A fact about subscribers that the organisation declares: `subscriber.attributes.<name>`. */
export const AttributeDefinition = z.strictObject({
  name: Name.max(64),
  type: z.enum(['text', 'number', 'boolean', 'instant']),
  unit: z.string().max(64).optional(),
  description: z.string().max(500).optional(),
});
export type AttributeDefinition = z.infer<typeof AttributeDefinition>;

/**
 * The field as a leaf names it.
 * @example conditionFieldId('engagement.opens_30d', 'category', 'spring sale') // 'engagement.opens_30d[category=spring%20sale]'
 */
export function conditionFieldId(field: string, parameter: FieldParameter, value: string): string {
  return `${field}[${parameter}=${encodeURIComponent(value.toWellFormed())}]`;
}
