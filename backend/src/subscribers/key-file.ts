import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  write,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const writeAsync = promisify(write);
const syncAsync = promisify(fdatasync);

/**
 * One random key for each person, in a file outside the database and its backups: slot n holds the bytes from 32 n.
 * Zeros mean the key was destroyed; what it sealed cannot be opened again, from no backup of the database.
 */
export class KeyFile {
  readonly #file: number;
  #slots: number;

  /** @param path created with mode 0600 when absent; a torn last slot is left unused */
  constructor(path: string) {
    closeSync(openSync(path, 'a+', 0o600));
    const folder = openSync(dirname(path), 'r');
    fsyncSync(folder);
    closeSync(folder);
    this.#file = openSync(path, 'r+');
    this.#slots = Math.ceil(fstatSync(this.#file).size / keyBytes);
  }

  /** Slots for that many new people, durable when the promise resolves. An unused slot does no harm. */
  async allocate(count: number): Promise<number[]> {
    if (count === 0) return [];
    const first = this.#slots;
    this.#slots += count;
    const keys = randomBytes(count * keyBytes);
    // A write may be short: on a full disk, or across a signal.
    for (let done = 0; done < keys.length; ) {
      const { bytesWritten } = await writeAsync(
        this.#file,
        keys,
        done,
        keys.length - done,
        first * keyBytes + done,
      );
      done += bytesWritten;
    }
    await syncAsync(this.#file);
    return Array.from({ length: count }, (_, index) => first + index);
  }

  /** Seals text under the person's key. Base64 of nonce, ciphertext and tag (AES-256-GCM). */
  seal(slot: number, text: string): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#key(slot), nonce);
    return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
      'base64',
    );
  }

  /** The sealed text, or null when the key was destroyed. @throws Error when the text was sealed under another key */
  open(slot: number, sealed: string): string | null {
    const key = this.#key(slot);
    if (key.every((byte) => byte === 0)) return null;
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes));
    decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
    return decipher.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
  }

  /** Destroys a key: everything sealed under it is gone, durably. */
  destroy(slot: number): void {
    writeSync(this.#file, Buffer.alloc(keyBytes), 0, keyBytes, slot * keyBytes);
    fdatasyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }

  #key(slot: number): Buffer {
    const key = Buffer.alloc(keyBytes);
    const read = readSync(this.#file, key, 0, keyBytes, slot * keyBytes);
    if (read !== keyBytes)
      throw new Error(`key file has no slot ${slot}: was it restored from an older copy?`);
    return key;
  }
}
