import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { IntakeService } from './intake.service.js';

@Module({ imports: [EventsModule, StreamsModule], providers: [IntakeService], exports: [IntakeService] })
export class IntakeModule {}
