import type { CataloguedStream, Held } from './stream.js';

/** A stream whose statements another one inherits, or inherited until it was given another parent. */
export interface Ancestor {
  stream: CataloguedStream;
  /** An opt-out or pause with `order_at` T is inherited if `until > T`. Infinity for the parents of today. */
  until: number;
  /**
   * An opt-in with `order_at` T is inherited if `T >= from`: it must be newer than the re-parenting that gave the stream
   * this ancestor, so that moving a stream below another lifts nobody's opt-out. Infinity for parents of the past.
   */
  from: number;
}

/**
 * Those from whom a stream inherits: today's parents, nearest first, then those of the past (INV-2919-2: re-parenting
 * re-opens nobody). The instants of a longer way are those of its weakest step. Safe against cycles.
 */
export function ancestors(
  stream: CataloguedStream,
  find: (key: string) => CataloguedStream | undefined,
): readonly Ancestor[] {
  if (stream.parent === null && stream.parents.every((held) => held.value === null)) return none;
  const today: Ancestor[] = [];
  const seen = new Set([stream.key]);
  let from = -Infinity;
  for (let child = stream; child.parent !== null && !seen.has(child.parent); ) {
    const parent = find(child.parent);
    if (parent === undefined) break;
    seen.add(parent.key);
    from = Math.max(from, heldSince(child.parents, child.parent));
    today.push({ stream: parent, until: Infinity, from });
    child = parent;
  }

  // The best way to each: a stream is looked at again only when a later end was found for it.
  const reached = new Map([stream, ...today.map((one) => one.stream)].map((one) => [one.key, Infinity]));
  const past = new Map<string, Ancestor>();
  const open = [stream, ...today.map((one) => one.stream)];
  for (let child = open.shift(); child !== undefined; child = open.shift()) {
    for (const { value, until } of child.parents) {
      const parent = value === null ? undefined : find(value);
      if (parent === undefined) continue;
      const end = Math.min(reached.get(child.key) ?? -Infinity, until);
      if (end <= (reached.get(parent.key) ?? -Infinity)) continue;
      reached.set(parent.key, end);
      past.set(parent.key, { stream: parent, until: end, from: Infinity });
      open.push(parent);
    }
  }
  return [...today, ...past.values()];
}

const none: readonly Ancestor[] = [];

/** Since when the present value is held for certain: when the last other one ended. */
export function heldSince<T>(history: readonly Held<T>[], now: T): number {
  let since = -Infinity;
  for (const held of history) if (held.value !== now) since = Math.max(since, held.until);
  return since;
}
