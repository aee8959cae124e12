import { z } from 'zod';
import { bounced } from '../../intake/bounce-class.js';
import { type NormalisedEvent, plain } from '../../intake/normalised-event.js';
import { asideText, eachItem, formBody, looseText, type ProviderAdapter } from '../adapter.js';

/** The fields of the form by their full names: nothing is built from names that a stranger chose. */
const Event = z.object({
  type: z.string(),
  fired_at: asideText,
  'data[action]': asideText,
  'data[reason]': asideText,
  'data[id]': asideText,
  'data[list_id]': asideText,
  'data[email]': looseText,
  'data[campaign_id]': asideText,
});
type Event = z.infer<typeof Event>;

type Meaning = Pick<NormalisedEvent, 'trigger' | 'scopeHint' | 'madeBy' | 'isBlock'>;

/** Mailchimp signs nothing: the secret stands in the address. It asks for the address by GET before it uses it. */
export const mailchimp: ProviderAdapter = {
  provider: 'mailchimp',
  title: 'Mailchimp',
  authentication: ['secret'],
  normalise: (call) => eachItem([Object.fromEntries(formBody(call))], Event, read),
};

function read(event: Event): NormalisedEvent | string {
  const meaning = meaningOf(event);
  if (meaning === null) return event.type;
  const list = event['data[list_id]'];
  const action = event['data[action]'];
  const reason = event['data[reason]'];
  return {
    ...plain,
    ...meaning,
    subscriber: event['data[email]'],
    // An audience is a list; groups of interest inside it are not named.
    stream: list === null ? null : `mailchimp:${list}`,
    campaign: event['data[campaign_id]'],
    // "2009-03-26 21:40:57", in a zone that nobody names.
    occurredAt: event.fired_at,
    reason: [action, reason].filter((word) => word !== null).join(' ') || null,
    identity: [event.type, action, reason, list, event['data[id]'], event['data[email]'], event.fired_at],
  };
}

const complaint: Meaning = { trigger: 'complaint', scopeHint: 'sender' };

/** @see https://mailchimp.com/developer/marketing/guides/sync-audience-data-webhooks/ */
function meaningOf(event: Event): Meaning | null {
  switch (event.type) {
    case 'unsubscribe':
      if (event['data[reason]'] === 'abuse') return complaint;
      // Deleted or archived by the sender: no wish of the person.
      return event['data[action]'] === 'delete' || event['data[action]'] === 'archive'
        ? { trigger: 'list_removal', scopeHint: 'list', madeBy: 'admin' }
        : { trigger: 'link_unsubscribe', scopeHint: 'list' };
    case 'cleaned':
      return event['data[reason]'] === 'abuse'
        ? complaint
        : bounced({ trigger: 'hard_bounce', isBlock: false });
    case 'subscribe':
      // By a form, an import or a call: it does not say which, so nothing is proven.
      return { trigger: 'resubscribe', scopeHint: 'list', madeBy: 'provider' };
    default:
      return null;
  }
}
