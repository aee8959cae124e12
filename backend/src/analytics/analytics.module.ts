import { Module } from '@nestjs/common';
import { OptOutsModule } from '../opt-outs/opt-outs.module.js';
import { SegmentsModule } from '../segments/segments.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { AnalyticsController } from './analytics.controller.js';
import { AnalyticsService } from './analytics.service.js';
import { RetentionController } from './retention.controller.js';
import { RetentionService } from './retention.service.js';

@Module({
  imports: [StreamsModule, SegmentsModule, OptOutsModule],
  controllers: [AnalyticsController, RetentionController],
  providers: [AnalyticsService, RetentionService],
})
export class AnalyticsModule {}
