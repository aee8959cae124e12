import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { type Database, ENGINE } from '../database.module.js';
import { Lanes } from '../journal/lanes.js';
import { PEPPER } from '../secrets.js';
import { SubscriberDirectory } from './directory.js';
import { KeyFile } from './key-file.js';
import { SubscribersController } from './subscribers.controller.js';
import { SubscribersService } from './subscribers.service.js';

@Module({
  controllers: [SubscribersController],
  providers: [
    {
      provide: KeyFile,
      inject: [CONFIG],
      useFactory: (config: Config) => {
        mkdirSync(join(config.dataDirectory, 'keys'), { recursive: true, mode: 0o700 });
        return new KeyFile(join(config.dataDirectory, 'keys', 'people.keys'));
      },
    },
    {
      provide: SubscriberDirectory,
      inject: [ENGINE, KeyFile, PEPPER],
      useFactory: (engine: Database, keys: KeyFile, pepper: Buffer) =>
        new SubscriberDirectory(engine, keys, pepper),
    },
    {
      provide: SubscribersService,
      inject: [SubscriberDirectory, Lanes],
      useFactory: (directory: SubscriberDirectory, lanes: Lanes) => new SubscribersService(directory, lanes),
    },
  ],
  exports: [SubscriberDirectory, SubscribersService],
})
export class SubscribersModule {
  constructor(keys: KeyFile, lanes: Lanes) {
    // A lane that still decides allocates keys, and a closed descriptor may be another file's by then.
    lanes.afterStop(() => keys.close());
  }
}
