import { randomUUID } from 'node:crypto';
import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Scopes } from '../auth/access.js';
import { InvalidInputError } from '../errors.js';
import { type Door, normaliseEvent } from '../events/normalise.js';
import { parseBatch } from '../events/parse-batch.js';
import { type Answer, answerOf, isWaiting } from './answer.js';
import { DecisionsService } from './decisions.service.js';
import { OptOutsService } from './opt-outs.service.js';

const door: Door = { tolerance: 0, madeBy: 'sender' };

/** One scoped request from a product's own page or an agent; answers with the decision. */
@Controller('v1')
export class OptOutsController {
  constructor(
    private readonly optOuts: OptOutsService,
    private readonly decisions: DecisionsService,
  ) {}

  @Post('opt-outs')
  @Scopes('ingest')
  @HttpCode(200)
  optOut(@Body() body: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer> {
    return this.#submit('opted_out', body, reply);
  }

  @Post('opt-ins')
  @Scopes('ingest')
  @HttpCode(200)
  optIn(@Body() body: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer> {
    return this.#submit('opted_in', body, reply);
  }

  async #submit(type: 'opted_out' | 'opted_in', body: unknown, reply: FastifyReply): Promise<Answer> {
    const event = normaliseEvent({ id: randomUUID(), ...requestIn(body), type }, Date.now(), door);
    if (event.kind === 'refused') throw InvalidInputError.field(event.field ?? 'body', event.detail);
    if (event.kind === 'engagement') throw InvalidInputError.field('type', 'must not be sent here');
    const [outcome] = await this.optOuts.submit([event.incoming]);
    const answer = await answerOf(outcome, this.decisions);
    if (isWaiting(answer)) reply.status(202);
    return answer;
  }
}

/** The one object of a body, whatever Content-Type was claimed: an opt-out must not fail over a header. */
function requestIn(body: unknown): object {
  const [row, another] = parseBatch(body);
  const value = row !== undefined && 'value' in row ? row.value : undefined;
  if (another !== undefined || typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw InvalidInputError.field('body', 'must be one JSON object');
  }
  return value;
}
