import { Inject, Injectable } from '@nestjs/common';
import type { Queries } from '@secateur/sql';
import type { DecisionPage, DecisionSummary, DecisionType, DecisionView } from '../contract/decisions.js';
import type { RuleOffers } from '../contract/rules.js';
import type { Asked } from '../contract/selectors.js';
import type { Channel, Trigger } from '../contract/vocabulary.js';
import { type Database, ENGINE } from '../database.module.js';
import { NotFoundError } from '../errors.js';
import { SubscriberDirectory } from '../subscribers/directory.js';
import { noId } from '../subscribers/identifiers.js';
import type { FloorFinding } from './request.js';

type Row = Queries['audit/decision_by_id']['row'];
type SummaryRow = Omit<Queries['audit/decisions_page']['row'], 'last_seq'>;

/** Decisions as the API shows them. */
@Injectable()
export class DecisionsService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly directory: SubscriberDirectory,
  ) {}

  /** @param after sequence number; 0 for the newest of all */
  async page(after: number, limit: number): Promise<DecisionPage> {
    const rows = await this.engine.query('audit/decisions_page', { after, limit });
    return { decisions: rows.map(summaryOf), next: rows[0] === undefined ? null : String(rows[0].last_seq) };
  }

  /** @throws NotFoundError @throws EngineAwayError */
  async byId(id: string): Promise<DecisionView> {
    const [row] = await this.engine.query('audit/decision_by_id', { id });
    if (row === undefined) throw new NotFoundError(`There is no decision ${id}`);
    return viewOf(row, await this.#subscriberOf(row.person));
  }

  async #subscriberOf(person: string): Promise<string | null> {
    if (person === noId) return null;
    const subject = (await this.directory.byPerson([person])).get(person);
    return subject === undefined ? null : (this.directory.profile(subject)?.id ?? null);
  }
}

function summaryOf(row: SummaryRow): DecisionSummary {
  return {
    id: row.id,
    seq: String(row.seq),
    type: row.type as DecisionType,
    trigger: row.trigger === '' ? null : (row.trigger as Trigger),
    channel: row.channel as Channel,
    stream: row.stream,
    campaign: row.campaign,
    reason: row.reason,
    effective: row.effective,
    widened_for: row.widened_for,
    streams_stopped: row.streams_stopped,
    streams_kept: row.streams_kept,
    kept_by_scoping: row.kept_by_scoping,
    occurred_at: row.occurred_at,
    received_at: row.received_at,
    segments: row.segments,
  };
}

function viewOf(row: Row, subscriber: string | null): DecisionView {
  return {
    ...summaryOf(row),
    subscriber,
    person: row.person === noId ? null : row.person,
    asked: JSON.parse(row.asked) as Asked,
    rule: row.rule,
    ruleset: row.ruleset,
    rollout: row.rollout as DecisionView['rollout'],
    tag: row.tag,
    offers: row.offers === '' ? null : (JSON.parse(row.offers) as RuleOffers),
    floor: (JSON.parse(row.floor) as FloorFinding[]).map(
      ({ row: number, why, scope, selectors, source }) => ({
        row: number,
        why,
        scope,
        selectors,
        source,
      }),
    ),
    trace: JSON.parse(row.trace) as DecisionView['trace'],
    flags: row.flags,
    unsolicited: row.unsolicited,
    attributed:
      row.attributed_delivery === ''
        ? null
        : {
            message_id: row.attributed_message,
            campaign: row.attributed_campaign,
            delivered_at: row.attributed_at,
            segments: row.attributed_segments,
          },
    facts: JSON.parse(row.facts) as Record<string, unknown>,
    voided: row.voided === 1,
  };
}
