import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { type Database, ENGINE } from '../database.module.js';
import { OptOutsModule } from '../opt-outs/opt-outs.module.js';
import { OptOutsService } from '../opt-outs/opt-outs.service.js';
import { Outbound } from '../outbound.js';
import { ChangesService } from '../permissions/changes.service.js';
import { PermissionsModule } from '../permissions/permissions.module.js';
import { PermissionsService } from '../permissions/permissions.service.js';
import { SECRETS, type Secrets } from '../secrets.js';
import { StreamsModule } from '../streams/streams.module.js';
import { StreamsService } from '../streams/streams.service.js';
import { SubscriberDirectory } from '../subscribers/directory.js';
import { SubscribersModule } from '../subscribers/subscribers.module.js';
import { DeadLettersService } from './dead-letters.service.js';
import { DispatchService } from './dispatch.service.js';
import { Feed } from './feed.js';
import { MailSuppressions } from './mail-suppressions.js';
import { Pace } from './pace.js';
import { ReceiptBook } from './receipt-book.js';
import { ReceiptsController } from './receipts.controller.js';
import { ReceiptsService } from './receipts.service.js';
import { Senders } from './senders.js';
import { TargetsController } from './targets.controller.js';
import { TargetsService } from './targets.service.js';

@Module({
  imports: [OptOutsModule, PermissionsModule, StreamsModule, SubscribersModule],
  controllers: [TargetsController, ReceiptsController],
  providers: [
    { provide: Pace, useFactory: () => new Pace() },
    {
      provide: TargetsService,
      inject: [ENGINE, SECRETS, Outbound, StreamsService],
      useFactory: (engine: Database, secrets: Secrets, outbound: Outbound, streams: StreamsService) =>
        new TargetsService(engine, secrets, outbound, streams),
    },
    {
      provide: Senders,
      inject: [ENGINE, SubscriberDirectory, PermissionsService, Outbound],
      useFactory: (
        engine: Database,
        directory: SubscriberDirectory,
        permissions: PermissionsService,
        outbound: Outbound,
      ) => new Senders(outbound, new MailSuppressions(engine, directory, permissions)),
    },
    {
      provide: Feed,
      inject: [ChangesService, ENGINE],
      useFactory: (changes: ChangesService, engine: Database) => new Feed(changes, engine),
    },
    {
      provide: ReceiptBook,
      inject: [ENGINE, Pace],
      useFactory: (engine: Database, pace: Pace) => new ReceiptBook(engine, pace),
    },
    {
      provide: ReceiptsService,
      inject: [ENGINE, TargetsService],
      useFactory: (engine: Database, targets: TargetsService) => new ReceiptsService(engine, targets),
    },
    {
      provide: DeadLettersService,
      inject: [ENGINE, TargetsService, Feed, Senders, ReceiptBook],
      useFactory: (
        engine: Database,
        targets: TargetsService,
        feed: Feed,
        senders: Senders,
        book: ReceiptBook,
      ) => new DeadLettersService({ engine, targets, feed, senders, book }),
    },
    {
      provide: DispatchService,
      inject: [ENGINE, TargetsService, Feed, Senders, ReceiptBook, Pace, CONFIG],
      useFactory: (
        engine: Database,
        targets: TargetsService,
        feed: Feed,
        senders: Senders,
        book: ReceiptBook,
        pace: Pace,
        config: Config,
      ) => new DispatchService({ engine, targets, feed, senders, book, pace }, config.jobs),
    },
  ],
})
export class TargetsModule {
  constructor(optOuts: OptOutsService, dispatch: DispatchService) {
    optOuts.onDecided(() => dispatch.wake());
  }
}
