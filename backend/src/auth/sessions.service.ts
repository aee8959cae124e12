import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config.js';
import type { Session } from '../contract/auth.js';
import { SECRETS, type Secrets } from '../secrets.js';
import {
  csrfFits,
  csrfToken,
  newSession,
  openSession,
  type SessionClaims,
  sealSession,
  sessionMilliseconds,
} from './session.js';
import { type User, Users } from './users.service.js';

/** Signing in, staying and leaving, by one cookie that holds no more than a name. */
@Injectable()
export class Sessions {
  readonly #secure: boolean;
  readonly cookieName: string;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(SECRETS) private readonly secrets: Secrets,
    @Inject(Users) private readonly users: Users,
  ) {
    this.#secure = config.publicUrl.startsWith('https:');
    // A browser takes `__Host-` only with Secure and from this very host.
    this.cookieName = this.#secure ? '__Host-secateur' : 'secateur';
  }

  /** Sets the cookie of a user who has just proved who they are. */
  begin(user: User, reply: FastifyReply, now = Date.now()): Session {
    const claims = newSession(user.name, Math.max(now, user.sessionsValidFrom));
    this.#setCookie(reply, sealSession(claims, this.secrets.keys('session')), sessionMilliseconds / 1000);
    return this.describe(user, claims);
  }

  /** Ends every session of the user, here and elsewhere. */
  async end(name: string, reply: FastifyReply): Promise<void> {
    this.#setCookie(reply, '', 0);
    await this.users.endSessions(name);
  }

  /** The user of the request's cookie, if it is signed, young enough, and not ended since. */
  find(request: FastifyRequest, now = Date.now()): { user: User; claims: SessionClaims } | undefined {
    const value = cookie(request.headers.cookie, this.cookieName);
    const claims = value === undefined ? undefined : openSession(value, this.secrets.keys('session'), now);
    const user = claims === undefined ? undefined : this.users.find(claims.user);
    if (claims === undefined || user === undefined || claims.issued < user.sessionsValidFrom)
      return undefined;
    return { user, claims };
  }

  describe(user: User, claims: SessionClaims): Session {
    return { user: user.name, roles: [...user.roles], csrf: csrfToken(claims, this.secrets.keys('csrf')) };
  }

  csrfFits(request: FastifyRequest, claims: SessionClaims): boolean {
    const token = request.headers['x-csrf-token'];
    return typeof token === 'string' && csrfFits(token, claims, this.secrets.keys('csrf'));
  }

  #setCookie(reply: FastifyReply, value: string, maxAgeSeconds: number): void {
    const secure = this.#secure ? '; Secure' : '';
    const attributes = `Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`;
    reply.header('Set-Cookie', `${this.cookieName}=${value}; ${attributes}`);
  }
}

function cookie(header: string | undefined, name: string): string | undefined {
  const start = `${name}=`;
  const pair = header
    ?.split(';')
    .map((each) => each.trim())
    .find((each) => each.startsWith(start));
  return pair?.slice(start.length);
}
