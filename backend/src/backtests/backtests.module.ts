import { Module } from '@nestjs/common';
import { RolloutsModule } from '../rollouts/rollouts.module.js';
import { RulesModule } from '../rules/rules.module.js';
import { SegmentsModule } from '../segments/segments.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { BacktestsController } from './backtests.controller.js';
import { BacktestsService } from './backtests.service.js';
import { DecisionTraceController } from './decision-trace.controller.js';
import { DecisionTraceService } from './decision-trace.service.js';

@Module({
  imports: [RolloutsModule, RulesModule, SegmentsModule, StreamsModule],
  controllers: [BacktestsController, DecisionTraceController],
  providers: [BacktestsService, DecisionTraceService],
  exports: [BacktestsService],
})
export class BacktestsModule {}
