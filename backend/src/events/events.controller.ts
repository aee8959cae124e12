import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Asker, holds, type Principal, Scopes } from '../auth/access.js';
import { type BatchResult, BatchResult as BatchResultSchema } from '../contract/events.js';
import { Dismissal, type QuarantineRows } from '../contract/quarantine.js';
import { ConflictError, ForbiddenError, InvalidInputError } from '../errors.js';
import { EventsService } from './events.service.js';
import { type Door } from './normalise.js';
import { parseBatch, type Row } from './parse-batch.js';
import { QuarantineService } from './quarantine.service.js';

/** A sender's own system: its clock is ours to trust. */
const senderDoor: Door = { tolerance: 0, madeBy: 'sender' };
/** Whoever corrects a row speaks for nobody: an administrator resubscribes no one. */
const correctionDoor: Door = { tolerance: 0, madeBy: 'admin' };

const Limit = z.object({
  limit: z
    .string()
    .regex(/^\d{1,4}$/, 'must be a number up to 9999')
    .optional(),
});

@Controller('v1')
export class EventsController {
  constructor(
    private readonly events: EventsService,
    private readonly quarantine: QuarantineService,
  ) {}

  @Post('events')
  @Scopes('ingest')
  @HttpCode(200)
  async accept(@Body() body: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const result = await this.events.accept(parseBatch(body), senderDoor, Date.now());
    return answered(result, reply);
  }

  @Get('quarantine')
  @Scopes('read')
  async list(@Query({ schema: Limit }) { limit }: z.infer<typeof Limit>): Promise<QuarantineRows> {
    return { rows: await this.quarantine.list(Number(limit ?? 200)) };
  }

  /**
   * Sends the row through the intake again, as it came or as `body` corrects it; either way it counts as received when it
   * first came. What is refused again waits under the new `quarantine_id`, with the same deadline.
   */
  @Post('quarantine/:id/replay')
  @Scopes('edit')
  @HttpCode(200)
  async replay(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body() body: unknown,
    @Asker() asker: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    if (!holds(asker, 'ingest')) throw new ForbiddenError('This needs the scope ingest, too');
    const { entry, text } = await this.quarantine.open(id);
    const isCorrected = Buffer.isBuffer(body) ? body.length > 0 : body !== undefined && body !== null;
    const result = isCorrected
      ? await this.events.accept(correctionOf(body, text), correctionDoor, entry.receivedAt)
      : await this.events.again(entry, text, senderDoor);
    // What was refused again is not looked at for good: where an address pauses for it, it waits on.
    if (entry.code !== 'untrusted' || result.rejected.length === 0) {
      await this.events.endPause(entry, text, `replayed by ${asker.id}`);
      await this.quarantine.settle(entry, 'replayed');
    }
    return answered(result, reply);
  }

  /** Closes a row that anybody could have written and nobody asked for: the pause that goes with it ends. */
  @Post('quarantine/:id/dismiss')
  @Scopes('edit')
  @HttpCode(204)
  async dismiss(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: Dismissal }) { reason }: Dismissal,
    @Asker() asker: Principal,
  ): Promise<void> {
    if (!holds(asker, 'ingest')) throw new ForbiddenError('This needs the scope ingest, too');
    const { entry, text } = await this.quarantine.open(id);
    if (entry.code !== 'untrusted')
      throw new ConflictError(
        'Only what anybody could have written can be dismissed; correct and replay it.',
      );
    await this.events.endPause(entry, text, `dismissed by ${asker.id}: ${reason}`);
    await this.quarantine.settle(entry, 'dismissed');
  }
}

/**
 * The one row that stands for the quarantined one. What asked for less still asks for it: a correction cannot make an
 * opt-out disappear behind another event.
 */
function correctionOf(body: unknown, original: string): Row[] {
  const rows = parseBatch(body);
  if (rows.length !== 1) throw InvalidInputError.field('body', 'must be the one row that is corrected');
  const [row] = rows;
  const type = typeOf(row !== undefined && 'value' in row ? row.value : undefined);
  const before = originalType(original);
  if (before !== undefined && lessTypes.has(before) && type !== before) {
    throw InvalidInputError.field('type', `must stay ${before}`);
  }
  return rows;
}

const lessTypes: ReadonlySet<string> = new Set(['opted_out', 'complained', 'paused', 'capped', 'erased']);

/** The type in a row as it came, or in a request as the intake had read it. */
function originalType(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeOf(value) ?? typeOf((value as { request?: unknown } | null)?.request);
  } catch {
    return undefined;
  }
}

function typeOf(value: unknown): string | undefined {
  const type = (value as { type?: unknown } | null | undefined)?.type;
  return typeof type === 'string' ? type : undefined;
}

/** 202 while rows wait for the engine; 422 when nothing of the batch could be taken. */
function answered(result: BatchResult, reply: FastifyReply): unknown {
  const taken = result.accepted + result.duplicates + result.pending;
  if (taken === 0 && result.rejected.length > 0) {
    reply.status(422).type('application/problem+json');
    const errors = result.rejected.slice(0, 100).map(({ index, field, detail }) => ({
      field: field === undefined ? `[${index}]` : `[${index}].${field}`,
      reason: detail,
    }));
    const detail = 'No row of the batch could be taken. Each is kept in quarantine and can be replayed.';
    return { type: 'about:blank', title: 'Unprocessable rows', status: 422, detail, errors, ...result };
  }
  if (result.pending > 0) reply.status(202);
  return BatchResultSchema.parse(result);
}
