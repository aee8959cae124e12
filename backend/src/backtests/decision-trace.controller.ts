import { Controller, Get, Param } from '@nestjs/common';
import { z } from 'zod';
import { Scopes } from '../auth/access.js';
import type { DecisionTrace } from '../contract/decisions.js';
import { DecisionTraceService } from './decision-trace.service.js';

@Controller('v1/decisions')
export class DecisionTraceController {
  constructor(private readonly traces: DecisionTraceService) {}

  @Get(':id/trace')
  @Scopes('read')
  trace(@Param('id', { schema: z.uuid() }) id: string): Promise<DecisionTrace> {
    return this.traces.of(id);
  }
}
