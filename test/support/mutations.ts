import { between, oneOf, type Random } from './faults-count.js';

/** Bytes that mean something to a parser of mail, JSON or forms. */
const spice = [
  '\r\n\r\n',
  '\r\n',
  '\n',
  '\0',
  '--',
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '&',
  '=',
  '%00',
  '%',
  '\\u0000',
  '\\ud800',
  '=?utf-8?B?',
  '?=',
  '<',
  '>',
  '@',
  'null',
  '-1',
  '1e999',
  '9'.repeat(400),
  'x'.repeat(3000),
  '__proto__',
  'Content-Type: multipart/mixed; boundary=',
  'Content-Transfer-Encoding: base64\r\n',
  '\u202e',
  '\ufeff',
] as const;

/** The text with one to eight things done to it. The same random numbers give the same text. */
export function mutated(random: Random, text: string): string {
  let result = text;
  for (let times = between(random, 1, 9); times > 0; times--) result = oneOf(random, ways)(random, result);
  return result.slice(0, 200_000);
}

type Way = (random: Random, text: string) => string;

const ways: readonly Way[] = [
  // Another letter.
  (random, text) => {
    const at = place(random, text);
    return text.slice(0, at) + String.fromCharCode(between(random, 0, 256)) + text.slice(at + 1);
  },
  // A piece missing.
  (random, text) => {
    const at = place(random, text);
    return text.slice(0, at) + text.slice(at + between(random, 1, 200));
  },
  // A piece twice, or many times.
  (random, text) => {
    const at = place(random, text);
    const piece = text.slice(at, at + between(random, 1, 300));
    return text.slice(0, at) + piece.repeat(between(random, 2, oneOf(random, [3, 40]))) + text.slice(at);
  },
  // The end missing.
  (random, text) => text.slice(0, place(random, text)),
  // Something strange in between.
  (random, text) => {
    const at = place(random, text);
    return text.slice(0, at) + oneOf(random, spice) + text.slice(at);
  },
  // A value of JSON of another kind.
  (random, text) =>
    replaceOne(random, text, /:\s*("[^"]*"|-?\d+(?:\.\d+)?|true|false|null)/g, () => {
      const value = oneOf(random, [
        'null',
        '[]',
        '{}',
        '""',
        '0',
        '-1',
        'true',
        '[[[[]]]]',
        '1e308',
        '"\\u0000"',
        '9007199254740993',
      ]);
      return `:${value}`;
    }),
  // A header or line somewhere else.
  (random, text) => {
    const lines = text.split('\n');
    const [line = ''] = lines.splice(between(random, 0, lines.length), 1);
    lines.splice(between(random, 0, lines.length + 1), 0, line);
    return lines.join('\n');
  },
];

function place(random: Random, text: string): number {
  return between(random, 0, Math.max(1, text.length));
}

function replaceOne(random: Random, text: string, pattern: RegExp, by: () => string): string {
  const found = [...text.matchAll(pattern)];
  const match = found[between(random, 0, Math.max(1, found.length))];
  if (match === undefined) return text;
  return text.slice(0, match.index) + by() + text.slice(match.index + match[0].length);
}
