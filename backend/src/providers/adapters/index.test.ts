import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnreadablePayload } from '../adapter.js';
import { adapters } from './index.js';
import { call } from './test-support.js';

const words = [
  ...[
    'msys',
    'message_event',
    'type',
    'event',
    'topic',
    'data',
    'events',
    'payload',
    'attributes',
    'entry',
    'changes',
  ],
  ...[
    'field',
    'value',
    'statuses',
    'messages',
    'user_preferences',
    'object',
    'email',
    'to',
    'recipient',
    'meta',
  ],
  ...['event_properties', 'bounce', 'timestamp', 'MessageID', '__proto__'],
];
const types = [
  ...[
    'bounce',
    'unsub',
    'unsubscribe',
    'email.bounced',
    'contact.updated',
    'activity.unsubscribed',
    'messages',
    'stop',
  ],
  ...[
    'event:klaviyo.bounced_email',
    'whatsapp_business_account',
    'list_unsubscribe',
    'constructor',
    '__proto__',
  ],
];
/** JSON that has the providers' words in it, in places where they do not belong too. */
const nearly = fc.anything({
  key: fc.constantFrom(...words),
  values: [fc.constantFrom(...types), fc.string(), fc.integer(), fc.boolean(), fc.constant(null)],
  maxDepth: 7,
  maxKeys: 5,
});

describe.each([...adapters.values()])('$title', (adapter) => {
  it('has a name under which it is found, and a way to tell its calls', () => {
    expect(adapters.get(adapter.provider)).toBe(adapter);
    expect(adapter.authentication.length).toBeGreaterThan(0);
    expect(adapter.verify !== undefined).toBe(adapter.authentication.includes('signature'));
  });

  it('answers any body with items, or says that the whole of it cannot be read', () => {
    const bodies = fc.oneof(
      nearly.map((value) => JSON.stringify(value)),
      fc.string(),
      fc.json(),
    );
    fc.assert(
      fc.property(bodies, (body) => {
        try {
          for (const item of adapter.normalise(call(body))) {
            expect(['event', 'skipped', 'unreadable']).toContain(item.kind);
          }
        } catch (error) {
          if (!(error instanceof UnreadablePayload)) throw error;
        }
      }),
      { numRuns: 1000 },
    );
  });
});
