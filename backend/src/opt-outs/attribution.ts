import type { CataloguedStream } from '../streams/stream.js';
import { signalOf } from './floor.js';
import type { Delivery, Facts, OptOutRequest } from './request.js';

const day = 86_400_000;
export const attributionWindow = 7 * day;
const solicitedWindow = 3 * day;

/**
 * The one delivery to which an opt-out or complaint belongs: the message that it names, else the last one on the stream
 * in the seven days before. A delivery bears one opt-out at most, so no rate exceeds 100 %.
 */
export function attribution(
  request: OptOutRequest,
  facts: Facts,
  stream: CataloguedStream | null,
): Delivery | null {
  if (request.type !== 'opted_out' && request.type !== 'complained') return null;
  const named = namedDelivery(request, facts);
  const cause =
    named ?? (stream === null ? null : lastDelivery(request, facts, (one) => one.stream === stream.key));
  return cause === null || facts.attributed.includes(cause.id) ? null : cause;
}

export function namedDelivery(request: OptOutRequest, facts: Facts): Delivery | null {
  if (request.messageId === null) return null;
  return (
    facts.deliveries.find((one) => one.messageId === request.messageId && one.channel === request.channel) ??
    null
  );
}

/**
 * Did it come out of the blue? Complaints, suppressions learned from a provider, free text, agents, regulators, browser
 * signals, objections, erasure; and any opt-out more than 72 hours after the last delivery on its channel.
 */
export function isUnsolicited(
  request: OptOutRequest,
  facts: Facts,
  stream: CataloguedStream | null,
): boolean {
  if (request.type !== 'opted_out' && request.type !== 'complained' && request.type !== 'erased')
    return false;
  switch (signalOf(request)) {
    case 'complaint':
    case 'complaint_optout':
    case 'provider_suppressed':
    case 'opt_out_preference_signal':
    case 'gdpr_objection_art21':
    case 'erasure_request_art17':
      return true;
    case 'not_spam':
    case 'auth_failure':
      return false;
    case 'mailto_unsubscribe':
      if (stream === null) return true;
  }
  if (request.madeBy === 'agent' || request.madeBy === 'regulator') return true;
  const last = lastDelivery(request, facts, (one) => one.channel === request.channel);
  return last === null || orderAt(request) - last.deliveredAt > solicitedWindow;
}

function lastDelivery(
  request: OptOutRequest,
  facts: Facts,
  isMeant: (delivery: Delivery) => boolean,
): Delivery | null {
  const at = orderAt(request);
  let found: Delivery | null = null;
  for (const one of facts.deliveries) {
    if (!isMeant(one) || one.deliveredAt > at || at - one.deliveredAt > attributionWindow) continue;
    const isLater =
      found === null ||
      one.deliveredAt > found.deliveredAt ||
      (one.deliveredAt === found.deliveredAt && one.id > found.id);
    if (isLater) found = one;
  }
  return found;
}

const orderAt = (request: OptOutRequest): number => Math.min(request.occurredAt, request.receivedAt);
