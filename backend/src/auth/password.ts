import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { BusyError } from '../errors.js';

interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** 32 MiB and about 80 ms a try. */
const cost: Cost = { N: 2 ** 15, r: 8, p: 1 };
const hashBytes = 32;
const stored = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/;

/** `scrypt$N$r$p$salt$hash`, so that a later cost can stand beside an earlier one. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** What a user without a password is compared with, so that the answer takes as long. Nothing hashes to zeros. */
const nobody = `scrypt$${cost.N}$${cost.r}$${cost.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** @param hash of the user, or undefined when there is no such user: the answer is then false, as late as otherwise */
export async function passwordFits(password: string, hash: string | undefined): Promise<boolean> {
  const match = stored.exec(hash ?? nobody);
  if (match === null) return passwordFits(password, undefined);
  const [, N, r, p, salt = '', wanted = ''] = match;
  const found = await derive(password, Buffer.from(salt, 'base64url'), {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  });
  const fits = timingSafeEqual(found, Buffer.from(wanted, 'base64url'));
  return fits && hash !== undefined;
}

/** Tries run one after another: each holds a thread that the journal and the engine need too. */
let last: Promise<unknown> = Promise.resolve();
let waiting = 0;
const mostWaiting = 20;

function derive(password: string, salt: Buffer, { N, r, p }: Cost): Promise<Buffer> {
  if (waiting >= mostWaiting) throw new BusyError('Too many people sign in at once.', 2);
  waiting += 1;
  const turn = last.then(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        const settings = { N, r, p, maxmem: 256 * N * r };
        scrypt(password.normalize('NFKC'), salt, hashBytes, settings, (error, hash) =>
          error ? reject(error) : resolve(hash),
        );
      }),
  );
  last = turn.then(
    () => undefined,
    () => undefined,
  );
  return turn.finally(() => {
    waiting -= 1;
  });
}
