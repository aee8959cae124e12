import { createHash } from 'node:crypto';
import PostalMime, { decodeWords } from 'postal-mime';
import { mailboxesIn } from './addresses.js';
import { Fields, messageIdOf, readFields } from './header-block.js';
import { mailDate } from './mail-date.js';

/** How a message reached us, where a mail server or whoever posts it says so. */
export interface Envelope {
  recipients: readonly string[];
  /** '' for the null sender of a bounce; null when it is not known. */
  sender: string | null;
  /** Of the client that brought it to the mail server before us, for SPF. */
  clientIp: string | null;
  helo: string | null;
}

export const noEnvelope: Envelope = { recipients: [], sender: null, clientIp: null, helo: null };

/** A part that is read by its type and not as text. */
export interface Part {
  type: string;
  content: string;
}

/** What is read of a mail: pure, and of bounded size whatever came. */
export interface Message {
  fields: Fields;
  envelope: Envelope;
  /** The mailboxes of every From field. */
  from: readonly string[];
  /** Mailboxes it was sent to: of the envelope, and of the fields that name them. */
  recipients: readonly string[];
  subject: string;
  /** Plain text of the body; of HTML only what a reader sees. */
  text: string;
  parts: readonly Part[];
  messageId: string | null;
  date: string | null;
  /** false: the body is built in a way that is not read (nested too deep, headers without end). */
  isWhole: boolean;
}

/** The largest message that is taken. Kept whole, and read as far as the limits below. */
export const largestMessage = 8 * 1024 * 1024;
const mostBytes = 512 * 1024;
const mostLines = 5000;
/** Lines that may be boundaries: each makes a part. */
const mostDashedLines = 200;
const mostHeaderBytes = 256 * 1024;
const longestField = 16 * 1024;
const mostOfAName = 50;
const deepest = 10;
const longestText = 20_000;
const longestHtml = 100_000;
const longestPart = 256 * 1024;

/** The fields that anything here asks for. The rest may be as long as it likes. */
const wantedFields: ReadonlySet<string> = new Set([
  ...['from', 'to', 'cc', 'subject', 'date', 'message-id', 'return-path', 'delivered-to', 'x-original-to'],
  ...['envelope-to', 'x-envelope-to', 'content-type', 'content-transfer-encoding', 'content-disposition'],
  ...['authentication-results', 'auto-submitted', 'x-apple-unsubscribe', 'x-autoreply', 'x-autorespond'],
  ...['precedence', 'x-failed-recipients', 'received'],
]);

const readTypes: ReadonlySet<string> = new Set([
  'message/feedback-report',
  'message/delivery-status',
  'message/global-delivery-status',
  'message/disposition-notification',
  'message/rfc822',
  'message/global',
  'message/global-headers',
  'text/rfc822-headers',
]);

const returnedTypes: ReadonlySet<string> = new Set([
  ...['message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers'],
]);

/** null: not even a header can be read. Never throws. */
export async function readMessage(raw: Buffer, envelope: Envelope = noEnvelope): Promise<Message | null> {
  const { header, body } = bounded(raw);
  const fields = readFields(header.toString('utf8'));
  if (fields.isEmpty) return null;
  const content = await contentOf(Buffer.concat([mimeHeader(fields), body]));
  const named = ['to', 'cc', 'delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to'];
  const addressed = named.flatMap((name) => fields.all(name).flatMap(mailboxesIn));
  return {
    fields,
    envelope,
    from: fields.all('from').flatMap(mailboxesIn),
    recipients: [...new Set([...envelope.recipients, ...addressed])],
    subject: decodeWords(fields.first('subject') ?? ''),
    messageId: messageIdOf(fields.first('message-id')),
    date: mailDate(fields.first('date')),
    ...content,
  };
}

/** What tells this mail from every other, however often and by whatever way it is sent again. */
export function keyOf({ messageId, text, parts, fields }: Message): string {
  if (messageId !== null) return messageId;
  const hash = createHash('sha256').update(
    JSON.stringify([fields.all('from'), fields.first('date'), text, parts]),
  );
  return hash.digest('hex').slice(0, 32);
}

/** The header of the message that a report is about; empty where none came with it. */
export function returnedHeader({ parts }: Message): Fields {
  const part = parts.find(({ type }) => returnedTypes.has(type));
  return part === undefined ? new Fields() : readFields(part.content);
}

/** What the parser needs of the header: of addresses it would make objects that nobody asked for. */
function mimeHeader(fields: Fields): Buffer {
  const names = ['content-type', 'content-transfer-encoding', 'content-disposition'];
  const lines = names.flatMap((name) => {
    const value = fields.first(name);
    return value === null ? [] : [`${name}: ${value}\r\n`];
  });
  return Buffer.from(`${lines.join('')}\r\n`);
}

async function contentOf(bytes: Buffer): Promise<Pick<Message, 'text' | 'parts' | 'isWhole'>> {
  try {
    const email = await PostalMime.parse(bytes, {
      forceRfc822Attachments: true,
      maxNestingDepth: deepest,
      maxHeadersSize: mostHeaderBytes * 2,
    });
    const text = email.text ?? visibleText(email.html ?? '');
    const parts = email.attachments.flatMap(({ mimeType, content }): Part[] =>
      readTypes.has(mimeType) ? [{ type: mimeType, content: textOf(content) }] : [],
    );
    return { text: beginningAndEnd(text), parts, isWhole: true };
  } catch {
    // Its limits are the only thing it throws for: what the header says still counts.
    return { text: '', parts: [], isWhole: false };
  }
}

/** People answer above a quotation or below it, and nobody writes so much. */
function beginningAndEnd(text: string): string {
  const half = longestText / 2;
  return text.length <= longestText ? text : `${text.slice(0, half)}\n\n${text.slice(-half)}`;
}

function textOf(content: ArrayBuffer | Uint8Array | string): string {
  if (typeof content === 'string') return content.slice(0, longestPart);
  const bytes = content instanceof Uint8Array ? content : new Uint8Array(content);
  return Buffer.from(bytes.subarray(0, longestPart)).toString('utf8');
}

/** Good enough to find words in: no layout, no scripts. Linear. */
function visibleText(html: string): string {
  const entities: Readonly<Record<string, string>> = { nbsp: ' ', amp: '&', lt: '<', gt: '>', quot: '"' };
  return html
    .slice(0, longestHtml)
    .replace(/<(?:br|\/p|\/div|\/tr|\/li)\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&(nbsp|amp|lt|gt|quot);/g, (whole, name: string) => entities[name] ?? whole);
}

/** The message without what a mailbox file or a careless pipe puts in front of it. */
export function withoutLeadingLines(raw: Buffer): Buffer {
  let at = 0;
  while (at < raw.length && (raw[at] === 0x0a || raw[at] === 0x0d)) at++;
  if (raw.subarray(at, at + 5).toString('latin1') === 'From ') at = lineEnd(raw, at);
  return raw.subarray(at);
}

/**
 * The fields that are wanted, and of the body as much as is read. Bytes are looked at once: a parser would make an object of
 * each of eight million empty lines, parts or fields.
 */
function bounded(raw: Buffer): { header: Buffer; body: Buffer } {
  const bytes = withoutLeadingLines(raw.subarray(0, largestMessage));
  const kept: Buffer[] = [];
  const seen = new Map<string, number>();
  let keptBytes = 0;
  let at = 0;
  while (at < bytes.length) {
    const end = fieldEnd(bytes, at);
    if (isEmptyLine(bytes, at))
      return { header: Buffer.concat(kept), body: boundedBody(bytes.subarray(lineEnd(bytes, at))) };
    const name = nameAt(bytes, at);
    const times = (seen.get(name) ?? 0) + 1;
    // One that is too long stands empty: the next of its name must not take its place.
    const field = end - at <= longestField ? bytes.subarray(at, end) : Buffer.from(`${name}:\r\n`);
    if (wantedFields.has(name) && times <= mostOfAName && keptBytes + field.length <= mostHeaderBytes) {
      seen.set(name, times);
      keptBytes += field.length;
      kept.push(field);
    }
    at = end;
  }
  return { header: Buffer.concat([...kept, Buffer.from('\r\n')]), body: Buffer.alloc(0) };
}

/** Behind the line at `at`. */
function lineEnd(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(0x0a, at);
  return end < 0 ? bytes.length : end + 1;
}

/** Behind the field at `at`, its folded lines included. */
function fieldEnd(bytes: Buffer, at: number): number {
  let end = lineEnd(bytes, at);
  while (end < bytes.length && (bytes[end] === 0x20 || bytes[end] === 0x09)) end = lineEnd(bytes, end);
  return end;
}

function isEmptyLine(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x0a || (bytes[at] === 0x0d && bytes[at + 1] === 0x0a);
}

const wantedLengths: ReadonlySet<number> = new Set(Array.from(wantedFields, (name) => name.length));

/** '' for a name that nothing asks for: no text is made of each of a million fields. */
function nameAt(bytes: Buffer, at: number): string {
  let end = at;
  while (end - at < 64 && bytes[end] !== 0x3a && bytes[end] !== 0x0a && end < bytes.length) end++;
  if (bytes[end] !== 0x3a) return '';
  while (end > at && (bytes[end - 1] === 0x20 || bytes[end - 1] === 0x09)) end--;
  return wantedLengths.has(end - at) ? bytes.toString('latin1', at, end).toLowerCase() : '';
}

function boundedBody(body: Buffer): Buffer {
  const bytes = body.subarray(0, mostBytes);
  let at = 0;
  let dashed = 0;
  for (let line = 0; line < mostLines && at < bytes.length; line++) {
    if (bytes[at] === 0x2d && bytes[at + 1] === 0x2d && ++dashed > mostDashedLines) break;
    at = lineEnd(bytes, at);
  }
  return bytes.subarray(0, at);
}
