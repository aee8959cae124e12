import {
  type Channel,
  channels,
  type DecisionSummary,
  type DecisionType,
  type DecisionView,
  parseSelector,
  type RateRow,
  type RatesAnswer,
  type Selector,
  type Stream,
  type Trigger,
} from '@secateur/backend/contract';

/** What the pages say about decisions, streams and selectors, in words that need no glossary. */

const byChannel: Record<Channel, string> = {
  email: 'by e-mail',
  sms: 'by text message',
  push: 'by push',
  in_app: 'in the app',
  whatsapp: 'on WhatsApp',
  voice: 'by phone',
  post: 'by post',
  web: 'on the web',
};

export const channelNames: Record<Channel, string> = {
  email: 'E-mail',
  sms: 'Text message',
  push: 'Push',
  in_app: 'In-app',
  whatsapp: 'WhatsApp',
  voice: 'Phone',
  post: 'Post',
  web: 'Web',
};

const triggerWords: Record<Trigger, string> = {
  one_click_unsubscribe: 'One-click unsubscribe',
  mailto_unsubscribe: 'Unsubscribe by mail',
  link_unsubscribe: 'Unsubscribe link',
  stream_unsubscribe: 'Left one stream',
  group_unsubscribe: 'Left a group',
  preference_change: 'Changed preferences',
  global_unsubscribe: 'Asked to stop everything',
  list_removal: 'Removed from a list',
  complaint: 'Marked as spam',
  complaint_optout: 'Complained and opted out',
  not_spam: 'Marked as not spam',
  auth_failure: 'Authentication failure',
  hard_bounce: 'Address does not exist',
  soft_bounce: 'Mailbox did not accept',
  bounce_unclassified: 'Bounced',
  delivery_delayed: 'Delivery delayed',
  provider_suppressed: 'Suppressed by the provider',
  sms_stop: 'Texted STOP',
  platform_marketing_stop: 'Stopped marketing on the platform',
  resubscribe: 'Subscribed again',
  opt_out_preference_signal: 'Browser privacy signal (GPC)',
  gdpr_objection_art21: 'Objected (GDPR Art. 21)',
  erasure_request_art17: 'Asked to be erased',
  delivered: 'Delivered',
  opened: 'Opened',
  clicked: 'Clicked',
  auto_reply: 'Automatic reply',
};

const typeWords: Record<DecisionType, string> = {
  opted_out: 'Opted out',
  opted_in: 'Opted in',
  complained: 'Complained',
  bounced: 'Bounced',
  paused: 'Asked for a pause',
  capped: 'Asked for fewer messages',
  erased: 'Asked to be erased',
  consent_expired: 'Consent ran out',
  undone: 'Took it back',
};

/** `product_updates` → `Product updates`. Names that already have capitals are left as their sender wrote them. */
export function readable(name: string): string {
  const text = name.replace(/[_-]+/g, ' ').trim();
  return text === '' ? name : text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

/** `email.promotions.shop` → `Promotions by e-mail from shop`. A key of another shape stays as it is. */
export function streamTitle(key: string): string {
  const [first = '', category, ...rest] = key.split('.');
  const channel = channels.find((known) => known === first);
  if (channel === undefined || category === undefined) return key;
  const origin = rest.join('.');
  return `${readable(category)} ${byChannel[channel]}${origin === '' ? '' : ` from ${origin}`}`;
}

/** What a stream is called. */
export type NameOfStream = (key: string) => string;

/** `Promotions by e-mail`, from the catalogue; with its origin where two streams would be called the same. */
export function streamNames(streams: readonly Stream[]): NameOfStream {
  const short = ({ title, category, channel }: Stream) =>
    `${readable(title === undefined || title === '' ? category : title)} ${byChannel[channel]}`;
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const name of streams.map(short)) (seen.has(name) ? twice : seen).add(name);
  const names = new Map(
    streams.map((stream) => {
      const name = short(stream);
      return [stream.key, twice.has(name) ? `${name} from ${stream.origin}` : name];
    }),
  );
  return (key) => names.get(key) ?? streamTitle(key);
}

/** Rows as people call them: two streams of one title are told apart, and names that systems gave are made readable. */
export function namedRows(
  { dimension, rows }: Pick<RatesAnswer, 'dimension' | 'rows'>,
  nameOf: NameOfStream,
): RateRow[] {
  if (dimension === 'stream')
    return rows.map((row) => ({ ...row, title: row.key === '' ? row.title : nameOf(row.key) }));
  if (dimension !== 'category' && dimension !== 'message_type') return rows;
  return rows.map((row) => ({ ...row, title: readable(row.title) }));
}

/** `country:DE` → `Country: DE`; names without a prefix stay. */
export function segmentTitle(key: string): string {
  const [kind = '', ...value] = key.split(':');
  return value.length === 0 ? key : `${readable(kind)}: ${value.join(':')}`;
}

/** What a selector covers. Essential mail is covered only where its class is named. */
export function selectorWords(selector: Selector): string {
  const { channel } = selector;
  const what =
    selector.category !== undefined
      ? readable(selector.category)
      : selector.class === 'profiling'
        ? 'Profiling'
        : selector.class === 'commercial'
          ? 'All marketing'
          : selector.class === undefined
            ? 'Everything but essential messages'
            : `All ${selector.class} messages`;
  return [
    what,
    channel === undefined ? (selector.class === 'profiling' ? '' : 'on every channel') : byChannel[channel],
    selector.origin === undefined ? '' : `from ${selector.origin}`,
    selector.brand === undefined ? '' : `of ${selector.brand}`,
    selector.audience === undefined ? '' : `to ${selector.audience}`,
    selector.campaign === undefined ? '' : `in campaign ${selector.campaign}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** A canonical selector in words; text that is none is shown as it is. A hold is about one address. */
export function selectorText(canonical: string, hold = false): string {
  if (hold && canonical === '*') return 'Everything to this address';
  try {
    return selectorWords(parseSelector(canonical));
  } catch {
    return canonical;
  }
}

export function askedWords(
  { type, asked, stream, channel }: Pick<DecisionView, 'type' | 'asked' | 'stream' | 'channel'>,
  nameOf: NameOfStream = streamTitle,
): string {
  const name = stream === '' ? 'this' : nameOf(stream);
  if (type === 'bounced') return 'Nothing: a message came back because the address does not work';
  if (type === 'consent_expired') return 'Nothing: the consent ran out';
  if (type === 'undone') return 'Take back an earlier decision';
  if (type === 'erased') return 'Erase what is known about me';
  if (type === 'complained' && asked === 'this') return `Nothing in words: marked ${name} as spam`;
  const verb =
    type === 'opted_in' ? 'Start' : type === 'paused' ? 'Pause' : type === 'capped' ? 'Send less of' : 'Stop';
  if (asked === 'this') return `${verb} ${name}`;
  if (asked === 'all') return `${verb} everything ${byChannel[channel]} but essential messages`;
  if (asked === 'everything') return `${verb} everything on every channel, and profiling`;
  return `${verb} exactly: ${asked.map(selectorWords).join('; ')}`;
}

type Told = Pick<
  DecisionSummary,
  'type' | 'trigger' | 'channel' | 'stream' | 'streams_stopped' | 'streams_kept' | 'effective' | 'widened_for'
>;

/** What was done: `Marked as spam`, `One-click unsubscribe`. */
export function requestWords({ type, trigger }: Pick<Told, 'type' | 'trigger'>): string {
  if (type === 'undone' || trigger === null) return typeWords[type];
  return triggerWords[trigger];
}

/** What became of it, in one sentence: `Stopped 1 stream (Promotions by e-mail), kept 5`. */
export function outcomeSentence(decision: Told, nameOf: NameOfStream = streamTitle): string {
  const { type, streams_stopped: stopped, streams_kept: kept } = decision;
  const about = decision.stream === '' ? '' : ` ${nameOf(decision.stream)}`;
  if (type === 'opted_in') return about === '' ? 'Subscribed again' : `Started${about}`;
  if (type === 'undone') return 'Took back an earlier decision: what it had stopped goes on';
  if (type === 'capped') return `Will send less${about === '' ? '' : ` of${about}`}`;
  const rest =
    kept.length === 0 ? (stopped.length === 0 ? '' : ', nothing else was open') : `, kept ${kept.length}`;
  if (type === 'paused') return `Paused ${countOf(stopped, decision.stream, nameOf)}${rest}`;
  if (type === 'bounced' && stopped.length > 0)
    return `On hold: ${countOf(stopped, decision.stream, nameOf)}${rest}`;
  if (stopped.length === 0) {
    return kept.length === 0
      ? 'Nothing was open; what was asked is on record'
      : `Nothing open had to stop, kept ${kept.length}`;
  }
  return `Stopped ${countOf(stopped, decision.stream, nameOf)}${rest}`;
}

/** One stream is named, several are counted. */
function countOf(stopped: readonly string[], about: string, nameOf: NameOfStream): string {
  const only = stopped.length === 1 ? stopped[0] : undefined;
  if (only !== undefined) return `1 stream (${nameOf(only)})`;
  if (stopped.length > 1) return `${stopped.length} streams`;
  return about === '' ? 'what was asked' : nameOf(about);
}

export type WhyKind = 'asked' | 'floor' | 'wider';

const chosenByPerson: readonly (Trigger | null)[] = [
  'preference_change',
  'stream_unsubscribe',
  'group_unsubscribe',
  'global_unsubscribe',
];

/** Signals whose width the law, the standards or the person's words set, whatever the stream. */
const setByFloor: readonly (Trigger | null)[] = [
  'complaint',
  'complaint_optout',
  'sms_stop',
  'platform_marketing_stop',
  'opt_out_preference_signal',
  'gdpr_objection_art21',
  'erasure_request_art17',
  'provider_suppressed',
];

/**
 * Why a decision is as wide as it is, as far as the feed knows: nothing beyond the stream, the floor, or wider for a
 * reason that the drawer tells (picks, floor or rule). null where nobody asked for anything to stop.
 */
export function whyKind(decision: Told): WhyKind | null {
  if (['opted_in', 'undone', 'capped', 'bounced', 'consent_expired'].includes(decision.type)) return null;
  if (decision.widened_for.length > 0) return 'floor';
  if (setByFloor.includes(decision.trigger)) return 'floor';
  if (chosenByPerson.includes(decision.trigger)) return 'asked';
  return decision.effective.every((selector) => namesOneStream(selector)) ? 'asked' : 'wider';
}

function namesOneStream(canonical: string): boolean {
  return ['channel=', 'category=', 'origin='].every((key) => canonical.includes(key));
}

/** For want of what a decision became wider, and the setting that would avoid it. */
export function wideningWords(want: string): { short: string; advice: string } {
  if (want.includes('jurisdiction')) {
    return {
      short: 'country unknown',
      advice:
        'Nobody said where this person lives, so the strictest of your markets decided. Give a jurisdiction with the profile, or narrow the markets of the stream.',
    };
  }
  if (want.includes('basis')) {
    return {
      short: 'legal basis unknown',
      advice:
        'Nobody said on which legal basis this was sent. Set a legal basis on the stream, or send it with the message.',
    };
  }
  if (want.includes('option')) {
    return {
      short: 'no “stop all” shown',
      advice:
        'The message showed no way to stop everything. Show one in its templates and say so on the stream.',
    };
  }
  if (want.includes('stream')) {
    return {
      short: 'stream unknown',
      advice: 'The request named no stream that the catalogue knows. Register it and give it a List-Id.',
    };
  }
  return { short: readable(want).toLocaleLowerCase(), advice: `Widened for want of: ${readable(want)}.` };
}
