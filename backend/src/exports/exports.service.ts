import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CoverService } from '../analytics/cover.service.js';
import { CONFIG, type Config } from '../config.js';
import type { ExportedTable, ExportQuery } from '../contract/exports.js';
import { type Database, ENGINE } from '../database.module.js';
import { OptOutsService } from '../opt-outs/opt-outs.service.js';
import { monthOf } from './month.js';

/** A month of a large installation. */
const longest = { maxExecutionSeconds: 1800 };

/**
 * Months of rows for other tools. The engine writes them into a file, a group of rows at a time, and the file is sent:
 * neither is ever held as a whole, and whoever asks gets all of it or an error.
 */
@Injectable()
export class ExportsService implements OnModuleInit {
  readonly #folder: string;
  /** One after the other: each holds a connection that pages and checks read by. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    @Inject(CONFIG) config: Config,
    private readonly cover: CoverService,
    private readonly optOuts: OptOutsService,
  ) {
    this.#folder = join(config.dataDirectory, 'exports');
  }

  /** What a process left that died while it wrote. */
  async onModuleInit(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
  }

  /**
   * The file, open and without a name: it is gone when it is closed.
   * @throws InvalidInputError naming `month` @throws EngineAwayError @throws QueryFailedError
   */
  async file(
    table: ExportedTable,
    { month, format = 'parquet' }: ExportQuery,
    now: Date,
  ): Promise<FileHandle> {
    const range = monthOf(month, now);
    const path = join(this.#folder, randomUUID());
    const written = this.#last.then(() => this.#write(table, range, format, path));
    this.#last = written.catch(() => undefined);
    await written;
    const handle = await open(path);
    await rm(path);
    return handle;
  }

  async #write(
    table: ExportedTable,
    range: { from: Date; to: Date },
    format: 'parquet' | 'csv',
    path: string,
  ): Promise<void> {
    const asked = { ...range, quote_formulas: format === 'csv' };
    const written = format === 'csv' ? 'CSVWithNames' : 'Parquet';
    switch (table) {
      case 'events':
        return this.engine.toFile('exports/events', asked, written, path, longest);
      case 'spells':
        return this.engine.toFile(
          'exports/spells',
          { ...asked, ...(await this.cover.of()) },
          written,
          path,
          longest,
        );
      case 'decisions':
        await this.optOuts.recounts.caughtUp();
        return this.engine.toFile('exports/decisions', asked, written, path, longest);
    }
  }
}
