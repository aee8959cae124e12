import { z } from 'zod';
import { asideText, looseText } from '../adapter.js';

const Data = z.object({
  recipient: looseText,
  email_address: looseText,
  identifiers: z.object({ email: looseText }).nullish().catch(null),
  /** Of a push message: the devices. */
  recipients: z
    .array(z.object({ device_id: looseText, failure_message: asideText }))
    .nullish()
    .catch(null),
  delivery_id: asideText,
  broadcast_id: asideText,
  newsletter_id: asideText,
  campaign_id: asideText,
  transactional_message_id: asideText,
  failure_message: asideText,
  content: z.unknown().optional(),
});

const Choices = z.record(z.string(), z.boolean());
export const Preferences = z.object({ topics: Choices.nullish(), channels: Choices.nullish() });
export type Preferences = z.infer<typeof Preferences>;

const preferencesChanged = 'cio_subscription_preferences_changed';

export const CustomerioEvent = z
  .object({
    metric: z.string(),
    event_id: asideText,
    object_type: asideText,
    timestamp: asideText,
    data: z.preprocess(fromText, Data),
  })
  .transform((event, { addIssue }) => {
    if (event.metric !== preferencesChanged) return { ...event, preferences: null };
    const { data: preferences, error } = Preferences.safeParse(fromText(event.data.content));
    // Reported only with "body content" switched on: nobody knows what was left.
    if (error)
      addIssue({ code: 'custom', path: ['data', 'content'], message: 'must name topics or channels' });
    return { ...event, preferences: preferences ?? null };
  });
export type CustomerioEvent = z.infer<typeof CustomerioEvent>;

/** Some of its JSON comes as a text inside the JSON. */
function fromText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
