import { Module } from '@nestjs/common';
import { AnalyticsModule } from '../analytics/analytics.module.js';
import { SegmentsModule } from '../segments/segments.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { ChurnController } from './churn.controller.js';
import { DriftService } from './drift.service.js';
import { RegistryService } from './registry.service.js';
import { RisksService } from './risks.service.js';
import { ScoringService } from './scoring.service.js';
import { SnapshotsService } from './snapshots.service.js';
import { TrainingService } from './training.service.js';

@Module({
  imports: [AnalyticsModule, StreamsModule, SegmentsModule],
  controllers: [ChurnController],
  providers: [RegistryService, SnapshotsService, TrainingService, ScoringService, RisksService, DriftService],
  exports: [TrainingService, ScoringService, RisksService, DriftService],
})
export class ChurnModule {}
