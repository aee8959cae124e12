import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';

const CIPHER = 'chacha20-poly1305';
const KEY_ID = 2;
const NONCE = 12;
const TAG = 16;
/** version 1 + key id 2 + nonce 12 + tag 16 */
export const SEAL_OVERHEAD = 1 + KEY_ID + NONCE + TAG;

interface Key {
  id: Buffer;
  cipher: Buffer;
  nonce: Buffer;
}

/**
 * Seals bytes so that only we can read or make them. The first secret seals, all of them open.
 *
 * ```text
 * offset  bytes
 * 0       1     version, chosen by the caller      ┐ associated data, with the purpose:
 * 1       2     key id: fingerprint of the secret  ┘ a seal of one purpose or version never opens as another
 * 3       12    nonce
 * 15      n     ciphertext (ChaCha20)
 * 15+n    16    tag (Poly1305) over everything
 * ```
 * The nonce is the keyed hash of the content, so the same content gives the same seal and a cloned machine cannot
 * repeat a nonce for two contents. Two contents share one with a chance of n²/2⁹⁷: 2⁻¹⁷ after 10¹² seals of one secret.
 */
export class Seal {
  private readonly keys: Key[];

  constructor(
    private readonly purpose: string,
    private readonly version: number,
    secrets: readonly string[],
  ) {
    if (secrets.length === 0) throw new Error('a seal needs at least one secret');
    this.keys = secrets.map((secret) => ({
      id: derive(secret, `${purpose}/id`, KEY_ID),
      cipher: derive(secret, `${purpose}/cipher`, 32),
      nonce: derive(secret, `${purpose}/nonce`, 32),
    }));
  }

  seal(content: Uint8Array): Buffer {
    const key = this.keys[0] as Key;
    const head = Buffer.concat([Buffer.of(this.version), key.id]);
    const nonce = createHmac('sha256', key.nonce).update(head).update(content).digest().subarray(0, NONCE);
    const cipher = createCipheriv(CIPHER, key.cipher, nonce, { authTagLength: TAG });
    cipher.setAAD(this.associated(head), { plaintextLength: content.length });
    const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
    return Buffer.concat([head, nonce, sealed, cipher.getAuthTag()]);
  }

  /** null for whatever was not sealed here, for this purpose, by one of these secrets. Never throws. */
  open(sealed: Buffer): Buffer | null {
    if (sealed.length < SEAL_OVERHEAD || sealed[0] !== this.version) return null;
    const head = sealed.subarray(0, 1 + KEY_ID);
    // Two secrets may share a fingerprint of two bytes: every one that matches is tried.
    for (const key of this.keys) {
      if (!key.id.equals(head.subarray(1))) continue;
      const content = this.openWith(key, head, sealed);
      if (content !== null) return content;
    }
    return null;
  }

  private openWith(key: Key, head: Buffer, sealed: Buffer): Buffer | null {
    const nonce = sealed.subarray(head.length, head.length + NONCE);
    const body = sealed.subarray(head.length + NONCE, sealed.length - TAG);
    const decipher = createDecipheriv(CIPHER, key.cipher, nonce, { authTagLength: TAG });
    decipher.setAAD(this.associated(head), { plaintextLength: body.length });
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
    try {
      return Buffer.concat([decipher.update(body), decipher.final()]);
    } catch {
      return null;
    }
  }

  private associated(head: Buffer): Buffer {
    return Buffer.concat([Buffer.from(`secateur/${this.purpose}\0`), head]);
  }
}

function derive(secret: string, info: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'secateur', info, length));
}

/** Strict base64url: text that another spelling of the same bytes could replace is refused with null. */
export function fromBase64url(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}
