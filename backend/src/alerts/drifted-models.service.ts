import { Injectable } from '@nestjs/common';
import { DriftService } from '../churn/drift.service.js';
import { fileDrift } from './drifted-model.js';
import { IncidentsService } from './incidents.service.js';
import { NoticesService } from './notices.service.js';

/** Tells where the churn model that holds no longer fits. */
@Injectable()
export class DriftedModelsService {
  constructor(
    private readonly drifts: DriftService,
    private readonly incidents: IncidentsService,
    private readonly notices: NoticesService,
  ) {}

  /** @throws EngineAwayError @throws QueryFailedError */
  async watch(now: Date): Promise<{ drifted: number; opened: number; notices: number }> {
    const drift = await this.drifts.drift(now);
    return this.incidents.alone(async () => {
      const told = fileDrift(drift, await this.incidents.list({}, now), now.getTime());
      if (told === null) return { drifted: 0, opened: 0, notices: 0 };
      // Word before incidents: a process that dies in between looks again, and tells nobody twice.
      const notices = await this.notices.tellAll([told], ({ last_on }) => last_on, now);
      await this.incidents.store([told.incident], 'detector', now);
      return { drifted: 1, opened: told.news === 'opened' ? 1 : 0, notices };
    });
  }
}
