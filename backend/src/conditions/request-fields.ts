import type { ConditionField, FieldChoice } from '../contract/condition-fields.js';
import { channels, legalBases, streamClasses, triggers } from '../contract/vocabulary.js';
import { closed, field, type Given } from './field.js';

/** What is known of the message, the request and the consent behind it, while a request is decided. */
const inDecision = { used_in: ['decision'] } satisfies Partial<ConditionField>;

export function messageFields(streams: FieldChoice[]): ConditionField[] {
  const text = (
    name: string,
    title: string,
    description: string,
    more: Partial<Given> = {},
  ): ConditionField =>
    field({ id: `message.${name}`, type: 'text', title, description, ...inDecision, ...more });
  return [
    field({
      id: 'message.channel',
      type: 'choice',
      title: 'channel',
      description: 'Channel of the message that was answered',
      choices: closed(channels),
      may_be_missing: false,
      ...inDecision,
    }),
    text('category', 'category', 'What the message is about, in the words of the sender'),
    text('origin', 'origin', 'System that sent the message'),
    text('audience', 'audience', 'Segment that the send was aimed at', { widens_only: true }),
    text('campaign', 'campaign', 'Campaign that the send belonged to'),
    text('message_type', 'message type', 'Kind of message, in the words of the sender'),
    field({
      id: 'message.stream',
      type: 'choice',
      title: 'stream',
      description: 'Stream of the message; missing where the request names none',
      choices: streams,
      ...inDecision,
    }),
    field({
      id: 'message.class',
      type: 'choice',
      title: 'class',
      description: 'Class of the stream',
      choices: closed(streamClasses),
      ...inDecision,
    }),
    text('brand', 'brand', 'Brand of the stream'),
  ];
}

export const requestFields: readonly ConditionField[] = [
  field({
    id: 'request.trigger',
    type: 'choice',
    title: 'trigger',
    description: 'How the signal arrived',
    choices: closed(triggers),
    ...inDecision,
  }),
  field({
    id: 'request.asked',
    type: 'choice',
    title: 'asked',
    description: 'What the person said: this, all, everything, or picks of their own',
    choices: closed(['this', 'all', 'everything', 'picks']),
    may_be_missing: false,
    ...inDecision,
  }),
  field({
    id: 'request.hour',
    type: 'number',
    title: 'hour of the request',
    unit: 'hour of the day in UTC',
    description: 'Hour in which it occurred, 0 to 23, UTC',
    may_be_missing: false,
    ...inDecision,
  }),
  field({
    id: 'request.machine_probability',
    type: 'number',
    title: 'machine probability',
    unit: 'probability',
    description:
      'How likely it is that a scanner and no person made the request, 0 to 1; 0 without a sign of it',
    may_be_missing: false,
    widens_only: true,
    ...inDecision,
  }),
  field({
    id: 'request.reason',
    type: 'text',
    title: 'reason given',
    description: 'Why, in the words of the person or the choices of the page',
    ...inDecision,
  }),
];

export const consentFields: readonly ConditionField[] = [
  field({
    id: 'consent.basis',
    type: 'choice',
    title: 'consent basis',
    description: 'Legal basis of the latest opt-in that covers the message',
    choices: closed(legalBases),
    ...inDecision,
  }),
  field({
    id: 'consent.age_days',
    type: 'number',
    title: 'consent age in days',
    unit: 'days',
    description: 'Days since the latest opt-in that covers the message',
    ...inDecision,
  }),
  field({
    id: 'consent.source',
    type: 'text',
    title: 'consent source',
    description: 'Evidence of the latest opt-in that covers the message, such as the id of a form',
    ...inDecision,
  }),
];
