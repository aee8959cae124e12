import { Logger, type SecurityHeadersOptions } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Config } from './config.js';

/** Nothing inline but styles, which the component library writes as it runs; nothing from elsewhere; never in a frame. */
export function securityHeaders({ publicUrl }: Pick<Config, 'publicUrl'>): SecurityHeadersOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: "'none'",
        scriptSrc: "'self'",
        scriptSrcAttr: "'none'",
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: "'self'",
        manifestSrc: "'self'",
        formAction: "'self'",
        baseUri: "'none'",
        frameAncestors: "'none'",
      },
    },
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: publicUrl.startsWith('https:') ? { includeSubDomains: false } : false,
  };
}

/**
 * At level debug, one line a request. It names the route and never the address, which holds tokens and people's ids.
 * What the API and the links under /u answer is kept in no cache, unless the route says otherwise.
 */
export function logRequests(fastify: FastifyInstance): void {
  const log = new Logger('Request');
  fastify.addHook('onRequest', (request, reply, done) => {
    if (/^\/(?:v1|u)\//.test(request.url)) reply.header('Cache-Control', 'no-store');
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const milliseconds = Math.round(reply.elapsedTime);
    const route = request.is404 ? 'none' : request.routeOptions.url;
    log.debug('request', { method: request.method, route, status: reply.statusCode, milliseconds });
    done();
  });
}
