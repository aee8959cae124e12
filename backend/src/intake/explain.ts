import type { FastifyReply, FastifyRequest } from 'fastify';
import { ForbiddenError } from '../errors.js';
import { eventView, type NormalisedEvent } from './normalised-event.js';

const asked = 'x-secateur-explain';

/** Node's client takes 16 KiB of headers: the first events of a large batch are enough to see how it was read. */
const mostBytes = 8 * 1024;

/**
 * Does the caller want to see how its payload was read?
 * @throws ForbiddenError where `SECATEUR_EXPLAIN` is off, before anything is done: the answer holds addresses
 */
export function wantsExplanation({ headers }: FastifyRequest, isAllowed: boolean): boolean {
  if (headers[asked] === undefined) return false;
  if (!isAllowed)
    throw new ForbiddenError('X-Secateur-Explain has an answer only where SECATEUR_EXPLAIN is on.');
  return true;
}

/** `X-Secateur-Events`: base64url of `{events, skipped}` as JSON, and `more` where events were left off. */
export function explain(
  reply: FastifyReply,
  events: readonly NormalisedEvent[],
  skipped: Readonly<Record<string, number>>,
): void {
  let shown = events.map(eventView);
  const text = () => JSON.stringify({ events: shown, skipped, more: events.length - shown.length });
  while (shown.length > 0 && Buffer.byteLength(text()) > mostBytes) shown = shown.slice(0, shown.length / 2);
  reply.header('X-Secateur-Events', Buffer.from(text()).toString('base64url'));
}
