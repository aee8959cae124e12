import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pageCss } from './page-css.js';
import type { EdgeAnswer, EdgeRequest, PreferencesController } from './preferences.controller.js';

/** A one-click body has about 200 bytes, the form of a person with many streams some ten thousand. */
const BODY_LIMIT = 256 * 1024;

/** Strict: no script, nothing from elsewhere, in no frame; forms go back to the page's own host. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/**
 * The routes under `/u`, in a scope of their own: every body reaches them as bytes, whatever its Content-Type, and no
 * guard, pipe or filter of the API stands between a person and their opt-out.
 *
 * A wildcard in place of `/u/:token`: the router refuses parameters of more than 100 characters, and a link that a mail
 * program lengthened by a slash must not be answered with a redirect (INV-8058-7).
 */
export async function edgeRoutes(fastify: FastifyInstance, controller: PreferencesController): Promise<void> {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) => {
    done(null, body);
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    // A header that is no media type would be refused before any parser is asked.
    if (request.headers['content-type'] !== undefined)
      request.headers['content-type'] = 'application/octet-stream';
    done();
  });
  fastify.setErrorHandler((error, request, reply) =>
    send(reply, controller.failed(edgeRequest(request), error)),
  );

  fastify.route({
    method: ['GET', 'HEAD'],
    url: '/u/assets/page.css',
    handler: (_request, reply) =>
      reply
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('x-content-type-options', 'nosniff')
        .type('text/css; charset=utf-8')
        .send(pageCss),
  });
  for (const url of ['/u', '/u/*']) {
    fastify.route({
      method: ['GET', 'HEAD'],
      url,
      handler: async (request, reply) => send(reply, await controller.read(edgeRequest(request))),
    });
    fastify.route({
      method: 'POST',
      url,
      handler: async (request, reply) => send(reply, await controller.write(edgeRequest(request))),
    });
    fastify.route({
      method: 'OPTIONS',
      url,
      handler: (_request, reply) => reply.header('allow', 'GET, HEAD, POST, OPTIONS').code(204).send(),
    });
  }
}

function edgeRequest(request: FastifyRequest): EdgeRequest {
  const query = request.query as Record<string, string | string[] | undefined>;
  const { headers } = request;
  const purpose = [headers['sec-purpose'], headers.purpose, headers['x-moz']].join(' ');
  return {
    method: request.method,
    token: tokenOf((request.params as Record<string, string>)['*'] ?? '', query),
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    lang: one(query.lang),
    acceptLanguage: headers['accept-language'],
    userAgent: headers['user-agent'],
    address: request.ip,
    prefetch: /prefetch|preview|prerender/i.test(purpose),
    // The one value that the specification gives a meaning.
    privacySignal: headers['sec-gpc'] === '1',
  };
}

/**
 * The token of `/u/<token>` or, where a gateway moved it, of `/u?t=<token>`. What mail software puts behind a link (a
 * slash, a bracket, a full stop) is no part of it.
 */
function tokenOf(path: string, query: Record<string, string | string[] | undefined>): string {
  const text = path === '' ? (one(query.t) ?? one(query.token) ?? '') : path;
  return /^[A-Za-z0-9_-]+/.exec(text.trim())?.[0] ?? '';
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function send(reply: FastifyReply, { status, type, body }: EdgeAnswer): FastifyReply {
  reply
    .code(status)
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff')
    .header('x-robots-tag', 'noindex, nofollow')
    .header('content-security-policy', POLICY);
  if (status === 503 || status === 429) reply.header('retry-after', '60');
  return reply.type(type === 'html' ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8').send(body);
}
