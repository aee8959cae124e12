import type { Insert } from '../journal/group.js';

/** A row that was not taken. Instants in ms since the epoch. */
export interface QuarantineEntry {
  id: string;
  receivedAt: number;
  /** When somebody must have looked at it. */
  deadlineAt: number;
  door: string;
  code: string;
  detail: string;
  field: string;
  /** The row as it came, sealed under the installation's key. */
  sealed: string;
  state: 'open' | 'replayed' | 'dismissed';
}

/**
 * Milliseconds in which somebody must have looked at a refused row: the shortest deadline of the floor (Gmail), for
 * whatever was refused may hold an opt-out.
 */
export const quarantineDeadline = 48 * 3_600_000;

const columns = [
  'id',
  'version',
  'received_at',
  'deadline_at',
  'door',
  'code',
  'detail',
  'field',
  'sealed',
  'state',
] as const;

export function quarantineInsert(entries: readonly QuarantineEntry[], version: number): Insert {
  const lines = entries.map((entry) =>
    JSON.stringify([
      entry.id,
      version,
      new Date(entry.receivedAt).toISOString(),
      new Date(entry.deadlineAt).toISOString(),
      entry.door,
      entry.code,
      entry.detail,
      entry.field,
      entry.sealed,
      entry.state,
    ]),
  );
  return { table: 'quarantine', columns, lines: lines.join('\n') };
}
