import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from './config.js';

/** Injection tokens of the `Secrets` and of the pepper, a Buffer. */
export const SECRETS = Symbol('SECRETS');
export const PEPPER = Symbol('PEPPER');

/** A key for one purpose, and a short public name by which a token can say under which key it was made. */
export interface SubKey {
  readonly id: string;
  readonly key: Buffer;
}

/**
 * Keys by purpose, derived from the installation's secrets by HKDF-SHA256 (RFC 5869), so that a key that leaks
 * from one use is worth nothing in another.
 */
export class Secrets {
  readonly #derived = new Map<string, readonly [SubKey, ...SubKey[]]>();

  /** @param roots the first signs, all verify */
  constructor(private readonly roots: readonly string[]) {
    if (roots.length === 0) throw new Error('Secrets need at least one root');
  }

  /** The keys of a purpose: the first signs, all verify. The same purpose always gives the same keys. */
  keys(purpose: string): readonly [SubKey, ...SubKey[]] {
    let keys = this.#derived.get(purpose);
    if (keys === undefined) {
      const [first = '', ...others] = this.roots;
      keys = [subKey(first, purpose), ...others.map((root) => subKey(root, purpose))];
      this.#derived.set(purpose, keys);
    }
    return keys;
  }
}

function subKey(root: string, purpose: string): SubKey {
  const key = Buffer.from(hkdfSync('sha256', root, '', `secateur/1/${purpose}`, 32));
  const id = createHash('sha256').update('id').update(key).digest('hex').slice(0, 8);
  return { id, key };
}

/**
 * The configured secrets, else those of the data directory, generated at the first start. Once made they go on verifying
 * beside configured ones: links in mailboxes live for ever.
 */
export function loadSecrets(config: Pick<Config, 'secrets' | 'dataDirectory'>): Secrets {
  const path = join(config.dataDirectory, 'keys', 'secret');
  if (config.secrets.length > 0 && !existsSync(path)) return new Secrets(config.secrets);
  const text = readOrCreate(path, () => Buffer.from(`${randomBytes(48).toString('base64url')}\n`));
  const roots = text
    .toString('utf8')
    .split(/[\s,]+/)
    .filter((root) => root !== '');
  if (roots.length === 0 || roots.some((root) => root.length < 32)) {
    throw new Error(
      'The file keys/secret in the data directory is damaged: restore it, or set SECATEUR_SECRET',
    );
  }
  return new Secrets([...new Set([...config.secrets, ...roots])]);
}

/**
 * The key of the HMAC under which identifiers are looked up. Made once and never rotated: another key would not
 * find a single suppressed address again.
 */
export function loadPepper(dataDirectory: string): Buffer {
  const bytes = readOrCreate(join(dataDirectory, 'keys', 'identifiers.key'), () => randomBytes(32));
  if (bytes.length !== 32) {
    throw new Error(
      'The file keys/identifiers.key in the data directory is damaged: restore it from a backup',
    );
  }
  return bytes;
}

/** The file, made durably with mode 0600 if it is not there. It is never seen half written. */
function readOrCreate(path: string, content: () => Buffer): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, content());
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    // A link fails when another process was first, and then that one's content counts.
    linkSync(draft, path);
    syncDirectory(dirname(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  return readFileSync(path);
}

function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
