import { randomUUID } from 'node:crypto';
import type { Database } from '../database.module.js';
import { ConflictError, NotFoundError } from '../errors.js';
import type { Lane } from '../journal/lane-options.js';
import type { Lanes } from '../journal/lanes.js';
import { Seal } from '../seal.js';
import type { Secrets } from '../secrets.js';
import { type QuarantineEntry, quarantineDeadline, quarantineInsert } from './quarantine-row.js';

/** A row that was refused, as it came. */
export interface RefusedRow {
  door: string;
  code: string;
  detail: string;
  field: string | undefined;
  text: string;
}

/** Keeps what was not taken, sealed, until somebody replays or dismisses it. Nothing is lost. */
export class QuarantineService {
  readonly #lane: Lane<QuarantineEntry, QuarantineEntry>;
  readonly #seal: Seal;

  constructor(
    private readonly engine: Database,
    secrets: Secrets,
    lanes: Lanes,
  ) {
    this.#seal = quarantineSeal(secrets);
    this.#lane = lanes.make<QuarantineEntry, QuarantineEntry>({
      name: 'quarantine',
      maxGroup: 10_000,
      prepare: async (entries) => ({
        group: { id: randomUUID(), lane: 'quarantine', inserts: [quarantineInsert(entries, Date.now())] },
        results: [...entries],
      }),
      keys: () => [],
    });
  }

  seal(text: string): string {
    return this.#seal.seal(Buffer.from(text)).toString('base64');
  }

  /** @returns the ids under which the rows are kept, in order, once they are durable */
  async keep(rows: readonly RefusedRow[], receivedAt: number): Promise<string[]> {
    if (rows.length === 0) return [];
    const entries = rows.map(
      (row): QuarantineEntry => ({
        id: randomUUID(),
        receivedAt,
        deadlineAt: receivedAt + quarantineDeadline,
        door: row.door,
        code: row.code,
        detail: row.detail.toWellFormed(),
        field: row.field?.toWellFormed() ?? '',
        sealed: this.seal(row.text),
        state: 'open',
      }),
    );
    await this.#lane.submit(entries);
    return entries.map((entry) => entry.id);
  }

  /** The nearest deadline first. @throws EngineAwayError */
  async list(limit: number) {
    return this.engine.query('events/quarantine_open', { limit });
  }

  /** The row as it came. @throws NotFoundError when it is not there, or no longer open */
  async open(id: string): Promise<{ entry: QuarantineEntry; text: string }> {
    const [row] = await this.engine.query('events/quarantine_by_id', { id });
    if (row === undefined || row.state !== 'open')
      throw new NotFoundError(`nothing open in quarantine under ${id}`);
    const entry: QuarantineEntry = {
      id: row.id,
      receivedAt: Date.parse(row.received_at),
      deadlineAt: Date.parse(row.deadline_at),
      door: row.door,
      code: row.code,
      detail: row.detail,
      field: row.field,
      sealed: row.sealed,
      state: row.state,
    };
    const text = this.#seal.open(Buffer.from(row.sealed, 'base64'));
    if (text === null)
      throw new ConflictError('It was sealed under a secret that SECATEUR_SECRET no longer lists');
    return { entry, text: text.toString('utf8') };
  }

  async settle(entry: QuarantineEntry, state: 'replayed' | 'dismissed'): Promise<void> {
    await this.#lane.submit([{ ...entry, state }]);
  }
}

/** What was refused may hold addresses: tables hold it sealed under the installation's key. */
export function quarantineSeal(secrets: Secrets): Seal {
  return new Seal(
    'quarantine',
    1,
    secrets.keys('quarantine').map(({ key }) => key.toString('base64')),
  );
}
