import { Module } from '@nestjs/common';
import { OptOutsModule } from '../opt-outs/opt-outs.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { SubscribersModule } from '../subscribers/subscribers.module.js';
import { LedgerService } from './ledger.service.js';
import { MembershipsService } from './memberships.service.js';
import { PreviewService } from './preview.service.js';
import { SegmentsController } from './segments.controller.js';
import { SegmentsModule } from './segments.module.js';
import { SubscriberSegmentsController } from './subscriber-segments.controller.js';
import { SweepsService } from './sweeps.service.js';

@Module({
  imports: [SegmentsModule, StreamsModule, SubscribersModule, OptOutsModule],
  controllers: [SegmentsController, SubscriberSegmentsController],
  providers: [MembershipsService, SweepsService, LedgerService, PreviewService],
  exports: [MembershipsService, SweepsService],
})
export class MembershipsModule {}
