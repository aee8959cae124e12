import { z } from 'zod';
import { PermissionChange } from './permissions.js';
import { StreamKey } from './streams.js';
import { Instant, Name } from './vocabulary.js';

/** Where word goes: to a signed webhook, or as suppressions into a provider. */
export const targetKinds = ['webhook', 'sendgrid', 'mailchimp'] as const;
export const TargetKind = z.enum(targetKinds);
export type TargetKind = z.infer<typeof TargetKind>;

const urlMust =
  'must be a whole https address of at most 2000 characters, without user name, password or fragment';

function isTargetUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return /^https?:$/.test(protocol) && `${username}${password}${hash}` === '';
}

/** Plain http is refused later, unless the operator allowed the address. */
export const TargetUrl = z.string().max(2000, urlMust).refine(isTargetUrl, urlMust);

/** As it travels in a header. */
export const ApiKey = z.string().regex(/^[!-~]{1,512}$/, 'must be 1 to 512 characters without spaces');

/** A place in the change feed: the `seq` after which to begin. */
const Place = z
  .string()
  .refine(
    (text) => /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)),
    'must be the `seq` of a change, or 0 for all',
  );

const mostMapped = 500;
const fewEnough = (map: object): boolean => Object.keys(map).length <= mostMapped;
const fewMust = `must name at most ${mostMapped} streams`;

export const WebhookOptions = z.strictObject({});

export const SendGridOptions = z.strictObject({
  /** Unsubscribe group by stream key. */
  groups: z.record(StreamKey, z.int().min(1)).refine(fewEnough, fewMust),
  /**
   * Does an e-mail opt-out of the whole channel go to the global suppressions, too? Those stop all mail of the account,
   * receipts included, so only where it sends nothing essential.
   */
  global_suppressions: z.boolean().optional(),
});
export type SendGridOptions = z.infer<typeof SendGridOptions>;

export const MailchimpOptions = z.strictObject({
  /** Audience (list id) by stream key. */
  lists: z
    .record(StreamKey, z.string().regex(/^[A-Za-z0-9]{1,64}$/, 'must be a list id'))
    .refine(fewEnough, fewMust),
  /** Absent: the end of the API key names it. */
  data_centre: z
    .string()
    .regex(/^[a-z]{2,4}\d{1,4}$/, 'must be a data centre such as us21')
    .optional(),
});
export type MailchimpOptions = z.infer<typeof MailchimpOptions>;

const common = { name: Name, enabled: z.boolean().optional() };
const webhook = { kind: z.literal('webhook'), ...common, url: TargetUrl, options: WebhookOptions.optional() };
/** `url` is another base address: that of a region, or of a proxy. */
const sendgrid = {
  kind: z.literal('sendgrid'),
  ...common,
  url: TargetUrl.optional(),
  options: SendGridOptions,
};
const mailchimp = {
  kind: z.literal('mailchimp'),
  ...common,
  url: TargetUrl.optional(),
  options: MailchimpOptions,
};
/** Absent: from now on. */
const since = Place.optional();

/** Body of `POST /v1/targets`. */
export const TargetDefinition = z.discriminatedUnion('kind', [
  z.strictObject({ ...webhook, since }),
  z.strictObject({ ...sendgrid, api_key: ApiKey, since }),
  z.strictObject({ ...mailchimp, api_key: ApiKey, since }),
]);
export type TargetDefinition = z.infer<typeof TargetDefinition>;

/**
 * Body of `PUT /v1/targets/:id`: the whole definition. Its kind and where it began stay. Without `enabled` it stays as it
 * is; without `api_key` the key stays, unless the address changes, which needs it anew.
 */
export const TargetChange = z.discriminatedUnion('kind', [
  z.strictObject(webhook),
  z.strictObject({ ...sendgrid, api_key: ApiKey.optional() }),
  z.strictObject({ ...mailchimp, api_key: ApiKey.optional() }),
]);
export type TargetChange = z.infer<typeof TargetChange>;

export const receiptStates = ['sent', 'waiting', 'acknowledged', 'dead'] as const;
/**
 * `waiting`: to be sent, for the first time or again. `sent`: a call is out and not answered. `acknowledged`: the target
 * said yes, or there was nothing to write. `dead`: given up until somebody sends it again.
 */
export const ReceiptState = z.enum(receiptStates);
export type ReceiptState = z.infer<typeof ReceiptState>;

/** How a target keeps up. Lags are of decisions received in the last seven days. */
export const TargetSummary = z.object({
  waiting: z.int(),
  /** When the oldest request that waits was received. */
  oldest_waiting_at: z.string().nullable(),
  dead: z.int(),
  acknowledged: z.int(),
  last_acknowledged_at: z.string().nullable(),
  /** Milliseconds from receipt of the request to acknowledgement. */
  p50_lag_ms: z.number().nullable(),
  p99_lag_ms: z.number().nullable(),
  /** What the target answered last to what is still waiting; `status` is null when there was no answer. */
  last_failure: z.object({ at: z.string(), status: z.int().nullable(), detail: z.string() }).nullable(),
});
export type TargetSummary = z.infer<typeof TargetSummary>;

/** A target without its secrets. */
export const TargetView = z.object({
  id: z.string(),
  kind: TargetKind,
  name: z.string(),
  /** Whole with scope `admin`, else its origin: addresses of webhooks may hold a secret. null: the provider's own. */
  url: z.string().nullable(),
  options: z.union([SendGridOptions, MailchimpOptions, WebhookOptions]),
  enabled: z.boolean(),
  /** Why it was disabled when nobody did it by hand; '' else. */
  disabled_for: z.string(),
  since: z.string(),
  created_at: z.string(),
  changed_at: z.string(),
  /** Until when an older signing secret signs beside the newest; null when there is none. */
  old_secret_until: z.string().nullable(),
});
export type TargetView = z.infer<typeof TargetView>;

/** `GET /v1/targets`. */
export const TargetList = z.object({ targets: z.array(TargetView.extend({ summary: TargetSummary })) });
export type TargetList = z.infer<typeof TargetList>;

/** The answer to `POST /v1/targets` and to a rotation: the only places where a signing secret stands. */
export const TargetWithSecret = TargetView.extend({
  /** `whsec_…`; null for kinds that sign nothing. */
  secret: z.string().nullable(),
});
export type TargetWithSecret = z.infer<typeof TargetWithSecret>;

/** The answer to `POST /v1/targets/:id/test`. */
export const TargetTest = z.object({
  ok: z.boolean(),
  status: z.int().nullable(),
  detail: z.string(),
  milliseconds: z.int(),
});
export type TargetTest = z.infer<typeof TargetTest>;

/** What became of a decision at one target. */
export const Receipt = z.object({
  target: z.string(),
  target_name: z.string(),
  kind: TargetKind,
  state: ReceiptState,
  attempts: z.int(),
  first_sent_at: z.string().nullable(),
  acknowledged_at: z.string().nullable(),
  /** Milliseconds from receipt of the request to acknowledgement. */
  lag_ms: z.int().nullable(),
  /** The HTTP status of the last answer; null when there was none. */
  status: z.int().nullable(),
  detail: z.string(),
});
export type Receipt = z.infer<typeof Receipt>;

/** `GET /v1/decisions/:id/receipts`. */
export const DecisionReceipts = z.object({
  decision: z.string(),
  seq: z.string(),
  received_at: z.string(),
  decided_at: z.string(),
  receipts: z.array(Receipt),
});
export type DecisionReceipts = z.infer<typeof DecisionReceipts>;

export const DeadLetter = z.object({
  seq: z.string(),
  decision: z.string(),
  attempts: z.int(),
  first_sent_at: z.string(),
  died_at: z.string(),
  received_at: z.string(),
  decided_at: z.string(),
  status: z.int().nullable(),
  detail: z.string(),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

/** `GET /v1/targets/:id/dead-letters`. `next` is the `after` of the next page; null on the last. */
export const DeadLetters = z.object({ dead_letters: z.array(DeadLetter), next: z.string().nullable() });
export type DeadLetters = z.infer<typeof DeadLetters>;

export const TimeToHonourQuery = z.strictObject({ from: Instant.optional(), to: Instant.optional() });
export type TimeToHonourQuery = z.infer<typeof TimeToHonourQuery>;

/**
 * `GET /v1/analytics/time-to-honour`: from receipt of a request to the last acknowledgement among the enabled targets, over
 * decisions received in the window. Without targets nothing is counted.
 */
export const TimeToHonour = z.object({
  from: z.string(),
  to: z.string(),
  as_of: z.string(),
  query: z.string(),
  /** Decisions that at least one enabled target had to be told of. */
  decisions: z.int(),
  honoured: z.int(),
  waiting: z.int(),
  oldest_waiting_at: z.string().nullable(),
  /** Decisions that are a dead letter somewhere. */
  dead: z.int(),
  p50_ms: z.number().nullable(),
  p99_ms: z.number().nullable(),
  targets: z.array(
    z.object({
      target: z.string(),
      target_name: z.string(),
      acknowledged: z.int(),
      p50_ms: z.number().nullable(),
      p99_ms: z.number().nullable(),
      waiting: z.int(),
      oldest_waiting_at: z.string().nullable(),
      dead: z.int(),
    }),
  ),
});
export type TimeToHonour = z.infer<typeof TimeToHonour>;

/** The body of a webhook, as Standard Webhooks shapes it. */
export const PermissionChanged = z.object({
  type: z.literal('permission.changed'),
  /** When it was decided. */
  timestamp: z.string(),
  data: PermissionChange,
});
export type PermissionChanged = z.infer<typeof PermissionChanged>;
