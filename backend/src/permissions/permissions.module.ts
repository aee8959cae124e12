import { Module } from '@nestjs/common';
import { OptOutsModule } from '../opt-outs/opt-outs.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { SubscribersModule } from '../subscribers/subscribers.module.js';
import { ChangesService } from './changes.service.js';
import { PermissionsController } from './permissions.controller.js';
import { PermissionsService } from './permissions.service.js';
import { SendPauses } from './send-pauses.service.js';
import { SuppressionsController } from './suppressions.controller.js';
import { SuppressionsService } from './suppressions.service.js';

@Module({
  imports: [StreamsModule, SubscribersModule, OptOutsModule],
  controllers: [PermissionsController, SuppressionsController],
  providers: [PermissionsService, ChangesService, SuppressionsService, SendPauses],
  exports: [PermissionsService, ChangesService, SendPauses],
})
export class PermissionsModule {}
