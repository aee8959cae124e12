import { Module } from '@nestjs/common';
import { StreamsModule } from '../streams/streams.module.js';
import { AnalyticsController } from './analytics.controller.js';
import { AnalyticsService } from './analytics.service.js';

@Module({ imports: [StreamsModule], controllers: [AnalyticsController], providers: [AnalyticsService] })
export class AnalyticsModule {}
