import { Controller, Get, Query, UseInterceptors } from '@nestjs/common';
import { z } from 'zod';
import { Scopes } from '../auth/access.js';
import {
  type CohortsAnswer,
  CohortsQuery,
  type RetentionAnswer,
  RetentionQuery,
} from '../contract/analytics.js';
import { CsvInterceptor, format } from './csv.interceptor.js';
import { RetentionService } from './retention.service.js';

/** A parameter that is not known is refused: a filter that was not applied would be a wrong figure. */
const Asked = z.strictObject({ ...RetentionQuery.shape, ...format });
const AskedCohorts = z.strictObject({ ...CohortsQuery.shape, ...format });

@Controller('v1/analytics')
@Scopes('read')
@UseInterceptors(CsvInterceptor)
export class RetentionController {
  constructor(private readonly retentions: RetentionService) {}

  @Get('retention')
  retention(@Query({ schema: Asked }) asked: z.infer<typeof Asked>): Promise<RetentionAnswer> {
    return this.retentions.retention(asked, new Date());
  }

  @Get('cohorts')
  cohorts(@Query({ schema: AskedCohorts }) asked: z.infer<typeof AskedCohorts>): Promise<CohortsAnswer> {
    return this.retentions.cohorts(asked, new Date());
  }
}
