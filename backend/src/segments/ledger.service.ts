import { Inject, Injectable } from '@nestjs/common';
import { EngineAwayError } from '@secateur/sql';
import type {
  MembershipLag,
  Segment,
  SegmentMembers,
  SegmentSizes,
  SegmentVersion,
  SubscriberSegments,
} from '../contract/segments.js';
import { type Database, ENGINE } from '../database.module.js';
import { InvalidInputError, NotFoundError } from '../errors.js';
import { OptOutsService } from '../opt-outs/opt-outs.service.js';
import { SubscriberDirectory } from '../subscribers/directory.js';
import { noId } from '../subscribers/identifiers.js';
import { builtInSegments, noEngagement } from './built-in.js';
import type { DefinedSegment } from './definition.js';
import { SegmentsService } from './segments.service.js';
import { type SizesWindow, sizesOf, windowOf } from './sizes.js';
import { SweepsService } from './sweeps.service.js';

const lagHours = 24;

/** What the ledger of memberships says: asked of the engine each time, never of a copy. */
@Injectable()
export class LedgerService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly segments: SegmentsService,
    private readonly sweeps: SweepsService,
    private readonly directory: SubscriberDirectory,
    private readonly optOuts: OptOutsService,
  ) {}

  /** @throws NotFoundError */
  async view(key: string): Promise<Segment> {
    const latest = this.segments.versions(key).at(-1);
    const [view] = await this.views(latest === undefined ? [] : [latest]);
    if (view === undefined) throw new NotFoundError(`There is no segment ${key}`);
    return view;
  }

  /** Definitions are known while the engine is away; then sizes are not. */
  async views(segments: readonly DefinedSegment[]): Promise<Segment[]> {
    // Before the sizes are read: who is told that it is filled is told the size of then or later.
    const filling = new Set(segments.map(({ key }) => key).filter((key) => this.sweeps.isFilling(key)));
    const sizes = await this.#sizes();
    return segments.map((segment) => ({
      ...this.versionView(segment),
      size: sizes === null ? null : (sizes.get(segment.key) ?? 0),
      filling: filling.has(segment.key),
    }));
  }

  versionView(segment: DefinedSegment): SegmentVersion {
    const { changedAt, changedBy, ...version } = segment;
    return {
      ...version,
      reads: this.segments.reads(segment),
      changed_at: new Date(changedAt).toISOString(),
      changed_by: changedBy,
    };
  }

  /** The segments a subscriber is in now. @throws NotFoundError */
  async ofSubscriber(subscriber: string, now: number): Promise<SubscriberSegments> {
    const id = this.directory.idOf('external', subscriber);
    const subject = (await this.directory.byExternalId([id])).get(id);
    if (subject === undefined) throw new NotFoundError('There is no such subscriber');
    // Before the ledger is read: what lands in between is in it by then.
    const byMessage = await this.optOuts.pendingByMessage();
    const pending = byMessage.has(subject.person) || this.optOuts.isPending(id, subject);
    const [rows, [engaged]] = await Promise.all([
      this.engine.query('segments/memberships_by_person', { ids: subject.person }),
      this.engine.query('events/engagement_by_person', { ids: subject.person }),
    ]);
    const engagement =
      engaged === undefined
        ? noEngagement
        : {
            lastDeliveredAt: Date.parse(engaged.last_delivered_at),
            lastOpenedAt: Date.parse(engaged.last_opened_at),
            lastClickedAt: Date.parse(engaged.last_clicked_at),
          };
    return {
      subscriber,
      pending,
      segments: rows.map((row) => ({
        segment: row.segment,
        name: this.segments.latest(row.segment)?.name ?? row.segment,
        version: row.version,
        since: row.at,
        why: { cause: row.cause, id: row.cause_id },
      })),
      built_in: builtInSegments(subject, engagement, now),
    };
  }

  /** A page of members in the order of their internal ids. Whose key was destroyed is left out. @throws NotFoundError */
  async members(key: string, after: string | undefined, limit: number): Promise<SegmentMembers> {
    this.segments.versions(key);
    const rows = await this.engine.query('segments/members_page', {
      segment: key,
      after: after ?? noId,
      limit,
    });
    const subjects = await this.directory.readPeople(rows.map(({ person }) => person));
    const members = rows.flatMap(({ person, at }) => {
      const subject = subjects.get(person);
      const id = subject === undefined ? undefined : this.directory.profile(subject)?.id;
      return id === undefined ? [] : [{ subscriber: id, since: at }];
    });
    const last = rows.length < limit ? undefined : rows.at(-1)?.person;
    return { members, ...(last === undefined ? {} : { next: last }) };
  }

  /** @throws NotFoundError, InvalidInputError */
  async sizes(key: string, asked: SizesWindow, now: Date): Promise<SegmentSizes> {
    this.segments.versions(key);
    const window = windowOf(asked, now);
    if (typeof window === 'string') throw InvalidInputError.field('from', window);
    const rows = await this.engine.query('segments/flows', { segment: key, ...window });
    return { segment: key, interval: window.interval, buckets: sizesOf(rows, window) };
  }

  async lag(now: Date): Promise<MembershipLag> {
    const since = new Date(now.getTime() - lagHours * 3_600_000);
    return { since: since.toISOString(), causes: await this.engine.query('segments/lag', { since }) };
  }

  async #sizes(): Promise<Map<string, number> | null> {
    try {
      const rows = await this.engine.query('segments/current_sizes', {});
      return new Map(rows.map(({ segment, size }) => [segment, size]));
    } catch (error) {
      if (!(error instanceof EngineAwayError)) throw error;
      return null;
    }
  }
}
