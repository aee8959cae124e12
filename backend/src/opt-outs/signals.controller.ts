import { randomUUID } from 'node:crypto';
import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Scopes } from '../auth/access.js';
import { GpcSignal, type SignalAnswer } from '../contract/signals.js';
import { hashOf } from '../events/mend.js';
import { type Door, normaliseEvent } from '../events/normalise.js';
import { answerOf, isWaiting } from './answer.js';
import { DecisionsService } from './decisions.service.js';
import { OptOutsService } from './opt-outs.service.js';
import type { Incoming } from './request.js';

const door: Door = { tolerance: 0, madeBy: 'sender' };

/** Signals that a sender's website saw for a customer it knows (11 CCR 7025). */
@Controller('v1/signals')
export class SignalsController {
  constructor(
    private readonly optOuts: OptOutsService,
    private readonly decisions: DecisionsService,
  ) {}

  @Post('gpc')
  @Scopes('ingest')
  @HttpCode(200)
  async gpc(
    @Body({ schema: GpcSignal }) signal: GpcSignal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignalAnswer> {
    if (Number(signal.sec_gpc) !== 1) {
      return { state: 'ignored', detail: 'sec_gpc: only 1 is a signal; nothing was recorded' };
    }
    const [outcome] = await this.optOuts.submit([incomingOf(signal, Date.now())]);
    const answer = await answerOf(outcome, this.decisions);
    if (isWaiting(answer)) reply.status(202);
    return answer;
  }
}

/** No more profiling of the customer. It speaks of no message, so it names none. */
function incomingOf({ subscriber, occurred_at, reference }: GpcSignal, receivedAt: number): Incoming {
  const seen = hashOf({ subscriber, reference: reference ?? randomUUID() });
  const event = normaliseEvent(
    {
      id: `gpc:${seen}`,
      type: 'opted_out',
      trigger: 'opt_out_preference_signal',
      channel: 'web',
      asked: 'this',
      made_by: 'person',
      subscriber,
      evidence: JSON.stringify({ header: 'Sec-GPC: 1', ...(reference === undefined ? {} : { reference }) }),
      ...(occurred_at === undefined ? {} : { occurred_at }),
    },
    receivedAt,
    door,
  );
  if (event.kind !== 'permission') throw new Error('a privacy signal is an opt-out');
  // Seen again in the same session it is the same signal, whatever the time.
  return { ...event.incoming, contentHash: seen };
}
