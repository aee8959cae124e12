import { at, uuid } from '../permissions/rows.js';

type Row = Record<string, unknown>;

/** Edge number `seq` of a person: entered `vips` at 10:00, by a decision. */
export function edge(seq: number, person: number, change: Row = {}): Row {
  return {
    person: uuid(person),
    segment: 'vips',
    seq,
    edge: 'entered',
    version: 1,
    at: at('10:00'),
    received_at: at('10:00'),
    written_at: at('10:00'),
    cause: 'decision',
    cause_id: `cause ${seq}`,
    ...change,
  };
}
