import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { jobsOf } from '../jobs.js';
import { RolloutsModule } from '../rollouts/rollouts.module.js';
import { RolloutsService } from '../rollouts/rollouts.service.js';
import { MembershipsModule } from '../segments/memberships.module.js';
import { SweepsService } from '../segments/sweeps.service.js';
import { JobsController } from './jobs.controller.js';
import { JOBS, JobsService } from './jobs.service.js';

@Module({
  imports: [ScheduleModule.forRoot(), MembershipsModule, RolloutsModule],
  controllers: [JobsController],
  providers: [
    {
      provide: JOBS,
      inject: [SweepsService, RolloutsService],
      useFactory: (sweeps: SweepsService, rollouts: RolloutsService) => jobsOf({ sweeps, rollouts }),
    },
    JobsService,
  ],
  exports: [JobsService],
})
export class JobsModule {}
