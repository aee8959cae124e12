import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { type Database, ENGINE } from '../database.module.js';
import { Readiness } from '../readiness.js';
import { JournalController } from './journal.controller.js';
import { openJournal } from './journal.js';
import { Lanes } from './lanes.js';

@Global()
@Module({
  controllers: [JournalController],
  providers: [
    {
      provide: Lanes,
      inject: [CONFIG, ENGINE, Readiness],
      useFactory: async (config: Config, engine: Database, readiness: Readiness) => {
        const journal = await openJournal(join(config.dataDirectory, 'journal'));
        return new Lanes(journal, engine, config.journalQueueRows, readiness);
      },
    },
  ],
  exports: [Lanes],
})
export class JournalModule {}
