import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fartherOn, jsonFault } from './json-fault.js';

test.each([
  ['', 0, 'value'],
  ['{"a":1,}', 7, 'name'],
  ['{"a"', 4, ':'],
  ['[1,2', 4, ', or ]'],
  ['[1 2]', 3, ', or ]'],
  ['{"a":tru}', 5, 'value'],
  ['{"a":01}', 5, 'value'],
  ['{} x', 3, 'end'],
  ['{"a":"open', 10, 'end of string'],
  ['{"a":"line\nbreak"}', 10, 'end of string'],
  ['["\\x"]', 2, 'end of string'],
  ["{'a':1}", 1, 'name or }'],
  ['List-Unsubscribe=One-Click', 0, 'value'],
])('finds the fault of %j', (text, offset, expected) => {
  expect(jsonFault(text)).toEqual({ offset, expected });
});

test('agrees with the parser on where a text stops being JSON, wherever the parser says', () => {
  const spoiled = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', ']', '"', 'x', '1', ':', '\n', '\\'))
    .map(
      ([text, at, put]) =>
        text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + 1),
    );
  fc.assert(
    fc.property(spoiled, (text) => {
      let message = '';
      try {
        JSON.parse(text);
        return;
      } catch (error) {
        message = (error as Error).message;
      }
      const { offset } = jsonFault(text);
      const told = /at position (\d+)/.exec(message)?.[1];
      // Inside a number, a word or an escape the parser names the first wrong character, we where it starts.
      if (told !== undefined) expect(text.slice(offset, Number(told))).toMatch(/^[\\\w.+-]*$/);
      if (told !== undefined) expect(offset).toBeLessThanOrEqual(Number(told));
      expect(offset).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 2000, seed: 7 },
  );
});

test('looks no farther than 64 Ki characters, whatever they are', () => {
  for (const [repeated, length] of [
    ['[', 1],
    ['1,', 2],
    ['{"a":', 5],
    ['\\n', 2],
  ] as const) {
    const start = repeated === '\\n' ? '["' : '[';
    const { offset, expected } = jsonFault(start + repeated.repeat(4_000_000));
    expect(expected).toBe(fartherOn);
    expect(offset).toBeLessThanOrEqual(65_537 + length);
  }
  expect(jsonFault('['.repeat(60_000))).toEqual({ offset: 60_000, expected: 'value or ]' });
  expect(jsonFault(`["${'a'.repeat(4_000_000)}`)).toEqual({ offset: 4_000_002, expected: 'end of string' });
});
