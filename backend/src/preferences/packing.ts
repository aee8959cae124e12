/**
 * Packs short optional texts into bytes: one form byte, then the content.
 *
 * ```text
 * form      content
 * 0         absent
 * 1 … 199   that many bytes of UTF-8
 * 200       UUID in lower case, 16 bytes
 * 201       ULID in upper case, 16 bytes
 * 202 … 233 2 … 64 hexadecimal digits in lower case, (form − 201) bytes
 * 255       a stream by its hash, 8 bytes (token.ts)
 * ```
 */
const TEXT_LIMIT = 199;
const UUID = 200;
const ULID = 201;
const HEX = 201;
const HEX_LIMIT = 32;
export const HASHED = 255;

const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ulidShape = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const hexShape = /^([0-9a-f]{2}){1,32}$/;
const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The packed bytes, or null when the text is longer than a form byte can say. */
export function pack(text: string | null): Buffer | null {
  if (text === null || text === '') return Buffer.of(0);
  if (uuidShape.test(text)) return Buffer.concat([Buffer.of(UUID), uuidBytes(text)]);
  if (ulidShape.test(text)) return Buffer.concat([Buffer.of(ULID), ulidBytes(text)]);
  if (hexShape.test(text)) return Buffer.concat([Buffer.of(HEX + text.length / 2), Buffer.from(text, 'hex')]);
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length === 0 || bytes.length > TEXT_LIMIT) return null;
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

/** Reads packed fields one after the other. Throws when the bytes end early: the caller turns that into null. */
export class Unpacker {
  constructor(
    private readonly bytes: Buffer,
    private at = 0,
  ) {}

  /** Is everything read? A token with bytes left over is not ours. */
  get done(): boolean {
    return this.at === this.bytes.length;
  }

  take(length: number): Buffer {
    if (this.at + length > this.bytes.length) throw new RangeError('packed bytes end early');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  peek(): number | undefined {
    return this.bytes[this.at];
  }

  text(): string | null {
    const form = this.take(1).readUInt8();
    if (form === 0) return null;
    if (form <= TEXT_LIMIT) return this.take(form).toString('utf8');
    if (form === UUID) return uuidText(this.take(16));
    if (form === ULID) return ulidText(this.take(16));
    if (form <= HEX + HEX_LIMIT) return this.take(form - HEX).toString('hex');
    throw new RangeError('unknown form');
  }
}

/** @throws RangeError when the text is not a UUID: ids of ours always are */
export function uuidBytes(uuid: string): Buffer {
  const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  if (bytes.length !== 16) throw new RangeError('not a UUID');
  return bytes;
}

export function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function ulidBytes(ulid: string): Buffer {
  let value = 0n;
  for (const digit of ulid) value = value * 32n + BigInt(crockford.indexOf(digit));
  return Buffer.from(value.toString(16).padStart(32, '0'), 'hex');
}

function ulidText(bytes: Buffer): string {
  let value = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (let i = 0; i < 26; i++) {
    text = crockford.charAt(Number(value % 32n)) + text;
    value /= 32n;
  }
  return text;
}
