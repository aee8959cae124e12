import { Controller, Get, Logger, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Asker, holds, type Principal, Scopes } from '../auth/access.js';
import { Suppression } from '../contract/permissions.js';
import { parseSelector, type Selector } from '../contract/selectors.js';
import { Channel } from '../contract/vocabulary.js';
import { ForbiddenError, InvalidInputError } from '../errors.js';
import { SuppressionsService } from './suppressions.service.js';
import { csv } from './suppressions-csv.js';

/** A name that is not known is refused: a filter that was misspelt would export everybody. */
const Wanted = z.strictObject({
  selector: z.string().max(2000).optional(),
  channel: Channel.optional(),
  after: z.uuid().optional(),
  limit: z
    .string()
    .regex(/^(?:[1-9]\d{0,3}|10000)$/, 'must be a number from 1 to 10000')
    .optional(),
  format: z.enum(['ndjson', 'csv']).optional(),
  addresses: z.enum(['hashed', 'clear']).optional(),
});
type Wanted = z.infer<typeof Wanted>;

const addressColumns: readonly (keyof Suppression)[] = ['email', 'phone'];
const columns = (Object.keys(Suppression.shape) as (keyof Suppression)[]).filter(
  (column) => !addressColumns.includes(column),
);

@Controller('v1/suppressions')
export class SuppressionsController {
  readonly #log = new Logger('Suppressions');

  constructor(private readonly suppressions: SuppressionsService) {}

  /** One page as NDJSON or CSV. The next page stands in the header `Link`, for both formats; the last page has none. */
  @Get()
  @Scopes('send', 'privacy')
  async page(
    @Query({ schema: Wanted }) wanted: Wanted,
    @Asker() asker: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const isClear = wanted.addresses === 'clear';
    if (isClear && !holds(asker, 'privacy')) throw new ForbiddenError('Addresses need the scope privacy.');
    const { rows, next } = await this.suppressions.page(
      filterOf(wanted),
      wanted.after ?? null,
      Number(wanted.limit ?? 1000),
      isClear,
      Date.now(),
    );
    if (isClear) this.#log.log('addresses exported', { by: asker.kind, id: asker.id, rows: rows.length });
    if (next !== null) {
      const query = new URLSearchParams({ ...wanted, after: next });
      reply.header('link', `</v1/suppressions?${query}>; rel="next"`);
    }
    reply.header('cache-control', 'no-store');
    if (wanted.format === 'csv') {
      reply.type('text/csv; charset=utf-8; header=present');
      reply.header('content-disposition', 'attachment; filename="suppressions.csv"');
      return csv(isClear ? [...columns, ...addressColumns] : columns, rows);
    }
    reply.type('application/x-ndjson; charset=utf-8');
    return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  }
}

function filterOf({ selector = '*', channel }: Wanted): Selector {
  const filter = readSelector(selector);
  if (channel === undefined) return filter;
  if (filter.channel !== undefined && filter.channel !== channel) {
    throw InvalidInputError.field('channel', `is ${channel}, and the selector names ${filter.channel}`);
  }
  return { ...filter, channel };
}

function readSelector(text: string): Selector {
  try {
    return parseSelector(text);
  } catch {
    throw InvalidInputError.field('selector', 'must be * or name its keys: class=commercial;channel=email');
  }
}
