import { z } from 'zod';
import { bounced, weighBounce } from '../../intake/bounce-class.js';
import { type NormalisedEvent, plain } from '../../intake/normalised-event.js';
import { asideText, eachItem, epochTime, jsonBody, looseText, type ProviderAdapter } from '../adapter.js';

const Event = z.object({
  event: z.string(),
  /** Several where contacts were changed in bulk. */
  email: z.union([looseText, z.array(z.string()).min(1)]),
  'message-id': asideText,
  camp_id: asideText,
  list_id: z.union([looseText, z.array(looseText)]).catch(null),
  reason: asideText,
  link: asideText,
  tag: asideText,
  tags: z.array(z.string()).nullish().catch(null),
  /** In ms; the others in seconds. */
  ts_epoch: asideText,
  ts_event: asideText,
  ts: asideText,
});
type Event = z.infer<typeof Event>;

type Meaning = Pick<NormalisedEvent, 'trigger' | 'scopeHint' | 'madeBy' | 'isBlock' | 'suppressedFor'>;

/** Brevo signs nothing: the secret stands in the address or in Authorization. It posts one event, or a batch of them. */
export const brevo: ProviderAdapter = {
  provider: 'brevo',
  title: 'Brevo',
  authentication: ['secret'],
  normalise: (call) => eachItem([jsonBody(call)].flat(), Event, read),
};

function read(event: Event): NormalisedEvent[] | string {
  const lists = listsOf(event);
  const name = nameOf(event);
  const meaning = meaningOf(name, event.reason ?? '', lists === null ? 'unknown' : 'list');
  if (meaning === null) return event.event;
  const at = event.ts_epoch ?? event.ts_event ?? event.ts;
  return [event.email].flat().map((subscriber) => ({
    ...plain,
    ...meaning,
    subscriber,
    stream: lists === null ? null : `brevo:list:${lists}`,
    campaign: event.camp_id === null ? null : `brevo:${event.camp_id}`,
    messageId: event['message-id'],
    occurredAt: epochTime(event.ts_epoch, 'milliseconds') ?? epochTime(event.ts_event ?? event.ts, 'seconds'),
    reason: event.reason?.trim() ?? null,
    tags: event.tags ?? (event.tag === null ? [] : [event.tag]),
    // The `id` is of the webhook.
    identity: [name, subscriber, event['message-id'], event.camp_id, lists, at, event.link],
  }));
}

/** In one order, so that the same lists are one stream. */
function listsOf({ list_id }: Event): string | null {
  const ids = [list_id].flat().filter((id) => id !== null);
  return ids.length === 0 ? null : ids.toSorted((a, b) => Number(a) - Number(b)).join(',');
}

/** Settings spell names in camel case. Of one opening `opened` and `unique_opened` both tell. */
const nameOf = ({ event }: Event): string =>
  event
    .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
    .toLowerCase()
    .replace(/^unique_/, '');

/**
 * Transactional and marketing webhooks name the same things differently.
 * @see https://developers.brevo.com/docs/transactional-webhooks
 * @see https://developers.brevo.com/docs/marketing-webhooks
 */
function meaningOf(name: string, reason: string, scopeHint: 'list' | 'unknown'): Meaning | null {
  const report = { status: null, text: reason };
  switch (name) {
    case 'unsubscribe':
    case 'unsubscribed':
      return { trigger: 'link_unsubscribe', scopeHint };
    case 'spam':
    case 'complaint':
      return { trigger: 'complaint', scopeHint: 'sender' };
    case 'hard_bounce':
    case 'invalid':
    case 'invalid_email':
      return bounced(weighBounce(report, 'hard'));
    case 'soft_bounce':
      return bounced(weighBounce(report, 'soft'));
    case 'error':
      return bounced(weighBounce(report, null));
    case 'blocked':
      return {
        trigger: 'provider_suppressed',
        suppressedFor: /bounce|invalid/i.test(reason) ? 'address' : 'consent',
        scopeHint: 'none',
        madeBy: 'provider',
      };
    case 'deferred':
      return { trigger: 'delivery_delayed', scopeHint: 'none' };
    case 'contact_deleted':
      return { trigger: 'list_removal', scopeHint, madeBy: 'admin' };
    case 'list_addition':
      // By a form, an import or a call: it does not prove which.
      return { trigger: 'resubscribe', scopeHint, madeBy: 'provider' };
    case 'delivered':
      return { trigger: 'delivered', scopeHint: 'none' };
    case 'opened':
      return { trigger: 'opened', scopeHint: 'none' };
    case 'click':
    case 'clicked':
      return { trigger: 'clicked', scopeHint: 'none' };
    default:
      return null;
  }
}
