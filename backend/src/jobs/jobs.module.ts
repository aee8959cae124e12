import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { AlertsModule } from '../alerts/alerts.module.js';
import { DetectionService } from '../alerts/detection.service.js';
import { DigestService } from '../alerts/digest.service.js';
import { DriftedModelsService } from '../alerts/drifted-models.service.js';
import { FailedRulesService } from '../alerts/failed-rules.service.js';
import { NoticesService } from '../alerts/notices.service.js';
import { AnalyticsModule } from '../analytics/analytics.module.js';
import { PublicationsService } from '../analytics/publications.service.js';
import { ChurnModule } from '../churn/churn.module.js';
import { ScoringService } from '../churn/scoring.service.js';
import { TrainingService } from '../churn/training.service.js';
import { jobsOf } from '../jobs.js';
import { OptOutsModule } from '../opt-outs/opt-outs.module.js';
import { OptOutsService } from '../opt-outs/opt-outs.service.js';
import { RolloutsModule } from '../rollouts/rollouts.module.js';
import { RolloutsService } from '../rollouts/rollouts.service.js';
import { MembershipsModule } from '../segments/memberships.module.js';
import { SweepsService } from '../segments/sweeps.service.js';
import { SuggestionsModule } from '../suggestions/suggestions.module.js';
import { SuggestionsService } from '../suggestions/suggestions.service.js';
import { JobsController } from './jobs.controller.js';
import { JOBS, JobsService } from './jobs.service.js';

@Module({
  imports: [
    ScheduleModule.forRoot(),
    MembershipsModule,
    RolloutsModule,
    OptOutsModule,
    AlertsModule,
    AnalyticsModule,
    ChurnModule,
    SuggestionsModule,
  ],
  controllers: [JobsController],
  providers: [
    {
      provide: JOBS,
      inject: [
        SweepsService,
        RolloutsService,
        OptOutsService,
        DetectionService,
        FailedRulesService,
        NoticesService,
        DigestService,
        PublicationsService,
        TrainingService,
        ScoringService,
        SuggestionsService,
        DriftedModelsService,
      ],
      useFactory: (
        sweeps: SweepsService,
        rollouts: RolloutsService,
        optOuts: OptOutsService,
        detection: DetectionService,
        failedRules: FailedRulesService,
        notices: NoticesService,
        digest: DigestService,
        publications: PublicationsService,
        training: TrainingService,
        scoring: ScoringService,
        suggestions: SuggestionsService,
        driftedModels: DriftedModelsService,
      ) =>
        jobsOf({
          sweeps,
          rollouts,
          optOuts,
          detection,
          failedRules,
          notices,
          digest,
          publications,
          training,
          scoring,
          suggestions,
          driftedModels,
        }),
    },
    JobsService,
  ],
  exports: [JobsService],
})
export class JobsModule {}
