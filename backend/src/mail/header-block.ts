/** Longer than any honest field. What a flood of them holds is left out. */
const longestField = 16 * 1024;
const mostFields = 2000;
const mostCharacters = 256 * 1024;

/** The fields of one header block, unfolded, by name in any case. */
export class Fields {
  readonly #values = new Map<string, string[]>();

  add(name: string, value: string): void {
    const key = name.toLowerCase();
    const known = this.#values.get(key);
    if (known === undefined) this.#values.set(key, [value]);
    else known.push(value);
  }

  get isEmpty(): boolean {
    return this.#values.size === 0;
  }

  /** Of a repeated field the first; null when it is absent or empty. */
  first(name: string): string | null {
    const value = this.#values.get(name.toLowerCase())?.[0] ?? '';
    return value === '' ? null : value;
  }

  all(name: string): readonly string[] {
    return this.#values.get(name.toLowerCase()) ?? [];
  }

  copyTo(other: Fields): void {
    for (const [name, values] of this.#values) for (const value of values) other.add(name, value);
  }

  without(names: readonly string[]): Fields {
    const rest = new Fields();
    for (const [name, values] of this.#values)
      if (!names.includes(name)) for (const value of values) rest.add(name, value);
    return rest;
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }
}

/** The first block of fields: the header of a message, in CRLF or LF. */
export function readFields(text: string): Fields {
  return readBlocks(text, 1)[0] ?? new Fields();
}

/**
 * Blocks of fields with empty lines between them, as a delivery status has them (RFC 3464 section 2.1). Linear, and never
 * throws: lines that are no field are passed over, and beyond 256 KiB or 2,000 fields nothing is read.
 */
export function readBlocks(text: string, most = 1000): Fields[] {
  const blocks: Fields[] = [];
  let current = new Fields();
  let name = '';
  let parts: string[] = [];
  let length = 0;
  let count = 0;
  const endField = () => {
    if (name !== '' && length <= longestField) current.add(name, parts.join('').trim());
    name = '';
    parts = [];
    length = 0;
  };
  const endBlock = () => {
    endField();
    if (!current.isEmpty) blocks.push(current);
    current = new Fields();
  };
  for (const line of text.slice(0, mostCharacters).split(/\r?\n/)) {
    if (line === '') {
      endBlock();
      if (blocks.length >= most) break;
      continue;
    }
    if (line.startsWith(' ') || line.startsWith('\t')) {
      parts.push(line);
      length += line.length;
      continue;
    }
    endField();
    const colon = line.indexOf(':');
    const before = colon < 0 ? '' : line.slice(0, colon).trimEnd();
    if (!fieldName.test(before) || ++count > mostFields) continue;
    name = before;
    parts = [line.slice(colon + 1)];
    length = line.length;
  }
  endBlock();
  return blocks.slice(0, most);
}

/** RFC 5322 section 3.6.8, without names that nobody gives. */
const fieldName = /^[!-9;-~]{1,100}$/;

/** `<id@host>` or `id@host`, without brackets, comment and folding; null when there is none. */
export function messageIdOf(value: string | null): string | null {
  const [, bracketed, bare] = /<([^<>]*)>|^([^\s()]+)/.exec((value ?? '').trim()) ?? [];
  const id = (bracketed ?? bare ?? '').replace(/\s+/g, '');
  return id === '' ? null : id;
}

/** Without comments in parentheses, nested or not (RFC 5322 section 3.2.2). What stands in quotation marks stays as it is. */
export function withoutComments(value: string): string {
  let depth = 0;
  let isQuoted = false;
  let text = '';
  for (let at = 0; at < value.length; at++) {
    const character = value[at] ?? '';
    const escaped = character === '\\' && (isQuoted || depth > 0) ? (value[++at] ?? '') : '';
    if (depth === 0 && character === '"') isQuoted = !isQuoted;
    if (!isQuoted && character === '(') depth++;
    else if (!isQuoted && character === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) text += character + escaped;
  }
  return text.trim();
}
