import type { Provider, ProviderView } from '@secateur/backend/contract';
import type { Tone } from './components/state-mark.js';
import { formatCount } from './format.js';

/** What a provider calls its proof, and where it is found there. */
export interface ProviderWords {
  /** One or more things to be copied from the provider; empty where an address with a secret of ours is all. */
  keys: readonly KeyWords[];
  /** Where the address is entered at the provider. */
  address: string;
  /** Said beforehand, where the order of the steps matters. */
  first?: string;
}

export interface KeyWords {
  name: string;
  where: string;
  /** Public keys are no secret and may have several lines. */
  isPublic?: true;
  /** Ours to choose, and to enter at the provider as well. */
  isOurs?: true;
}

export const providerWords: Record<Provider, ProviderWords> = {
  sendgrid: {
    keys: [
      {
        name: 'Verification key',
        where: 'Settings → Mail Settings → Event Webhook → Signature Verification',
        isPublic: true,
      },
    ],
    address: 'Settings → Mail Settings → Event Webhook',
  },
  mailgun: {
    keys: [{ name: 'HTTP webhook signing key', where: 'Account settings → API security' }],
    address: 'Send → Sending → Webhooks',
  },
  postmark: { keys: [], address: 'Server → Message Stream → Webhooks' },
  ses: { keys: [], address: 'SNS → Topics → Create subscription, protocol HTTPS' },
  mailchimp: { keys: [], address: 'Audience → Settings → Webhooks' },
  twilio: {
    keys: [{ name: 'Auth token', where: 'Console → Account → API keys & tokens' }],
    address: 'Phone Numbers or Messaging Service → A message comes in',
  },
  customerio: {
    keys: [{ name: 'Webhook signing key', where: 'Integrations → Reporting Webhooks' }],
    address: 'Integrations → Reporting Webhooks',
  },
  brevo: { keys: [], address: 'Transactional → Settings → Webhook, and Marketing → Settings → Webhooks' },
  sparkpost: { keys: [], address: 'Configuration → Webhooks' },
  resend: {
    keys: [{ name: 'Signing secret', where: 'Webhooks → the webhook; it begins with whsec_' }],
    address: 'Webhooks → Add webhook',
  },
  klaviyo: {
    keys: [{ name: 'Secret key', where: 'Integrations → Webhooks; the one you gave the webhook' }],
    address: 'Integrations → Webhooks',
  },
  whatsapp: {
    keys: [
      { name: 'App secret', where: 'App dashboard → App settings → Basic' },
      { name: 'Verify token', where: 'Enter the same at WhatsApp → Configuration → Webhook.', isOurs: true },
    ],
    address: 'WhatsApp → Configuration → Webhook',
    first:
      'Connect here first: Meta checks the address with the verify token in the moment when it is entered.',
  },
  mailjet: { keys: [], address: 'Account → Event notifications' },
  mailersend: {
    keys: [{ name: 'Signing secret', where: 'Domains → the domain → Webhooks' }],
    address: 'Domains → the domain → Webhooks',
    first:
      'MailerSend saves a webhook only when its address answers, and shows the secret after that: connect with any text first, then replace it by the secret.',
  },
  mailtrap: {
    keys: [{ name: 'Signature key', where: 'Settings → Webhooks, shown when the webhook is made' }],
    address: 'Settings → Webhooks',
  },
};

/** How a provider proves itself decides what is asked for. */
export type SetupKind = 'topics' | 'keys' | 'address';

export function setupKind({
  provider,
  authentication,
}: Pick<ProviderView, 'provider' | 'authentication'>): SetupKind {
  if (provider === 'ses') return 'topics';
  return authentication.includes('signature') ? 'keys' : 'address';
}

/** Where a provider stands, with the tone in which it is said. */
export interface StateWords {
  tone: Tone;
  short: string;
  sentence: string;
}

/** What to look at when no call is believed. */
const doubts: Record<SetupKind, string> = {
  keys: 'Does the key here belong to this account there?',
  topics: 'Are these the topics to which it is subscribed?',
  address: 'Does it call the newest address?',
};

export function providerState(view: ProviderView): StateWords {
  const { title, enabled, secrets, topics, calls, refused } = view;
  if (!enabled && secrets === 0 && topics.length === 0) {
    return {
      tone: 'quiet',
      short: 'Not connected',
      sentence: `What people say to ${title} does not reach Secateur.`,
    };
  }
  if (!enabled) {
    return {
      tone: 'warn',
      short: 'Switched off',
      sentence: `Calls of ${title} are turned away, and what people say there is not heard.`,
    };
  }
  if (calls > 0 && refused === calls) {
    return {
      tone: 'bad',
      short: 'Every call refused',
      sentence: `No call could be shown to come from ${title}. ${doubts[setupKind(view)]}`,
    };
  }
  if (calls === 0) {
    return {
      tone: 'good',
      short: 'Connected',
      sentence: 'Nothing has come since the service was started.',
    };
  }
  return { tone: 'good', short: 'Connected', sentence: `What people say to ${title} counts at once.` };
}

/** `1,204 calls, 2 refused · 1,198 events`. */
export function trafficWords(
  { calls, refused, events }: Pick<ProviderView, 'calls' | 'refused' | 'events'>,
  locale?: string,
): string {
  const count = (value: number, noun: string) =>
    `${formatCount(value, locale)} ${noun}${value === 1 ? '' : 's'}`;
  if (calls === 0) return 'no calls';
  const turnedAway = refused === 0 ? '' : `, ${formatCount(refused, locale)} refused`;
  return `${count(calls, 'call')}${turnedAway} · ${count(events, 'event')}`;
}

const mostTypes = 4;

/** `processed 40, teleported 3`: the most frequent first. */
export function skippedWords(skipped: Readonly<Record<string, number>>, locale?: string): string {
  const types = Object.entries(skipped).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const shown = types.slice(0, mostTypes).map(([type, times]) => `${type} ${formatCount(times, locale)}`);
  const rest = types.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${formatCount(rest, locale)} more` : ''}`;
}

/** The whole address, with the secret that nobody sees again. */
export function addressWith(url: string, secret: string): string {
  return url.replace('<secret>', secret);
}

/** The address as it may be shown at any time. */
export function maskedAddress(url: string): string {
  return url.replace('<secret>', '••••••');
}

/** An address that no provider can call: the service was not told its public one. */
export function isUnreachable(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname.endsWith('.localhost') || /^(127\.|\[::1\])/.test(hostname);
}

/** A group's name without the provider in front: `sendgrid:asm:10` → `asm:10`. */
export function shortRef(ref: string, provider: Provider): string {
  return ref.startsWith(`${provider}:`) ? ref.slice(provider.length + 1) : ref;
}
