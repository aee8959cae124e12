import type { AlertEvidence } from '../contract/alerts.js';
import type { Cell, Metric } from './cell.js';
import type { Drift } from './drifts.js';
import { grouped } from './group.js';
import type { CountRow, History } from './history.js';
import { dayNumber, evidenceOfDrift, evidenceOfSpike, type Finding } from './incident.js';
import { expectedOn } from './look.js';
import type { Alarm } from './spikes.js';
import { type Candidate, rankSuspects, type Suspect } from './suspects.js';

export interface Streams {
  channelOf(stream: string): string;
  /** How many streams of the channel were sent on that day. */
  streamsOf(channel: string): number;
}

/** What one look saw, and what it is told with. */
export interface Seen {
  readonly history: History;
  readonly on: number;
  readonly isHistory: boolean;
  readonly streams: Streams;
  readonly messageTypes: readonly CountRow[];
  readonly alarms: readonly Alarm[];
  readonly spikeTests: number;
  readonly drifts: readonly Drift[];
  readonly driftTests: number;
}

/** A lower bound of the ratio from which on somebody should hurry. */
const criticalRatio = 3;

/** The findings of one look: what alarmed together, with whoever may be the reason. Opt-outs and complaints stay apart. */
export function findingsOf(seen: Seen): Finding[] {
  const { alarms, drifts, streams } = seen;
  const found: Finding[] = [];
  for (const metric of ['opt_outs', 'complaints'] as const) {
    const of = <Item extends { cell: Cell }>(all: readonly Item[]) => {
      const own = all.filter(({ cell }) => cell.metric === metric);
      return grouped(own, streams.channelOf, streams.streamsOf);
    };
    for (const { items, streams: keys } of of(alarms))
      found.push(findingOf(seen, 'spike', metric, keys, items.map(evidenceOfSpike)));
    for (const { items, streams: keys } of of(drifts))
      found.push(findingOf(seen, 'drift', metric, keys, items.map(evidenceOfDrift)));
  }
  return found;
}

function findingOf(
  seen: Seen,
  kind: 'spike' | 'drift',
  metric: Metric,
  streams: readonly string[],
  evidence: readonly AlertEvidence[],
): Finding {
  const isCritical = evidence.some(({ ratio }) => ratio.lower >= criticalRatio);
  return {
    kind,
    severity: isCritical ? 'critical' : 'warning',
    streams,
    evidence,
    suspects: suspectsOf(seen, metric, streams, evidence),
    tests: kind === 'spike' ? seen.spikeTests : seen.driftTests,
    isHistory: seen.isHistory,
  };
}

/** Everything that was sent on these streams on these days, held against the usual rates. */
export function suspectsOf(
  seen: Seen,
  metric: Metric,
  streams: readonly string[],
  evidence: readonly AlertEvidence[],
): Suspect[] {
  const from = Math.min(...evidence.map((one) => dayNumber(one.from)));
  const named = new Set(streams);
  const sums = new Map<string, Candidate>();
  const add = (kind: Candidate['kind'], key: string, n: number, x: number, expected: number): void => {
    const id = `${kind} ${key}`;
    const before = sums.get(id) ?? { kind, key, delivered: 0, observed: 0, expected: 0 };
    const { delivered, observed } = before;
    sums.set(id, {
      ...before,
      delivered: delivered + n,
      observed: observed + x,
      expected: before.expected + expected,
    });
  };
  for (let on = from; on <= seen.on; on++) {
    const rates = new Map<string, number>();
    for (const { cell, n, x, expectation } of expectedOn(seen.history, metric, 'stream', on)) {
      rates.set(cell.stream, expectation.rate);
      const channel = seen.streams.channelOf(cell.stream);
      if (channel !== '') add('channel', channel, n, x, n * expectation.rate);
      if (named.has(cell.stream)) add('stream', cell.stream, n, x, n * expectation.rate);
    }
    for (const level of ['segment', 'campaign'] as const)
      for (const { cell, n, x, expectation } of expectedOn(seen.history, metric, level, on))
        if (named.has(cell.stream)) add(level, cell.key, n, x, n * expectation.rate);
    for (const row of seen.messageTypes) {
      const rate = rates.get(row.stream);
      if (row.on !== on || rate === undefined || !named.has(row.stream)) continue;
      add('message_type', row.key, row.delivered, row[metric], row.delivered * rate);
    }
  }
  const channels = new Set(streams.map(seen.streams.channelOf));
  const candidates = [...sums.values()].filter(({ kind, key }) => kind !== 'channel' || channels.has(key));
  return rankSuspects(candidates, excessOf(evidence));
}

/** Of each stream the largest excess among its cells: they overlap. */
function excessOf(evidence: readonly AlertEvidence[]): number {
  const byStream = new Map<string, number>();
  for (const { cell, observed, expected } of evidence)
    byStream.set(cell.stream, Math.max(byStream.get(cell.stream) ?? 0, observed - expected));
  return [...byStream.values()].reduce((sum, excess) => sum + excess, 0);
}
