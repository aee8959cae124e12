import { at, uuid } from '../permissions/rows.js';

type Row = Record<string, unknown>;

/** Target number `number`: an enabled webhook that is told of everything since the beginning. */
export function target(number: number, change: Row = {}): Row {
  return {
    id: uuid(100 + number),
    version: 1,
    name: `target ${number}`,
    kind: 'webhook',
    url: 'https://example.com/',
    options: '{}',
    sealed: 's',
    enabled: true,
    disabled_for: '',
    since: 0,
    created_at: at('00:00'),
    changed_at: at('00:00'),
    changed_by: 'k',
    deleted: false,
    ...change,
  };
}

/** The receipt of decision `seq` at target `number`, acknowledged two minutes after the request came. */
export function receipt(number: number, seq: number, change: Row = {}): Row {
  return {
    target: uuid(100 + number),
    seq,
    version: 1,
    decision: uuid(1000 + seq),
    state: 'acknowledged',
    attempts: 1,
    first_sent_at: at('12:01'),
    acknowledged_at: at('12:02'),
    received_at: at('12:00'),
    decided_at: at('12:00'),
    is_backfill: false,
    status: 204,
    detail: 'answered 204',
    ...change,
  };
}

export const waiting = { state: 'waiting', acknowledged_at: null, status: 503, detail: 'answered 503' };
export const dead = { state: 'dead', acknowledged_at: null, status: 422, detail: 'answered 422' };
/** Microseconds since the epoch of an instant, as versions of receipts are. */
export const micro = (instant: string): number => Date.parse(instant) * 1000;
