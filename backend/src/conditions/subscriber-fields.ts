import type { AttributeDefinition, ConditionField, FieldChoice } from '../contract/condition-fields.js';
import { permissionReasons } from '../contract/permissions.js';
import { closed, field } from './field.js';
import { quoted } from './quoted.js';

/** What is known of any person at any time. */
export const subscriberFields: readonly ConditionField[] = [
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

export function attributeField({ name, type, unit, description }: AttributeDefinition): ConditionField {
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

export const engagementFields: readonly ConditionField[] = [
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

export const permissionFields: readonly ConditionField[] = [
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

export function segmentField(choices: FieldChoice[]): ConditionField {
  return field({
    id: 'segment',
    type: 'set',
    title: 'segments',
    description: 'Segments that the subscriber is in',
    choices,
  });
}

export const riskField: ConditionField = field({
  id: 'churn.risk_30d',
  type: 'number',
  title: 'risk within 30 days',
  unit: 'probability',
  description:
    'Calibrated probability of leaving within 30 days; missing until there is a model, and where nobody may be scored',
  widens_only: true,
});
