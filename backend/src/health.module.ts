import { Global, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { type Database, ENGINE } from './database.module.js';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';

/** Global, so that any module can register a probe: `constructor(@Inject(Readiness) readiness: Readiness)`. */
@Global()
@Module({ controllers: [HealthController], providers: [Readiness], exports: [Readiness] })
export class HealthModule implements OnModuleInit {
  constructor(
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(ENGINE) private readonly engine: Database,
  ) {}

  onModuleInit(): void {
    // Opt-outs are accepted by the journal, so an engine that is away is told and does not make it unready.
    this.readiness.register('engine', async () => {
      const answers = await this.engine.ping().then(
        () => true,
        () => false,
      );
      return { ready: true, answers };
    });
  }
}
