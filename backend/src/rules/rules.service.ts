import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { type Catalogue, type Fault, readableText } from '../conditions/index.js';
import {
  type CheckReport,
  type Rule,
  RuleSettings,
  type Ruleset,
  type RulesetDraft,
  type RulesetPublication,
} from '../contract/rules.js';
import { type Database, ENGINE } from '../database.module.js';
import { ConflictError, ForbiddenError, InvalidInputError } from '../errors.js';
import type { Decision, InForce, RuleSet } from '../opt-outs/request.js';
import { SECRETS, type Secrets } from '../secrets.js';
import { type FactNeeds, needsOf, noNeeds } from '../segments/person-facts.js';
import { type ConditionUser, SegmentsService } from '../segments/segments.service.js';
import { Settings } from '../settings/settings.service.js';
import { bucketOf } from './bucket.js';
import { checkRules } from './check/check.js';
import { prove } from './check/proof.js';
import { type CompiledRules, compileRules, type ReadRule, readRules } from './compiled-rules.js';
import { mustAllow, type Step } from './life-cycle.js';
import { RuleFailures } from './rule-failures.js';
import { type Happening, RuleVersions, type Version } from './versions.js';

const settingsKey = 'rules';
const StoredSettings = RuleSettings.catch({ two_person: false });

/** Until rules are published the stream of the message is what stops: asked and floor alone. */
export const defaultRules: RuleSet = { id: 'default', rules: [] };

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
  readonly #versions: RuleVersions;
  readonly #failures = new RuleFailures();
  /** Versions that this release of the service has proved to be safe. */
  readonly #proved = new Set<string>();
  readonly #key: Buffer;
  #inForce: RulesInForce;
  #needs: FactNeeds = noNeeds;
  /** Changes, one after the other: each looks at what the one before left. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(ENGINE) engine: Database,
    private readonly settings: Settings,
    private readonly segments: SegmentsService,
    @Inject(SECRETS) secrets: Secrets,
  ) {
    const [{ key } = { key: Buffer.alloc(0) }] = secrets.keys('rollout');
    this.#key = key;
    this.#versions = new RuleVersions(engine);
    this.#inForce = this.#compose(null, null);
    segments.alsoUsedBy(() => this.#conditionsInForce());
  }

  async onModuleInit(): Promise<void> {
    await this.#versions.load();
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

  /** Whoever decides says which rules threw. */
  noteFailures({ ruleset, trace }: Pick<Decision, 'ruleset' | 'trace'>): void {
    for (const { rule, failed } of trace)
      if (failed !== undefined) this.#failures.note(ruleset, rule, failed, Date.now());
  }

  list(): Ruleset[] {
    return this.#versions.all().map((one) => this.#view(one));
  }

  /** @throws NotFoundError */
  one(id: string): Ruleset {
    return this.#view(this.#versions.one(id));
  }

  /** The enabled rules of a version, read against the catalogue of now. @throws InvalidInputError */
  read(id: string): readonly ReadRule[] {
    return this.#read(this.#versions.one(id).rules);
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
  async draft(draft: RulesetDraft, by: string): Promise<Ruleset> {
    await this.segments.adopt(
      draft.rules.map(({ when }) => when),
      by,
    );
    this.#read(draft.rules);
    if (draft.based_on !== undefined && !this.#versions.has(draft.based_on))
      throw InvalidInputError.field('based_on', 'is no version of the rules');
    return this.#inTurn(async () => this.one(await this.#versions.draft(draft, by)));
  }

  /** The enabled ones of rules that are no version. @throws InvalidInputError naming each fault by its path */
  readRules(rules: readonly Rule[]): readonly ReadRule[] {
    return this.#read(rules);
  }

  /** What the check of a version of these rules would say. @throws InvalidInputError naming each fault by its path */
  preview(rules: readonly Rule[]): Promise<CheckReport> {
    return checkRules(this.#read(rules), this.#catalogueOf(rules), Date.now());
  }

  /** The rules of the version that decides for everybody who is in no rollout; none where none is published. */
  published(): Ruleset | null {
    const { published } = this.#versions;
    return published === null ? null : this.#view(published);
  }

  /** Looks for faults and proves what must hold. Passed, it may be approved. @throws ConflictError */
  async check(id: string, by: string): Promise<CheckReport> {
    const version = this.#versions.one(id);
    mustAllow('check', this.#versions.state(version).state);
    const report = await checkRules(this.#read(version.rules), this.#catalogueOf(version.rules), Date.now());
    if (report.passed) this.#proved.add(id);
    if (report.passed && this.#versions.state(version).state !== 'approved')
      await this.#step(id, 'check', { event: 'checked', by, why: `${report.cells} cells, no errors` });
    return report;
  }

  /** Notes that a version was replayed over the past. */
  backtested(id: string, by: string, what: string): Promise<Ruleset> {
    return this.#inTurn(async () => {
      await this.#versions.happen({ version: this.#versions.one(id), event: 'backtested', by, why: what });
      return this.one(id);
    });
  }

  /** @throws ForbiddenError where a second person has to approve and this is the first */
  approve(id: string, by: string, why: string): Promise<Ruleset> {
    if (this.ruleSettings().two_person && this.#versions.one(id).createdBy === by) {
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
  async publish(id: string, { percent, why }: RulesetPublication, by: string): Promise<Ruleset> {
    await this.#mustBeSafe(id);
    return this.#inTurn(async () => {
      const version = this.#versions.one(id);
      mustAllow('publish', this.#versions.state(version).state);
      this.#read(version.rules);
      const { rollout, published } = this.#versions;
      if (rollout !== null && rollout.version.id !== id) {
        throw new ConflictError(
          `Version ${rollout.version.number} is being rolled out: publish it to all or roll it back first.`,
        );
      }
      const before = percent === 100 && published?.id !== id ? published : null;
      await this.#versions.happen(
        { version, event: 'published', by, why, percent, other: before },
        ...(before === null
          ? []
          : [
              {
                version: before,
                event: 'superseded',
                by,
                why: `by version ${version.number}`,
                other: version,
              } as const,
            ]),
      );
      this.#log.log('rules published', { version: version.number, percent });
      return this.one(id);
    });
  }

  /**
   * Takes a version out of force. Of a rollout the version before it goes on alone; of one that is in force for all the
   * one that it superseded is put back, unless that was rolled back itself, and without such a one the floor stands alone.
   * @param only refused unless the version is in this state by then
   */
  rollBack(id: string, by: string, why: string, only?: 'rollout'): Promise<Ruleset> {
    return this.#inTurn(async () => {
      const version = this.#versions.one(id);
      const { state } = this.#versions.state(version);
      mustAllow('roll_back', state);
      if (only !== undefined && state !== only)
        throw new ConflictError('The version is in force for all by now.');
      const again = this.#versions.publishedWithout(version);
      const isPutBack = again !== null && again.id !== this.#versions.published?.id;
      await this.#versions.happen(
        { version, event: 'rolled_back', by, why, other: again },
        ...(isPutBack
          ? [
              {
                version: again,
                event: 'published',
                by,
                why: `version ${version.number} was rolled back`,
                percent: 100,
                other: version,
              } as const,
            ]
          : []),
      );
      this.#log.warn('rules rolled back', { version: version.number });
      return this.one(id);
    });
  }

  /** INV-RULE-2: an older release may have checked it, by another floor. @throws ConflictError */
  async #mustBeSafe(id: string): Promise<void> {
    const version = this.#versions.one(id);
    mustAllow('publish', this.#versions.state(version).state);
    if (this.#proved.has(id)) return;
    const { findings } = await prove(this.#read(version.rules));
    const [fault] = findings;
    if (fault !== undefined)
      throw new ConflictError(`Version ${version.number} is not safe any more: ${fault.detail}`);
    this.#proved.add(id);
  }

  #step(id: string, step: Step, event: Pick<Happening, 'event' | 'by' | 'why'>): Promise<Ruleset> {
    return this.#inTurn(async () => {
      const version = this.#versions.one(id);
      mustAllow(step, this.#versions.state(version).state);
      await this.#versions.happen({ version, ...event });
      return this.one(id);
    });
  }

  #refresh(): void {
    const { published, rollout } = this.#versions;
    const before = published === null ? null : this.#compiledOrDefault(published);
    const fresh = rollout === null ? null : this.#compiledOrDefault(rollout.version);
    const emptied = (version: Version): RuleSet => ({ id: version.id, rules: [] });
    this.#inForce = this.#compose(
      published === null ? null : (before ?? emptied(published)),
      rollout === null ? null : { rules: fresh ?? emptied(rollout.version), share: rollout.share },
    );
    this.#needs = needsOf([...(before?.layout.fields ?? []), ...(fresh?.layout.fields ?? [])]);
  }

  #conditionsInForce(): ConditionUser[] {
    const { published, rollout } = this.#versions;
    return [published, rollout?.version].flatMap((version) =>
      version == null
        ? []
        : version.rules.map(({ when }) => ({
            name: `version ${version.number} of the rules`,
            condition: when,
          })),
    );
  }

  /** Rules stay sound while they are in force: streams never go away, and attributes and segments that they ask for are kept. */
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

  #view(version: Version): Ruleset {
    const { state, percent } = this.#versions.state(version);
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
      failures: this.#failures.of(version.id),
    };
  }

  /** One change after the other, each on what the table holds. */
  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      try {
        await this.#versions.sure();
        return await task();
      } finally {
        // A write that failed may be in the table all the same, and then it decides.
        await this.#versions.sure().catch(() => undefined);
        this.#refresh();
      }
    });
    this.#last = result.catch(() => undefined);
    return result;
  }
}

const fieldOf = ({ path, reason }: Fault) => ({ field: path, reason });
