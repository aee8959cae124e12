import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Where `pnpm build` puts the dashboard: beside this package, seen from src/ as from dist/. */
export const builtFrontend = fileURLToPath(new URL('../../frontend/dist/', import.meta.url));

/** Addresses of the service itself: what is not found there is not a page of the dashboard. */
const ours = /^\/(?:v1|u|docs|healthz|readyz|metrics|assets)(?:\/|$)/;

const notBuilt = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Secateur</title></head>
<body><h1>Frontend not built</h1><p>The service is running. Run <code>pnpm build</code> for the dashboard, and start again.</p></body></html>
`;

/** The dashboard: its files, and for every other address of a page its one HTML file. */
export async function serveFrontend(
  fastify: FastifyInstance,
  directory: string = builtFrontend,
): Promise<void> {
  const built = existsSync(join(directory, 'index.html'));
  if (built) {
    // One route for each file: what is not a file stays a page.
    await fastify.register(fastifyStatic, {
      root: directory,
      wildcard: false,
      index: false,
      cacheControl: false,
      setHeaders: (reply, path) => {
        reply.header(
          'Cache-Control',
          path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  }
  fastify.get('/*', (request, reply): FastifyReply | undefined => {
    const [path = ''] = request.url.split('?', 1);
    // Files that a build made while the service was running; @fastify/static listed the others at start.
    if (built && path.startsWith('/assets/')) return reply.sendFile(path);
    // A file that is missing must not be answered with a page: a browser would take it for a script.
    if (ours.test(path) || /\.\w+$/.test(path)) {
      reply.callNotFound();
      return undefined;
    }
    if (built) return reply.sendFile('index.html');
    return reply
      .status(503)
      .type('text/html; charset=utf-8')
      .header('Cache-Control', 'no-store')
      .send(notBuilt);
  });
}
