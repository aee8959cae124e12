import { z } from 'zod';
import { asideText } from '../adapter.js';
import { Subscription } from './ses-subscription.js';

export const Recipient = z.object({
  emailAddress: z.string(),
  action: asideText,
  status: asideText,
  diagnosticCode: asideText,
});
export type Recipient = z.infer<typeof Recipient>;

export const Engagement = z.object({ timestamp: asideText, userAgent: asideText, link: asideText });
export type Engagement = z.infer<typeof Engagement>;

export const Bounce = z.object({
  bounceType: asideText,
  bounceSubType: asideText,
  bouncedRecipients: z.array(Recipient),
  timestamp: asideText,
  feedbackId: asideText,
});
export type Bounce = z.infer<typeof Bounce>;

export const Complaint = z.object({
  complainedRecipients: z.array(Recipient),
  complaintSubType: asideText,
  complaintFeedbackType: asideText,
  timestamp: asideText,
  arrivalDate: asideText,
  feedbackId: asideText,
});
export type Complaint = z.infer<typeof Complaint>;

export const Delivery = z.object({
  recipients: z.array(z.string()).nullish(),
  timestamp: asideText,
  smtpResponse: asideText,
});
export type Delivery = z.infer<typeof Delivery>;

export const DeliveryDelay = z.object({
  delayedRecipients: z.array(Recipient),
  timestamp: asideText,
  delayType: asideText,
});
export type DeliveryDelay = z.infer<typeof DeliveryDelay>;

/** Where each type has its content. */
const parts = {
  Bounce: 'bounce',
  Complaint: 'complaint',
  Delivery: 'delivery',
  DeliveryDelay: 'deliveryDelay',
  Open: 'open',
  Click: 'click',
  Subscription: 'subscription',
} as const;

export const SesEvent = z
  .object({
    eventType: asideText,
    /** What notifications of an identity call it. */
    notificationType: asideText,
    mail: z
      .object({
        messageId: asideText,
        destination: z.array(z.string()).nullish().catch(null),
        tags: z.record(z.string(), z.array(z.string())).nullish().catch(null),
      })
      .nullish(),
    bounce: Bounce.nullish(),
    complaint: Complaint.nullish(),
    delivery: Delivery.nullish(),
    deliveryDelay: DeliveryDelay.nullish(),
    open: Engagement.nullish(),
    click: Engagement.nullish(),
    subscription: Subscription.nullish(),
  })
  .transform(({ eventType, notificationType, ...rest }, { addIssue }) => {
    const type = eventType ?? notificationType;
    if (type === null) addIssue({ code: 'custom', path: ['eventType'], message: 'is missing' });
    const part = new Map<string, keyof typeof rest>(Object.entries(parts)).get(type ?? '');
    if (part !== undefined && !rest[part]) addIssue({ code: 'custom', path: [part], message: 'is missing' });
    return { type: type ?? '', ...rest };
  });
export type SesEvent = z.infer<typeof SesEvent>;
