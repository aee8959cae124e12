import type { FieldUse } from '../contract/condition-fields.js';
import { checkCondition } from './check.js';
import type { Group } from './condition.js';
import { buildCatalogue } from './fields.js';

export const catalogue = buildCatalogue({
  attributes: [
    { name: 'plan', type: 'text' },
    { name: 'orders', type: 'number' },
    { name: 'trial', type: 'boolean' },
    { name: 'renews at', type: 'instant' },
    { name: 'x[stream=offers]', type: 'text' },
  ],
  segments: [
    { id: 'lapsing', title: 'Lapsing' },
    { id: 'dormant', title: 'Dormant' },
  ],
  streams: [
    { key: 'offers', title: 'Offers', category: 'promotions' },
    { key: 'letter', title: '', category: 'spring sale' },
  ],
});

/** A condition of one leaf. */
export function leaf(field: string, operator: string, value?: unknown): unknown {
  return { combinator: 'and', rules: [{ field, operator, value }] };
}

export function checked(condition: unknown, use: FieldUse = 'decision'): Group {
  const result = checkCondition(condition, catalogue, use);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.condition;
}

export function faultsOf(condition: unknown, use: FieldUse = 'decision'): string[] {
  const result = checkCondition(condition, catalogue, use);
  return result.ok ? [] : result.faults.map(({ path, reason }) => `${path} ${reason}`);
}
