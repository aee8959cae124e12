import { Module } from '@nestjs/common';
import { SettingsModule } from '../settings/settings.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { ConditionCatalogue } from './condition-catalogue.js';
import { RulesService } from './rules.service.js';
import { RulesetsController } from './rulesets.controller.js';

@Module({
  imports: [SettingsModule, StreamsModule],
  controllers: [RulesetsController],
  providers: [ConditionCatalogue, RulesService],
  exports: [RulesService],
})
export class RulesModule {}
