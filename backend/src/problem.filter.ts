import { randomUUID } from 'node:crypto';
import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorFields } from './log.js';
import { answerTo } from './problem.js';
import { allowedMethods } from './routes.js';

/** Turns whatever was thrown into problem+json (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log = new Logger('Problem');

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const id = randomUUID();
    const { problem, headers, unexpected } = answerTo(error, id);
    const route = request.routeOptions?.url ?? 'none';
    if (unexpected)
      this.#log.error('request failed', { id, method: request.method, route, ...errorFields(error) });
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    const allowed = request.is404 ? allowedMethods(request) : [];
    if (allowed.length > 0) {
      headersOf(reply, { Allow: allowed.join(', ') });
      problem.type = 'urn:secateur:problem:method-not-allowed';
      problem.title = 'Method Not Allowed';
      problem.status = 405;
      problem.detail = `This route takes ${allowed.join(', ')}.`;
    }
    headersOf(reply, { ...headers, 'Cache-Control': 'no-store' });
    reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

function headersOf(reply: FastifyReply, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
}
