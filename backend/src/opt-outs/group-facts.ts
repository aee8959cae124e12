import type { Engine, Queries } from '@secateur/sql';
import type { Statement } from '../permissions/statement.js';
import { statementOf } from '../permissions/statement-row.js';
import { builtInSegments, type Engagement, noEngagement } from '../segments/built-in.js';
import { type StreamWindows, streamWindowsOf } from '../segments/engagement-windows.js';
import { type FactNeeds, noNeeds, type PersonSnapshot, pastOptOuts } from '../segments/person-facts.js';
import { changesBetween, type MembershipChange, type SegmentSet } from '../segments/segment-set.js';
import { standingsOf } from '../segments/standings.js';
import type { Catalogue } from '../streams/catalogue.js';
import { noId } from '../subscribers/identifiers.js';
import { type Subject, subjectIds } from '../subscribers/subject.js';
import { type AskConditionFacts, allConditionFacts } from './condition-facts.js';
import { deliveryOf } from './delivery-row.js';
import type { CountedRequest, Decision, Delivery } from './request.js';

/** How far back a delivery may be the cause of an opt-out that names no message (DESIGN.md section 2). */
export const attributionWindow = 7 * 86_400_000;

/** What the ledgers say about one person, as of the start of a group and kept current while the group is decided. */
export interface PersonFacts {
  spells: Map<string, number>;
  /** When something was first delivered on each stream (ms). */
  exposed: Map<string, number>;
  deliveries: Delivery[];
  requests: CountedRequest[];
  engagement: Engagement;
  /** Empty unless some condition asks for counts. */
  windows: StreamWindows[];
  /** Defined segments that the ledger has the person in, and the version that found them there. */
  memberships: Map<string, number>;
  /** null where no condition asks, without a model, and of who may not be scored. */
  riskWithin30d: number | null;
}

/** What permissions depend on beside the ledger. */
export interface SnapshotContext {
  catalogue: Catalogue;
  /** Where the organisation says it operates. */
  markets: readonly string[];
}

/** The ledgers' answer for all people of a group: a handful of queries for the group, none for a person. */
export class GroupFacts {
  readonly #statements = new Map<string, Statement[]>();
  readonly #people = new Map<string, PersonFacts>();
  /** Streams whose spells a decision closed, by the decision. */
  readonly #closed = new Map<string, string[]>();

  /** @param missing what conditions need and nobody knows now */
  private constructor(readonly missing: FactNeeds) {}

  /** @param group subjects are people and identifiers; messages and voids are what the requests name */
  static async gather(
    engine: Engine<Queries>,
    group: {
      people: ReadonlySet<string>;
      subjects: ReadonlySet<string>;
      messages: ReadonlySet<string>;
      voids: ReadonlySet<string>;
      /** For each person the instants (ms) of the earliest and the latest request; empty where nobody asks anything. */
      times: ReadonlyMap<string, { first: number; last: number }>;
      /** For each person the instant (ms) of the facts. */
      instants: ReadonlyMap<string, number>;
    },
    needs: FactNeeds,
    ask: AskConditionFacts = allConditionFacts(engine),
  ): Promise<GroupFacts> {
    const people = [...group.people].join('\n');
    const subjects = [...group.subjects].filter((id) => id !== noId).join('\n');
    const asking = group.times.size === 0 ? '' : people;
    const [
      statements,
      spells,
      deliveries,
      requests,
      engagement,
      closed,
      { windows, memberships, risks, missing },
    ] = await Promise.all([
      subjects === '' ? [] : engine.query('opt-outs/statements_by_subject', { ids: subjects }),
      asking === '' ? [] : engine.query('opt-outs/spells_by_person', { ids: asking }),
      asking === ''
        ? []
        : engine.query('opt-outs/recent_deliveries', {
            windows: [...group.times]
              .map(([person, { first, last }]) => `${person}\t${first - attributionWindow}\t${last}`)
              .join('\n'),
            messages: [...group.messages].join('\n'),
          }),
      asking === '' ? [] : engine.query('opt-outs/counted_by_person', { ids: asking }),
      people === '' ? [] : engine.query('events/engagement_by_person', { ids: people }),
      people === '' || group.voids.size === 0
        ? []
        : engine.query('opt-outs/closed_by_decision', { people, decisions: [...group.voids].join('\n') }),
      ask(group, people === '' ? noNeeds : needs),
    ]);
    const facts = new GroupFacts(missing);
    for (const row of memberships) facts.person(row.person).memberships.set(row.segment, row.version);
    for (const row of risks) facts.person(row.person).riskWithin30d = row.highest_30d;
    for (const row of windows) facts.person(row.person).windows.push(streamWindowsOf(row));
    for (const row of closed) facts.#close(row.decision, row.stream);
    for (const row of statements) facts.#add(statementOf(row));
    for (const row of spells) {
      const open = row.edges > 0 ? row.last_edge === 'open' : row.exposed !== 0;
      const since = row.edges > 0 ? row.last_edge_at : row.first_exposed_at;
      if (open) facts.person(row.person).spells.set(row.stream, Date.parse(since));
      if (row.exposed !== 0)
        facts.person(row.person).exposed.set(row.stream, Date.parse(row.first_exposed_at));
    }
    for (const row of deliveries) facts.person(row.person).deliveries.push(deliveryOf(row));
    for (const { person, decision, event_id, order_at, delivery } of requests) {
      const request = { decision, eventId: event_id, orderAt: Date.parse(order_at), delivery };
      facts.person(person).requests.push(request);
    }
    for (const row of engagement) {
      facts.person(row.person).engagement = {
        lastDeliveredAt: Date.parse(row.last_delivered_at),
        lastOpenedAt: Date.parse(row.last_opened_at),
        lastClickedAt: Date.parse(row.last_clicked_at),
      };
    }
    return facts;
  }

  person(person: string): PersonFacts {
    let facts = this.#people.get(person);
    if (facts === undefined) {
      facts = nobodysFacts();
      this.#people.set(person, facts);
    }
    return facts;
  }

  statements(subjects: Iterable<string>): Statement[] {
    return [...new Set(subjects)].flatMap((subject) => this.#statements.get(subject) ?? []);
  }

  /** Built-in segments of that instant, and the defined ones that the ledger has the person in. */
  segments(subject: Subject | null, at: number): string[] {
    return subject === null
      ? []
      : [...this.builtIn(subject, at), ...this.person(subject.person).memberships.keys()];
  }

  /** How the person's memberships change with what is known by now; it counts for the next one of the group. */
  move(subject: Subject, set: SegmentSet, now: number, context: SnapshotContext): MembershipChange[] {
    const { memberships } = this.person(subject.person);
    const inside = set.evaluate(this.snapshot(subject, now, context), this.builtIn(subject, now));
    const changes = changesBetween(memberships, inside, set);
    for (const { key, version, edge } of changes) {
      if (edge === 'entered') memberships.set(key, version);
      else memberships.delete(key);
    }
    return changes;
  }

  /** `country:DE`, `plan:free`, `engagement:active`. */
  builtIn(subject: Subject, at: number): string[] {
    return builtInSegments(subject, this.person(subject.person).engagement, at);
  }

  /** What conditions may ask about a person at an instant, after all that the group has decided by then. */
  snapshot(subject: Subject | null, now: number, { catalogue, markets }: SnapshotContext): PersonSnapshot {
    const statements = subject === null ? [] : this.statements(subjectIds(subject));
    const { engagement, windows, riskWithin30d } =
      subject === null ? nobodysFacts() : this.person(subject.person);
    return {
      subject,
      now,
      ...standingsOf({ subject, statements, catalogue, markets }, now),
      engagement: { ...engagement, streams: windows },
      pastOptOuts: subject === null ? 0 : pastOptOuts(subject.person, statements),
      segments: new Set(this.segments(subject, now)),
      riskWithin30d,
    };
  }

  /** What a decision of this group changed counts for the next one. */
  apply({ id, statements, spellEdges }: Pick<Decision, 'id' | 'statements' | 'spellEdges'>): void {
    for (const statement of statements) this.#add(statement);
    for (const { edge, stream } of spellEdges) if (edge === 'close') this.#close(id, stream);
  }

  /** Streams whose spells that decision closed. */
  closedBy(decision: string): readonly string[] {
    return this.#closed.get(decision) ?? [];
  }

  #close(decision: string, stream: string): void {
    const list = this.#closed.get(decision);
    if (list === undefined) this.#closed.set(decision, [stream]);
    else list.push(stream);
  }

  #add(statement: Statement): void {
    const list = this.#statements.get(statement.subject);
    if (list === undefined) this.#statements.set(statement.subject, [statement]);
    else list.push(statement);
  }
}

const nobodysFacts = (): PersonFacts => ({
  spells: new Map(),
  exposed: new Map(),
  deliveries: [],
  requests: [],
  engagement: noEngagement,
  windows: [],
  memberships: new Map(),
  riskWithin30d: null,
});
