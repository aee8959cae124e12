import type { Suppression } from '../contract/permissions.js';

/**
 * RFC 4180: a header, CRLF, quotes where a value needs them. Made for machines, so a value that starts with `=`, `+`, `-`
 * or `@` stays as it is: every E.164 number starts with a plus, and an id that was changed matches nobody.
 */
export function csv(columns: readonly (keyof Suppression)[], rows: readonly Suppression[]): string {
  const field = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const lines = rows.map((row) => columns.map((column) => field(row[column] ?? '')).join(','));
  return [columns.join(','), ...lines, ''].join('\r\n');
}
