/** The one pair that RFC 8058 section 3.1 defines. Compared without regard to case: the mistake is not the person's. */
const NAME = 'list-unsubscribe';
const VALUE = 'one-click';

/**
 * A part of multipart/form-data that carries the pair, whatever the boundary is. RFC 8058 section 8 prints an example
 * whose delimiter lines lack the two leading dashes, and software was written from it: so the part is searched for by
 * its own header and not by counting dashes.
 */
const part =
  /^content-disposition[ \t]*:[^\r\n]*\bname[ \t]*=[ \t]*"?list-unsubscribe"?[ \t]*(?:;[^\r\n]*)?\r?\n(?:[^\r\n]+\r?\n)*\r?\n\s*one-click[ \t]*(?:[\r\n]|$)/im;

/** A one-click body has about 200 bytes. The search below takes time in the square of what it looks at. */
const LOOK = 16 * 1024;

/** A folded header line (RFC 5322 section 2.2.3), but not an indented line after a blank one. */
const fold = /(?<=[^\r\n])\r?\n[ \t]+(?=\S)/g;

/**
 * Does this POST body ask for one-click (RFC 8058)? Judged by the bytes alone: Content-Type is often missing or wrong,
 * and says nothing that the body does not. An empty body or any other is not one-click (INV-8058-5).
 */
export function isOneClick(body: Uint8Array): boolean {
  const text = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, LOOK)).toString('latin1');
  return hasPair(text) || part.test(text.replace(fold, ' '));
}

/** `name=value` as urlencoded, or on a line of its own as text/plain. */
function hasPair(text: string): boolean {
  return text.split(/[&\r\n]+/).some((pair) => {
    const [name = '', value = ''] = pair.split('=', 2).map((half) => unescaped(half).trim().toLowerCase());
    return name === NAME && value === VALUE;
  });
}

function unescaped(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
