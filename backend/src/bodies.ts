import type { FastifyInstance, FastifyRequest } from 'fastify';
import { takesBytes } from './auth/access.js';
import { InvalidInputError, TooLargeError } from './errors.js';
import { fartherOn, jsonFault } from './json-fault.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The bytes of the body as they arrived, for signatures; absent without a body. `@RawBody()` reads it. */
    rawBody?: Buffer;
  }
}

/** 8 MiB for the rows, and some for what stands around them. */
export const bodyLimit = 8 * 1024 * 1024 + 64 * 1024;

/** What is sent by whoever is not known, to sign in or to no route at all, and would be parsed. */
export const strangerLimit = 16 * 1024;

const json = /^application\/(?:[\w.-]+\+)?json(?:;|$)/;
const plausibleType = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/;

/**
 * JSON is parsed; every other body, with any Content-Type or none, reaches its route as the bytes it is, because an
 * opt-out must not fail over a header. The addresses under /u and the webhooks read their bodies themselves, JSON included. Of whoever
 * has no principal no more than 16 KiB are parsed: parsing 8 MiB takes a second in which nobody else is answered.
 */
export function readBodies(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (request, body, done) => {
    done(null, keep(request, body as Buffer));
  });
  fastify.addContentTypeParser(json, { parseAs: 'buffer', bodyLimit }, (request, body, done) => {
    const bytes = keep(request, body as Buffer);
    if (request.url.startsWith('/u/') || takesBytes(request)) return done(null, bytes);
    if (bytes.length === 0) return done(null, undefined);
    if (request.principal === undefined && bytes.length > strangerLimit) return done(tooLarge());
    const text = bytes.toString('utf8');
    parse(request, text, (error, value) => {
      if (error) done(refusal(text));
      else done(null, value);
    });
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    // Fastify answers 415 to a header that is no media type, before any parser is asked.
    const type = request.headers['content-type'];
    if (type !== undefined && !plausibleType.test(type))
      request.headers['content-type'] = 'application/octet-stream';
    done();
  });
}

function keep(request: FastifyRequest, body: Buffer): Buffer {
  request.rawBody = body;
  return body;
}

/** Without a key there is little to say. */
export function tooLarge(): TooLargeError {
  return new TooLargeError(`Without an API key or a session a body may have ${strangerLimit / 1024} KiB.`);
}

const badName = 'holds a name that is not allowed (__proto__ or constructor)';

/** Names the place and not what stands there. It was parsed once, and is not parsed again to find out why. */
function refusal(text: string): InvalidInputError {
  const { offset, expected } = jsonFault(text.replace(/^\ufeff/, ' '));
  // Sound to the end, so it was refused for a name.
  if (expected === 'end' && offset === text.length) return new InvalidInputError(`The JSON ${badName}.`);
  if (expected === fartherOn) {
    return InvalidInputError.field('body', `is not JSON after position ${offset}, or ${badName}`);
  }
  const before = text.slice(0, offset).split('\n');
  const line = before.length;
  const column = (before.at(-1)?.length ?? 0) + 1;
  const reason = `is not JSON at line ${line}, column ${column} (position ${offset}): expected ${expected}`;
  return InvalidInputError.field('body', reason);
}
