import { z } from 'zod';
import { bounced, weighBounce } from '../../intake/bounce-class.js';
import { type NormalisedEvent, plain } from '../../intake/normalised-event.js';
import {
  asideText,
  bareMessageId,
  eachItem,
  epochTime,
  formBody,
  hmacFits,
  invalid,
  isJson,
  jsonBody,
  looseText,
  type ProviderAdapter,
  shaped,
  UnreadablePayload,
  type Verification,
  type VerifyContext,
  type WebhookCall,
} from '../adapter.js';

const Envelope = z.object({
  signature: z.object({ timestamp: looseText, token: looseText, signature: looseText }),
  'event-data': z.looseObject({}),
});
type Envelope = z.infer<typeof Envelope>;

const Event = z.object({
  event: z.string(),
  id: asideText,
  timestamp: asideText,
  recipient: looseText,
  severity: asideText,
  reason: asideText,
  url: asideText,
  tags: z.array(z.string()).nullish().catch(null),
  campaigns: z
    .array(z.object({ id: asideText }))
    .nullish()
    .catch(null),
  'user-variables': z.object({ list_id: asideText }).nullish().catch(null),
  'mailing-list': z.object({ address: asideText }).nullish().catch(null),
  'client-info': z.object({ 'user-agent': asideText }).nullish().catch(null),
  message: z
    .object({ headers: z.object({ 'message-id': asideText }).nullish() })
    .nullish()
    .catch(null),
  'delivery-status': z
    .object({
      code: asideText,
      'enhanced-code': asideText,
      'bounce-type': asideText,
      'attempt-no': asideText,
      message: asideText,
      description: asideText,
    })
    .nullish()
    .catch(null),
});
type Event = z.infer<typeof Event>;

/**
 * Mailgun signs a timestamp and a token that stand in the body, by HMAC-SHA-256, and nothing else of it. Of the answers
 * only 406 keeps it from sending again for eight hours.
 */
export const mailgun: ProviderAdapter = {
  provider: 'mailgun',
  title: 'Mailgun',
  authentication: ['signature'],
  bodyLimit: 512 * 1024,
  refusal: 406,
  verify(call: WebhookCall, { secrets }: VerifyContext): Verification {
    const given = signatureOf(call);
    if (given === null) return invalid('the signature is missing');
    const { timestamp, token, signature } = given;
    if (timestamp === null || token === null || signature === null)
      return invalid('the signature is incomplete');
    if (!hmacFits('sha256', secrets, [timestamp, token], signature, 'hex'))
      return invalid('the signature does not fit');
    const at = Number(timestamp) * 1000;
    return { valid: true, signedAt: Number.isFinite(at) ? at : null };
  },
  normalise: (call) => eachItem([envelopeOf(call)['event-data']], Event, read),
};

function signatureOf(call: WebhookCall): Envelope['signature'] | null {
  try {
    return envelopeOf(call).signature;
  } catch (error) {
    if (error instanceof UnreadablePayload) return null;
    throw error;
  }
}

const envelopeOf = (call: WebhookCall): Envelope =>
  shaped(Envelope, isJson(call) ? jsonBody(call) : legacy(formBody(call)));

const legacyFailures: readonly string[] = ['bounced', 'dropped'];

/**
 * Webhooks of before 2018 post a form. Variables of the sender are mixed in: of a repeated field the first is Mailgun's,
 * of those of the signature the last.
 */
function legacy(fields: URLSearchParams): unknown {
  const name = fields.get('event') ?? undefined;
  const isFailure = name !== undefined && legacyFailures.includes(name);
  return {
    signature: {
      timestamp: fields.getAll('timestamp').at(-1),
      token: fields.getAll('token').at(-1),
      signature: fields.getAll('signature').at(-1),
    },
    'event-data': {
      event: isFailure ? 'failed' : name,
      severity: isFailure ? 'permanent' : null,
      timestamp: fields.getAll('timestamp').at(-1),
      recipient: fields.get('recipient'),
      reason: fields.get('reason'),
      url: fields.get('url'),
      tags: [...fields.getAll('tag'), ...fields.getAll('X-Mailgun-Tag')],
      campaigns: [{ id: fields.get('campaign-id') }],
      'user-variables': { list_id: fields.get('list_id') },
      'mailing-list': { address: fields.get('mailing-list') },
      'client-info': { 'user-agent': fields.get('user-agent') },
      message: { headers: { 'message-id': fields.get('Message-Id') ?? fields.get('message-id') } },
      'delivery-status': {
        code: fields.get('code'),
        message: fields.get('error') ?? fields.get('notification'),
        description: fields.get('description'),
      },
    },
  };
}

function read(event: Event): NormalisedEvent | string {
  const status = event['delivery-status'];
  const messageId = bareMessageId(event.message?.headers?.['message-id']);
  const userAgent = event['client-info']?.['user-agent'] ?? null;
  const common = {
    ...plain,
    subscriber: event.recipient,
    ...streamOf(event),
    campaign: event.campaigns?.[0]?.id ?? null,
    messageId,
    occurredAt: epochTime(event.timestamp, 'seconds'),
    reason: status?.message ?? status?.description ?? event.reason,
    providerEventId: event.id,
    tags: event.tags ?? [],
    // An id is unique within a day, and old forms have none.
    identity: [
      event.id,
      event.event,
      event.recipient,
      event.timestamp,
      messageId,
      status?.['attempt-no'] ?? null,
      event.url,
    ],
    ...(userAgent === null ? {} : { userAgent }),
  };
  switch (event.event) {
    case 'unsubscribed':
      return { ...common, trigger: 'link_unsubscribe' };
    case 'complained':
      return { ...common, trigger: 'complaint', scopeHint: 'sender' };
    case 'failed':
      return { ...common, ...failureOf(event) };
    case 'delivered':
      return { ...common, trigger: 'delivered', scopeHint: 'none' };
    case 'opened':
      return { ...common, trigger: 'opened', scopeHint: 'none' };
    case 'clicked':
      return { ...common, trigger: 'clicked', scopeHint: 'none' };
    default:
      return event.event;
  }
}

/** Mailgun has no streams: senders name one by a variable `list_id`, a tag `stream:<name>` or a mailing list. */
function streamOf(event: Event): Pick<NormalisedEvent, 'stream' | 'scopeHint'> {
  const tag = event.tags?.find((one) => /^stream:./.test(one))?.slice('stream:'.length);
  const named = event['user-variables']?.list_id ?? tag ?? null;
  if (named !== null) return { stream: named, scopeHint: 'stream' };
  const list = event['mailing-list']?.address ?? null;
  if (list !== null) return { stream: `mailgun:list:${list}`, scopeHint: 'list' };
  return { stream: null, scopeHint: 'unknown' };
}

const suppressions = new Map<string, 'address' | 'consent'>([
  ['suppress-bounce', 'address'],
  ['suppress-unsubscribe', 'consent'],
  ['suppress-complaint', 'consent'],
  // Mailgun's own codes, where no reason is given.
  ['605', 'address'],
  ['606', 'consent'],
  ['607', 'consent'],
]);

function failureOf(
  event: Event,
): Pick<NormalisedEvent, 'trigger' | 'scopeHint' | 'madeBy' | 'suppressedFor' | 'isBlock'> {
  const status = event['delivery-status'];
  const suppressedFor = suppressions.get(event.reason ?? '') ?? suppressions.get(status?.code ?? '');
  if (suppressedFor !== undefined)
    return { trigger: 'provider_suppressed', suppressedFor, scopeHint: 'none', madeBy: 'provider' };
  if (event.reason === 'espblock') return bounced({ trigger: 'soft_bounce', isBlock: true });
  const report = {
    status: status?.['enhanced-code'] ?? status?.code ?? null,
    text: `${status?.message ?? ''} ${status?.description ?? ''}`,
  };
  return bounced(weighBounce(report, verdictOf(event)));
}

function verdictOf({ severity, reason, 'delivery-status': status }: Event): 'hard' | 'soft' | null {
  // `old`: given up after hours of trying.
  if (severity === 'temporary' || reason === 'old' || status?.['bounce-type'] === 'soft') return 'soft';
  return reason === 'bounce' || reason === 'hardfail' || status?.['bounce-type'] === 'hard' ? 'hard' : null;
}
