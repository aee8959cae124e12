import { operatorTitle } from '../contract/condition-fields.js';
import type { Group, Leaf } from './condition.js';
import { quoted } from './quoted.js';

/**
 * The condition as one line for people to read; nothing is left out, so that two that differ read differently.
 * @example readableText(condition) // 'channel is email and (opens in 30 days < 1 or last open is missing)'
 */
export function readableText(condition: Group): string {
  return groupText(condition, true);
}

function groupText({ combinator, not, parts }: Group, isOutermost: boolean): string {
  const [only] = parts;
  if (only === undefined) return (combinator === 'and') === not ? 'never' : 'always';
  const texts = parts.map((part) =>
    part.kind === 'leaf' ? leafText(part) : groupText(part, parts.length === 1),
  );
  const joined = texts.join(` ${combinator} `);
  if (not) return `not (${joined})`;
  return isOutermost || parts.length === 1 ? joined : `(${joined})`;
}

function leafText({ field, operator, test }: Leaf): string {
  const { type } = field.field;
  const asked = `${field.title} ${operatorTitle(type, operator)}`;
  const shown = (value: string | number | boolean): string => valueText(value, type === 'instant');
  switch (test.kind) {
    case 'missing':
      return asked;
    case 'equals':
      return `${asked} ${shown(test.value)}`;
    case 'order':
      return `${asked} ${shown(test.than)}`;
    case 'between':
      return `${asked} ${shown(test.low)} and ${shown(test.high)}`;
    case 'one_of':
      return `${asked} ${test.values.map(shown).join(', ')}`;
    case 'contains':
    case 'begins':
    case 'ends':
      return `${asked} ${shown(test.text)}`;
    case 'within_last':
      return `${asked} ${test.days} ${test.days === 1 ? 'day' : 'days'}`;
    case 'has':
      return `${asked} ${shown(test.member)}`;
    case 'has_one_of':
      return `${asked} ${test.members.map(shown).join(', ')}`;
  }
}

function valueText(value: string | number | boolean, isInstant: boolean): string {
  if (typeof value === 'string') return quoted(value);
  return isInstant && typeof value === 'number' ? new Date(value).toISOString() : String(value);
}
