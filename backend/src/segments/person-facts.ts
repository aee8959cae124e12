import { type AskedField, attributeFact } from '../conditions/index.js';
import type { AttributeDefinition } from '../contract/condition-fields.js';
import type { Channel } from '../contract/vocabulary.js';
import type { Statement } from '../permissions/statement.js';
import type { Subject } from '../subscribers/subject.js';
import { type EngagementWindows, type WindowCount, windowCounts } from './engagement-windows.js';
import type { PersonStanding } from './standings.js';

const day = 86_400_000;

type AttributeType = AttributeDefinition['type'];

/** What is known of one person at one instant, for conditions. Gathered for the group; nothing here asks the engine. */
export interface PersonSnapshot {
  /** Attributes, jurisdiction, first seen; null where only an address is known. */
  subject: Subject | null;
  /** Milliseconds since the epoch. */
  now: number;
  standing(streamKey: string): PersonStanding | null;
  channelStanding(channel: Channel): PersonStanding | null;
  engagement: EngagementWindows;
  pastOptOuts: number;
  /** Built-in and defined segments the person is in now. */
  segments: ReadonlySet<string>;
  /** null until a model exists, and where nobody may be scored. */
  riskWithin30d: number | null;
}

/** What has to be asked of the engine for these fields, beyond what every decision knows. */
export interface FactNeeds {
  /** Counts of engagement over windows. */
  windows: boolean;
  /** The defined segments that the ledger says they are in. */
  memberships: boolean;
  /** The highest risk of leaving over their open subscriptions. */
  risks: boolean;
}

export const noNeeds: FactNeeds = { windows: false, memberships: false, risks: false };

/** What either of them needs. */
export function eitherNeeds(one: FactNeeds, other: FactNeeds): FactNeeds {
  return {
    windows: one.windows || other.windows,
    memberships: one.memberships || other.memberships,
    risks: one.risks || other.risks,
  };
}

export function needsOf(fields: Iterable<AskedField>): FactNeeds {
  const needs: FactNeeds = { ...noNeeds };
  for (const { field } of fields) {
    needs.windows ||= isWindowCount(field.id.slice('engagement.'.length));
    needs.memberships ||= field.id === 'segment';
    needs.risks ||= field.id === 'churn.risk_30d';
  }
  return needs;
}

/**
 * Answers `engagement.*`, `subscriber.*`, `permission.*`, `segment`, `churn.*`; undefined for fields it does not own.
 * What is missing is null.
 */
export function personFact(snapshot: PersonSnapshot, { field, parameter }: AskedField): unknown {
  const { id } = field;
  if (id === 'segment') return [...snapshot.segments];
  if (id === 'churn.risk_30d') return snapshot.riskWithin30d;
  const dot = id.indexOf('.');
  const name = id.slice(dot + 1);
  switch (id.slice(0, dot)) {
    case 'subscriber':
      return subscriberFact(snapshot, name, field.type);
    case 'engagement':
      return engagementFact(snapshot, name, parameter);
    case 'permission':
      return permissionFact(snapshot, name, parameter);
    default:
      return undefined;
  }
}

function subscriberFact({ subject, now }: PersonSnapshot, name: string, type: string): unknown {
  if (subject === null) return null;
  if (name === 'jurisdiction') return subject.jurisdiction === '' ? null : subject.jurisdiction;
  if (name === 'tenure_days') return daysSince(subject.firstSeenAt, now);
  if (!name.startsWith('attributes.')) return undefined;
  const attribute = name.slice('attributes.'.length);
  const value = Object.hasOwn(subject.attributes, attribute) ? subject.attributes[attribute] : undefined;
  return attributeFact(type as AttributeType, value);
}

function engagementFact(
  { engagement, pastOptOuts, now }: PersonSnapshot,
  name: string,
  parameter: AskedField['parameter'],
): unknown {
  if (isWindowCount(name)) {
    let sum = 0;
    for (const windows of engagement.streams)
      if (parameter === null || windows[parameter.name] === parameter.value) sum += windows[name];
    return sum;
  }
  if (name === 'past_opt_outs') return pastOptOuts;
  const last = lastOf(engagement, name.replace(/^(last|days_since)_/, ''));
  if (last === undefined) return undefined;
  if (last === 0) return null;
  return name.startsWith('last_') ? last : daysSince(last, now);
}

function lastOf(engagement: EngagementWindows, what: string): number | undefined {
  if (what === 'delivery') return engagement.lastDeliveredAt;
  if (what === 'open') return engagement.lastOpenedAt;
  return what === 'click' ? engagement.lastClickedAt : undefined;
}

function permissionFact(snapshot: PersonSnapshot, name: string, parameter: AskedField['parameter']): unknown {
  if (parameter === null) return null;
  const found =
    parameter.name === 'channel'
      ? snapshot.channelStanding(parameter.value as Channel)
      : snapshot.standing(parameter.value);
  if (found === null) return null;
  return name === 'allowed' ? found.allowed : name === 'reason' ? found.reason : undefined;
}

/** Whole days; negative for what a sender dates ahead. */
const daysSince = (at: number, now: number): number => Math.floor((now - at) / day);

function isWindowCount(name: string): name is WindowCount {
  return (windowCounts as readonly string[]).includes(name);
}

/**
 * Decisions that wrote an opt-out for this person, as a person or at an address they have now; also those taken back.
 * The same as in segments-sql.ts.
 */
export function pastOptOuts(person: string, statements: readonly Statement[]): number {
  const decisions = new Set<string>();
  for (const one of statements)
    if (one.effect === 'opt_out' && one.person === person) decisions.add(one.decision);
  return decisions.size;
}
