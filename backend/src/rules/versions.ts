import { randomUUID } from 'node:crypto';
import type { Rule, RulesetDraft, RulesetEvent, RulesetState } from '../contract/rules.js';
import type { Database } from '../database.module.js';
import { NotFoundError } from '../errors.js';
import { noId } from '../subscribers/identifiers.js';
import { inForceAfter, type VersionEvent, type VersionsInForce } from './in-force.js';
import { stateOf } from './life-cycle.js';

/** One version as it is kept in memory. */
export interface Version {
  readonly id: string;
  readonly number: number;
  readonly rules: readonly Rule[];
  readonly note: string;
  readonly basedOn: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly events: readonly RulesetEvent[];
}

/** Something that happens to a version now. */
export type Happening = Pick<RulesetEvent, 'event' | 'by' | 'why'> & {
  readonly version: Version;
  readonly percent?: number;
  /** The other version that it concerns. */
  readonly other?: Version | null;
};

/** All versions and what became of them: in the engine for good, in memory for decisions. */
export class RuleVersions {
  readonly #versions = new Map<string, Version>();
  #events: VersionEvent[] = [];
  #inForce: VersionsInForce = { published: null, rollout: null };
  /** A write failed, so nobody knows whether it is in the table. */
  #isUnsure = false;

  constructor(private readonly engine: Database) {}

  /** @throws EngineAwayError */
  async load(): Promise<void> {
    const [rows, events] = await Promise.all([
      this.engine.query('rules/rulesets_all', {}),
      this.engine.query('rules/ruleset_events_all', {}),
    ]);
    this.#versions.clear();
    for (const row of rows) {
      this.#versions.set(row.id, {
        id: row.id,
        number: row.number,
        rules: JSON.parse(row.rules) as Rule[],
        note: row.note,
        basedOn: row.based_on === noId ? null : row.based_on,
        createdAt: row.created_at,
        createdBy: row.created_by,
        events: [],
      });
    }
    this.#events = [];
    this.#happened(
      events.map(({ ruleset, event, at, by, why, percent, data }) => ({
        ruleset,
        event: event as RulesetEvent['event'],
        at,
        by,
        why,
        ...(percent === null ? {} : { percent }),
        ...(data === '' ? {} : (JSON.parse(data) as Pick<RulesetEvent, 'other'>)),
      })),
    );
    this.#isUnsure = false;
  }

  /** Reads again where a write failed. @throws EngineAwayError */
  async sure(): Promise<void> {
    if (this.#isUnsure) await this.load();
  }

  /** Newest first. */
  all(): Version[] {
    return [...this.#versions.values()].sort((a, b) => b.number - a.number);
  }

  has(id: string): boolean {
    return this.#versions.has(id);
  }

  /** @throws NotFoundError */
  one(id: string): Version {
    const version = this.#versions.get(id);
    if (version === undefined) throw new NotFoundError(`There is no version ${id} of the rules`);
    return version;
  }

  state({ id, events }: Version): { state: RulesetState; percent: number | null } {
    return stateOf(id, events, this.#inForce);
  }

  /** The version that decides for all who are in no new arm. */
  get published(): Version | null {
    return this.#inForce.published === null ? null : this.one(this.#inForce.published);
  }

  get rollout(): { version: Version; share: number } | null {
    const { rollout } = this.#inForce;
    return rollout === null ? null : { version: this.one(rollout.id), share: rollout.percent / 100 };
  }

  /** What would decide for all once this version is rolled back. */
  publishedWithout({ id }: Version): Version | null {
    const { published } = inForceAfter([...this.#events, { ruleset: id, event: 'rolled_back' }]);
    return published === null ? null : this.one(published);
  }

  /** @throws EngineAwayError */
  async draft({ rules, note, based_on }: RulesetDraft, by: string): Promise<string> {
    const id = randomUUID();
    const number = Math.max(0, ...this.all().map((one) => one.number)) + 1;
    const createdAt = new Date().toISOString();
    const values = [id, number, JSON.stringify(rules), note, based_on ?? noId, createdAt, by];
    await this.#insert('rulesets', versionColumns, [values], `ruleset:${id}`);
    const basedOn = based_on ?? null;
    this.#versions.set(id, { id, number, rules, note, basedOn, createdAt, createdBy: by, events: [] });
    await this.happen({ version: this.one(id), event: 'created', by, why: note });
    return id;
  }

  /** Writes what happens as one: all of it or nothing. @throws EngineAwayError */
  async happen(...happenings: readonly Happening[]): Promise<void> {
    // Later than everything before, whatever the clock says: the order decides what is in force.
    const last = Date.parse(this.#events.at(-1)?.at ?? '1970-01-01T00:00:00.000Z');
    const at = new Date(Math.max(Date.now(), last + 1)).toISOString();
    const events = happenings.map(({ version, event, by, why, percent, other }): VersionEvent => {
      const more = other == null ? {} : { other: other.id };
      return {
        ruleset: version.id,
        event,
        at,
        by,
        why,
        ...(percent === undefined ? {} : { percent }),
        ...more,
      };
    });
    const lines = events.map(({ ruleset, event, by, why, percent, other }) => {
      return [
        ruleset,
        event,
        at,
        by,
        why,
        percent ?? null,
        other === undefined ? '' : JSON.stringify({ other }),
      ];
    });
    await this.#insert('ruleset_events', eventColumns, lines, `${events[0]?.ruleset}:${at}`);
    this.#happened(events);
  }

  #happened(events: readonly VersionEvent[]): void {
    this.#events.push(...events);
    for (const { ruleset, ...event } of events) {
      const version = this.#versions.get(ruleset);
      if (version !== undefined)
        this.#versions.set(ruleset, { ...version, events: [...version.events, event] });
    }
    this.#inForce = inForceAfter(this.#events.filter(({ ruleset }) => this.#versions.has(ruleset)));
  }

  /** What failed may be in the table all the same. */
  async #insert(
    table: string,
    columns: readonly string[],
    rows: readonly unknown[][],
    token: string,
  ): Promise<void> {
    try {
      await this.engine.insert(table, columns, rows.map((row) => JSON.stringify(row)).join('\n'), token);
    } catch (error) {
      this.#isUnsure = true;
      throw error;
    }
  }
}

const versionColumns = ['id', 'number', 'rules', 'note', 'based_on', 'created_at', 'created_by'] as const;
const eventColumns = ['ruleset', 'event', 'at', 'by', 'why', 'percent', 'data'] as const;
