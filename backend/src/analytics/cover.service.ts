import { Inject, Injectable } from '@nestjs/common';
import { type Database, ENGINE } from '../database.module.js';
import { StreamsService } from '../streams/streams.service.js';
import { type SpellCover, spellCoverOf } from './spell-cover.js';

/** What the ledger of spells speaks of, by the catalogue of now. */
@Injectable()
export class CoverService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly streams: StreamsService,
  ) {}

  /** @param asked keys of streams; `''`, the default, stands for all of them */
  async of(asked: readonly string[] = ['']): Promise<SpellCover> {
    const said = await this.engine.query('analytics/spell_selectors', {});
    return spellCoverOf(
      said.map(({ selector }) => selector),
      this.streams.catalogue,
      asked,
    );
  }
}
