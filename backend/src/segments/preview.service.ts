import { Inject, Injectable } from '@nestjs/common';
import { compile, FactLayout, type Group, leavesOf, readableText } from '../conditions/index.js';
import { CONFIG, type Config } from '../config.js';
import type { Condition } from '../contract/conditions.js';
import type { SegmentPreview } from '../contract/segments.js';
import { type Database, ENGINE } from '../database.module.js';
import { StreamsService } from '../streams/streams.service.js';
import { SubscriberDirectory } from '../subscribers/directory.js';
import { noId } from '../subscribers/identifiers.js';
import { factsOf } from './memberships.service.js';
import { isKnownToSql, previewSql, segmentsInSql, withUsed } from './people-sql.js';
import { needsOf, personFact } from './person-facts.js';
import { mentionedSegments } from './references.js';
import { SegmentsService } from './segments.service.js';

const mostShown = 20;
/** Looked at in one go: 20,000 held the thread for 400 ms, and took as long in all. */
const pageOfPeople = 2000;

interface Found {
  people: number;
  found: number;
  /** Internal ids of some of them. */
  sample: string[];
}

/** How many people a condition would hold for, before anybody saves it. */
@Injectable()
export class PreviewService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    @Inject(CONFIG) private readonly config: Config,
    private readonly directory: SubscriberDirectory,
    private readonly streams: StreamsService,
    private readonly segments: SegmentsService,
  ) {}

  /**
   * @param withPeople may the caller see who they are?
   * @throws InvalidInputError that names each fault by its path
   */
  async preview(condition: Condition, withPeople: boolean, now: Date): Promise<SegmentPreview> {
    const group = await this.segments.check(condition);
    const began = performance.now();
    const found = await this.#count(condition, group, now.getTime());
    const milliseconds = performance.now() - began;
    return {
      count: found.found,
      share: found.people === 0 ? null : found.found / found.people,
      reads: readableText(group),
      ...(withPeople ? { sample: await this.#namesOf(found.sample) } : {}),
      sql_ms: Math.round(milliseconds * 10) / 10,
      as_of: now.toISOString(),
    };
  }

  async #count(condition: Condition, group: Group, now: number): Promise<Found> {
    const inSql = segmentsInSql(this.segments.set.segments);
    const { byKey } = this.segments.set;
    const direct = mentionedSegments(condition).filter((name) => byKey.has(name));
    const known = new Set(inSql.map(({ key }) => key));
    const isInSql = leavesOf(group).every(({ field }) => isKnownToSql(field));
    if (!isInSql || direct.some((key) => !known.has(key))) return this.#countByClosure(group, now);
    const needed = withUsed(direct, inSql);
    const { sql, params } = previewSql(group, needed, direct, now);
    const [row] = await this.engine.rows<Found>('segments: preview', sql, params);
    return row ?? { people: 0, found: 0, sample: [] };
  }

  /** Where SQL does not know a field: everybody, page by page. */
  async #countByClosure(group: Group, now: number): Promise<Found> {
    const { set } = this.segments;
    const layout = new FactLayout();
    const holds = compile(group, layout);
    const needs = needsOf([...layout.fields, ...set.fields]);
    const context = { catalogue: this.streams.catalogue, markets: this.config.markets };
    const total: Found = { people: 0, found: 0, sample: [] };
    let after = noId;
    for (;;) {
      const page = await this.engine.query('segments/people_page', { after, limit: pageOfPeople });
      const subjects = await this.directory.readPeople(page.map(({ person }) => person));
      const facts = await factsOf(subjects.values(), this.engine, now, needs);
      for (const subject of subjects.values()) {
        total.people += 1;
        const snapshot = facts.snapshot(subject, now, context);
        const builtIn = facts.builtIn(subject, now);
        const segments = new Set([...builtIn, ...set.evaluate(snapshot, builtIn)]);
        const whole = { ...snapshot, segments };
        if (
          !holds(
            layout.read((field) => personFact(whole, field)),
            now,
          )
        )
          continue;
        total.found += 1;
        if (total.sample.length < mostShown) total.sample.push(subject.person);
      }
      const last = page.at(-1);
      if (last === undefined || page.length < pageOfPeople) return total;
      after = last.person;
    }
  }

  /** Whose key was destroyed is nobody to show. */
  async #namesOf(people: readonly string[]): Promise<string[]> {
    const subjects = await this.directory.readPeople(people);
    const names = [...subjects.values()].flatMap((subject) => this.directory.profile(subject)?.id ?? []);
    return names.slice(0, mostShown);
  }
}
