import type { FastifyInstance } from 'fastify';
import { strangerLimit, tooLarge } from '../bodies.js';
import { isPublicRoute, takesBytes } from './access.js';
import type { AuthGuard } from './auth.guard.js';

/**
 * Asks who it is before a body is read: the guard comes after it was parsed, and 8 MiB cost a second of everyone's time.
 * The guard decides what they may do.
 */
export function authenticateBeforeBody(fastify: FastifyInstance, guard: AuthGuard): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { url } = request.routeOptions;
    if (url?.startsWith('/u/')) return done();
    try {
      if (url?.startsWith('/v1/') && !request.is404 && !isPublicRoute(request)) {
        request.principal = guard.authenticate(request);
      } else if (!takesBytes(request) && Number(request.headers['content-length'] ?? 0) > strangerLimit) {
        throw tooLarge();
      }
      done();
    } catch (error) {
      done(error as Error);
    }
  });
}
