import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { Scopes } from '../auth/access.js';
import {
  type PermissionAnswer,
  type PermissionChanges,
  PermissionCheck,
  type SubscriberPermissions,
} from '../contract/permissions.js';
import { Id } from '../contract/vocabulary.js';
import { NotFoundError } from '../errors.js';
import { SubscriberDirectory } from '../subscribers/directory.js';
import { ChangesService } from './changes.service.js';
import { PermissionsService } from './permissions.service.js';
import type { Statement } from './statement.js';

const Since = z.object({
  since: z
    .string()
    .refine(
      (text) => /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)),
      'must be the `next` of the page before, or 0',
    )
    .optional(),
  limit: z
    .string()
    .regex(/^(?:[1-9]\d{0,2}|1000)$/, 'must be a number from 1 to 1000')
    .optional(),
});

@Controller('v1/permissions')
export class PermissionsController {
  constructor(
    private readonly permissions: PermissionsService,
    private readonly changes: ChangesService,
    private readonly directory: SubscriberDirectory,
  ) {}

  @Post('check')
  @Scopes('send')
  @HttpCode(200)
  async check(
    @Body({ schema: PermissionCheck }) body: PermissionCheck,
  ): Promise<{ results: PermissionAnswer[] }> {
    return { results: await this.permissions.check(body.message, body.subscribers, Date.now()) };
  }

  /** Stands before `:subscriber`, so a subscriber whose id is `changes` is asked about through `check`. */
  @Get('changes')
  @Scopes('send', 'read')
  changesSince(
    @Query({ schema: Since }) { since, limit }: z.infer<typeof Since>,
  ): Promise<PermissionChanges> {
    return this.changes.since(Number(since ?? 0), Number(limit ?? 500));
  }

  @Get(':subscriber')
  @Scopes('send', 'read', 'privacy')
  async ofSubscriber(
    @Param('subscriber', { schema: Id }) subscriber: string,
  ): Promise<SubscriberPermissions> {
    const id = this.directory.idOf('external', subscriber);
    const subject = (await this.directory.byExternalId([id])).get(id);
    if (subject === undefined) throw new NotFoundError('There is no such subscriber');
    const now = Date.now();
    const { streams, statements } = await this.permissions.standings(subject, now);
    return {
      subscriber,
      person: subject.person,
      streams: streams.map(({ stream, permission }) => ({
        stream: stream.key,
        title: stream.title,
        channel: stream.channel,
        category: stream.category,
        origin: stream.origin,
        class: stream.class,
        allowed: permission.allowed,
        reason: permission.reason,
        ...(permission.statementId === undefined ? {} : { statement_id: permission.statementId }),
        ...(permission.cap === undefined ? {} : { cap: permission.cap }),
      })),
      statements: statementViews(statements, now),
    };
  }
}

/** The ledger's lines as the API shows them, oldest first; `live` ones are neither voided nor expired. */
export function statementViews(
  statements: readonly Statement[],
  now: number,
): SubscriberPermissions['statements'] {
  const voided = new Set(statements.flatMap((one) => (one.voids === null ? [] : [one.voids])));
  const oldestFirst = [...statements].sort((a, b) => a.orderAt - b.orderAt || (a.id < b.id ? -1 : 1));
  return oldestFirst.map((one) => ({
    id: one.id,
    binds: one.binds,
    selector: one.selector,
    effect: one.effect,
    order_at: new Date(one.orderAt).toISOString(),
    strength: one.strength,
    expires_at: one.expiresAt === null ? null : new Date(one.expiresAt).toISOString(),
    basis: one.basis,
    evidence: one.evidence,
    decision: one.decision,
    live: !voided.has(one.decision) && (one.expiresAt === null || one.expiresAt > now),
  }));
}
