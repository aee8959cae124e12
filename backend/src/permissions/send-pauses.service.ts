import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Queries } from '@secateur/sql';
import type { SendPause } from '../contract/alerts.js';
import { type Database, ENGINE } from '../database.module.js';
import { ConflictError, NotFoundError } from '../errors.js';
import { errorFields } from '../log.js';

/** How long a pause that another process ordered may take to be known here. */
const refreshMs = 3000;
const columns = [
  'id',
  'version',
  'stream',
  'campaign',
  'from_at',
  'until',
  'lifted_at',
  'incident',
  'why',
  'changed_by',
] as const;

type Row = Queries['alerts/send_pauses_all']['row'];

export interface PauseOrder {
  readonly streams: readonly string[];
  /** null: all campaigns. */
  readonly campaign: string | null;
  /** null: until it is lifted. */
  readonly until: Date | null;
  readonly incident: string;
  readonly why: string;
}

/**
 * Streams whose sends somebody paused. The send check obeys; nobody's statement is touched. Held in memory, so that a check
 * needs no query for it and it holds while the engine is away.
 */
@Injectable()
export class SendPauses implements OnModuleInit, OnApplicationShutdown {
  readonly #log = new Logger('SendPauses');
  #rows = new Map<string, Row>();
  #timer: NodeJS.Timeout | undefined;

  constructor(@Inject(ENGINE) private readonly engine: Database) {}

  async onModuleInit(): Promise<void> {
    await this.#refresh();
    this.#timer = setInterval(() => {
      // Those that are known go on holding.
      this.#refresh().catch((error) => this.#log.debug('pauses not refreshed', errorFields(error)));
    }, refreshMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /** Is this message paused? */
  holds(stream: string, campaign: string | undefined, now: number): boolean {
    for (const row of this.#rows.values()) {
      if (row.stream !== stream || !isActive(row, now)) continue;
      if (row.campaign === '' || row.campaign === campaign) return true;
    }
    return false;
  }

  /** The newest first: those that hold, and those of the last 400 days. */
  list(now: number): SendPause[] {
    return [...this.#rows.values()]
      .sort((one, other) => other.from_at.localeCompare(one.from_at) || one.id.localeCompare(other.id))
      .map((row) => viewOf(row, now));
  }

  /** @returns when it is in the engine @throws EngineAwayError */
  async order(order: PauseOrder, by: string, now: number): Promise<SendPause[]> {
    const rows = order.streams.map(
      (stream): Row => ({
        id: randomUUID(),
        version: now,
        stream,
        campaign: order.campaign ?? '',
        from_at: new Date(now).toISOString(),
        until: order.until?.toISOString() ?? null,
        lifted_at: null,
        incident: order.incident,
        why: order.why,
        changed_by: by,
      }),
    );
    await this.#store(rows);
    return rows.map((row) => viewOf(row, now));
  }

  /** @throws NotFoundError @throws ConflictError where it is lifted or over already @throws EngineAwayError */
  async lift(id: string, why: string | null, by: string, now: number): Promise<SendPause> {
    await this.#refresh();
    const row = this.#rows.get(id);
    if (row === undefined) throw new NotFoundError(`There is no pause ${id}`);
    if (!isActive(row, now)) throw new ConflictError('The pause is over already');
    const lifted = {
      ...row,
      version: Math.max(now, row.version + 1),
      lifted_at: new Date(now).toISOString(),
      why: why === null ? row.why : `${row.why}; lifted: ${why}`,
      changed_by: by,
    };
    await this.#store([lifted]);
    return viewOf(lifted, now);
  }

  async #store(rows: readonly Row[]): Promise<void> {
    const lines = rows.map((row) => JSON.stringify(columns.map((column) => row[column])));
    await this.engine.insert('send_pauses', columns, lines.join('\n'), null);
    for (const row of rows) this.#rows.set(row.id, row);
  }

  async #refresh(): Promise<void> {
    const rows = await this.engine.query('alerts/send_pauses_all', { now: new Date() });
    const found = new Map(rows.map((row) => [row.id, row]));
    // One that was ordered while the question was under way is newer than its answer.
    for (const [id, known] of this.#rows)
      if ((found.get(id)?.version ?? 0) < known.version && isRecent(known)) found.set(id, known);
    this.#rows = found;
  }
}

const isRecent = ({ version }: Row): boolean => version > Date.now() - 60_000;

const isActive = ({ until, lifted_at }: Row, now: number): boolean =>
  lifted_at === null && (until === null || Date.parse(until) > now);

function viewOf(row: Row, now: number): SendPause {
  const { id, stream, campaign, from_at, until, lifted_at, incident, why, changed_by } = row;
  return {
    id,
    stream,
    campaign: campaign || null,
    from: from_at,
    until,
    lifted_at,
    active: isActive(row, now),
    incident: incident || null,
    why,
    changed_by,
  };
}
