import { Module } from '@nestjs/common';
import { OptOutsModule } from '../opt-outs/opt-outs.module.js';
import { SegmentsModule } from '../segments/segments.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { AnalyticsController } from './analytics.controller.js';
import { AnalyticsService } from './analytics.service.js';
import { CalendarService } from './calendar.service.js';
import { CausesService } from './causes.service.js';
import { CoverService } from './cover.service.js';
import { FiguresService } from './figures.service.js';
import { PublicationsService } from './publications.service.js';
import { PublishedController } from './published.controller.js';
import { PublishedService } from './published.service.js';
import { RequestsService } from './requests.service.js';
import { RetentionController } from './retention.controller.js';
import { RetentionService } from './retention.service.js';
import { SubscriptionsService } from './subscriptions.service.js';

@Module({
  imports: [StreamsModule, SegmentsModule, OptOutsModule],
  controllers: [AnalyticsController, RetentionController, PublishedController],
  providers: [
    CoverService,
    CalendarService,
    AnalyticsService,
    RequestsService,
    SubscriptionsService,
    FiguresService,
    CausesService,
    RetentionService,
    PublishedService,
    PublicationsService,
  ],
  exports: [PublicationsService, CoverService],
})
export class AnalyticsModule {}
