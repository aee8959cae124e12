import type { DetectionSettings } from '../contract/alerts.js';
import { betaBinomialTail } from './beta-binomial.js';
import { dayMs } from './cell.js';
import { evidence, type Finding } from './incident.js';
import { domainOf, exceeded, thresholds } from './thresholds.js';

export interface StreamComplaints {
  readonly of_stream: string;
  readonly delivered: number;
  readonly complaints: number;
}

/** Chance on a day that a list whose true rate is exactly at a threshold is told of, over the 24 looks of the day. */
export const alphaPerDay = 0.01;

/**
 * Lists and domains above a threshold in the window that ends at `to`. A stream without a List-Id is held under its key; a
 * domain with one list alone is that list, and is not told of twice.
 */
export function complaintFindings(
  rows: readonly StreamComplaints[],
  listIdOf: (stream: string) => string,
  settings: DetectionSettings,
  to: number,
): { tests: number; findings: Finding[] } {
  const units = [
    ...sumBy('list', rows, ({ of_stream }) => listIdOf(of_stream) || of_stream),
    ...sumBy('domain', rows, ({ of_stream }) => domainOf(listIdOf(of_stream))).filter(
      ({ streams }) => streams.length > 1,
    ),
  ];
  const asked = {
    minDeliveries: settings.complaint_min_deliveries,
    minComplaints: settings.complaint_min_events,
    alpha: alphaPerDay / 24,
  };
  const tested = units.filter(({ n }) => n >= asked.minDeliveries);
  const on = Math.floor((to - 1) / dayMs);
  const findings = tested.flatMap(({ level, key, streams, n, x }): Finding[] => {
    const severity = exceeded({ n, x }, asked);
    if (severity === null) return [];
    const limit = thresholds[severity];
    const cell = {
      level,
      stream: streams.length === 1 ? (streams[0] ?? '') : '',
      key,
      metric: 'complaints',
    } as const;
    const p = betaBinomialTail(x, n, limit, 0);
    const found = evidence({ cell, from: on, on, n, x, p, expected: n * limit, days: 0, events: 0 });
    const common = { kind: 'complaint_rate', suspects: [], tests: tested.length, isHistory: false } as const;
    return [{ ...common, severity, streams, evidence: [found] }];
  });
  return { tests: tested.length, findings };
}

interface Unit {
  readonly level: 'list' | 'domain';
  readonly key: string;
  readonly streams: string[];
  n: number;
  x: number;
}

function sumBy(
  level: Unit['level'],
  rows: readonly StreamComplaints[],
  keyOf: (row: StreamComplaints) => string | null,
): Unit[] {
  const units = new Map<string, Unit>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === null) continue;
    const unit = units.get(key) ?? { level, key, streams: [], n: 0, x: 0 };
    units.set(key, unit);
    unit.streams.push(row.of_stream);
    unit.n += row.delivered;
    unit.x += Math.min(row.complaints, row.delivered);
  }
  return [...units.values()];
}
