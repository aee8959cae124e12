import { createHash } from 'node:crypto';
import { type Channel, channels, type LegalBasis, legalBases } from '../contract/vocabulary.js';
import { fromBase64url, SEAL_OVERHEAD, Seal } from '../seal.js';
import type { Secrets } from '../secrets.js';
import { HASHED, pack, Unpacker, uuidBytes, uuidText } from './packing.js';

/** What one link says. It is sealed, so the person's browser and mailbox provider can neither read nor change it. */
export interface LinkContent {
  person: string;
  externalId: string;
  identifier: string | null;
  stream: LinkStream;
  audience: string | null;
  campaign: string | null;
  messageId: string | null;
  /** Did the message itself show a way to stop everything? */
  allOptionShown: boolean;
  legalBasis: LegalBasis | null;
  /** Minutes since the epoch. */
  issuedAt: number;
}

/** By name where the names fit, so that a link needs no catalogue; by hash where they do not. */
export type LinkStream =
  | { channel: Channel; category: string; origin: string }
  | { channel: Channel; hash: string };

/** What `openLink` found. */
export interface OpenLink extends LinkContent {
  /** Hash of the token: names it in event ids, evidence and edge hits without being the token. 32 hex digits. */
  id: string;
}

export class LinkTooLong extends Error {
  override readonly name = 'LinkTooLong';
  constructor(
    readonly field: 'audience' | 'campaign' | 'message_id',
    readonly limit: number,
  ) {
    super(
      `${field} does not fit into a link of ${TOKEN_LIMIT} characters: at most ${limit} bytes of UTF-8 are left for it`,
    );
  }
}

/** Longest token, in characters. Longer lines are folded or cut by mail software on the way. */
export const TOKEN_LIMIT = 299;
const CONTENT_LIMIT = Math.floor((TOKEN_LIMIT * 3) / 4) - SEAL_OVERHEAD;
const VERSION = 1;

// The codes of version 1. Links live for ever: a code is never given a second meaning. New words need a version 2.
const channelCodes: readonly Channel[] = [
  'email',
  'sms',
  'push',
  'in_app',
  'whatsapp',
  'voice',
  'post',
  'web',
];
const basisCodes: readonly (LegalBasis | null)[] = [
  null,
  'explicit_consent',
  'double_opt_in',
  'consent',
  'soft_opt_in',
  'implied_consent',
  'legitimate_interest',
  'contract',
];
if (channels.some((c) => !channelCodes.includes(c)) || legalBases.some((b) => !basisCodes.includes(b))) {
  throw new Error('the vocabulary has a word without a code in version 1 of the link token');
}

/** The secrets of links, out of the installation's. */
export function linkSecrets(secrets: Secrets): string[] {
  return secrets.keys('links').map(({ key }) => key.toString('base64'));
}

/** @param secrets the first seals, all open; a secret that ever sealed a link stays in the list */
export function linkSeal(secrets: readonly string[]): Seal {
  return new Seal('link', VERSION, secrets);
}

/**
 * The token of a link: base64url of a seal (seal.ts) over
 *
 * ```text
 * offset  bytes
 * 0       1     bits 0–2 channel · 3–5 legal basis · 6 all-option shown · 7 an identifier follows
 * 1       4     issued at, minutes since the epoch, big endian
 * 5       16    person
 * 21      16    external id hash
 * 37      16    identifier, only with bit 7
 * …       …     packed (packing.ts): category, origin · or form 255 and 8 bytes of stream hash
 * …       …     packed: audience, campaign, message id
 * ```
 * Everything is under one tag, so no field of one link can be put into another.
 *
 * @throws LinkTooLong naming the longest field and what would fit
 */
export function sealLink(seal: Seal, link: LinkContent): string {
  const head = Buffer.alloc(5);
  head.writeUInt8(
    channelCodes.indexOf(link.stream.channel) |
      (basisCodes.indexOf(link.legalBasis) << 3) |
      (link.allOptionShown ? 1 << 6 : 0) |
      (link.identifier === null ? 0 : 1 << 7),
  );
  head.writeUInt32BE(link.issuedAt, 1);
  const ids = [link.person, link.externalId, ...(link.identifier === null ? [] : [link.identifier])];
  const fixed = Buffer.concat([head, ...ids.map(uuidBytes)]);
  const free = freeFields(link, CONTENT_LIMIT - fixed.length - 9);
  const named = namedStream(link.stream);
  const fits = named !== null && fixed.length + named.length + free.length <= CONTENT_LIMIT;
  const stream = fits ? named : hashedStream(link.stream);
  return seal.seal(Buffer.concat([fixed, stream, free])).toString('base64url');
}

/** What the token says, or null for whatever is not a token of ours. Never throws; a pure function of the token. */
export function openLink(seal: Seal, token: string): OpenLink | null {
  if (token.length > TOKEN_LIMIT) return null;
  const sealed = fromBase64url(token);
  const content = sealed === null ? null : seal.open(sealed);
  if (sealed === null || content === null) return null;
  try {
    const link = unpack(content);
    return link === null
      ? null
      : { ...link, id: createHash('sha256').update(sealed).digest('hex').slice(0, 32) };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** First 8 bytes of SHA-256 over `channel\0category\0origin`, in hexadecimal. */
export function streamHash(channel: Channel, category: string, origin: string): string {
  return createHash('sha256').update(`${channel}\0${category}\0${origin}`).digest('hex').slice(0, 16);
}

function unpack(content: Buffer): LinkContent | null {
  const fields = new Unpacker(content);
  const bits = fields.take(1).readUInt8();
  const issuedAt = fields.take(4).readUInt32BE();
  const person = uuidText(fields.take(16));
  const externalId = uuidText(fields.take(16));
  const identifier = bits & (1 << 7) ? uuidText(fields.take(16)) : null;
  const stream = unpackStream(channelCodes[bits & 7] as Channel, fields);
  const [audience, campaign, messageId] = [fields.text(), fields.text(), fields.text()];
  if (stream === null || !fields.done) return null;
  return {
    person,
    externalId,
    identifier,
    stream,
    audience,
    campaign,
    messageId,
    allOptionShown: (bits & (1 << 6)) !== 0,
    legalBasis: basisCodes[(bits >> 3) & 7] as LegalBasis | null,
    issuedAt,
  };
}

function unpackStream(channel: Channel, fields: Unpacker): LinkStream | null {
  if (fields.peek() === HASHED) return { channel, hash: fields.take(9).subarray(1).toString('hex') };
  const [category, origin] = [fields.text(), fields.text()];
  return category === null || origin === null ? null : { channel, category, origin };
}

function namedStream(stream: LinkStream): Buffer | null {
  if ('hash' in stream) return null;
  const [category, origin] = [pack(stream.category), pack(stream.origin)];
  return category === null || origin === null ? null : Buffer.concat([category, origin]);
}

function hashedStream(stream: LinkStream): Buffer {
  const hash = 'hash' in stream ? stream.hash : streamHash(stream.channel, stream.category, stream.origin);
  return Buffer.concat([Buffer.of(HASHED), Buffer.from(hash, 'hex')]);
}

/** Packs audience, campaign and message id into at most `room` bytes. */
function freeFields(link: LinkContent, room: number): Buffer {
  const fields = [
    { name: 'audience' as const, text: link.audience, packed: pack(link.audience) },
    { name: 'campaign' as const, text: link.campaign, packed: pack(link.campaign) },
    { name: 'message_id' as const, text: link.messageId, packed: pack(link.messageId) },
  ];
  const size = (field: (typeof fields)[number]) =>
    field.packed?.length ?? Buffer.byteLength(field.text ?? '') + 1;
  const total = fields.reduce((sum, field) => sum + size(field), 0);
  const packed = fields.map((field) => field.packed).filter((bytes) => bytes !== null);
  if (packed.length === fields.length && total <= room) return Buffer.concat(packed);
  const longest = fields.reduce((a, b) => (size(b) > size(a) ? b : a));
  throw new LinkTooLong(longest.name, Math.max(0, room - (total - size(longest)) - 1));
}
