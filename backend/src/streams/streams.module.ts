import { Module } from '@nestjs/common';
import { type Database, ENGINE } from '../database.module.js';
import { StreamsController } from './streams.controller.js';
import { StreamsService } from './streams.service.js';

@Module({
  controllers: [StreamsController],
  providers: [
    {
      provide: StreamsService,
      inject: [ENGINE],
      useFactory: async (engine: Database) => {
        const streams = new StreamsService(engine);
        await streams.load();
        return streams;
      },
    },
  ],
  exports: [StreamsService],
})
export class StreamsModule {}
