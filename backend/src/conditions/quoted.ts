const plain = /^[\p{L}\p{N}][\p{L}\p{N}._:@%/+-]*$/u;
const joints: ReadonlySet<string> = new Set(['and', 'or', 'not']);

/**
 * Text as it stands in a sentence: plain words as they are, anything else in quotes, with what cannot be seen, or
 * turns the direction of writing, spelt out.
 * @example quoted('spring sale') // '"spring sale"'
 */
export function quoted(text: string): string {
  if (plain.test(text) && !joints.has(text)) return text;
  return JSON.stringify(text).replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
