import type { DecisionType } from '../contract/decisions.js';
import type { Cap, Rejection } from '../contract/events.js';
import type { RuleOffers } from '../contract/rules.js';
import type { Asked } from '../contract/selectors.js';
import type { Channel, LegalBasis, Maker, SpellCause, StreamClass, Trigger } from '../contract/vocabulary.js';
import type { Statement } from '../permissions/statement.js';
import type { FactNeeds, PersonSnapshot } from '../segments/person-facts.js';
import type { CataloguedStream } from '../streams/stream.js';
import type { AddressKind } from '../subscribers/named-identifiers.js';

/** What one request says, after the door has verified and normalised it. Instants in ms since the epoch. */
export interface OptOutRequest {
  /** Id of the decision that will be made: fixed when the request is accepted, so that a replay is the same decision. */
  decision: string;
  eventId: string;
  /** `undone` takes back the decision named in `voids`; all other types are event types. */
  type: DecisionType;
  trigger: Trigger | null;
  asked: Asked;
  channel: Channel;
  /** The stream of the message, where the request names one. */
  category: string | null;
  origin: string | null;
  audience: string | null;
  campaign: string | null;
  messageType: string | null;
  messageId: string | null;
  reason: string;
  occurredAt: number;
  receivedAt: number;
  /** Clock tolerance of the door in ms: own surfaces 0, signed providers 300,000, times without zone 50,400,000. */
  tolerance: number;
  madeBy: Maker;
  basis: LegalBasis | null;
  evidence: string;
  expiresAt: number | null;
  until: number | null;
  cap: Cap | null;
  bounce: 'hard' | 'soft' | 'block' | null;
  /** Did the message show a way to stop everything? null: not said, the stream's setting decides. */
  allOptionShown: boolean | null;
  legalBasis: LegalBasis | null;
  /** The decision to take back, for an undo. */
  voids: string | null;
  /** What was wrong with the request and how it was mended: `occurred_at_clamped`, `unknown_field:foo` … */
  flags: string[];
}

export interface Delivery {
  /** Event id of the delivery. */
  id: string;
  /** '' where the sender gave none. */
  messageId: string;
  stream: string;
  channel: Channel;
  campaign: string;
  messageType: string;
  audience: string;
  deliveredAt: number;
  segments: string[];
}

/** The floor's settings: dated flags and markets. */
export interface FloorSettings {
  /** Jurisdictions in which the organisation says it operates. */
  markets: readonly string[];
  /**
   * TCPA revoke-all waiver (47 CFR 64.1200(a)(10), DA 26-12): only with explicit policy may a STOP to an informational
   * text leave unrelated topics, and only until this instant (ms). null: the waiver is not used.
   */
  tcpaWaiverUntil: number | null;
}

/** Everything decide() may know. Gathered for the whole group in a few queries, never inside decide(). */
export interface Facts {
  /** Internal id; null when only an identifier is known. */
  person: string | null;
  /** Id of the identifier that the request names for its channel (e-mail, phone); null when it names the person alone. */
  identifier: string | null;
  /** Ids of the identifiers of another kind that the request names. */
  elsewhere?: Partial<Record<AddressKind, string>>;
  /** Internal ids of more people who may be meant: they have the address of another kind by which the person was found. */
  others?: readonly string[];
  /** The person's own identifiers by kind. */
  identifiers: Record<AddressKind, string | null>;
  /** Of the subscriber's profile; null when unknown. */
  jurisdiction: string | null;
  /** Country of the phone prefix, where the request has a phone; null otherwise. */
  phoneJurisdiction: string | null;
  /** Every catalogued stream, in key order. */
  streams: readonly CataloguedStream[];
  /** Statements of the person and of their identifiers, in any order. */
  statements: readonly Statement[];
  /** Streams with an open spell, and when it opened. */
  spells: readonly { stream: string; openedAt: number }[];
  /** Undo: the streams that the decision named in `voids` closed. Absent: worked out from permissions, more widely. */
  closedByVoided?: readonly string[];
  /** Deliveries to the person that may be the cause: by message id, and the recent ones. Any order. */
  deliveries: readonly Delivery[];
  /** Deliveries (event ids) to which an earlier opt-out of the person is attributed already. */
  attributed: readonly string[];
  /** When something was first delivered on each stream. */
  exposed?: ReadonlyMap<string, number>;
  /** The person's requests for less that are known, whenever they were made. Any order. */
  requests?: readonly CountedRequest[];
  /** Recount: keys of the streams that were catalogued when it was decided. Absent: all are. */
  stoodThen?: ReadonlySet<string>;
  /** Segments the person is in now. */
  segments: readonly string[];
  settings: FloorSettings;
  rules: RuleSet;
  /** What conditions may ask of the person; absent where there are none. */
  snapshot?: PersonSnapshot;
  /** What conditions ask and could not be had in time; absent where all is there. Rules that ask for it fail. */
  missing?: MissingFacts;
}

/** An opt-out, complaint or erasure, as far as others depend on it. */
export interface CountedRequest {
  decision: string;
  eventId: string;
  orderAt: number;
  /** Event id of the delivery that it is attributed to; '' for none. */
  delivery: string;
}

export interface MissingFacts extends FactNeeds {
  /** Everything about the person. */
  person: boolean;
}

/** One version of the rules, in the order in which they are looked at. */
export interface RuleSet {
  id: string;
  /** Which arm of a rollout the person is in; absent while nothing is rolled out. */
  rollout?: 'new' | 'old';
  rules: readonly Rule[];
}

/** What is in force at one instant. Never changed, only replaced, so that whoever holds it decides by one version an arm. */
export interface InForce {
  /** The version that decides for a person, or for an address that nobody has. */
  for(subject: string): RuleSet;
}

export interface Rule {
  id: string;
  /** null: the rule does not match. Throws are caught: the floor stands alone. */
  evaluate(request: OptOutRequest, facts: Facts): RuleMatch | null;
}

/** What the rule that matched first does. */
export interface RuleMatch {
  /** Canonical selectors to stop beside the stream. */
  selectors: string[];
  detail: string;
  /** What the page offers once the opt-out is made; absent: the usual. */
  offers?: RuleOffers | null;
  tag?: string;
}

/** What one rule came to. */
export interface TracedRule {
  rule: string;
  matched: boolean;
  detail: string;
  /** It threw: the name of the error. */
  failed?: string;
}

export interface FloorFinding {
  row: number;
  why: string;
  scope: string;
  /** Canonical selectors. */
  selectors: string[];
  /** The statement binds the person, not the identifier (Art. 21, erasure). */
  bindsPerson: boolean;
  strength: 'plain' | 'strong';
  basis: string;
  source: string;
}

export interface SpellEdge {
  stream: string;
  edge: 'open' | 'close';
  at: number;
  cause: SpellCause | 'opt_in' | 'undo';
}

/** The record of one request. Everything that the request changes stands in here. */
export interface Decision {
  id: string;
  request: OptOutRequest;
  person: string | null;
  identifier: string | null;
  /** Key of the stream of the message; '' when the request names none. */
  stream: string;
  streamClass: StreamClass | null;
  ruleset: string;
  rule: string;
  rollout: '' | 'new' | 'old';
  /** Of the matched rule; null: the usual ones. */
  offers: RuleOffers | null;
  tag: string;
  trace: TracedRule[];
  floor: FloorFinding[];
  floorVersion: string;
  jurisdictions: string[];
  jurisdictionFrom: 'subscriber' | 'phone' | 'stream' | 'brand' | 'markets' | 'all';
  /** Canonical selectors that the person asked for. */
  asked: string[];
  /** Canonical selectors in force: asked ∪ floor, ∪ the rule's where the person did not choose. */
  effective: string[];
  /** `jurisdiction`, `legal_basis`, `all_option`, `stream`: what was missing and made the decision wider. */
  widenedFor: string[];
  flags: string[];
  statements: Statement[];
  spellEdges: SpellEdge[];
  streamsStopped: string[];
  streamsKept: string[];
  /** Streams a channel-wide opt-out would have closed, minus streams closed; never negative. */
  keptByScoping: number;
  /** Whether it ended anything that had gone on until then, by when things happened. */
  stops: boolean;
  unsolicited: boolean;
  attributed: Delivery | null;
  segments: string[];
}

/** Who a request is about, as far as the door knows. At least one field is set. Ids are internal UUIDs. */
export interface Who {
  /** Internal id of the person, from a token of ours. */
  person?: string;
  /** Id (keyed hash) of the sender's external id, from a token of ours. */
  externalId?: string;
  /** Id of the identifier at which the message was received, from a token of ours. */
  identifier?: string;
  /** The sender's external id in clear. */
  subscriber?: string;
  email?: string;
  phone?: string;
  /** Resolves through the delivery with this message id when nothing else does. */
  messageId?: string;
}

/** A request and whom it is about. Plain JSON: it is journaled as it is while the engine is away. */
export interface Incoming {
  who: Who;
  /** When the door took it, where the request claims another receipt (demo, imports); ms since the epoch. */
  acceptedAt?: number;
  /** Hash of the event as it was sent, to tell a retry from another event under its id. Absent: made of the request. */
  contentHash?: string;
  request: OptOutRequest;
}

/**
 * What became of one request. `pending`: durable in the journal, decided when the engine is back (HTTP 202).
 * `quarantined`: nobody could be found behind it, or its id was used before; kept with its deadline clock running.
 */
export type Outcome =
  | { state: 'decided'; decision: Decision }
  | { state: 'duplicate'; decision: string }
  | { state: 'pending'; decision: string }
  | { state: 'quarantined'; quarantineId: string; code: Rejection['code']; field: string; detail: string };
