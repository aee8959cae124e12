import { rateOf } from '../analytics/rate.js';
import type { AlertCell, AlertEvidence, Incident, IncidentKind } from '../contract/alerts.js';
import { dayMs } from './cell.js';
import type { Drift } from './drifts.js';
import { idOf } from './id-of.js';
import type { Alarm } from './spikes.js';
import type { Suspect } from './suspects.js';

/** What one look says of one group of cells. */
export interface Finding {
  readonly kind: IncidentKind;
  readonly severity: Incident['severity'];
  readonly streams: readonly string[];
  readonly evidence: readonly AlertEvidence[];
  readonly suspects: readonly Suspect[];
  readonly tests: number;
  readonly isHistory: boolean;
}

/** What a finding did to the list of incidents. */
export interface Told {
  readonly incident: Incident;
  /** Whom it is news to. */
  readonly news: 'opened' | 'reopened' | null;
}

/** Days after which more of the same is another incident. */
const nearDays = 2;
/** The same of a climb, whose sum begins anew after each alarm. */
const nearDriftDays = 28;
/** So much of a story is kept. */
const mostEvidence = 100;
const mostSuspects = 20;

export const dayText = (on: number): string => new Date(on * dayMs).toISOString().slice(0, 10);
export const dayNumber = (text: string): number => Date.parse(text) / dayMs;

export function evidenceOfSpike({ cell, on, n, x, p, expectation }: Alarm): AlertEvidence {
  const { rate, days, events } = expectation;
  return evidence({ cell, from: on, on, n, x, p, expected: n * rate, days, events });
}

export function evidenceOfDrift({ cell, from, on, n, x, expected, sum, expectation }: Drift): AlertEvidence {
  const { days, events } = expectation;
  return evidence({ cell, from, on, n, x, p: Math.exp(-sum), expected, days, events });
}

export function evidence(found: {
  cell: AlertCell;
  from: number;
  on: number;
  n: number;
  x: number;
  p: number;
  expected: number;
  days: number;
  events: number;
}): AlertEvidence {
  const { cell, from, on, n, x, p, expected } = found;
  const rate = rateOf(x, n);
  const usual = expected / Math.max(1, n);
  const over = (bound: number | null): number => (bound ?? 0) / usual;
  return {
    cell,
    from: dayText(from),
    on: dayText(on),
    observed: x,
    delivered: n,
    expected,
    rate,
    ratio: { value: over(rate.value), lower: over(rate.lower), upper: over(rate.upper) },
    p,
    baseline_days: found.days,
    baseline_events: found.events,
  };
}

/** Files a finding under the incident that it goes on with, or opens one. */
export function file(finding: Finding, known: readonly Incident[], now: number): Told {
  const before = known.find((incident) => isSame(finding, incident, now));
  if (before === undefined)
    return { incident: opened(finding, now), news: finding.isHistory ? null : 'opened' };
  const incident = continued(before, finding, now);
  const isAwake = before.state === 'muted' && !isMuted(before, now);
  if (!isAwake || finding.isHistory) return { incident, news: null };
  return { incident: { ...incident, state: 'open', muted_until: null }, news: 'reopened' };
}

const isMuted = ({ state, muted_until }: Incident, now: number): boolean =>
  state === 'muted' && muted_until !== null && Date.parse(muted_until) > now;

function isSame(finding: Finding, incident: Incident, now: number): boolean {
  if (incident.kind !== finding.kind || incident.normal_from !== null) return false;
  const metric = finding.evidence[0]?.cell.metric;
  const known = new Set(incident.evidence.map(placeOf));
  // The same cells on the same days: a later look at them, whatever became of the incident.
  if (finding.evidence.some((one) => known.has(placeOf(one)))) return true;
  if (incident.state === 'resolved') return false;
  const cells = new Set(incident.evidence.map(({ cell }) => keyOf(cell)));
  const sharesCell = finding.evidence.some(({ cell }) => cells.has(keyOf(cell)));
  if (sharesCell && isMuted(incident, now)) return true;
  const most = finding.kind === 'drift' ? nearDriftDays : nearDays;
  const isNear = daysBetween(incident.last_on, lastOf(finding)) <= most;
  const sharesStream = finding.streams.some((stream) => incident.streams.includes(stream));
  return isNear && sharesStream && incident.evidence.some(({ cell }) => cell.metric === metric);
}

const keyOf = ({ metric, level, stream, key }: AlertCell): string => [metric, level, stream, key].join(' ');
const placeOf = ({ cell, on }: AlertEvidence): string => `${keyOf(cell)}@${on}`;
const lastOf = ({ evidence: all }: Finding): string =>
  all
    .map(({ on }) => on)
    .sort()
    .at(-1) ?? '';
const firstOf = ({ evidence: all }: Finding): string => all.map(({ from }) => from).sort()[0] ?? '';
const daysBetween = (one: string, other: string): number => Math.abs(dayNumber(other) - dayNumber(one));

function opened(finding: Finding, now: number): Incident {
  const at = new Date(now).toISOString();
  const { kind, severity, streams, suspects, tests, isHistory } = finding;
  const least = leastLikely(finding.evidence);
  return {
    // Looked at again after a crash it is the same incident.
    id: idOf('incident', kind, least === undefined ? '' : placeOf(least)),
    kind,
    severity,
    state: 'open',
    title: titleOf(finding),
    streams: [...streams],
    opened_at: at,
    last_alarm_at: at,
    first_on: firstOf(finding),
    last_on: lastOf(finding),
    suspects: suspects.slice(0, mostSuspects),
    evidence: ordered(finding.evidence),
    rule: null,
    model: null,
    tests,
    in_history: isHistory,
    assigned_to: null,
    muted_until: null,
    normal_from: null,
    history: [{ at, by: 'detector', action: 'opened', note: '' }],
  };
}

function continued(before: Incident, finding: Finding, now: number): Incident {
  const fresh = new Set(finding.evidence.map(placeOf));
  const evidenceNow = [...finding.evidence, ...before.evidence.filter((one) => !fresh.has(placeOf(one)))];
  const isNewer = lastOf(finding) >= before.last_on;
  return {
    ...before,
    severity: before.severity === 'critical' ? 'critical' : finding.severity,
    title: isNewer ? titleOf(finding) : before.title,
    streams: [...new Set([...before.streams, ...finding.streams])].sort(),
    last_alarm_at: new Date(now).toISOString(),
    first_on: [before.first_on, firstOf(finding)].sort()[0] ?? before.first_on,
    last_on: isNewer ? lastOf(finding) : before.last_on,
    suspects: isNewer ? finding.suspects.slice(0, mostSuspects) : before.suspects,
    evidence: ordered(evidenceNow),
    tests: before.tests + finding.tests,
  };
}

/** The newest day first, and what is least likely. */
const ordered = (all: readonly AlertEvidence[]): AlertEvidence[] =>
  [...all].sort((one, other) => other.on.localeCompare(one.on) || one.p - other.p).slice(0, mostEvidence);

const leastLikely = (all: readonly AlertEvidence[]): AlertEvidence | undefined =>
  [...all].sort((one, other) => one.p - other.p)[0];

const words = { opt_outs: 'Opt-outs', complaints: 'Complaints' } as const;

/** @example 'Opt-outs on promotions: 4.1 times the usual (41 of 8000), most likely campaign spring-sale' */
function titleOf({ kind, streams, evidence: all, suspects }: Finding): string {
  const least = leastLikely(all);
  if (least === undefined) return '';
  const { cell, ratio, observed, delivered } = least;
  const counts = `(${observed} of ${delivered})`;
  if (kind === 'complaint_rate') {
    const percent = ((100 * least.expected) / delivered).toFixed(2);
    return `Complaints about ${cell.key}: above ${percent} % ${counts}`;
  }
  const where = streams.length > 3 ? `${streams.length} streams` : streams.join(', ');
  const times = `${ratio.value.toFixed(1)} times the usual ${counts}`;
  const [suspect] = suspects;
  const why = suspect === undefined ? '' : `, most likely ${suspect.kind.replace('_', ' ')} ${suspect.key}`;
  return `${words[cell.metric]} on ${where}: ${kind === 'drift' ? 'a slow climb to ' : ''}${times}${why}`;
}
