import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { UnauthenticatedError } from '../errors.js';
import { hashOf, sameText } from './api-key.js';
import { Keys } from './keys.service.js';
import { type User, Users } from './users.service.js';

/** What the first start hands to whoever installed it. Keys in snake case: it is written as JSON. */
export interface FirstStart {
  /** Opens the page where the admin's password is chosen. Works once, until `expires_at`. */
  readonly admin_link?: string;
  readonly expires_at?: string;
  /** In the answer of the very first start only. */
  readonly admin_key?: string;
}

export const adminName = 'admin';
const linkMilliseconds = 24 * 60 * 60 * 1000;

/** The way in before there is a password: a link that works once. */
@Injectable()
export class Setup {
  #link: { hash: string; expires: number } | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(Keys) private readonly keys: Keys,
    @Inject(Users) private readonly users: Users,
  ) {}

  /**
   * A link while the admin has no password, and a key while there is no key that may do everything.
   * @param before what an earlier start handed over: a link that is still good is kept, so that a restart does not
   *   break one that was already shown
   */
  async prepare(before: FirstStart = {}, now = Date.now()): Promise<FirstStart> {
    const key = this.keys.hasAdmin()
      ? undefined
      : (await this.keys.create('first start', ['admin'], new Date(now))).text;
    return {
      ...(this.users.hasPassword(adminName) ? {} : this.#issue(before, now)),
      ...(key ? { admin_key: key } : {}),
    };
  }

  /** Sets the admin's password. @throws UnauthenticatedError unless the token is that of the link, unused and in time */
  async finish(token: string, password: string, now = Date.now()): Promise<User> {
    const link = this.#link;
    const good = link !== undefined && now < link.expires && sameText(hashOf(token), link.hash);
    if (!good || this.users.hasPassword(adminName)) {
      throw new UnauthenticatedError(
        'This link was used or is too old. A new start prints a fresh one while there is no password.',
      );
    }
    // Taken before the slow part, so that two requests with it cannot both win.
    this.#link = undefined;
    try {
      return await this.users.setPassword(adminName, password, ['admin'], new Date(now));
    } catch (error) {
      this.#link = link;
      throw error;
    }
  }

  #issue(before: FirstStart, now: number): FirstStart {
    const token = stillGood(before, now) ?? randomBytes(32).toString('base64url');
    const expires =
      stillGood(before, now) === undefined ? now + linkMilliseconds : Date.parse(before.expires_at ?? '');
    this.#link = { hash: hashOf(token), expires };
    return {
      admin_link: `${this.config.publicUrl}/setup?token=${token}`,
      expires_at: new Date(expires).toISOString(),
    };
  }
}

/** The token of an earlier link, unless it is over within the hour. */
function stillGood({ admin_link, expires_at }: FirstStart, now: number): string | undefined {
  if (admin_link === undefined || expires_at === undefined) return undefined;
  const left = Date.parse(expires_at) - now;
  const token = URL.canParse(admin_link) ? new URL(admin_link).searchParams.get('token') : null;
  return left > 3_600_000 && left <= linkMilliseconds && token?.length === 43 ? token : undefined;
}
