import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Scopes } from '../auth/access.js';
import { SubscriberProfile } from '../contract/subscribers.js';
import { fieldErrors, type Issue } from '../contract.pipe.js';
import { parseBatch } from '../events/parse-batch.js';
import { SubscribersService } from './subscribers.service.js';

interface RejectedProfile {
  index: number;
  code: 'invalid';
  detail: string;
  field?: string;
}

@Controller('v1/subscribers')
export class SubscribersController {
  constructor(private readonly subscribers: SubscribersService) {}

  /** JSON array or NDJSON of profiles; fields that are absent stay as they are. */
  @Post()
  @Scopes('ingest')
  @HttpCode(200)
  async upsert(@Body() body: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const receivedAt = Date.now();
    const profiles: SubscriberProfile[] = [];
    const rejected: RejectedProfile[] = [];
    for (const [index, row] of parseBatch(body).entries()) {
      if ('fault' in row) {
        rejected.push({ index, code: 'invalid', detail: row.fault });
        continue;
      }
      const parsed = SubscriberProfile.safeParse(row.value);
      if (parsed.success) profiles.push(parsed.data);
      else {
        const [error] = fieldErrors(parsed.error.issues as readonly Issue[], 'profile');
        const field = error?.field ?? 'profile';
        rejected.push({
          index,
          code: 'invalid',
          field,
          detail: `${field}: ${error?.reason ?? 'cannot be used'}`,
        });
      }
    }
    if (profiles.length === 0) {
      reply.status(422).type('application/problem+json');
      const errors = rejected.slice(0, 100).map(({ index, field, detail }) => ({
        field: field === undefined ? `[${index}]` : `[${index}].${field}`,
        reason: detail,
      }));
      const detail = 'No profile could be taken.';
      return {
        type: 'about:blank',
        title: 'Unprocessable rows',
        status: 422,
        detail,
        errors,
        accepted: 0,
        rejected,
      };
    }
    const { stored, pending } = await this.subscribers.upsert(
      profiles.map((profile) => ({ profile, receivedAt })),
    );
    if (pending > 0) reply.status(202);
    return { accepted: stored, pending, rejected };
  }
}
