import { Controller, Get, Query, UseInterceptors } from '@nestjs/common';
import { z } from 'zod';
import { Scopes } from '../auth/access.js';
import {
  type PublishedAnswer,
  PublishedQuery,
  type PublishedRetentionAnswer,
  PublishedRetentionQuery,
} from '../contract/analytics.js';
import { CsvInterceptor, format } from './csv.interceptor.js';
import { PublishedService } from './published.service.js';

/** A parameter that is not known is refused: a filter that was not applied would be a wrong figure. */
const Asked = z.strictObject({ ...PublishedQuery.shape, ...format });
const AskedRetention = z.strictObject(PublishedRetentionQuery.shape);

@Controller('v1/analytics')
@Scopes('read')
export class PublishedController {
  constructor(private readonly published: PublishedService) {}

  @Get('published')
  @UseInterceptors(CsvInterceptor)
  rates(@Query({ schema: Asked }) asked: PublishedQuery): Promise<PublishedAnswer> {
    return this.published.rates(asked, new Date());
  }

  @Get('published_retention')
  retention(
    @Query({ schema: AskedRetention }) asked: PublishedRetentionQuery,
  ): Promise<PublishedRetentionAnswer> {
    return this.published.retention(asked, new Date());
  }
}
