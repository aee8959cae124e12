import { Module } from '@nestjs/common';
import { SegmentsModule } from '../segments/segments.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { RulesService } from './rules.service.js';
import { RulesetsController } from './rulesets.controller.js';

@Module({
  imports: [SettingsModule, SegmentsModule],
  controllers: [RulesetsController],
  providers: [RulesService],
  exports: [RulesService],
})
export class RulesModule {}
