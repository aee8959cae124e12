import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { AlertsModule } from '../alerts/alerts.module.js';
import { DetectionService } from '../alerts/detection.service.js';
import { DigestService } from '../alerts/digest.service.js';
import { NoticesService } from '../alerts/notices.service.js';
import { jobsOf } from '../jobs.js';
import { RolloutsModule } from '../rollouts/rollouts.module.js';
import { RolloutsService } from '../rollouts/rollouts.service.js';
import { MembershipsModule } from '../segments/memberships.module.js';
import { SweepsService } from '../segments/sweeps.service.js';
import { JobsController } from './jobs.controller.js';
import { JOBS, JobsService } from './jobs.service.js';

@Module({
  imports: [ScheduleModule.forRoot(), MembershipsModule, RolloutsModule, AlertsModule],
  controllers: [JobsController],
  providers: [
    {
      provide: JOBS,
      inject: [SweepsService, RolloutsService, DetectionService, NoticesService, DigestService],
      useFactory: (
        sweeps: SweepsService,
        rollouts: RolloutsService,
        detection: DetectionService,
        notices: NoticesService,
        digest: DigestService,
      ) => jobsOf({ sweeps, rollouts, detection, notices, digest }),
    },
    JobsService,
  ],
  exports: [JobsService],
})
export class JobsModule {}
