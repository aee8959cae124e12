import { Module } from '@nestjs/common';
import { BacktestsModule } from '../backtests/index.js';
import { ChurnModule } from '../churn/churn.module.js';
import { RolloutsModule } from '../rollouts/rollouts.module.js';
import { RulesModule } from '../rules/rules.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { EditsService } from './edits.service.js';
import { SuggestionsController } from './suggestions.controller.js';
import { SuggestionsService } from './suggestions.service.js';

@Module({
  imports: [ChurnModule, RulesModule, BacktestsModule, RolloutsModule, StreamsModule],
  controllers: [SuggestionsController],
  providers: [EditsService, SuggestionsService],
  exports: [SuggestionsService],
})
export class SuggestionsModule {}
