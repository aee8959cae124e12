import { domainOf, mailboxesIn } from './addresses.js';
import type { Fields } from './header-block.js';

/** What the mail server before us found out about the From of a message. */
export interface Verdict {
  dmarc: boolean;
  /** A valid DKIM signature of the From's domain or of one above it. */
  dkim: boolean;
  /** It came from a client that may send for the From's domain: then nobody has replayed it. */
  spf: boolean;
}

/** One method with its result, and what was found beside it: `dkim=pass header.d=example.com`. */
interface Result {
  method: string;
  result: string;
  properties: ReadonlyMap<string, string>;
}

interface Statement {
  /** The server that says so. */
  id: string;
  results: readonly Result[];
}

const nothing: Verdict = { dmarc: false, dkim: false, spf: false };

/**
 * The Authentication-Results (RFC 8601) of the operator's own mail server. Of all fields only the topmost counts, and only
 * under the server's own id: below it anybody may have written anything (section 5). Where the server says of any DMARC
 * that it did not pass, nothing is believed.
 */
export function verdictOf(fields: Fields, authservId: string | null): Verdict {
  const [from, ...others] = fields.all('from').flatMap(mailboxesIn);
  if (authservId === null || from === undefined || others.length > 0) return nothing;
  const [topmost, ...below] = fields.all('authentication-results').map(statementOf);
  const isOurs = (statement: Statement | null | undefined): statement is Statement =>
    statement?.id === authservId.toLowerCase();
  if (!isOurs(topmost)) return nothing;
  const everywhere = [topmost, ...below.filter(isOurs)].flatMap(({ results }) => results);
  if (everywhere.some(({ method, result }) => method === 'dmarc' && result !== 'pass')) return nothing;
  const domain = domainOf(from);
  const passed = (method: string) =>
    topmost.results.filter((one) => one.method === method && one.result === 'pass');
  return {
    dmarc: passed('dmarc').some(({ properties }) => properties.get('header.from') === domain),
    dkim: passed('dkim').some((result) => covers(signerOf(result), domain)),
    spf: passed('spf').some(({ properties }) =>
      covers(afterAt(properties.get('smtp.mailfrom') ?? ''), domain),
    ),
  };
}

const covers = (named: string, domain: string): boolean =>
  named.includes('.') && (domain === named || domain.endsWith(`.${named}`));

function signerOf({ properties }: Result): string {
  return properties.get('header.d') ?? afterAt(properties.get('header.i') ?? '');
}

const afterAt = (text: string): string => text.replace(/^.*@/, '');

type Token = { kind: 'word' | 'quoted'; text: string } | { kind: ';' | '=' };

/** null: it is not built as RFC 8601 section 2.2 says, and anything might be meant. */
function statementOf(value: string): Statement | null {
  const tokens = tokensOf(value.toLowerCase());
  if (tokens === null) return null;
  const [head = [], ...parts] = split(tokens);
  const [id] = head;
  if (id === undefined || !('text' in id)) return null;
  return { id: id.text, results: parts.flatMap((part) => resultOf(part) ?? []) };
}

/** `dkim/1 = pass reason="…" header.d=example.com`; null for what is none, as the word `none` alone. */
function resultOf(tokens: readonly Token[]): Result | null {
  const pairs: [name: string, value: string][] = [];
  for (const [at, token] of tokens.entries()) {
    const [before, name, value] = [tokens[at - 2], tokens[at - 1], tokens[at + 1]];
    if (token.kind !== '=' || name?.kind !== 'word' || value === undefined || !('text' in value)) continue;
    // The value of one is the name of no other.
    if (before?.kind === '=') continue;
    pairs.push([name.text, value.text]);
  }
  const [first, ...rest] = pairs;
  if (first === undefined) return null;
  const properties = new Map<string, string>();
  // Which of two counts is anybody's guess.
  for (const [name, found] of rest) properties.set(name, properties.has(name) ? '' : found);
  return { method: first[0].replace(/\/\d+$/, ''), result: first[1], properties };
}

function split(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === ';') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

/** Quoted strings and comments first: what they hold separates nothing. null: one of them has no end. */
function tokensOf(value: string): Token[] | null {
  const tokens: Token[] = [];
  let at = 0;
  while (at < value.length) {
    const character = value[at] ?? '';
    if (/\s/.test(character)) at++;
    else if (character === ';' || character === '=') {
      tokens.push({ kind: character });
      at++;
    } else if (character === '(' || character === '"') {
      const end = character === '(' ? commentEnd(value, at) : quoteEnd(value, at);
      if (end === null) return null;
      const text = value.slice(at + 1, end - 1).replace(/\\(.)/g, '$1');
      if (character === '"') tokens.push({ kind: 'quoted', text });
      at = end;
    } else {
      // Base64 in a value ends in `=`.
      const isValue = tokens.at(-1)?.kind === '=';
      const [text = character] = (isValue ? /^[^\s;"(]+/ : /^[^\s;="(]+/).exec(value.slice(at)) ?? [];
      tokens.push({ kind: 'word', text });
      at += text.length;
    }
  }
  return tokens;
}

/** Behind the comment that begins at `at`. */
function commentEnd(value: string, at: number): number | null {
  let depth = 0;
  for (let here = at; here < value.length; here++) {
    if (value[here] === '\\') here++;
    else if (value[here] === '(') depth++;
    else if (value[here] === ')' && --depth === 0) return here + 1;
  }
  return null;
}

function quoteEnd(value: string, at: number): number | null {
  for (let here = at + 1; here < value.length; here++) {
    if (value[here] === '\\') here++;
    else if (value[here] === '"') return here + 1;
  }
  return null;
}
