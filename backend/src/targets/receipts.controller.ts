import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Scopes } from '../auth/access.js';
import { DecisionReceipts, TimeToHonour, TimeToHonourQuery } from '../contract/targets.js';
import { ReceiptsService } from './receipts.service.js';

@ApiTags('targets')
@Scopes('read')
@Controller('v1')
export class ReceiptsController {
  constructor(private readonly receipts: ReceiptsService) {}

  @Get('decisions/:id/receipts')
  @ApiOkResponse({ standardSchema: DecisionReceipts })
  ofDecision(@Param('id', { schema: z.uuid() }) id: string): Promise<DecisionReceipts> {
    return this.receipts.ofDecision(id);
  }

  @Get('analytics/time-to-honour')
  @ApiOkResponse({ standardSchema: TimeToHonour })
  timeToHonour(@Query({ schema: TimeToHonourQuery }) asked: TimeToHonourQuery): Promise<TimeToHonour> {
    return this.receipts.timeToHonour(asked, new Date());
  }
}
