import { expect, it } from 'vitest';
import { eventView, type NormalisedEvent, plain } from './normalised-event.js';

it('spells what the payload says, and nothing of what we make of it', () => {
  const event: NormalisedEvent = {
    ...plain,
    trigger: 'link_unsubscribe',
    subscriber: 'ida@post.example',
    scopeHint: 'list',
    stream: 'brevo:list:7',
    identity: ['kept inside'],
    madeBy: 'person',
  };
  expect(eventView(event)).toEqual({
    channel: 'email',
    trigger: 'link_unsubscribe',
    subscriber: 'ida@post.example',
    campaign: null,
    stream: 'brevo:list:7',
    occurred_at: null,
    reason: null,
    message_id: null,
    scope_hint: 'list',
    provider_event_id: null,
    tags: [],
  });
});
