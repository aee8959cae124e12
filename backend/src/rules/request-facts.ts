import type { AskedField } from '../conditions/index.js';
import { machineProbability } from '../opt-outs/machine-signs.js';
import type { Facts, OptOutRequest } from '../opt-outs/request.js';
import { coverageOf, coveredBy, tailsOf } from '../permissions/covering.js';
import type { Statement } from '../permissions/statement.js';
import { personFact } from '../segments/person-facts.js';
import { parentsOf } from '../streams/catalogue-index.js';
import type { CataloguedStream } from '../streams/stream.js';

const day = 86_400_000;

/** What rules may ask when a request is decided. */
export interface RequestFacts {
  request: OptOutRequest;
  facts: Facts;
  /** The stream of the message; null when the request names none. */
  stream: CataloguedStream | null;
}

/** Answers every field of the catalogue for one request; undefined where the fact is missing. */
export function requestFact(asked: RequestFacts, field: AskedField): unknown {
  const [group, name = ''] = field.field.id.split('.', 2);
  switch (group) {
    case 'message':
      return messageFact(asked, name);
    case 'request':
      return ofRequest(asked.request, name);
    case 'consent':
      return consentFact(asked, name);
    default:
      return asked.facts.snapshot === undefined ? undefined : personFact(asked.facts.snapshot, field);
  }
}

function messageFact({ request, stream }: RequestFacts, name: string): unknown {
  switch (name) {
    case 'channel':
      return request.channel;
    case 'category':
      return stream?.category ?? request.category ?? undefined;
    case 'origin':
      return stream?.origin ?? request.origin ?? undefined;
    case 'audience':
      return request.audience ?? undefined;
    case 'campaign':
      return request.campaign ?? undefined;
    case 'message_type':
      return request.messageType ?? undefined;
    case 'stream':
      return stream?.key;
    case 'class':
      return stream?.class;
    case 'brand':
      return stream?.brand;
    default:
      return undefined;
  }
}

function ofRequest(request: OptOutRequest, name: string): unknown {
  switch (name) {
    case 'trigger':
      return request.trigger ?? undefined;
    case 'asked':
      return Array.isArray(request.asked) ? 'picks' : request.asked;
    case 'hour':
      return new Date(request.occurredAt).getUTCHours();
    case 'reason':
      return request.reason === '' ? undefined : request.reason;
    case 'machine_probability':
      return machineProbability(request.flags);
    default:
      return undefined;
  }
}

function consentFact(asked: RequestFacts, name: string): unknown {
  const { basis, ageDays, source } = consentOf(asked);
  switch (name) {
    case 'basis':
      return basis === '' ? undefined : basis;
    case 'age_days':
      return ageDays ?? undefined;
    case 'source':
      return source === '' ? undefined : source;
    default:
      return undefined;
  }
}

/** Of the latest opt-in that covers the message; empty and null where there is none. */
export function consentOf(asked: RequestFacts): { basis: string; ageDays: number | null; source: string } {
  const consent = latestConsent(asked);
  if (consent === null) return { basis: '', ageDays: null, source: '' };
  const ageDays = Math.floor((asked.request.receivedAt - consent.orderAt) / day);
  return { basis: consent.basis, ageDays, source: consent.evidence };
}

/** The latest opt-in of the person or of their identifiers that covers the message. */
function latestConsent({ request, facts, stream }: RequestFacts): Statement | null {
  if (stream === null) return null;
  const coverage = coverageOf(stream, parentsOf(stream, facts.streams));
  const tails = tailsOf(request.audience, request.campaign);
  let latest: Statement | null = null;
  for (const one of facts.statements) {
    if (one.effect !== 'opt_in' || one.orderAt > request.receivedAt) continue;
    if (latest !== null && one.orderAt <= latest.orderAt) continue;
    if (coveredBy(coverage, one.selector, tails) !== undefined) latest = one;
  }
  return latest;
}
