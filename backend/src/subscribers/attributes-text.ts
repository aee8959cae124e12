import type { AttributeValue } from './subject.js';

/**
 * Attributes as JSON that the engine reads as well: of an integer of 2^63 and more, which JavaScript writes out in full
 * up to 10^21, its parser refuses the whole document, and the person would have no attribute at all.
 * @example attributesText({ a: 1e20 }) // '{"a":1e+20}'
 */
export function attributesText(attributes: Readonly<Record<string, AttributeValue>>): string {
  const members = Object.entries(attributes).map(([name, value]) => {
    const isTooLong = typeof value === 'number' && Math.abs(value) >= 2 ** 63;
    return `${JSON.stringify(name)}:${isTooLong ? value.toExponential() : JSON.stringify(value)}`;
  });
  return `{${members.join(',')}}`;
}
