import { hazardLabels, type Labels } from './labels.js';
import type { Column } from './table/infer-columns.js';

const day = 86_400_000;

/** What the model may ask of a subscription at an instant, by the names of the columns of the snapshot. */
export const churnFeatures = [
  { name: 'stream', kind: 'categorical', group: 'stream' },
  { name: 'channel', kind: 'categorical', group: 'stream' },
  { name: 'category', kind: 'categorical', group: 'stream' },
  { name: 'origin', kind: 'categorical', group: 'origin' },
  { name: 'country', kind: 'categorical', group: 'segment' },
  { name: 'plan', kind: 'categorical', group: 'segment' },
  { name: 'month', kind: 'categorical', group: 'season' },
  { name: 'tenure', kind: 'numeric', group: 'tenure' },
  { name: 'came_back', kind: 'numeric', group: 'tenure' },
  { name: 'days_since_delivery', kind: 'numeric', group: 'frequency' },
  { name: 'days_since_open', kind: 'numeric', group: 'engagement' },
  { name: 'days_since_click', kind: 'numeric', group: 'engagement' },
  { name: 'delivered_7', kind: 'numeric', group: 'frequency' },
  { name: 'delivered_28', kind: 'numeric', group: 'frequency' },
  { name: 'delivered_90', kind: 'numeric', group: 'frequency' },
  { name: 'delivered_7_all', kind: 'numeric', group: 'frequency' },
  { name: 'frequency_ratio', kind: 'numeric', group: 'frequency' },
  { name: 'most_on_a_day_28', kind: 'numeric', group: 'frequency' },
  { name: 'night_share_28', kind: 'numeric', group: 'timing' },
  { name: 'weekend_share_28', kind: 'numeric', group: 'timing' },
  { name: 'stream_share_28', kind: 'numeric', group: 'stream' },
  { name: 'open_rate_28', kind: 'numeric', group: 'engagement' },
  { name: 'open_rate_90', kind: 'numeric', group: 'engagement' },
  { name: 'click_rate_28', kind: 'numeric', group: 'engagement' },
  { name: 'click_rate_90', kind: 'numeric', group: 'engagement' },
  { name: 'open_trend', kind: 'numeric', group: 'engagement' },
  { name: 'opens_decayed_7', kind: 'numeric', group: 'engagement' },
  { name: 'opens_decayed_30', kind: 'numeric', group: 'engagement' },
  { name: 'clicks_decayed_30', kind: 'numeric', group: 'engagement' },
  { name: 'bounced_90', kind: 'numeric', group: 'history' },
  { name: 'streams_open', kind: 'numeric', group: 'stream' },
  { name: 'opt_outs_elsewhere', kind: 'numeric', group: 'history' },
  { name: 'opt_outs_here', kind: 'numeric', group: 'history' },
  { name: 'complaints_before', kind: 'numeric', group: 'history' },
] as const satisfies readonly { name: string; kind: Column['kind']; group: string }[];

/** A snapshot as the engine answers it: columns of values, by name. */
export type SnapshotColumns = Readonly<
  Record<string, readonly (string | number | null | readonly string[])[]>
>;

export interface Snapshot {
  /** ms since the epoch */
  readonly t0: number;
  readonly columns: SnapshotColumns;
}

/** A subscription that ended. Instants in ms; `isOptOut` where the person left or complained. */
export interface Ending {
  readonly person: string;
  readonly stream: string;
  readonly began: number;
  readonly ended: number;
  readonly isOptOut: boolean;
}

export interface Dataset {
  readonly columns: readonly Column[];
  readonly labels: Labels;
  readonly persons: readonly string[];
  readonly streams: readonly string[];
  /** Days to the opt-out, Infinity without one in the time followed. */
  readonly days: Float64Array;
  /** Days that the row could be followed. */
  readonly potential: Float64Array;
}

/**
 * Rows with what became of them up to `until`. Whoever left for another reason (a bounce, an erasure, consent that ran out)
 * is followed on without an event: so what is learnt is the probability of leaving by opting out (the cumulative
 * incidence), and not that probability if nothing else could happen. Who had left before t0, as turned out later, is no row.
 *
 * @param until ms since the epoch: what happened later is not looked at
 * @see Fine, Gray (1999), A proportional hazards model for the subdistribution of a competing risk, JASA 94; where the
 *   end of observation is known for each row, those with a competing event stay at risk until then
 */
export function datasetOf(
  snapshots: readonly Snapshot[],
  endings: readonly Ending[],
  until: number,
): Dataset {
  const ended = new Map<string, Ending[]>();
  for (const ending of endings) {
    if (ending.ended > until) continue;
    const key = pairOf(ending.person, ending.stream);
    const list = ended.get(key);
    if (list === undefined) ended.set(key, [ending]);
    else list.push(ending);
  }
  const rows: { snapshot: Snapshot; row: number; days: number }[] = [];
  for (const snapshot of snapshots) {
    const { person = [], stream = [], began_at = [] } = snapshot.columns;
    for (let row = 0; row < person.length; row += 1) {
      const found = ended.get(pairOf(String(person[row]), String(stream[row])));
      const began = found === undefined ? 0 : Date.parse(String(began_at[row]));
      if (found?.some((one) => one.began === began && one.ended <= snapshot.t0)) continue;
      const next = found?.find((one) => one.ended > snapshot.t0 && one.began <= snapshot.t0);
      const days = next?.isOptOut === true ? (next.ended - snapshot.t0) / day : Number.POSITIVE_INFINITY;
      rows.push({ snapshot, row, days });
    }
  }
  const days = Float64Array.from(rows, (one) => one.days);
  const potential = Float64Array.from(rows, ({ snapshot }) => (until - snapshot.t0) / day);
  const happened = Uint8Array.from(days, (one, row) => (one <= (potential[row] as number) ? 1 : 0));
  const time = Float64Array.from(days, (one, row) => Math.min(one, potential[row] as number));
  return {
    columns: churnFeatures.map((feature) => columnOfRows(feature, rows)),
    labels: hazardLabels(time, happened, potential),
    persons: rows.map(({ snapshot, row }) => String(snapshot.columns.person?.[row])),
    streams: rows.map(({ snapshot, row }) => String(snapshot.columns.stream?.[row])),
    days,
    potential,
  };
}

/** The rows of a snapshot as the model takes them. */
export function snapshotTable(columns: SnapshotColumns): Column[] {
  const rows = (columns.person ?? []).map((_, row) => ({ snapshot: { t0: 0, columns }, row }));
  return churnFeatures.map((feature) => columnOfRows(feature, rows));
}

const pairOf = (person: string, stream: string): string => `${person} ${stream}`;

function columnOfRows(
  { name, kind }: (typeof churnFeatures)[number],
  rows: readonly { readonly snapshot: Snapshot; readonly row: number }[],
): Column {
  if (kind === 'numeric')
    return {
      name,
      kind,
      values: Float64Array.from(rows, ({ snapshot, row }) => {
        const value = cellOf(snapshot, name, row);
        return value === null ? Number.NaN : Number(value);
      }),
    };
  return { name, kind, values: rows.map(({ snapshot, row }) => String(cellOf(snapshot, name, row) ?? '')) };
}

function cellOf(snapshot: Snapshot, name: string, row: number): string | number | readonly string[] | null {
  const column = snapshot.columns[name];
  if (column === undefined) throw new RangeError(`the snapshot has no ${name}`);
  return column[row] ?? null;
}
