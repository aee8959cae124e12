import { Controller, Get, Param } from '@nestjs/common';
import { Scopes } from '../auth/access.js';
import type { SubscriberSegments } from '../contract/segments.js';
import { Id } from '../contract/vocabulary.js';
import { LedgerService } from './ledger.service.js';

@Controller('v1/subscribers')
export class SubscriberSegmentsController {
  constructor(private readonly ledger: LedgerService) {}

  @Get(':subscriber/segments')
  @Scopes('read')
  ofSubscriber(@Param('subscriber', { schema: Id }) subscriber: string): Promise<SubscriberSegments> {
    return this.ledger.ofSubscriber(subscriber, Date.now());
  }
}
