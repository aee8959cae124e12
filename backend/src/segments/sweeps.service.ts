import { Inject, Injectable, Logger } from '@nestjs/common';
import { EngineAwayError } from '@secateur/sql';
import type { MembershipCause } from '../contract/segments.js';
import { type Database, ENGINE } from '../database.module.js';
import { noId } from '../subscribers/identifiers.js';
import { MembershipsService } from './memberships.service.js';
import { SegmentsService } from './segments.service.js';

const pageOfPeople = 20_000;

/** What a sweep came to. */
export interface Swept {
  looked_at: number;
  edges: number;
}

/** Finds whose memberships have to change because time went by or a definition changed. */
@Injectable()
export class SweepsService {
  readonly #log = new Logger('Segments');
  /** Keys whose people are being looked for, and how many looks are under way. */
  readonly #filling = new Map<string, number>();

  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly segments: SegmentsService,
    private readonly memberships: MembershipsService,
  ) {
    segments.afterChange((key) => void this.#fill(key));
  }

  isFilling(key: string): boolean {
    return this.#filling.has(key);
  }

  /** Looks at everybody. @throws EngineAwayError */
  async sweep(
    now: Date,
    cause: MembershipCause = 'sweep',
    causeId: string = now.toISOString(),
  ): Promise<Swept> {
    const swept: Swept = { looked_at: 0, edges: 0 };
    let after = noId;
    for (;;) {
      const page = await this.engine.query('segments/people_page', { after, limit: pageOfPeople });
      const looks = page.map(({ person }) => ({ person, causeId, receivedAt: now.getTime() }));
      swept.looked_at += looks.length;
      swept.edges += await this.memberships.look(looks, cause, now.getTime());
      const last = page.at(-1);
      if (last === undefined || page.length < pageOfPeople) return swept;
      after = last.person;
    }
  }

  /** At once after a change of a definition; what fails is made up for by the next sweep. */
  async #fill(key: string): Promise<void> {
    const definition = this.segments.latest(key);
    if (definition === undefined) return;
    this.#filling.set(key, (this.#filling.get(key) ?? 0) + 1);
    const began = performance.now();
    try {
      const swept = await this.sweep(new Date(), 'definition', `${key}@${definition.version}`);
      this.#log.log('segment filled', { segment: key, ...swept, ms: Math.round(performance.now() - began) });
    } catch (error) {
      const reason = error instanceof EngineAwayError ? 'engine away' : (error as Error).name;
      this.#log.warn('segment not filled', { segment: key, reason });
    } finally {
      const left = (this.#filling.get(key) ?? 1) - 1;
      if (left > 0) this.#filling.set(key, left);
      else this.#filling.delete(key);
    }
  }
}
