import { compared, type Expected } from './index-file.js';

export interface Difference {
  field: string;
  expected: unknown;
  found: unknown;
}

/** What a field of the index demands and the event does not say. Fields that the index leaves out are not asked about. */
export function differences(expected: Expected, found: Readonly<Record<string, unknown>>): Difference[] {
  return compared.flatMap((field): Difference[] => {
    const wanted = expected[field];
    if (wanted === undefined) return [];
    return isSame(field, wanted, found[field]) ? [] : [{ field, expected: wanted, found: found[field] }];
  });
}

function isSame(field: string, wanted: unknown, found: unknown): boolean {
  if (field === 'occurred_at') return instantOf(wanted) === instantOf(found);
  if (Array.isArray(wanted)) return JSON.stringify(wanted) === JSON.stringify(found);
  return wanted === (found ?? null);
}

/** The index reads a time without a zone as UTC. */
function instantOf(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  return Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/i.test(value) ? value : `${value.replace(' ', 'T')}Z`);
}
