import { Module } from '@nestjs/common';
import { ChurnModule } from '../churn/churn.module.js';
import { PermissionsModule } from '../permissions/permissions.module.js';
import { RulesModule } from '../rules/rules.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { AlertSettingsService } from './alert-settings.js';
import { AlertSettingsController, AlertsController } from './alerts.controller.js';
import { DetectionService } from './detection.service.js';
import { DigestService } from './digest.service.js';
import { DriftedModelsService } from './drifted-models.service.js';
import { FailedRulesService } from './failed-rules.service.js';
import { IncidentsService } from './incidents.service.js';
import { NoticesService } from './notices.service.js';

@Module({
  imports: [ChurnModule, PermissionsModule, RulesModule, SettingsModule, StreamsModule],
  controllers: [AlertSettingsController, AlertsController],
  providers: [
    AlertSettingsService,
    IncidentsService,
    NoticesService,
    DetectionService,
    FailedRulesService,
    DriftedModelsService,
    DigestService,
  ],
  exports: [DetectionService, FailedRulesService, DriftedModelsService, DigestService, NoticesService],
})
export class AlertsModule {}
