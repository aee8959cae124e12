import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { type Database, ENGINE } from '../database.module.js';
import { Lanes } from '../journal/lanes.js';
import { RulesModule } from '../rules/rules.module.js';
import { RulesService } from '../rules/rules.service.js';
import { SECRETS, type Secrets } from '../secrets.js';
import { MembershipGate } from '../segments/membership-gate.js';
import { SegmentsModule } from '../segments/segments.module.js';
import { SegmentsService } from '../segments/segments.service.js';
import { StreamsModule } from '../streams/streams.module.js';
import { StreamsService } from '../streams/streams.service.js';
import { SubscriberDirectory } from '../subscribers/directory.js';
import { SubscribersModule } from '../subscribers/subscribers.module.js';
import { DecisionsController } from './decisions.controller.js';
import { DecisionsService } from './decisions.service.js';
import { OptOutsController } from './opt-outs.controller.js';
import { OptOutsService } from './opt-outs.service.js';
import { Sequence } from './sequence.js';
import { SignalsController } from './signals.controller.js';

@Module({
  imports: [RulesModule, StreamsModule, SubscribersModule, SegmentsModule],
  controllers: [OptOutsController, SignalsController, DecisionsController],
  providers: [
    DecisionsService,
    {
      provide: OptOutsService,
      inject: [
        ENGINE,
        SubscriberDirectory,
        StreamsService,
        CONFIG,
        SECRETS,
        Lanes,
        SegmentsService,
        MembershipGate,
        Sequence,
        RulesService,
      ],
      useFactory: (
        engine: Database,
        directory: SubscriberDirectory,
        streams: StreamsService,
        config: Config,
        secrets: Secrets,
        lanes: Lanes,
        segments: SegmentsService,
        gate: MembershipGate,
        sequence: Sequence,
        rules: RulesService,
      ) =>
        new OptOutsService(
          engine,
          directory,
          streams,
          config,
          secrets,
          lanes,
          segments,
          gate,
          sequence,
          rules,
        ),
    },
  ],
  exports: [OptOutsService, DecisionsService],
})
export class OptOutsModule {}
