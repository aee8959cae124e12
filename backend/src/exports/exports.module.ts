import { Module } from '@nestjs/common';
import { AnalyticsModule } from '../analytics/analytics.module.js';
import { OptOutsModule } from '../opt-outs/opt-outs.module.js';
import { ExportsController } from './exports.controller.js';
import { ExportsService } from './exports.service.js';

@Module({
  imports: [AnalyticsModule, OptOutsModule],
  controllers: [ExportsController],
  providers: [ExportsService],
})
export class ExportsModule {}
