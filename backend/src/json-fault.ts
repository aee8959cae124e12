const space = /[\t\n\r ]*/y;
const mark = /[{}[\],:]/y;
const word = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
/** From the quote on, up to the first character that needs a look. */
const plainText = /[ !#-[\]-\uffff]*/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/y;

/** How far is looked: finding a place must not hold up everyone else. */
const farthest = 65_536;
/** Expected by a fault that lies farther on than was looked. */
export const fartherOn = 'sound JSON from here on';

type Expected = 'value' | 'value or ]' | 'name' | 'name or }' | ':' | ', or }' | ', or ]' | 'end';
type Token = { kind: 'mark'; mark: string } | { kind: 'text' } | { kind: 'word' };

/**
 * Where a text stops being JSON (RFC 8259), for a message that must not quote what was sent.
 * Called only when the parser refused. Of a fault after 64 Ki characters it says no more than that.
 *
 * @returns the offset in UTF-16 units, and what should have stood there
 * @example jsonFault('{"a":1,}') // { offset: 7, expected: 'name' }
 */
export function jsonFault(text: string): { offset: number; expected: string } {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let offset = 0;
  for (;;) {
    if (offset > farthest) return { offset, expected: fartherOn };
    offset = endOf(space, text, offset) ?? offset;
    const read = readToken(text, offset);
    if ('fault' in read) {
      // A string that does not end is the fault only where a string may stand.
      const inString = read.fault > offset && /^(?:name|value)/.test(expected);
      return inString ? { offset: read.fault, expected: 'end of string' } : { offset, expected };
    }
    const next: Expected | undefined = follow(expected, read.token, open);
    if (next === undefined) return { offset, expected };
    expected = next;
    offset = read.end;
  }
}

/** The offset behind what the pattern matches there, or undefined. */
function endOf(pattern: RegExp, text: string, offset: number): number | undefined {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function readToken(text: string, offset: number): { token: Token; end: number } | { fault: number } {
  const marked = endOf(mark, text, offset);
  if (marked !== undefined) return { token: { kind: 'mark', mark: text.charAt(offset) }, end: marked };
  const worded = endOf(word, text, offset);
  if (worded !== undefined) return { token: { kind: 'word' }, end: worded };
  if (text.charAt(offset) !== '"') return { fault: offset };
  let at = offset + 1;
  for (;;) {
    // The caller stops there, too.
    if (at > farthest) return { token: { kind: 'text' }, end: at };
    at = endOf(plainText, text, at) ?? at;
    if (text.charAt(at) === '"') return { token: { kind: 'text' }, end: at + 1 };
    const next = endOf(escaped, text, at);
    if (next === undefined) return { fault: at };
    at = next;
  }
}

/** What must stand after a token, or undefined when the token must not stand here. Keeps `open` as it goes. */
function follow(expected: Expected, token: Token, open: ('{' | '[')[]): Expected | undefined {
  const after = (): Expected => (open.length === 0 ? 'end' : open.at(-1) === '{' ? ', or }' : ', or ]');
  const sign = token.kind === 'mark' ? token.mark : undefined;
  if (expected === ':') return sign === ':' ? 'value' : undefined;
  if (expected === ', or }' && sign === ',') return 'name';
  if (expected === ', or ]' && sign === ',') return 'value';
  if (expected !== 'end' && sign !== undefined && expected.endsWith(sign)) {
    open.pop();
    return after();
  }
  if (expected.startsWith('name')) return token.kind === 'text' ? ':' : undefined;
  if (!expected.startsWith('value')) return undefined;
  if (sign === undefined) return after();
  if (sign !== '{' && sign !== '[') return undefined;
  open.push(sign);
  return sign === '{' ? 'name or }' : 'value or ]';
}
