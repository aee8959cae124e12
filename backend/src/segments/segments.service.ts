import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import {
  buildCatalogue,
  type Catalogue,
  checkCondition,
  type Fault,
  type Group,
  readableText,
} from '../conditions/index.js';
import { AttributeDefinition, type ConditionCatalogue, type FieldUse } from '../contract/condition-fields.js';
import type { Condition } from '../contract/conditions.js';
import type { SegmentDefinition } from '../contract/segments.js';
import { type Database, ENGINE } from '../database.module.js';
import { ConflictError, InvalidInputError, NotFoundError } from '../errors.js';
import { Settings } from '../settings/settings.service.js';
import { StreamsService } from '../streams/streams.service.js';
import { type DefinedSegment, definedSegmentOf, segmentInsert } from './definition.js';
import { isBuiltIn, mentionedAttributes, mentionedSegments, orderedByUse } from './references.js';
import { SegmentSet } from './segment-set.js';

/** Setting: the attributes that conditions may ask for, with the type each has for good. */
const attributesSetting = 'subscriber_attributes';
const Attributes = z.array(AttributeDefinition);

/** Something that asks a condition, by the name that people know it by. */
export interface ConditionUser {
  readonly name: string;
  readonly condition: Condition;
}

/** The definitions in memory, compiled, so that decisions need no query for them and go on while the engine is away. */
@Injectable()
export class SegmentsService implements OnModuleInit {
  readonly #versions = new Map<string, DefinedSegment[]>();
  readonly #listeners: ((key: string) => void)[] = [];
  readonly #otherUsers: (() => readonly ConditionUser[])[] = [];
  readonly #log = new Logger(SegmentsService.name);
  #set: SegmentSet | null = null;
  readonly #texts = new WeakMap<DefinedSegment, string>();
  /** Definitions, one after the other: each is checked against what the one before has made. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly streams: StreamsService,
    private readonly settings: Settings,
  ) {}

  async onModuleInit(): Promise<void> {
    for (const row of await this.engine.query('segments/segment_versions', {}))
      this.#keep(definedSegmentOf(row));
  }

  /** The active segments. One snapshot serves a whole group. */
  get set(): SegmentSet {
    this.#set ??= this.#compiled();
    return this.#set;
  }

  /** Every segment in its latest version, archived ones too, in key order. */
  list(): DefinedSegment[] {
    const latest = [...this.#versions.keys()].flatMap((key) => this.latest(key) ?? []);
    return latest.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  latest(key: string): DefinedSegment | undefined {
    return this.#versions.get(key)?.at(-1);
  }

  /** Oldest first. @throws NotFoundError */
  versions(key: string): readonly DefinedSegment[] {
    const found = this.#versions.get(key);
    if (found === undefined) throw new NotFoundError(`There is no segment ${key}`);
    return found;
  }

  /**
   * Since when a segment has had the people that it has by what it says now: the last change of its condition, or of one
   * that it uses, or its return from the archive; ms since the epoch. 0 for built-in ones.
   */
  unchangedSince(key: string): number {
    let since = 0;
    let before: DefinedSegment | undefined;
    for (const version of this.#versions.get(key) ?? []) {
      const isSame =
        version.state === before?.state && isDeepStrictEqual(version.condition, before.condition);
      if (!isSame) since = version.changedAt;
      before = version;
    }
    const used = before === undefined ? [] : mentionedSegments(before.condition);
    return Math.max(since, ...used.map((one) => this.unchangedSince(one)));
  }

  /** What segments a condition may name, beside built-in ones. */
  active(): DefinedSegment[] {
    return this.list().filter(({ state }) => state === 'active');
  }

  /** A definition's condition as one line; '' where it cannot be read any more. */
  reads(segment: DefinedSegment): string {
    let text = this.#texts.get(segment);
    if (text === undefined) {
      text = this.#readable(segment.condition);
      this.#texts.set(segment, text);
    }
    return text;
  }

  #readable(condition: Condition): string {
    const builtIn = mentionedSegments(condition).filter(isBuiltIn);
    const archived = this.list().filter(({ state }) => state === 'archived');
    const catalogue = this.#catalogue(this.#declared(), [...builtIn, ...archived.map(({ key }) => key)]);
    const checked = checkCondition(condition, catalogue, 'sweep');
    return checked.ok ? readableText(checked.condition) : '';
  }

  /** All that these conditions may ask while a request is decided, the built-in segments that they name included. */
  catalogueFor(conditions: readonly Condition[]): Catalogue {
    const builtIn = conditions.flatMap((condition) => mentionedSegments(condition).filter(isBuiltIn));
    return this.#catalogue(this.#declared(), builtIn);
  }

  /** To be called after each change of a definition, with the key. */
  afterChange(listener: (key: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Conditions elsewhere that must stay readable: what they ask for cannot be taken away. */
  alsoUsedBy(users: () => readonly ConditionUser[]): void {
    this.#otherUsers.push(users);
  }

  /** Declares the attributes that these conditions ask for and profiles hold, as a segment would. @throws EngineAwayError */
  async adopt(conditions: readonly Condition[], by: string): Promise<void> {
    const names = conditions.flatMap(mentionedAttributes);
    const declared = new Set(this.#declared().map(({ name }) => name));
    if (names.every((name) => declared.has(name))) return;
    await this.#inTurn(async () => this.#pin(await this.#attributes(names), names, by));
  }

  #users(): ConditionUser[] {
    const segments = this.active().map(({ key, condition }) => ({ name: `Segment ${key}`, condition }));
    return [...segments, ...this.#otherUsers.flatMap((users) => users())];
  }

  /**
   * What an editor offers: of segments the fields that a sweep knows, of rules those that a decision knows; attributes that
   * profiles hold, streams and segments that there are. @throws EngineAwayError
   */
  async fields(use: FieldUse): Promise<ConditionCatalogue> {
    const [attributes, sizes] = await Promise.all([
      this.#attributes(),
      this.engine.query('analytics/segment_sizes', { at: new Date() }),
    ]);
    const { entries } = this.#catalogue(
      attributes,
      sizes.map(({ segment }) => segment),
    );
    return { ...entries, fields: entries.fields.filter((field) => field.used_in.includes(use)) };
  }

  attributes(): AttributeDefinition[] {
    return this.#declared();
  }

  /**
   * Declares all attributes anew.
   * @throws ConflictError where a segment asks for one that is left out, or would be of another type
   */
  declare(attributes: readonly AttributeDefinition[], by: string): Promise<AttributeDefinition[]> {
    return this.#inTurn(async () => {
      const types = new Map(attributes.map(({ name, type }) => [name, type]));
      if (types.size !== attributes.length) throw InvalidInputError.field('attributes', 'names one twice');
      const known = new Map(this.#declared().map(({ name, type }) => [name, type]));
      for (const { name: user, condition } of this.#users()) {
        const lost = mentionedAttributes(condition).find((name) => types.get(name) !== known.get(name));
        if (lost !== undefined) throw new ConflictError(`${user} asks for ${lost} as ${known.get(lost)}`);
      }
      await this.settings.change(attributesSetting, by, () => attributes);
      this.#set = null;
      return this.#declared();
    });
  }

  /** @throws InvalidInputError that names each fault by its path */
  async check(condition: Condition): Promise<Group> {
    const catalogue = this.#catalogue(
      await this.#attributes(mentionedAttributes(condition)),
      mentionedSegments(condition).filter(isBuiltIn),
    );
    return settled(checkCondition(condition, catalogue, 'sweep', ['condition']));
  }

  /**
   * A new version, or the latest where nothing differs. Archived ones come back.
   * @throws InvalidInputError that names each fault by its path, also where segments would use each other in a circle
   * @throws EngineAwayError
   */
  define(key: string, given: SegmentDefinition, by: string, now: number): Promise<DefinedSegment> {
    return this.#inTurn(async () => {
      const latest = this.latest(key);
      const next: DefinedSegment = {
        key,
        version: (latest?.version ?? 0) + 1,
        name: given.name,
        description: given.description ?? latest?.description ?? '',
        condition: given.condition,
        state: 'active',
        why: given.why ?? '',
        changedAt: Math.max(now, (latest?.changedAt ?? 0) + 1),
        changedBy: by,
      };
      if (latest !== undefined && isDeepStrictEqual(saying(latest), saying(next))) return latest;
      const attributes = await this.#attributes(mentionedAttributes(given.condition));
      const builtIn = mentionedSegments(given.condition).filter(isBuiltIn);
      const catalogue = this.#catalogue(attributes, builtIn, next);
      settled(checkCondition(given.condition, catalogue, 'sweep', ['condition']));
      this.#refuseCycle(next);
      await this.#pin(attributes, mentionedAttributes(given.condition), by);
      await this.#store(next);
      return next;
    });
  }

  /** @throws ConflictError while other segments use it */
  archive(key: string, by: string, now: number): Promise<DefinedSegment> {
    return this.#inTurn(async () => {
      const latest = this.latest(key);
      if (latest === undefined || latest.state === 'archived')
        throw new NotFoundError(`There is no segment ${key}`);
      const users = this.#users().filter(({ condition }) => mentionedSegments(condition).includes(key));
      if (users.length > 0) {
        throw new ConflictError(`${key} is used by ${users.map(({ name }) => name).join(', ')}`);
      }
      const next: DefinedSegment = {
        ...latest,
        version: latest.version + 1,
        state: 'archived',
        why: '',
        changedAt: Math.max(now, latest.changedAt + 1),
        changedBy: by,
      };
      await this.#store(next);
      return next;
    });
  }

  #refuseCycle(next: DefinedSegment): void {
    const uses = new Map(
      [...this.active().filter(({ key }) => key !== next.key), next].map(({ key, condition }) => [
        key,
        mentionedSegments(condition),
      ]),
    );
    const sorted = orderedByUse(uses);
    if ('cycle' in sorted)
      throw InvalidInputError.field('condition', `would make a circle: ${sorted.cycle.join(' → ')}`);
  }

  /** An attribute keeps the type with which it was first asked for: profiles of another type are missing it. */
  async #pin(
    attributes: readonly AttributeDefinition[],
    names: readonly string[],
    by: string,
  ): Promise<void> {
    const declared = new Set(this.#declared().map(({ name }) => name));
    const used = attributes.filter(({ name }) => names.includes(name) && !declared.has(name));
    if (used.length === 0) return;
    await this.settings.change(attributesSetting, by, (now) => [
      ...(Attributes.safeParse(now).data ?? []),
      ...used,
    ]);
  }

  async #store(next: DefinedSegment): Promise<void> {
    const { table, columns, lines } = segmentInsert(next);
    await this.engine.insert(table, columns, lines, `segment:${next.key}:${next.version}:${randomUUID()}`);
    this.#keep(next);
    for (const listener of this.#listeners) listener(next.key);
  }

  #keep(version: DefinedSegment): void {
    const known = this.#versions.get(version.key);
    if (known === undefined) this.#versions.set(version.key, [version]);
    else known.push(version);
    this.#set = null;
  }

  #compiled(): SegmentSet {
    const active = this.active();
    const builtIn = active.flatMap(({ condition }) => mentionedSegments(condition).filter(isBuiltIn));
    const set = new SegmentSet(active, this.#catalogue(this.#declared(), builtIn));
    for (const [segment, faults] of set.broken)
      this.#log.error('segment cannot be used', { segment, faults });
    return set;
  }

  #declared(): AttributeDefinition[] {
    return Attributes.safeParse(this.settings.get(attributesSetting)).data ?? [];
  }

  /** Declared ones and those that profiles hold. @param needed where all of these are declared nothing is asked */
  async #attributes(needed?: readonly string[]): Promise<AttributeDefinition[]> {
    const declared = this.#declared();
    const names = new Set(declared.map(({ name }) => name));
    if (needed?.every((name) => names.has(name)) === true) return declared;
    const held = (await this.engine.query('segments/attributes_held', {})).flatMap(({ name, type }) => {
      const read = AttributeDefinition.safeParse({ name, type });
      return read.success && !names.has(name) ? [read.data] : [];
    });
    return [...declared, ...held];
  }

  #catalogue(
    attributes: readonly AttributeDefinition[],
    builtIn: readonly string[],
    next?: { key: string; name: string },
  ): Catalogue {
    const defined = this.active()
      .filter(({ key }) => key !== next?.key)
      .map(({ key, name }) => ({ id: key, title: name }));
    return buildCatalogue({
      attributes,
      segments: [
        ...defined,
        ...(next === undefined ? [] : [{ id: next.key, title: next.name }]),
        ...[...new Set(builtIn)].map((name) => ({ id: name, title: name })),
      ],
      streams: this.streams.all(),
    });
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

const saying = ({ name, description, condition, state }: DefinedSegment) => ({
  name,
  description,
  condition,
  state,
});

function settled(checked: { ok: true; condition: Group } | { ok: false; faults: readonly Fault[] }): Group {
  if (checked.ok) return checked.condition;
  throw new InvalidInputError(
    'The condition cannot be used.',
    checked.faults.map(({ path, reason }) => ({ field: path, reason })),
  );
}
