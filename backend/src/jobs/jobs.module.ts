import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { jobsOf } from '../jobs.js';
import { MembershipsModule } from '../segments/memberships.module.js';
import { SweepsService } from '../segments/sweeps.service.js';
import { JobsController } from './jobs.controller.js';
import { JOBS, JobsService } from './jobs.service.js';

@Module({
  imports: [ScheduleModule.forRoot(), MembershipsModule],
  controllers: [JobsController],
  providers: [
    { provide: JOBS, inject: [SweepsService], useFactory: (sweeps: SweepsService) => jobsOf({ sweeps }) },
    JobsService,
  ],
  exports: [JobsService],
})
export class JobsModule {}
