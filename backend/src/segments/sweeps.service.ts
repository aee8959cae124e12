import { Inject, Injectable, Logger } from '@nestjs/common';
import { EngineAwayError } from '@secateur/sql';
import type { MembershipCause } from '../contract/segments.js';
import { type Database, ENGINE } from '../database.module.js';
import { Lanes } from '../journal/lanes.js';
import { noId } from '../subscribers/identifiers.js';
import { type Look, MembershipsService } from './memberships.service.js';
import { candidatesSql, segmentsInSql, withUsed } from './people-sql.js';
import { SegmentsService } from './segments.service.js';

const pageOfPeople = 20_000;
/** An event is stored so long after it was received, at most, while its lane keeps up. */
const overlap = 20_000;

interface Window {
  from: Date;
  to: Date;
}

/** What a sweep came to. */
export interface Swept {
  looked_at: number;
  edges: number;
}

/**
 * Finds whose memberships have to change though no decision or profile of theirs did: SQL finds them, the closure decides.
 * What SQL does not know (people-sql.ts) is found by looking at everybody, or at those whose permission may have changed.
 */
@Injectable()
export class SweepsService {
  readonly #log = new Logger('Segments');
  /** Keys whose people are being looked for, and how many looks are under way. */
  readonly #filling = new Map<string, number>();
  /** Up to when events and statements were followed; ms since the epoch. */
  #followed = Date.now() - overlap;

  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly segments: SegmentsService,
    private readonly memberships: MembershipsService,
    private readonly lanes: Lanes,
  ) {
    segments.afterChange((key) => void this.#fill(key));
  }

  isFilling(key: string): boolean {
    return this.#filling.has(key);
  }

  /** Time goes by: all that SQL can tell. @throws EngineAwayError */
  async sweep(now: Date): Promise<Swept> {
    if (this.segments.list().length === 0) return { looked_at: 0, edges: 0 };
    return this.#sweep(now, 'sweep', now.toISOString());
  }

  /** Everybody, by closure, where a segment asks what SQL cannot tell. @throws EngineAwayError */
  async sweepWhatSqlCannot(now: Date): Promise<Swept> {
    const { segments } = this.segments.set;
    if (segmentsInSql(segments).length === segments.length) return { looked_at: 0, edges: 0 };
    return this.lookAtAll(now);
  }

  /** Everybody, by closure alone. @throws EngineAwayError */
  lookAtAll(now: Date): Promise<Swept> {
    return this.#lookAtAll(now, 'sweep', now.toISOString());
  }

  /** People with new deliveries, opens and clicks, and those whose permission may have changed. @throws EngineAwayError */
  async follow(now: Date): Promise<Swept> {
    const { set } = this.segments;
    const window = { from: new Date(Math.min(this.#followed, now.getTime()) - overlap), to: now };
    const isBehind = this.lanes.isBehind('events') || this.memberships.isBlind;
    const swept: Swept = { looked_at: 0, edges: 0 };
    const asksEngagement = set.asks(
      ({ field }, members) =>
        (field.group === 'engagement' && field.id !== 'engagement.past_opt_outs') ||
        members.some((name) => name.startsWith('engagement:')),
    );
    if (asksEngagement) add(swept, await this.#followEvents(window));
    if (set.asks(({ field }) => field.group === 'permission' || field.id === 'engagement.past_opt_outs')) {
      const rows = await this.engine.query('segments/people_of_statements', window);
      const looks = rows.map(({ person }) => ({
        person,
        causeId: now.toISOString(),
        receivedAt: now.getTime(),
      }));
      add(swept, {
        looked_at: looks.length,
        edges: await this.memberships.look(looks, 'sweep', now.getTime()),
      });
    }
    // What waits in the journal will come with the instant at which it was received.
    if (!isBehind) this.#followed = now.getTime();
    return swept;
  }

  async #followEvents(window: Window): Promise<Swept> {
    const { segments } = this.segments.set;
    const isAllInSql = segmentsInSql(segments).length === segments.length;
    let ids = '';
    if (isAllInSql) {
      const people =
        'SELECT person FROM events WHERE received_at > {from:DateTime64(3)} AND received_at <= {to:DateTime64(3)}';
      const found: string[] = [];
      for await (const page of this.#candidates(window.to, { people, window })) found.push(...page);
      if (found.length === 0) return { looked_at: 0, edges: 0 };
      ids = found.join('\n');
    }
    const rows = await this.engine.query('segments/people_of_events', { ...window, ids });
    const looks = rows.map(({ person, event, received_at }) => ({
      person,
      causeId: event,
      receivedAt: Date.parse(received_at),
    }));
    const edges = await this.memberships.look(looks, 'event', window.to.getTime());
    return { looked_at: looks.length, edges };
  }

  /** @param only keys whose people are looked for; all without */
  async #sweep(
    now: Date,
    cause: MembershipCause,
    causeId: string,
    only?: ReadonlySet<string>,
  ): Promise<Swept> {
    const swept: Swept = { looked_at: 0, edges: 0 };
    for await (const page of this.#candidates(now, { only })) {
      const looks = page.map((person): Look => ({ person, causeId, receivedAt: now.getTime() }));
      const edges = await this.memberships.look(looks, cause, now.getTime());
      // Whoever a decision had in hand meanwhile changed by it; but of a full page nobody?
      if (edges === 0 && page.length === pageOfPeople && !this.memberships.isBlind)
        this.#log.error('statement and closure do not agree about segments', { people: page.length });
      add(swept, { looked_at: looks.length, edges });
    }
    return swept;
  }

  async *#candidates(
    now: Date,
    { only, people, window }: { only?: ReadonlySet<string> | undefined; people?: string; window?: Window },
  ): AsyncGenerator<string[]> {
    const { set } = this.segments;
    const inSql = segmentsInSql(set.segments);
    const compared = new Set(inSql.map(({ key }) => key).filter((key) => only?.has(key) ?? true));
    const apart = [...set.byKey.keys(), ...set.broken.keys()].filter((key) => !compared.has(key));
    const { sql, params } = candidatesSql(withUsed(compared, inSql), apart, now.getTime(), people);
    let after = noId;
    for (;;) {
      const rows = await this.engine.rows<{ person: string }>(
        'segments: candidates',
        sql,
        { ...params, ...window, after, limit: pageOfPeople },
        { maxExecutionSeconds: 120 },
      );
      if (rows.length > 0) yield rows.map(({ person }) => person);
      const last = rows.at(-1);
      if (last === undefined || rows.length < pageOfPeople) return;
      after = last.person;
    }
  }

  async #lookAtAll(now: Date, cause: MembershipCause, causeId: string): Promise<Swept> {
    const swept: Swept = { looked_at: 0, edges: 0 };
    let after = noId;
    for (;;) {
      const page = await this.engine.query('segments/people_page', { after, limit: pageOfPeople });
      const looks = page.map(({ person }): Look => ({ person, causeId, receivedAt: now.getTime() }));
      add(swept, {
        looked_at: looks.length,
        edges: await this.memberships.look(looks, cause, now.getTime()),
      });
      const last = page.at(-1);
      if (last === undefined || page.length < pageOfPeople) return swept;
      after = last.person;
    }
  }

  /** At once after a change of a definition; what fails is made up for by the next sweep. */
  async #fill(key: string): Promise<void> {
    const definition = this.segments.latest(key);
    if (definition === undefined) return;
    this.#filling.set(key, (this.#filling.get(key) ?? 0) + 1);
    const began = performance.now();
    const causeId = `${key}@${definition.version}`;
    const { segments, byKey } = this.segments.set;
    try {
      const inSql = new Set(segmentsInSql(segments).map((one) => one.key));
      const concerned = new Set([key]);
      for (const one of segments) if (one.uses.some((used) => concerned.has(used))) concerned.add(one.key);
      const isAllInSql = [...concerned].every((one) => inSql.has(one) || !byKey.has(one));
      const now = new Date();
      const swept = isAllInSql
        ? await this.#sweep(now, 'definition', causeId, concerned)
        : await this.#lookAtAll(now, 'definition', causeId);
      this.#log.log('segment filled', { segment: key, ...swept, ms: Math.round(performance.now() - began) });
    } catch (error) {
      const reason = error instanceof EngineAwayError ? 'engine away' : (error as Error).name;
      this.#log.warn('segment not filled', { segment: key, reason });
    } finally {
      const left = (this.#filling.get(key) ?? 1) - 1;
      if (left > 0) this.#filling.set(key, left);
      else this.#filling.delete(key);
    }
  }
}

function add(sum: Swept, one: Swept): void {
  sum.looked_at += one.looked_at;
  sum.edges += one.edges;
}
