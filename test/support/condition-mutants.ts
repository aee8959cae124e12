import type { ConditionOperator } from '@secateur/backend/contract';
import {
  type Asked,
  begins,
  ends,
  type Holds,
  isBetween,
  leafHolds,
  number,
  text,
  valueAsked,
  valuesAsked,
} from './condition-interpreter.js';

/** The interpreter with one operator wrong, in a way in which somebody could have got it wrong. */
export interface Mutant {
  readonly operator: ConditionOperator;
  readonly name: string;
  readonly holds: Holds;
}

/** @param wrong asked only of facts that are there; undefined: as it should be */
function mutant(
  operator: ConditionOperator,
  name: string,
  wrong: (asked: Asked) => boolean | undefined,
): Mutant {
  const holds: Holds = (asked) => {
    const isMeant = asked.leaf.operator === operator && asked.fact !== undefined;
    return (isMeant ? wrong(asked) : undefined) ?? leafHolds(asked);
  };
  return { operator, name, holds };
}

function missingHolds(operator: ConditionOperator): Mutant {
  const holds: Holds = (asked) =>
    asked.leaf.operator === operator && asked.fact === undefined ? true : leafHolds(asked);
  return { operator, name: 'holds for a missing fact', holds };
}

const compared: readonly ConditionOperator[] = [
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
];

/** What the C library takes for the text. */
function untilNul(whole: Buffer): Buffer {
  const end = whole.indexOf(0);
  return end < 0 ? whole : whole.subarray(0, end);
}

const isText = (asked: Asked): boolean => Buffer.isBuffer(asked.fact);
const isNumber = (asked: Asked): boolean => asked.type === 'number';
const lower = (value: Buffer): string => value.toString('utf8').toLowerCase();
const day = 86_400_000;

function isListedByBits({ fact, leaf, type }: Asked): boolean {
  return valuesAsked({ leaf, type }).some((value) => Object.is(value, fact));
}

export const mutants: readonly Mutant[] = [
  ...compared.map(missingHolds),
  mutant('=', 'ends text at NUL', (asked) =>
    isText(asked) ? untilNul(text(asked.fact)).equals(untilNul(text(valueAsked(asked)))) : undefined,
  ),
  mutant('=', 'tells −0 from 0', (asked) =>
    isNumber(asked) ? Object.is(asked.fact, valueAsked(asked)) : undefined,
  ),
  mutant('=', 'ignores case', (asked) =>
    isText(asked) ? lower(text(asked.fact)) === lower(text(valueAsked(asked))) : undefined,
  ),
  mutant('!=', 'tells −0 from 0', (asked) =>
    isNumber(asked) ? !Object.is(asked.fact, valueAsked(asked)) : undefined,
  ),
  mutant('<', 'is at most', (asked) => number(asked.fact) <= number(valueAsked(asked))),
  mutant('<=', 'is less', (asked) => number(asked.fact) < number(valueAsked(asked))),
  mutant('>', 'is at least', (asked) => number(asked.fact) >= number(valueAsked(asked))),
  mutant('>=', 'is more', (asked) => number(asked.fact) > number(valueAsked(asked))),
  mutant(
    'between',
    'leaves the upper end out',
    (asked) => isBetween(asked) && asked.fact !== valuesAsked(asked)[1],
  ),
  mutant(
    'between',
    'leaves the lower end out',
    (asked) => isBetween(asked) && asked.fact !== valuesAsked(asked)[0],
  ),
  mutant(
    'notBetween',
    'takes the upper end in',
    (asked) => !isBetween(asked) || asked.fact === valuesAsked(asked)[1],
  ),
  mutant('in', 'tells −0 from 0', (asked) => (isNumber(asked) ? isListedByBits(asked) : undefined)),
  mutant('in', 'reads the first value alone', (asked) =>
    asked.type === 'set' ? undefined : leafHolds({ ...asked, leaf: firstAlone(asked) }),
  ),
  mutant('in', 'wants all of a set', (asked) =>
    asked.type === 'set'
      ? valuesAsked(asked).every((value) =>
          (asked.fact as Buffer[]).some((member) => member.equals(value as Buffer)),
        )
      : undefined,
  ),
  mutant('notIn', 'tells −0 from 0', (asked) => (isNumber(asked) ? !isListedByBits(asked) : undefined)),
  mutant('contains', 'ends text at NUL', (asked) =>
    isText(asked) ? untilNul(text(asked.fact)).includes(untilNul(text(valueAsked(asked)))) : undefined,
  ),
  mutant('contains', 'finds a piece of a member', (asked) =>
    asked.type === 'set'
      ? (asked.fact as Buffer[]).some((member) => member.includes(text(valueAsked(asked))))
      : undefined,
  ),
  mutant('contains', 'finds half a pair', (asked) =>
    isText(asked) ? text(asked.fact).toString('utf8').includes(String(asked.leaf.value)) : undefined,
  ),
  mutant('doesNotContain', 'ends text at NUL', (asked) =>
    isText(asked) ? !untilNul(text(asked.fact)).includes(untilNul(text(valueAsked(asked)))) : undefined,
  ),
  mutant('beginsWith', 'contains', (asked) => text(asked.fact).includes(text(valueAsked(asked)))),
  mutant(
    'doesNotBeginWith',
    'does not contain',
    (asked) => !text(asked.fact).includes(text(valueAsked(asked))),
  ),
  mutant('endsWith', 'contains', (asked) => text(asked.fact).includes(text(valueAsked(asked)))),
  mutant('endsWith', 'begins', (asked) => begins(text(asked.fact), text(valueAsked(asked)))),
  mutant('doesNotEndWith', 'does not begin', (asked) => !begins(text(asked.fact), text(valueAsked(asked)))),
  mutant(
    'doesNotEndWith',
    'ends text at NUL',
    (asked) => !ends(untilNul(text(asked.fact)), text(valueAsked(asked))),
  ),
  mutant('withinLast', 'takes the far end in', (asked) => leafHolds(asked) || asked.fact === farEnd(asked)),
  mutant('withinLast', 'takes the future in', (asked) => number(asked.fact) > farEnd(asked)),
  mutant(
    'notWithinLast',
    'leaves the far end out',
    (asked) => leafHolds(asked) && asked.fact !== farEnd(asked),
  ),
  mutant(
    'notWithinLast',
    'leaves the future out',
    (asked) => leafHolds(asked) && number(asked.fact) <= asked.now,
  ),
  {
    operator: 'null',
    name: 'takes what is there for missing',
    holds: (asked) => (asked.leaf.operator === 'null' ? asked.fact !== undefined : leafHolds(asked)),
  },
  mutant(
    'null',
    'takes the empty text for missing',
    (asked) => isText(asked) && text(asked.fact).length === 0,
  ),
  mutant('null', 'takes 0 and false for missing', (asked) => asked.fact === 0 || asked.fact === false),
  mutant(
    'null',
    'takes the empty set for missing',
    (asked) => asked.type === 'set' && (asked.fact as []).length === 0,
  ),
  mutant(
    'notNull',
    'takes the empty text for missing',
    (asked) => !isText(asked) || text(asked.fact).length > 0,
  ),
  {
    operator: 'notNull',
    name: 'always holds',
    holds: (asked) => asked.leaf.operator === 'notNull' || leafHolds(asked),
  },
];

function firstAlone({ leaf, type }: Asked): Asked['leaf'] {
  const [first] = Array.isArray(leaf.value) ? leaf.value : [undefined];
  return first === undefined || type === 'set' ? leaf : { ...leaf, value: [first] };
}

function farEnd({ leaf, now }: Asked): number {
  return now - Number(leaf.value) * day;
}
