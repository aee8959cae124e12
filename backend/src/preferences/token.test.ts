import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Channel, channels, legalBases } from '../contract/vocabulary.js';
import { Seal } from '../seal.js';
import { uuidText } from './packing.js';
import {
  type LinkContent,
  LinkTooLong,
  linkSeal,
  openLink,
  sealLink,
  streamHash,
  TOKEN_LIMIT,
} from './token.js';

// fast-check prints the seed and the path of a failing case.
const seal = linkSeal(['first secret', 'retired secret']);

const uuid = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => uuidText(Buffer.from(bytes)));
const ulid = fc.stringMatching(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
const hex = fc.stringMatching(/^([0-9a-f]{2}){1,32}$/);
const name = (maxLength: number) => fc.string({ unit: 'binary', minLength: 1, maxLength });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const link: fc.Arbitrary<LinkContent> = fc.record({
  person: uuid,
  externalId: uuid,
  identifier: maybe(uuid),
  stream: fc.record({ channel: fc.constantFrom(...channels), category: name(128), origin: name(128) }),
  audience: maybe(name(8)),
  campaign: maybe(fc.oneof(name(8), uuid, ulid)),
  messageId: maybe(fc.oneof(name(8), uuid, ulid, hex)),
  allOptionShown: fc.boolean(),
  legalBasis: fc.constantFrom(null, ...legalBases),
  issuedAt: fc.integer({ min: 0, max: 0xffff_ffff }),
});

const plain: LinkContent = {
  person: '11111111-1111-4111-8111-111111111111',
  externalId: '22222222-2222-5222-8222-222222222222',
  identifier: '33333333-3333-5333-8333-333333333333',
  stream: { channel: 'email', category: 'promotions', origin: 'shop' },
  audience: 'lapsed-de',
  campaign: 'bf-2026',
  messageId: '0190f5a2-7b1c-7d4e-9a3b-5c6d7e8f9a0b',
  allOptionShown: true,
  legalBasis: 'soft_opt_in',
  issuedAt: 29_500_000,
};

/** What a link must open as: names that do not fit come back as their hash. */
function expected(content: LinkContent, opened: LinkContent): LinkContent {
  if ('hash' in content.stream || !('hash' in opened.stream)) return content;
  const { channel, category, origin } = content.stream;
  return { ...content, stream: { channel, hash: streamHash(channel, category, origin) } };
}

describe('a link token', () => {
  it('opens as what was sealed, is URL-safe and under 300 characters (INV-8058-3)', () => {
    fc.assert(
      fc.property(link, (content) => {
        const token = sealLink(seal, content);
        expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(token.length).toBeLessThan(300);
        const opened = openLink(seal, token);
        if (opened === null) throw new Error('does not open');
        const { id, ...rest } = opened;
        expect(id).toMatch(/^[0-9a-f]{32}$/);
        expect(rest).toEqual(expected(content, rest));
      }),
      { numRuns: 2000 },
    );
  });

  it('is a pure function of its content and of nothing else', () => {
    expect(sealLink(seal, plain)).toBe(sealLink(linkSeal(['first secret']), { ...plain }));
    const token = sealLink(seal, plain);
    expect(openLink(seal, token)).toEqual(openLink(linkSeal(['other', 'first secret']), token));
  });

  it('does not open with any single bit flipped (INV-8058-4)', () => {
    const bytes = Buffer.from(sealLink(seal, plain), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(openLink(seal, flipped.toString('base64url')), `bit ${bit}`).toBeNull();
    }
  });

  it('does not open when cut short, lengthened or spelt in another way', () => {
    for (let extra = 0; extra < 3; extra++) {
      const token = sealLink(seal, { ...plain, campaign: 'x'.repeat(3 + extra) });
      for (let length = 0; length < token.length; length++)
        expect(openLink(seal, token.slice(0, length))).toBeNull();
      const last = token.slice(-1);
      const other = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      for (const letter of `${other}=`) {
        if (letter !== last) expect(openLink(seal, token.slice(0, -1) + letter)).toBeNull();
        expect(openLink(seal, token + letter)).toBeNull();
      }
    }
  });

  it('never throws on garbage', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 400 }), fc.base64String({ maxLength: 400 })), (text) => {
        expect(openLink(seal, text)).toBeNull();
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      // Sealed by our own key, but not a link: the content is checked as well.
      fc.property(fc.uint8Array({ maxLength: 193 }), (content) => {
        const token = seal.seal(content).toString('base64url');
        expect(() => openLink(seal, token)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  it('lets no part of one token into another: the tag covers the stream too (dittofeed: the HMAC left out the group)', () => {
    fc.assert(
      fc.property(link, link, fc.nat(), fc.nat(), (a, b, from, length) => {
        const [one, two] = [a, b].map((content) => Buffer.from(sealLink(seal, content), 'base64url'));
        if (one === undefined || two === undefined || one.equals(two)) return;
        const shorter = Math.min(one.length, two.length);
        const start = from % shorter;
        const end = Math.min(start + 1 + (length % shorter), shorter);
        const mixed = Buffer.from(one);
        two.copy(mixed, start, start, end);
        if (mixed.equals(one) || mixed.equals(two)) return;
        expect(openLink(seal, mixed.toString('base64url'))).toBeNull();
      }),
      { numRuns: 2000 },
    );
  });

  it('two streams never share a token', () => {
    fc.assert(
      fc.property(link, link, (a, b) => {
        const moved = { ...a, stream: b.stream };
        const same = JSON.stringify(a.stream) === JSON.stringify(b.stream);
        expect(sealLink(seal, a) === sealLink(seal, moved)).toBe(same);
      }),
    );
  });

  it('keeps old keys working after rotation and refuses unknown ones', () => {
    const old = sealLink(linkSeal(['retired secret']), plain);
    expect(openLink(seal, old)).toMatchObject(plain);
    expect(openLink(linkSeal(['a stranger']), old)).toBeNull();
    expect(openLink(linkSeal(['a stranger', 'retired secret']), old)).toMatchObject(plain);
  });

  it('tries every secret whose two-byte fingerprint matches', () => {
    // Two secrets with one fingerprint, found by counting: with 65,536 fingerprints they turn up early.
    const seen = new Map<string, string>();
    let pair: [string, string] | undefined;
    for (let n = 0; pair === undefined; n++) {
      const secret = createHash('sha256').update(String(n)).digest('hex');
      const id = Buffer.from(sealLink(linkSeal([secret]), plain), 'base64url')
        .subarray(1, 3)
        .toString('hex');
      const other = seen.get(id);
      if (other !== undefined) pair = [other, secret];
      seen.set(id, secret);
    }
    expect(openLink(linkSeal(pair), sealLink(linkSeal([pair[1]]), plain))).toMatchObject(plain);
  });

  it('does not open as a seal of another purpose or version', () => {
    const bytes = new Seal('undo', 1, ['first secret']).seal(Buffer.from('x'));
    expect(openLink(seal, bytes.toString('base64url'))).toBeNull();
    expect(
      new Seal('link', 2, ['first secret']).open(Buffer.from(sealLink(seal, plain), 'base64url')),
    ).toBeNull();
  });

  it('carries the stream by name where it fits and by its hash where it does not', () => {
    expect(openLink(seal, sealLink(seal, plain))?.stream).toEqual(plain.stream);
    const long = { channel: 'sms' as Channel, category: 'c'.repeat(128), origin: 'ö'.repeat(64) };
    const opened = openLink(seal, sealLink(seal, { ...plain, stream: long }));
    expect(opened?.stream).toEqual({ channel: 'sms', hash: streamHash('sms', long.category, long.origin) });
    expect(sealLink(seal, { ...plain, stream: opened?.stream ?? long })).toBe(
      sealLink(seal, { ...plain, stream: long }),
    );
  });

  it('refuses at creation what does not fit, with the name of the field and the room left', () => {
    const tooLong = { ...plain, audience: 'a'.repeat(120) };
    try {
      sealLink(seal, tooLong);
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof LinkTooLong)) throw error;
      expect(error.field).toBe('audience');
      expect(error.message).toContain('audience');
      expect(error.message).toContain(String(error.limit));
      const fits = sealLink(seal, { ...plain, audience: 'a'.repeat(error.limit) });
      expect(fits.length).toBeLessThanOrEqual(TOKEN_LIMIT);
      expect(() => sealLink(seal, { ...plain, audience: 'a'.repeat(error.limit + 1) })).toThrow(LinkTooLong);
    }
    expect(() => sealLink(seal, { ...plain, messageId: 'm'.repeat(200) })).toThrow(/message_id/);
    expect(() => sealLink(seal, { ...plain, campaign: 'x'.repeat(128) })).toThrow(/campaign/);
  });
});
