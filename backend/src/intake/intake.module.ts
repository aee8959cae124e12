import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { SubscribersModule } from '../subscribers/subscribers.module.js';
import { IntakeService } from './intake.service.js';
import { SentMessages } from './sent-messages.js';

@Module({
  imports: [EventsModule, StreamsModule, SubscribersModule],
  providers: [IntakeService, SentMessages],
  exports: [IntakeService],
})
export class IntakeModule {}
