import type { CataloguedStream } from '../streams/stream.js';
import { streamHash } from './token.js';

/** RFC 2919 section 2: the whole List-Id, phrase included. */
export const LIST_ID_LIMIT = 255;

/**
 * The three headers of a message that offers one-click (RFC 8058, RFC 2369, RFC 2919).
 * @param mailto asks for the same by mail; null: the web address stands alone
 */
export function listHeaders(url: string, mailto: string | null, stream: CataloguedStream, host: string) {
  return {
    'List-Unsubscribe': mailto === null ? `<${url}>` : `<${url}>, <${mailto}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    'List-Id': listIdHeader(stream, host),
  };
}

/** `Title <list-id>`. A title that does not fit is left out: the identifier is what receivers compare. */
export function listIdHeader(stream: CataloguedStream, host: string): string {
  const id = `<${stream.listId ?? derivedListId(stream, host)}>`;
  const phrase = phraseOf(stream.title.trim());
  const header = phrase === '' ? id : `${phrase} ${id}`;
  return Buffer.byteLength(header) <= LIST_ID_LIMIT ? header : id;
}

/**
 * For a stream without a List-Id: a readable label and the hash of the stream, under our own host name. The same for
 * ever, and different for every stream (INV-2919-1), as long as the host name stays.
 */
export function derivedListId({ channel, category, origin }: CataloguedStream, host: string): string {
  const readable = `${category}-${origin}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  const label = [readable, streamHash(channel, category, origin)].filter((part) => part !== '').join('-');
  return `${label}.${host}`;
}

/** A phrase of RFC 5322: atoms as they are, else a quoted string, and RFC 2047 for what is not ASCII. */
function phraseOf(title: string): string {
  const text = title.toWellFormed();
  if (/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*$/.test(text)) return text;
  if (/^[\x20-\x7e]*$/.test(text)) return `"${text.replace(/["\\]/g, '\\$&')}"`;
  return encodedWords(text);
}

/** An encoded word has at most 75 characters, and a character is never cut in two (RFC 2047 sections 2 and 5). */
function encodedWords(text: string): string {
  const words: string[] = [];
  let chunk = '';
  for (const letter of text) {
    if (Buffer.byteLength(chunk + letter) > 45) {
      words.push(chunk);
      chunk = '';
    }
    chunk += letter;
  }
  words.push(chunk);
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join(' ');
}
