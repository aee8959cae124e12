import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { Scope } from '../contract/auth.js';

/** Who asks. */
export interface Principal {
  readonly kind: 'key' | 'session';
  /** Id of the key, or name of the user: what the audit log names. */
  readonly id: string;
  readonly scopes: ReadonlySet<Scope>;
  /** A session's roles; empty for a key. */
  readonly roles: readonly string[];
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every route that is not public: before the body is read, and again by the guard. */
    principal?: Principal;
  }
}

export const publicRoute = Symbol('public route');
export const neededScopes = Symbol('needed scopes');

/**
 * No key, no session: webhooks with signatures of their own, sign-in, health. Addresses under /u are public anyway.
 * Under /v1 it must stand on the method: Fastify, which asks before the body is read, sees no class.
 */
export const Public = (): ClassDecorator & MethodDecorator =>
  applyDecorators(SetMetadata(publicRoute, true), RouteConfig({ isPublic: true }));

/** Its body reaches the route as the bytes it is, JSON included: they are what was signed. */
export const Bytes = (): MethodDecorator => applyDecorators(RouteConfig({ isBytes: true }));

/** `@Public()` and `@Bytes()` at once: one decorator's configuration of a route replaces the other's. */
export const PublicBytes = (): MethodDecorator =>
  applyDecorators(SetMetadata(publicRoute, true), RouteConfig({ isPublic: true, isBytes: true }));

/** Does this route take its body as bytes? */
export function takesBytes({ routeOptions }: FastifyRequest): boolean {
  return (routeOptions.config as { isBytes?: unknown } | undefined)?.isBytes === true;
}

/** Did the method of this route say `@Public()`? For hooks that run before Nest does. */
export function isPublicRoute({ routeOptions }: FastifyRequest): boolean {
  return (routeOptions.config as { isPublic?: unknown }).isPublic === true;
}

/**
 * Whoever asks needs one of these scopes; `admin` has all. Without scopes anyone who is known may ask. A route that
 * carries neither `@Scopes` nor `@Public` needs `admin`, so that forgetting is safe.
 */
export const Scopes = (...scopes: Scope[]): ClassDecorator & MethodDecorator =>
  SetMetadata(neededScopes, scopes);

/** `@Asker() asker: Principal`: who asks, on a route that is not public. */
export const Asker = createParamDecorator((_data: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<FastifyRequest>();
  if (principal === undefined) throw new Error('A public route has no asker');
  return principal;
});

/** Does this principal hold the scope, or `admin`? */
export function holds(principal: Principal, scope: Scope): boolean {
  return principal.scopes.has(scope) || principal.scopes.has('admin');
}
