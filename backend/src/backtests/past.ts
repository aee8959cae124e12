import type { Queries } from '@secateur/sql';
import type { Database } from '../database.module.js';
import type { Statement } from '../permissions/statement.js';
import { statementOf } from '../permissions/statement-row.js';
import type { StreamWindows } from '../segments/engagement-windows.js';
import type { Catalogue } from '../streams/catalogue.js';
import { type PastFacts, type StoredDecision, storedFacts, subjectsOfStored } from './redecide.js';

const page = 1000;

/** Reads stored decisions and what they knew, to decide them again one by one. */
export class Past {
  readonly #catalogues = new Map<string, Catalogue>();

  constructor(
    private readonly engine: Database,
    private readonly catalogue: Catalogue,
  ) {}

  /** Decisions in the order of their numbers, each with what it knew. @throws EngineAwayError */
  async *read(seqs: readonly number[]): AsyncGenerator<{ row: StoredDecision; past: PastFacts }> {
    for (let from = 0; from < seqs.length; from += page) {
      const rows = await this.rows(seqs.slice(from, from + page));
      const [statements, windows] = await Promise.all([this.#statementsOf(rows), this.#windowsOf(rows)]);
      for (const row of rows) {
        const past = {
          catalogue: this.catalogueOf(row),
          statements,
          windows: windows.get(row.seq) ?? [],
        };
        yield { row, past };
      }
    }
  }

  /** @throws EngineAwayError */
  rows(seqs: readonly number[]): Promise<StoredDecision[]> {
    return this.engine.query('backtests/stored_by_seq', { seqs: seqs.join('\n') });
  }

  /** All streams as the decision knew them. */
  catalogueOf(row: StoredDecision): Catalogue {
    const versions = storedFacts(row).stream_versions;
    const name = JSON.stringify(versions);
    let found = this.#catalogues.get(name);
    if (found === undefined) {
      found = this.catalogue.asOf(new Map(Object.entries(versions)));
      this.#catalogues.set(name, found);
    }
    return found;
  }

  async #statementsOf(rows: readonly StoredDecision[]): Promise<Map<string, Statement>> {
    const subjects = new Set(rows.flatMap((row) => subjectsOfStored(storedFacts(row))));
    if (subjects.size === 0) return new Map();
    const found = await this.engine.query('opt-outs/statements_by_subject', {
      ids: [...subjects].join('\n'),
    });
    return new Map(found.map((row) => [row.id, statementOf(row)]));
  }

  async #windowsOf(rows: readonly StoredDecision[]): Promise<Map<number, StreamWindows[]>> {
    const asked = rows
      .filter((row) => row.recorded === 1)
      .map((row) => `${row.seq}\t${row.person}\t${Date.parse(row.received_at)}`);
    const windows = new Map<number, StreamWindows[]>();
    if (asked.length === 0) return windows;
    const found: Queries['backtests/engagement_windows_as_of']['row'][] = await this.engine.query(
      'backtests/engagement_windows_as_of',
      { asked: asked.join('\n') },
    );
    for (const { number, ...counts } of found) {
      const list = windows.get(number);
      if (list === undefined) windows.set(number, [counts]);
      else list.push(counts);
    }
    return windows;
  }
}
