/** What of a message a proof of its author speaks for. With anything else put beside it, it proves nothing about that. */
export interface Coverage {
  /** Names of covered fields, each of which stands there once; `all`: the message and the way that it came. */
  fields: ReadonlySet<string> | 'all';
  /** All of the body. */
  body: boolean;
}

/** It came from a client that may send for its author, who has sent it so, and to us. */
export const everything: Coverage = { fields: 'all', body: true };
export const nothingCovered: Coverage = { fields: new Set(), body: false };

export const isCovered = ({ fields }: Coverage, name: string): boolean =>
  fields === 'all' || fields.has(name);

/** Without the spaces that some allow before the colon. */
export const fieldNameOf = (field: string): string => (field.split(':', 1)[0] ?? '').trim().toLowerCase();

/** @param signed the very fields, folded as they stand there, that signatures which passed are made of */
export function coverageBy(fields: readonly string[], signed: ReadonlySet<string>): Coverage {
  return {
    fields: new Set(
      singleNames(
        fields.filter((field) => signed.has(field)),
        fields,
      ),
    ),
    body: true,
  };
}

/**
 * Of a message of which somebody else says that it passed, and not by which signature: what all of them cover, for the one
 * that passed is among them. Where there is none it was not by a signature.
 */
export function leastCoverage(fields: readonly string[]): Coverage {
  const signatures = fields.filter((field) => fieldNameOf(field) === 'dkim-signature').map(tagsOf);
  if (signatures.length === 0) return everything;
  const inAll = fields.filter((field) =>
    signatures.every((tags) => signedNames(tags).includes(fieldNameOf(field))),
  );
  return {
    fields: new Set(singleNames(inAll, fields)),
    body: signatures.every((tags) => tags?.has('l') === false),
  };
}

/** Of a field that stands there twice the reader may see the one and the signer have meant the other. */
function singleNames(covered: readonly string[], all: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const field of all) counts.set(fieldNameOf(field), (counts.get(fieldNameOf(field)) ?? 0) + 1);
  return covered
    .filter((field) => /^[!-9;-~]+:/.test(field))
    .map(fieldNameOf)
    .filter((name) => counts.get(name) === 1);
}

/** The tags of a DKIM-Signature (RFC 6376 section 3.2); null where one stands there twice: which counts is anybody's guess. */
export function tagsOf(signature: string): ReadonlyMap<string, string> | null {
  const tags = new Map<string, string>();
  for (const part of signature.slice(signature.indexOf(':') + 1).split(';')) {
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(0, equals)).trim().toLowerCase();
    if (tags.has(name)) return null;
    if (name !== '') tags.set(name, part.slice(equals + 1).replace(/\s+/g, ''));
  }
  return tags;
}

export const signedNames = (tags: ReadonlyMap<string, string> | null): string[] =>
  (tags?.get('h') ?? '').toLowerCase().split(':');
