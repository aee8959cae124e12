/** Deeper than any event, and shallow enough for every program that will read it. */
const mostLevels = 200;

/** A refused row as JSON. What lies deeper than JSON.stringify can go is cut off below 200 levels. */
export function keptText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return JSON.stringify(cut(value, mostLevels));
  }
}

function cut(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return '(cut off: deeper than 200 levels)';
  if (Array.isArray(value)) return value.map((one) => cut(one, levels - 1));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cut(one, levels - 1)]));
}
