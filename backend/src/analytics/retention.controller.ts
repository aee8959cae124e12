import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { Scopes } from '../auth/access.js';
import { type RetentionAnswer, RetentionQuery } from '../contract/analytics.js';
import { RetentionService } from './retention.service.js';

/** A parameter that is not known is refused: a filter that was not applied would be a wrong figure. */
const Asked = z.strictObject(RetentionQuery.shape);

@Controller('v1/analytics/retention')
@Scopes('read')
export class RetentionController {
  constructor(private readonly retentions: RetentionService) {}

  @Get()
  retention(@Query({ schema: Asked }) asked: z.infer<typeof Asked>): Promise<RetentionAnswer> {
    return this.retentions.retention(asked, new Date());
  }
}
