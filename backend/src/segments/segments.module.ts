import { Module } from '@nestjs/common';
import { type Database, ENGINE } from '../database.module.js';
import { Sequence } from '../opt-outs/sequence.js';
import { SettingsModule } from '../settings/settings.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { MembershipGate } from './membership-gate.js';
import { SegmentsService } from './segments.service.js';

/** What the lanes need of segments; who looks at people otherwise stands in memberships.module.ts. */
@Module({
  imports: [StreamsModule, SettingsModule],
  providers: [
    SegmentsService,
    { provide: MembershipGate, useFactory: () => new MembershipGate() },
    {
      provide: Sequence,
      inject: [ENGINE],
      useFactory: async (engine: Database) => {
        const sequence = new Sequence(engine);
        await sequence.load();
        return sequence;
      },
    },
  ],
  exports: [SegmentsService, MembershipGate, Sequence],
})
export class SegmentsModule {}
