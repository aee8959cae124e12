import { Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PublicBytes } from '../auth/access.js';
import { CONFIG, type Config } from '../config.js';
import { explain, wantsExplanation } from '../intake/explain.js';
import type { WebhookCall } from './adapter.js';
import { type Shown, WebhooksService } from './webhooks.service.js';

/** What providers post. Who calls is shown by a signature over the bytes or a secret, so no API key is asked for. */
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhooksService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post([':provider', ':provider/:secret'])
  @PublicBytes()
  @HttpCode(200)
  @ApiOperation({ summary: 'Take a call of a provider, as its documentation describes it.' })
  @ApiParam({ name: 'provider', type: String })
  async take(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const isExplained = wantsExplanation(request, this.config.explain);
    const connection = this.webhooks.connected(paramsOf(request).provider ?? '');
    const answer = await this.webhooks.take(connection, this.#callOf(request), shownBy(request));
    if (isExplained) explain(reply, answer.events, answer.skipped);
    const { accepted, duplicates, pending, rejected, flagged, skipped, kept } = answer;
    if (pending > 0) reply.status(202);
    return {
      accepted,
      duplicates,
      pending,
      rejected,
      flagged,
      skipped,
      ...(kept === undefined ? {} : { kept }),
    };
  }

  /** How Mailchimp and WhatsApp find out whether the address is there and knows the secret. */
  @Get([':provider', ':provider/:secret'])
  @PublicBytes()
  check(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): string {
    const connection = this.webhooks.connected(paramsOf(request).provider ?? '');
    reply.type('text/plain; charset=utf-8');
    return this.webhooks.challenge(connection, queryOf(request), shownBy(request));
  }

  #callOf(request: FastifyRequest): WebhookCall {
    return {
      method: request.method,
      url: `${this.config.publicUrl}${request.raw.url ?? ''}`,
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value[0] : value,
        ]),
      ),
      body: request.rawBody ?? Buffer.alloc(0),
      receivedAt: Date.now(),
    };
  }
}

function paramsOf(request: FastifyRequest): Record<string, string | undefined> {
  return request.params as Record<string, string | undefined>;
}

function queryOf(request: FastifyRequest): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(request.query as Record<string, string | string[] | undefined>).map(([name, value]) => [
      name,
      Array.isArray(value) ? value[0] : value,
    ]),
  );
}

function shownBy(request: FastifyRequest): Shown {
  return { path: paramsOf(request).secret, authorization: request.headers.authorization };
}
