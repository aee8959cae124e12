import {
  type AttributeDefinition,
  type ConditionField,
  type FieldChoice,
  operatorsOf,
} from '../contract/condition-fields.js';
import { permissionReasons } from '../contract/permissions.js';
import { channels, legalBases, streamClasses, triggers } from '../contract/vocabulary.js';
import { Catalogue } from './catalogue.js';
import { quoted } from './quoted.js';

/** What this installation has that a catalogue cannot know beforehand. */
export interface CatalogueEntries {
  readonly attributes: readonly AttributeDefinition[];
  readonly segments: readonly { readonly id: string; readonly title: string }[];
  readonly streams: readonly { readonly key: string; readonly title: string; readonly category: string }[];
}

/** All that conditions may ask, by the names of DESIGN.md section 4. */
export function buildCatalogue({ attributes, segments, streams }: CatalogueEntries): Catalogue {
  const streamChoices = streams.map(({ key, title }) => ({ value: key, title: title === '' ? key : title }));
  const segmentChoices = segments.map(({ id, title }) => ({ value: id, title }));
  return new Catalogue({
    fields: [
      ...messageFields(streamChoices),
      ...requestFields,
      ...consentFields,
      ...subscriberFields,
      ...attributes.map(attributeField),
      ...engagementFields,
      ...permissionFields,
      segmentField(segmentChoices),
      riskField,
    ],
    parameters: {
      stream: streamChoices,
      category: closed([...new Set(streams.map(({ category }) => category.toWellFormed()))].sort()),
      channel: closed(channels),
    },
  });
}

type Given = Pick<ConditionField, 'id' | 'type' | 'title' | 'description'> &
  Partial<Omit<ConditionField, 'operators'>>;

/** Group by the id, missing unless it is said never to be, known everywhere. */
function field(given: Given): ConditionField {
  const mayBeMissing = given.may_be_missing ?? true;
  return {
    unit: null,
    group: given.id.split('.', 1)[0] ?? '',
    used_in: ['decision', 'sweep'],
    choices: null,
    parameters: [],
    parameter_required: false,
    widens_only: false,
    ...given,
    may_be_missing: mayBeMissing,
    operators: operatorsOf(given.type).filter(
      (operator) => mayBeMissing || (operator !== 'null' && operator !== 'notNull'),
    ),
  };
}

function closed(values: readonly string[]): FieldChoice[] {
  return values.map((value) => ({ value, title: value.replaceAll('_', ' ') }));
}

const inDecision = { used_in: ['decision'] } satisfies Partial<ConditionField>;

function messageFields(streams: FieldChoice[]): ConditionField[] {
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

const requestFields: readonly ConditionField[] = [
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
    description: 'How likely it is that a scanner and no person made the request, 0 to 1',
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

const consentFields: readonly ConditionField[] = [
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

const subscriberFields: readonly ConditionField[] = [
  field({
    id: 'subscriber.jurisdiction',
    type: 'text',
    title: 'jurisdiction',
    description: 'Country of the profile, with its subdivision where known: DE, US-CA',
  }),
  field({
    id: 'subscriber.tenure_days',
    type: 'number',
    title: 'tenure in days',
    unit: 'days',
    description: 'Days since the subscriber was first seen',
  }),
];

function attributeField({ name, type, unit, description }: AttributeDefinition): ConditionField {
  const wellFormed = name.toWellFormed();
  return field({
    id: `subscriber.attributes.${wellFormed}`,
    type,
    title: `attribute ${quoted(wellFormed)}`,
    unit: unit ?? null,
    description: description ?? 'Attribute of the profile; missing where it is of another type',
    group: 'attributes',
  });
}

const counted = {
  sends: 'Messages delivered',
  opens: 'Opens by people',
  clicks: 'Clicks by people',
} as const;
const windows = [7, 30, 90] as const;
const recent = {
  open: 'opened a message',
  click: 'clicked in a message',
  delivery: 'was delivered a message',
};

const engagementFields: readonly ConditionField[] = [
  ...Object.entries(counted).flatMap(([what, description]) =>
    windows.map((days) =>
      field({
        id: `engagement.${what}_${days}d`,
        type: 'number',
        title: `${what} in ${days} days`,
        unit: what,
        description: `${description} in the last ${days} days: of all streams, or of one stream, category or channel`,
        parameters: ['stream', 'category', 'channel'],
      }),
    ),
  ),
  ...Object.entries(recent).flatMap(([what, did]) => [
    field({
      id: `engagement.last_${what}`,
      type: 'instant',
      title: `last ${what}`,
      description: `When the subscriber last ${did}; missing where that never was`,
    }),
    field({
      id: `engagement.days_since_${what}`,
      type: 'number',
      title: `days since last ${what}`,
      unit: 'days',
      description: `Whole days since the subscriber last ${did}; missing where that never was`,
    }),
  ]),
  field({
    id: 'engagement.past_opt_outs',
    type: 'number',
    title: 'past opt-outs',
    unit: 'opt-outs',
    description: 'Opt-outs and complaints of the subscriber before now',
  }),
];

const ofStreamOrChannel =
  'of the stream, or of a commercial message on the channel that belongs to no stream';

const permissionFields: readonly ConditionField[] = [
  field({
    id: 'permission.allowed',
    type: 'boolean',
    title: 'permission',
    description: `Whether a message may be sent now: ${ofStreamOrChannel}`,
    parameters: ['stream', 'channel'],
    parameter_required: true,
  }),
  field({
    id: 'permission.reason',
    type: 'choice',
    title: 'permission reason',
    description: `What the permission rests on: ${ofStreamOrChannel}`,
    choices: closed(permissionReasons),
    parameters: ['stream', 'channel'],
    parameter_required: true,
  }),
];

function segmentField(choices: FieldChoice[]): ConditionField {
  return field({
    id: 'segment',
    type: 'set',
    title: 'segments',
    description: 'Segments that the subscriber is in',
    choices,
  });
}

const riskField: ConditionField = field({
  id: 'churn.risk_30d',
  type: 'number',
  title: 'risk within 30 days',
  unit: 'probability',
  description:
    'Calibrated probability of leaving within 30 days; missing until there is a model, and where nobody may be scored',
  widens_only: true,
});
