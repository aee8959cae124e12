import { Injectable } from '@nestjs/common';
import { BusyError } from '../errors.js';

interface Bucket {
  tokens: number;
  filledAt: number;
}

interface Limit {
  /** How many at once. */
  readonly burst: number;
  readonly perMinute: number;
}

/**
 * What is counted, by address: failures, for a success is given back.
 * `bad_token`: a link under /u that is not ours. Only failures count, so no flood of guesses, even from the address
 * of a mailbox provider, keeps a genuine one-click from its route.
 */
const limits = {
  sign_in: { burst: 10, perMinute: 10 },
  bad_token: { burst: 300, perMinute: 300 },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof limits;

/** Enough for an attack from many addresses, little enough for memory: about 10 MB. */
const mostBuckets = 50_000;

/** Token buckets in memory, one for each limit and address. */
@Injectable()
export class RateLimits {
  readonly #buckets = new Map<string, Bucket>();

  /** Takes one. @throws BusyError when none is left, with the seconds until there is one */
  take(name: LimitName, address: string, now = Date.now()): void {
    const { burst, perMinute } = limits[name];
    const key = `${name} ${network(address)}`;
    const bucket = this.#buckets.get(key) ?? { tokens: burst, filledAt: now };
    const refill = (Math.max(0, now - bucket.filledAt) / 60_000) * perMinute;
    bucket.tokens = Math.min(burst, bucket.tokens + refill);
    bucket.filledAt = now;
    // The one used last stands last, so that the oldest is dropped first.
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    this.#drop();
    if (bucket.tokens < 1) {
      throw new BusyError(
        'Too many attempts from this address.',
        Math.ceil(((1 - bucket.tokens) / perMinute) * 60),
      );
    }
    bucket.tokens -= 1;
  }

  /** Puts one back that was taken for what turned out to be no failure. */
  giveBack(name: LimitName, address: string): void {
    const bucket = this.#buckets.get(`${name} ${network(address)}`);
    if (bucket !== undefined) bucket.tokens = Math.min(limits[name].burst, bucket.tokens + 1);
  }

  #drop(): void {
    const oldest = this.#buckets.size > mostBuckets ? this.#buckets.keys().next().value : undefined;
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}

/** One household or host has a whole /64 of IPv6 to itself. */
function network(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<string>(zeros).fill('0'), ...right].slice(0, 4).join(':');
}
