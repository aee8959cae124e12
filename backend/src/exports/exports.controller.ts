import { Controller, Get, Logger, Param, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Asker, holds, type Principal, Scopes } from '../auth/access.js';
import { ExportedTable, ExportQuery } from '../contract/exports.js';
import { ForbiddenError } from '../errors.js';
import { ExportsService } from './exports.service.js';

const types = { parquet: 'application/vnd.apache.parquet', csv: 'text/csv; charset=utf-8; header=present' };

@Controller('v1/exports')
@Scopes('read')
export class ExportsController {
  readonly #log = new Logger('Exports');

  constructor(private readonly files: ExportsService) {}

  @Get(':table')
  @ApiProduces('application/vnd.apache.parquet', 'text/csv')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async month(
    @Param('table', { schema: ExportedTable }) table: ExportedTable,
    @Query({ schema: ExportQuery }) asked: ExportQuery,
    @Asker() asker: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    if (!holds(asker, 'privacy')) throw new ForbiddenError('Rows about people need the scope privacy.');
    const format = asked.format ?? 'parquet';
    const handle = await this.files.file(table, asked, new Date());
    const { size } = await handle.stat();
    this.#log.log('exported', {
      ...{ table, month: asked.month, format, bytes: size },
      ...{ by: asker.kind, id: asker.id },
    });
    reply.header('cache-control', 'no-store');
    return new StreamableFile(handle.createReadStream(), {
      type: types[format],
      length: size,
      disposition: `attachment; filename="${table}-${asked.month}.${format}"`,
    });
  }
}
