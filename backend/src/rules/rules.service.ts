import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { type Catalogue, type Fault, readableText } from '../conditions/index.js';
import {
  type CheckReport,
  type Rule,
  RuleSettings,
  type Ruleset,
  type RulesetDraft,
  type RulesetEvent,
  type RulesetPublication,
} from '../contract/rules.js';
import { type Database, ENGINE } from '../database.module.js';
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from '../errors.js';
import type { InForce, RuleSet } from '../opt-outs/request.js';
import { SECRETS, type Secrets } from '../secrets.js';
import { type FactNeeds, needsOf, noNeeds } from '../segments/person-facts.js';
import { SegmentsService } from '../segments/segments.service.js';
import { Settings } from '../settings/settings.service.js';
import { noId } from '../subscribers/identifiers.js';
import { bucketOf } from './bucket.js';
import { checkRules } from './check/check.js';
import { type CompiledRules, compileRules, type ReadRule, readRules } from './compiled-rules.js';
import { mustAllow, stateOf } from './life-cycle.js';

const settingsKey = 'rules';
const StoredSettings = RuleSettings.catch({ two_person: false });

/** Until rules are published the stream of the message is what stops: asked and floor alone. */
export const defaultRules: RuleSet = { id: 'default', rules: [] };

/** One version as it is kept in memory. */
interface Version {
  id: string;
  number: number;
  rules: readonly Rule[];
  note: string;
  basedOn: string | null;
  createdAt: string;
  createdBy: string;
  events: RulesetEvent[];
}

/** What is in force, with the arms that make it up. */
export interface RulesInForce extends InForce {
  /** The version that decides, for whoever is not in the new arm. */
  readonly published: RuleSet;
  /** The version that is rolled out, and to what share of people; null while none is. */
  readonly rollout: { readonly rules: RuleSet; readonly share: number } | null;
}

/** Versions of the rules and their life: draft, check, approve, publish, supersede, roll back. */
@Injectable()
export class RulesService implements OnModuleInit {
  readonly #log = new Logger('Rules');
  readonly #versions = new Map<string, Version>();
  readonly #key: Buffer;
  #inForce: RulesInForce;
  #needs: FactNeeds = noNeeds;
  /** Changes, one after the other: each looks at what the one before left. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly settings: Settings,
    private readonly segments: SegmentsService,
    @Inject(SECRETS) secrets: Secrets,
  ) {
    const [{ key } = { key: Buffer.alloc(0) }] = secrets.keys('rollout');
    this.#key = key;
    this.#inForce = this.#compose(null, null);
  }

  async onModuleInit(): Promise<void> {
    const [rows, events] = await Promise.all([
      this.engine.query('rules/rulesets_all', {}),
      this.engine.query('rules/ruleset_events_all', {}),
    ]);
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
    for (const { ruleset, event, at, by, why, percent } of events) {
      this.#versions.get(ruleset)?.events.push({
        event: event as RulesetEvent['event'],
        at,
        by,
        why,
        ...(percent === null ? {} : { percent }),
      });
    }
    this.#refresh();
  }

  /** Never changed, only replaced: whoever holds it decides by what was in force when it was taken. */
  get inForce(): RulesInForce {
    return this.#inForce;
  }

  /** What the conditions in force ask for beyond what every decision knows. */
  get needs(): FactNeeds {
    return this.#needs;
  }

  list(): Ruleset[] {
    return [...this.#versions.values()].sort((a, b) => b.number - a.number).map((one) => this.#view(one));
  }

  /** @throws NotFoundError */
  one(id: string): Ruleset {
    return this.#view(this.#version(id));
  }

  /** The enabled rules of a version, read against the catalogue of now. @throws InvalidInputError */
  read(id: string): readonly ReadRule[] {
    return this.#read(this.#version(id).rules);
  }

  compiled(id: string): CompiledRules {
    return compileRules(id, this.read(id));
  }

  ruleSettings(): RuleSettings {
    return StoredSettings.parse(this.settings.get(settingsKey));
  }

  changeSettings(next: RuleSettings, by: string): Promise<RuleSettings> {
    return this.settings.change(settingsKey, by, () => next);
  }

  /** @throws InvalidInputError naming each fault by its path @throws EngineAwayError */
  draft({ rules, note, based_on }: RulesetDraft, by: string): Promise<Ruleset> {
    this.#read(rules);
    if (based_on !== undefined && !this.#versions.has(based_on))
      throw InvalidInputError.field('based_on', 'is no version of the rules');
    return this.#inTurn(async () => {
      const version: Version = {
        id: randomUUID(),
        number: Math.max(0, ...[...this.#versions.values()].map(({ number }) => number)) + 1,
        rules,
        note,
        basedOn: based_on ?? null,
        createdAt: new Date().toISOString(),
        createdBy: by,
        events: [],
      };
      const { id, number, createdAt } = version;
      const line = JSON.stringify([id, number, JSON.stringify(rules), note, based_on ?? noId, createdAt, by]);
      await this.engine.insert('rulesets', versionColumns, line, `ruleset:${id}`);
      this.#versions.set(id, version);
      await this.#happened(version, { event: 'created', by, why: note });
      return this.#view(version);
    });
  }

  /** Looks for faults and proves what must hold. Passed, it may be approved. @throws ConflictError */
  async check(id: string, by: string): Promise<CheckReport> {
    const version = this.#version(id);
    mustAllow('check', stateOf(version.events).state);
    const report = await checkRules(this.#read(version.rules), this.#catalogueOf(version.rules), Date.now());
    if (report.passed && stateOf(version.events).state !== 'approved')
      await this.#step(id, 'check', { event: 'checked', by, why: `${report.cells} cells, no errors` });
    return report;
  }

  /** Notes that a version was replayed over the past. */
  backtested(id: string, by: string, what: string): Promise<Ruleset> {
    return this.#inTurn(async () => {
      const version = this.#version(id);
      await this.#happened(version, { event: 'backtested', by, why: what });
      return this.#view(version);
    });
  }

  /** @throws ForbiddenError where a second person has to approve and this is the first */
  approve(id: string, by: string, why: string): Promise<Ruleset> {
    if (this.ruleSettings().two_person && this.#version(id).createdBy === by) {
      throw new ForbiddenError('Somebody else than who wrote a version has to approve it.');
    }
    return this.#step(id, 'approve', { event: 'approved', by, why });
  }

  discard(id: string, by: string, why: string): Promise<Ruleset> {
    return this.#step(id, 'discard', { event: 'discarded', by, why });
  }

  /**
   * Puts a version in force, for all or for a share of people. The next group is decided by it, and no decision that is
   * made is touched. At 100 % the version before it is superseded.
   */
  publish(id: string, { percent, why }: RulesetPublication, by: string): Promise<Ruleset> {
    return this.#inTurn(async () => {
      const version = this.#version(id);
      const { state } = stateOf(version.events);
      mustAllow('publish', state);
      this.#read(version.rules);
      const rolledOut = this.#inState('rollout');
      if (rolledOut !== undefined && rolledOut !== version) {
        throw new ConflictError(
          `Version ${rolledOut.number} is being rolled out: publish it to all or roll it back first.`,
        );
      }
      const before = percent === 100 ? this.#inState('published') : undefined;
      await this.#happened(version, { event: 'published', by, why, percent });
      if (before !== undefined && before !== version)
        await this.#happened(before, { event: 'superseded', by, why: `by version ${version.number}` });
      this.#refresh();
      this.#log.log('rules published', { version: version.number, percent });
      return this.#view(version);
    });
  }

  /**
   * Takes a version out of force. Of a rollout the version before it goes on alone; of one that is in force for all the
   * one that it superseded is put back, and without such a one the floor stands alone.
   * @param only refused unless the version is in this state by then
   */
  rollBack(id: string, by: string, why: string, only?: 'rollout'): Promise<Ruleset> {
    return this.#inTurn(async () => {
      const version = this.#version(id);
      const { state } = stateOf(version.events);
      mustAllow('roll_back', state);
      if (only !== undefined && state !== only)
        throw new ConflictError('The version is in force for all by now.');
      await this.#happened(version, { event: 'rolled_back', by, why });
      if (state === 'published') {
        const before = this.#supersededBy(version);
        if (before !== undefined)
          await this.#happened(before, {
            event: 'published',
            by,
            why: `version ${version.number} was rolled back`,
            percent: 100,
          });
      }
      this.#refresh();
      this.#log.warn('rules rolled back', { version: version.number });
      return this.#view(version);
    });
  }

  /** The one that was in force when this one was published to all. */
  #supersededBy(version: Version): Version | undefined {
    return [...this.#versions.values()]
      .filter((one) => one !== version && stateOf(one.events).state === 'superseded')
      .filter((one) => one.events.at(-1)?.why === `by version ${version.number}`)
      .sort((a, b) => a.number - b.number)
      .at(-1);
  }

  #inState(wanted: 'published' | 'rollout'): Version | undefined {
    return [...this.#versions.values()].find((one) => stateOf(one.events).state === wanted);
  }

  #step(id: string, step: Parameters<typeof mustAllow>[0], event: Happening): Promise<Ruleset> {
    return this.#inTurn(async () => {
      const version = this.#version(id);
      mustAllow(step, stateOf(version.events).state);
      await this.#happened(version, event);
      return this.#view(version);
    });
  }

  async #happened(version: Version, { event, by, why, percent }: Happening): Promise<void> {
    // Two events of one version in one millisecond would have no order.
    const last = Date.parse(version.events.at(-1)?.at ?? '1970-01-01T00:00:00.000Z');
    const at = new Date(Math.max(Date.now(), last + 1)).toISOString();
    const line = JSON.stringify([version.id, event, at, by, why, percent ?? null, '']);
    await this.engine.insert('ruleset_events', eventColumns, line, `${version.id}:${at}`);
    version.events.push({ event, at, by, why, ...(percent === undefined ? {} : { percent }) });
  }

  #refresh(): void {
    const rollout = this.#inState('rollout');
    const published = this.#inState('published');
    const [before, fresh] = [published, rollout].map((one) =>
      one === undefined ? null : this.#compiledOrDefault(one),
    );
    const emptied = (version: Version): RuleSet => ({ id: version.id, rules: [] });
    const share = (stateOf(rollout?.events ?? []).percent ?? 0) / 100;
    this.#inForce = this.#compose(
      published === undefined ? null : (before ?? emptied(published)),
      rollout === undefined ? null : { rules: fresh ?? emptied(rollout), share },
    );
    this.#needs = needsOf([...(before?.layout.fields ?? []), ...(fresh?.layout.fields ?? [])]);
  }

  /** Rules that were sound when they were published stay so: streams and attributes never go away. */
  #compiledOrDefault(version: Version): CompiledRules | null {
    const read = readRules(version.rules, this.#catalogueOf(version.rules));
    if (read.ok) return compileRules(version.id, read.rules);
    this.#log.error('rules in force cannot be read: the floor stands alone', {
      version: version.number,
      fault: read.faults[0]?.path,
    });
    return null;
  }

  #compose(published: RuleSet | null, rollout: RulesInForce['rollout']): RulesInForce {
    const base = published ?? defaultRules;
    const old: RuleSet = rollout === null ? base : { ...base, rollout: 'old' };
    const fresh: RuleSet | null = rollout === null ? null : { ...rollout.rules, rollout: 'new' };
    return {
      published: base,
      rollout,
      for: (subject) =>
        fresh !== null && rollout !== null && bucketOf(this.#key, fresh.id, subject) < rollout.share
          ? fresh
          : old,
    };
  }

  #read(rules: readonly Rule[]): readonly ReadRule[] {
    const read = readRules(rules, this.#catalogueOf(rules));
    if (!read.ok) throw new InvalidInputError('Some rules cannot be read.', read.faults.map(fieldOf));
    return read.rules;
  }

  #catalogueOf(rules: readonly Rule[]): Catalogue {
    return this.segments.catalogueFor(rules.map(({ when }) => when));
  }

  #version(id: string): Version {
    const version = this.#versions.get(id);
    if (version === undefined) throw new NotFoundError(`There is no version ${id} of the rules`);
    return version;
  }

  #view(version: Version): Ruleset {
    const { state, percent } = stateOf(version.events);
    const read = readRules(
      version.rules.map((rule) => ({ ...rule, enabled: true })),
      this.#catalogueOf(version.rules),
    );
    return {
      id: version.id,
      number: version.number,
      state,
      percent,
      rules: [...version.rules],
      texts: Object.fromEntries(
        read.ok ? read.rules.map(({ rule, condition }) => [rule.id, readableText(condition)]) : [],
      ),
      note: version.note,
      based_on: version.basedOn,
      created_at: version.createdAt,
      created_by: version.createdBy,
      events: [...version.events],
    };
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

type Happening = Pick<RulesetEvent, 'event' | 'by' | 'why'> & { percent?: number };

const versionColumns = ['id', 'number', 'rules', 'note', 'based_on', 'created_at', 'created_by'] as const;
const eventColumns = ['ruleset', 'event', 'at', 'by', 'why', 'percent', 'data'] as const;

const fieldOf = ({ path, reason }: Fault) => ({ field: path, reason });
