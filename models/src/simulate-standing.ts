import type { Random } from './random.js';
import { dayMs, type Person } from './simulate-people.js';
import { type Cap, type Line, permits, withinCap } from './simulate-permission.js';
import type { Basis, SimulatedStream } from './simulate-types.js';

/** A person as the sending systems know them. */
export interface Standing {
  person: Person;
  lines: Line[];
  caps: Cap[];
  /** Deliveries of the last 31 days, oldest first. */
  recent: { at: number; stream: string }[];
  /** Legal basis by stream as last given; undefined = never agreed. */
  basis: Map<string, Basis | undefined>;
  lastOpenAt: number;
  /** From this instant on nothing is sent to or told about the person. */
  erasedAt: number;
}

export function createStanding(random: Random, person: Person, startsAt: number): Standing {
  return {
    person,
    lines: [],
    caps: [],
    recent: [],
    basis: new Map(person.takes),
    lastOpenAt: startsAt - random.exponential(25) * dayMs,
    erasedAt: Number.POSITIVE_INFINITY,
  };
}

export function mayReceive({ lines, caps, recent }: Standing, stream: SimulatedStream, at: number): boolean {
  if (lines.length > 0 && !permits(lines, stream, at)) return false;
  const cap = caps.find(({ stream: key }) => key === stream.key);
  if (cap === undefined) return true;
  const sentAt = recent.filter(({ stream: key }) => key === stream.key).map((delivery) => delivery.at);
  return withinCap(cap, sentAt, at);
}

export function noteDelivery(standing: Standing, at: number, stream: string): void {
  const first = standing.recent.findIndex((delivery) => delivery.at >= at - 31 * dayMs);
  if (first > 0) standing.recent.splice(0, first);
  standing.recent.push({ at, stream });
}

/** Deliveries over all streams in the days before `at`. */
export function countSends({ recent }: Standing, at: number, days: number): number {
  const since = at - days * dayMs;
  let count = 0;
  for (let i = recent.length - 1; i >= 0 && (recent[i]?.at ?? 0) > since; i -= 1) count += 1;
  return count;
}
