import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config.js';
import type { Scope } from '../contract/auth.js';
import { ForbiddenError, UnauthenticatedError } from '../errors.js';
import { holds, neededScopes, type Principal, publicRoute } from './access.js';
import { Keys } from './keys.service.js';
import { scopesOf } from './roles.js';
import { Sessions } from './sessions.service.js';

const harmless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Stands before every route: who asks, and may they? */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(Keys) private readonly keys: Keys,
    @Inject(Sessions) private readonly sessions: Sessions,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const targets = [context.getHandler(), context.getClass()];
    const isPublic = this.reflector.getAllAndOverride<boolean | undefined>(publicRoute, targets) === true;
    if (isPublic || request.routeOptions.url?.startsWith('/u/')) return true;
    // Once more than before the body was read: a key may have been revoked while it arrived.
    const principal = this.authenticate(request);
    const needed = this.reflector.getAllAndOverride<Scope[] | undefined>(neededScopes, targets) ?? ['admin'];
    if (needed.length > 0 && !needed.some((scope) => holds(principal, scope))) {
      throw new ForbiddenError(`This needs the scope ${needed.join(' or ')}.`);
    }
    request.principal = principal;
    return true;
  }

  /**
   * Who asks, by the headers alone.
   * @throws UnauthenticatedError when nobody we know does
   * @throws ForbiddenError when another site makes a browser ask
   */
  authenticate(request: FastifyRequest): Principal {
    const { authorization } = request.headers;
    // A key that was sent decides: a browser's cookie does not make up for a wrong one.
    if (authorization !== undefined) return this.#byKey(authorization);
    const found = this.sessions.find(request);
    if (found === undefined)
      throw new UnauthenticatedError('Send an API key as Authorization: Bearer, or sign in.');
    if (!harmless.has(request.method)) {
      if (this.#isForeign(request)) throw new ForbiddenError('The request comes from another site.');
      if (!this.sessions.csrfFits(request, found.claims)) {
        throw new ForbiddenError('The header X-CSRF-Token is missing or wrong: GET /v1/session tells it.');
      }
    }
    const { name, roles } = found.user;
    return { kind: 'session', id: name, scopes: scopesOf(roles), roles };
  }

  #byKey(authorization: string): Principal {
    const text = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
    if (text === undefined)
      throw new UnauthenticatedError('Send the API key as Authorization: Bearer <key>.');
    const principal = this.keys.principal(text);
    if (principal === undefined) throw new UnauthenticatedError('This API key is unknown or revoked.');
    return principal;
  }

  #isForeign({ headers }: FastifyRequest): boolean {
    if (headers['sec-fetch-site'] === 'cross-site') return true;
    const { origin } = headers;
    if (origin === undefined || origin === this.config.publicUrl) return false;
    return !URL.canParse(origin) || new URL(origin).host !== headers.host;
  }
}
