import { createHash } from 'node:crypto';
import type { Config } from '../config.js';
import type { Channel } from '../contract/vocabulary.js';
import type { Database } from '../database.module.js';
import type { Incoming } from '../opt-outs/request.js';
import type { Subject } from '../subscribers/subject.js';
import { type Engagement, normaliseEvent } from './normalise.js';

const day = 86_400_000;

export interface StoredBounce {
  event: Engagement;
  subject: Subject;
}

/** A bounce that says something about the address, though not alone: no delay, no refusal of the sender. */
export function isSoftBounce({ type, trigger, flags }: Engagement): boolean {
  return type === 'bounced' && (trigger === 'soft_bounce' || trigger === '') && !flags.includes('block');
}

/**
 * INV-DSN-3: so many soft bounces in so many days hold the address, never one alone. At most one hold a day for each
 * person and channel: what bounces on is held already.
 * @throws EngineAwayError
 */
export async function holdsFor(
  stored: readonly StoredBounce[],
  { count, days }: Config['softBounces'],
  engine: Database,
  now: number,
): Promise<Incoming[]> {
  const bounces = stored.filter(({ event }) => isSoftBounce(event));
  if (bounces.length === 0) return [];
  const ids = [...new Set(bounces.map(({ subject }) => subject.person))].join('\n');
  const since = new Date(now - days * day);
  const counted = await engine.query('events/soft_bounces_by_person', { ids, since });
  const reached = new Map(
    counted.filter((row) => row.bounces >= count).map((row) => [`${row.person} ${row.channel}`, row.bounces]),
  );
  const holds = new Map<string, Incoming>();
  for (const { event, subject } of bounces) {
    const key = `${subject.person} ${event.channel}`;
    const times = reached.get(key);
    if (times !== undefined)
      holds.set(key, hold(subject.person, event.channel, `${times} in ${days} days`, now));
  }
  return [...holds.values()];
}

function hold(person: string, channel: Channel, reason: string, now: number): Incoming {
  const today = new Date(now).toISOString().slice(0, 10);
  const name = createHash('sha256').update(`${person} ${channel} ${today}`).digest('hex').slice(0, 40);
  const value = {
    id: `soft-bounces:${name}`,
    type: 'bounced',
    bounce: 'hard',
    trigger: 'soft_bounce',
    channel,
  };
  const event = normaliseEvent({ ...value, made_by: 'system', reason: `soft bounces: ${reason}` }, now, {
    tolerance: 0,
    madeBy: 'provider',
    who: { person },
  });
  if (event.kind !== 'permission') throw new Error('a hold is a request');
  // The count differs from bounce to bounce; the hold of the day is one.
  return { ...event.incoming, contentHash: name };
}
