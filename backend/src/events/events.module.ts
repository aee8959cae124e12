import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { type Database, ENGINE } from '../database.module.js';
import { Lanes } from '../journal/lanes.js';
import { OptOutsModule } from '../opt-outs/opt-outs.module.js';
import { OptOutsService } from '../opt-outs/opt-outs.service.js';
import { SECRETS, type Secrets } from '../secrets.js';
import { SegmentsModule } from '../segments/segments.module.js';
import { SegmentsService } from '../segments/segments.service.js';
import { StreamsModule } from '../streams/streams.module.js';
import { StreamsService } from '../streams/streams.service.js';
import { SubscriberDirectory } from '../subscribers/directory.js';
import { SubscribersModule } from '../subscribers/subscribers.module.js';
import { EventsController } from './events.controller.js';
import { EventsService } from './events.service.js';
import { QuarantineService } from './quarantine.service.js';

@Module({
  imports: [StreamsModule, SubscribersModule, OptOutsModule, SegmentsModule],
  controllers: [EventsController],
  providers: [
    {
      provide: QuarantineService,
      inject: [ENGINE, SECRETS, Lanes],
      useFactory: (engine: Database, secrets: Secrets, lanes: Lanes) =>
        new QuarantineService(engine, secrets, lanes),
    },
    {
      provide: EventsService,
      inject: [
        ENGINE,
        SubscriberDirectory,
        StreamsService,
        OptOutsService,
        QuarantineService,
        CONFIG,
        Lanes,
        SegmentsService,
      ],
      useFactory: (
        engine: Database,
        directory: SubscriberDirectory,
        streams: StreamsService,
        optOuts: OptOutsService,
        quarantine: QuarantineService,
        { softBounces }: Config,
        lanes: Lanes,
        segments: SegmentsService,
      ) => new EventsService(engine, directory, streams, optOuts, quarantine, softBounces, lanes, segments),
    },
  ],
  exports: [EventsService, QuarantineService],
})
export class EventsModule {}
