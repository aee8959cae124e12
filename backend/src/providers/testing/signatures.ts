import { describe, expect, it } from 'vitest';
import type { ProviderAdapter, Verification } from '../adapter.js';
import { call, context, flipped } from '../adapters/test-support.js';

/** How a provider signs, to be put to the same questions as every other. */
interface Scheme {
  adapter: ProviderAdapter;
  body: Buffer;
  /** Two keys of the kind that the provider gives out. */
  secrets: readonly [string, string];
  /** The headers of a call under this key. */
  sign(body: Buffer, secret: string): Record<string, string>;
  /** What the signature dates the call by (ms). */
  signedAt: number | null;
}

export function describeSignature({ adapter, body, secrets: [ours, another], sign, signedAt }: Scheme): void {
  const verify = (bytes: Buffer, headers: Record<string, string>, secrets: readonly string[]) =>
    adapter.verify?.(call(bytes, { headers }), context({ secrets })) as Verification;

  describe('signature', () => {
    it('is good over the bytes, under the key', () => {
      expect(verify(body, sign(body, ours), [ours])).toEqual({ valid: true, signedAt });
    });

    it('is good under either key while one is rotated', () => {
      for (const secrets of [
        [ours, another],
        [another, ours],
      ]) {
        expect(verify(body, sign(body, ours), secrets)).toMatchObject({ valid: true });
      }
    });

    it('INV-WH-1: is refused for one flipped bit wherever it stands', () => {
      for (let place = 0; place < body.length; place += 7) {
        expect(verify(flipped(body, place), sign(body, ours), [ours]), `byte ${place}`).toMatchObject({
          valid: false,
        });
      }
    });

    it('INV-WH-1: is refused under another key, and where no key is set', () => {
      expect(verify(body, sign(body, another), [ours])).toMatchObject({ valid: false });
      expect(verify(body, sign(body, ours), [])).toMatchObject({ valid: false });
    });

    it('INV-WH-1: is refused where a header is missing, empty or cut', () => {
      const headers = sign(body, ours);
      for (const name of Object.keys(headers)) {
        const { [name]: value = '', ...rest } = headers;
        expect(verify(body, rest, [ours]), name).toMatchObject({ valid: false });
        for (const wrong of ['', ' ', value.slice(0, -2), 'é'.repeat(32)]) {
          expect(verify(body, { ...rest, [name]: wrong }, [ours]), `${name}: ${wrong}`).toMatchObject({
            valid: false,
          });
        }
      }
    });
  });
}
