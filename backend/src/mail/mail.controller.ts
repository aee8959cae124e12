import { isIP } from 'node:net';
import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Bytes, Scopes } from '../auth/access.js';
import { CONFIG, type Config } from '../config.js';
import { MailAnswer } from '../contract/mail.js';
import { InvalidInputError, UnsupportedMediaError } from '../errors.js';
import { explain, wantsExplanation } from '../intake/explain.js';
import { MailService } from './mail.service.js';
import type { Envelope } from './message.js';

@Controller('v1/mail')
export class MailController {
  constructor(
    private readonly mail: MailService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The body is one raw message (RFC 5322). `X-Envelope-To`, `X-Envelope-From`, `X-Client-IP` and `X-Client-Helo` tell how it came. */
  @Post()
  @Scopes('ingest')
  @Bytes()
  @HttpCode(200)
  @ApiOperation({ summary: 'Take one mail: a complaint, a bounce, or somebody’s request.' })
  @ApiConsumes('message/rfc822')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  async take(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MailAnswer> {
    const isExplained = wantsExplanation(request, this.config.explain);
    const answer = await this.mail.receive(messageOf(request), envelopeOf(request));
    if (isExplained) explain(reply, answer.events, answer.skipped);
    if (answer.pending > 0) reply.status(202);
    return MailAnswer.parse(answer);
  }
}

/** Any Content-Type will do but one that says it is something else. */
function messageOf({ headers, rawBody }: FastifyRequest): Buffer {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (/^application\/(?:[\w.-]+\+)?json$/.test(type)) {
    throw new UnsupportedMediaError(
      `Content-Type: ${type} is not taken; send the raw message as message/rfc822.`,
    );
  }
  if (rawBody === undefined || rawBody.length === 0) {
    throw InvalidInputError.field('body', 'is empty; it must be one raw message (RFC 5322)');
  }
  return rawBody;
}

function envelopeOf(request: FastifyRequest): Envelope {
  const recipients = (header(request, 'x-envelope-to') ?? '')
    .split(',')
    .map((part) => part.trim().replace(/^<|>$/g, ''))
    .filter((part) => part !== '');
  const sender = header(request, 'x-envelope-from')?.trim().replace(/^<|>$/g, '') ?? null;
  const clientIp = header(request, 'x-client-ip')?.trim() ?? null;
  if (recipients.some((each) => !looksLikeMailbox(each))) {
    throw InvalidInputError.field('X-Envelope-To', 'must be mail addresses separated by commas');
  }
  if (sender !== null && sender !== '' && !looksLikeMailbox(sender)) {
    throw InvalidInputError.field('X-Envelope-From', 'must be a mail address, or <> for a bounce');
  }
  if (clientIp !== null && isIP(clientIp) === 0) {
    throw InvalidInputError.field('X-Client-IP', 'must be an IP address');
  }
  return { recipients, sender, clientIp, helo: header(request, 'x-client-helo')?.trim() ?? null };
}

const looksLikeMailbox = (text: string): boolean => /^[^\s@]{1,400}@[^\s@]{1,255}$/.test(text);

function header({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}
