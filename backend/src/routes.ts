import type { FastifyInstance, FastifyRequest } from 'fastify';

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
}

const routesOf = new WeakMap<object, Route[]>();

/** Notes every route that is registered from now on, so that a wrong method can be told from a wrong address. */
export function rememberRoutes(fastify: FastifyInstance): void {
  const routes: Route[] = [];
  routesOf.set(fastify.server, routes);
  fastify.addHook('onRoute', ({ method, url }) => {
    // The pages of the dashboard answer any address: they say nothing about which methods one takes.
    if (url.includes('*')) return;
    for (const each of [method].flat()) routes.push({ method: each, pattern: patternOf(url) });
  });
}

/** The methods that the address of a request takes; none when it is no route at all. */
export function allowedMethods(request: FastifyRequest): string[] {
  const path = request.raw.url?.split('?')[0] ?? '';
  const routes = routesOf.get(request.server.server) ?? [];
  return [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].sort();
}

function patternOf(url: string): RegExp {
  const parts = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[^\w-]/g, '\\$&')));
  return new RegExp(`^${parts.join('/')}$`);
}
