import type { Condition } from '../contract/conditions.js';

/** Names of segments that a condition mentions, built-in and defined. */
export function mentionedSegments(condition: Condition): string[] {
  const found = new Set<string>();
  for (const part of condition.rules) {
    if ('rules' in part) for (const name of mentionedSegments(part)) found.add(name);
    else if (part.field === 'segment') for (const name of namesOf(part.value)) found.add(name);
  }
  return [...found];
}

/** The editor writes lists as `a, b\,c`; no name of a segment holds a comma, save a country or plan of that name. */
function namesOf(value: unknown): string[] {
  const items = Array.isArray(value) ? value : [value];
  return items.flatMap((item) =>
    typeof item === 'string'
      ? [item, ...item.split(/(?<!\\),/).map((part) => part.replaceAll('\\,', ',').trim())].filter(
          (name) => name !== '',
        )
      : [],
  );
}

/** Attributes of the profile that a condition asks for. */
export function mentionedAttributes(condition: Condition): string[] {
  const prefix = 'subscriber.attributes.';
  const found = new Set<string>();
  for (const part of condition.rules) {
    if ('rules' in part) for (const name of mentionedAttributes(part)) found.add(name);
    else if (part.field.startsWith(prefix)) found.add(part.field.slice(prefix.length));
  }
  return [...found];
}

export const isBuiltIn = (name: string): boolean =>
  /^(?:country|plan):./su.test(name) || /^engagement:(?:active|lapsing|dormant|new)$/.test(name);

/**
 * The keys in an order in which each stands behind those it uses.
 * @returns the cycle where there is one, from a key back to itself
 */
export function orderedByUse(
  uses: ReadonlyMap<string, readonly string[]>,
): { order: string[] } | { cycle: string[] } {
  const order: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (key: string): string[] | null => {
    if (done.has(key)) return null;
    const at = path.indexOf(key);
    if (at >= 0) return [...path.slice(at), key];
    path.push(key);
    for (const used of uses.get(key) ?? []) {
      const cycle = uses.has(used) ? visit(used) : null;
      if (cycle !== null) return cycle;
    }
    path.pop();
    done.add(key);
    order.push(key);
    return null;
  };
  for (const key of [...uses.keys()].sort()) {
    const cycle = visit(key);
    if (cycle !== null) return { cycle };
  }
  return { order };
}
