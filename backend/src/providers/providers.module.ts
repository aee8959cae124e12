import { Module } from '@nestjs/common';
import { IntakeModule } from '../intake/intake.module.js';
import { SettingsModule } from '../settings/settings.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { CertificateSource } from './certificates.js';
import { ProvidersController } from './providers.controller.js';
import { ProvidersService } from './providers.service.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksService } from './webhooks.service.js';

/** Providers that send for the organisation: what they report, and how they are set up. */
@Module({
  imports: [IntakeModule, SettingsModule, StreamsModule],
  controllers: [ProvidersController, WebhooksController],
  providers: [CertificateSource, ProvidersService, WebhooksService],
})
export class ProvidersModule {}
