import type { Queries } from '@secateur/sql';
import type { Cap } from '../contract/events.js';
import { noId } from '../subscribers/identifiers.js';
import type { Statement } from './statement.js';

type Row = Queries['opt-outs/statements_by_subject']['row'];

const orNull = (id: string) => (id === noId ? null : id);

/** A line of the ledger as the engine answers it. */
export function statementOf(row: Row): Statement {
  return {
    id: row.id,
    subject: row.subject,
    binds: row.binds as Statement['binds'],
    person: orNull(row.person),
    selector: row.selector,
    effect: row.effect,
    orderAt: Date.parse(row.order_at),
    tolerance: row.tolerance,
    strength: row.strength as Statement['strength'],
    counts: row.counts,
    explicit: row.explicit,
    expiresAt: row.expires_at === null ? null : Date.parse(row.expires_at),
    basis: row.basis,
    evidence: row.evidence,
    decision: row.decision,
    voids: orNull(row.voids),
    cap: row.cap_n === null ? null : { n: row.cap_n, per: row.cap_per as Cap['per'] },
  };
}
