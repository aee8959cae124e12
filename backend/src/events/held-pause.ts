import { randomUUID } from 'node:crypto';
import type { Channel } from '../contract/vocabulary.js';
import type { Incoming } from '../opt-outs/request.js';
import type { QuarantineEntry } from './quarantine-row.js';

/*
 * A request that anybody could have written waits in quarantine, and its address pauses for as long as it waits: the pause is
 * named after the entry, has no end of its own, and is taken back when the entry is closed.
 */

/** Event id of the pause that goes with an entry. */
export const pauseIdOf = (entry: string): string => `quarantine:${entry}:pause`;

/** The end of a pause that has none: the last instant that the engine stores. */
export const openEnd = '2299-12-31T23:59:59.999Z';

/**
 * Takes the pause back, and nothing else.
 *
 * @param text of the entry, as it was kept: says whose address pauses
 * @param decision of the pause
 * @param why who looked at it, and what they made of it
 */
export function endOfPause(
  { id }: QuarantineEntry,
  text: string,
  { decision, why, now }: { decision: string; why: string; now: number },
): Incoming {
  const { email, channel = 'email' } = JSON.parse(text) as { email?: string; channel?: Channel };
  return {
    who: email === undefined ? {} : { email },
    request: {
      decision: randomUUID(),
      eventId: `quarantine:${id}:closed`,
      type: 'undone',
      trigger: null,
      asked: 'this',
      channel,
      category: null,
      origin: null,
      audience: null,
      campaign: null,
      messageType: null,
      messageId: null,
      reason: '',
      occurredAt: now,
      receivedAt: now,
      tolerance: 0,
      madeBy: 'admin',
      basis: null,
      evidence: why,
      expiresAt: null,
      until: null,
      cap: null,
      bounce: null,
      allOptionShown: null,
      legalBasis: null,
      voids: decision,
      flags: [],
    },
  };
}
