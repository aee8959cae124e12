import type { Random } from './random.js';
import { localHour } from './simulate-hazard.js';
import { hourMs, interestIn, type Person } from './simulate-people.js';
import { streamSelector } from './simulate-permission.js';
import type { Asked, HazardFactors, Reason, SimulatedStream, Trigger } from './simulate-types.js';

/** Something that a delivered message sets off. */
export interface Reaction {
  type: 'opened' | 'clicked';
  at: number;
  machine: boolean;
  userAgent: string;
  link?: 'content' | 'unsubscribe' | 'preferences';
}

export interface OptOutRequest {
  trigger: Trigger;
  asked: Asked;
  reason?: Reason;
}

const userAgents = {
  // Mail Privacy Protection fetches through proxies that send no more than this.
  appleProxy: 'Mozilla/5.0',
  scanner: 'Mozilla/5.0 (compatible; LinkScanner/2.1; +https://scanner.example.com/about)',
  apple:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
  gmail: 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
  other: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Thunderbird/140.0',
  app: 'AlderApp/5.2 (Mobile)',
};

export interface ReadMessage {
  person: Person;
  stream: SimulatedStream;
  deliveredAt: number;
  factors: HazardFactors;
  /** Set when the message makes the reader leave. */
  leaving?: OptOutRequest;
}

/**
 * Opens and clicks of one delivered message, and when the reader looked at it.
 *
 *   P(reader looks) = logistic(−2.05 + 2.4 · (interest − ½) − 0.3 · ln fatigue)   e-mail; push 0.6 lower; + 1.6 if essential
 *   P(click | looked) = 0.15 · (0.5 + interest)                                     SMS: a click needs no look
 *   Apple devices fetch half of their mail by proxy, which hides the reader's own open; a link scanner follows a link
 *   in one of six messages.
 */
export function react(random: Random, message: ReadMessage): { seenAt: number; reactions: Reaction[] } {
  const { person, stream, deliveredAt, leaving } = message;
  const interest = interestIn(person.interest, stream.category);
  const seenAt = deliveredAt + drawReadingDelay(random, person, deliveredAt);
  const reactions: Reaction[] = [];
  const reader = stream.channel === 'email' ? userAgents[person.device] : userAgents.app;
  const add = (type: Reaction['type'], at: number, userAgent: string, link?: Reaction['link']): void => {
    const machine = userAgent === userAgents.appleProxy || userAgent === userAgents.scanner;
    reactions.push({ type, at: Math.floor(at), machine, userAgent, ...(link && { link }) });
  };

  const prefetched = stream.channel === 'email' && person.device === 'apple' && random.chance(0.5);
  if (prefetched) add('opened', deliveredAt + random.between(1000, 9000), userAgents.appleProxy);
  const scanned = stream.channel === 'email' && person.scanned && random.chance(1 / 6);
  if (scanned) add('clicked', deliveredAt + random.between(500, 6000), userAgents.scanner, 'content');

  const needsPage = leaving?.trigger === 'link_unsubscribe' || leaving?.trigger === 'preference_change';
  const looks = needsPage || random.chance(lookingChance(message, interest));
  if (looks && !prefetched && stream.channel !== 'sms') add('opened', seenAt, reader);
  if (leaving === undefined && looks && random.chance(0.15 * (0.5 + interest))) {
    add('clicked', seenAt + random.between(4, 90) * 1000, reader, 'content');
  }
  if (needsPage && stream.channel === 'email') {
    const link = leaving.trigger === 'link_unsubscribe' ? 'unsubscribe' : 'preferences';
    add('clicked', seenAt + 3000, reader, link);
  }
  return { seenAt: Math.floor(seenAt), reactions };
}

function lookingChance({ stream, factors }: ReadMessage, interest: number): number {
  const shift = stream.class === 'essential' ? 1.6 : stream.channel === 'push' ? -0.6 : 0;
  return 1 / (1 + Math.exp(2.05 - shift - 2.4 * (interest - 0.5) + 0.3 * Math.log(factors.fatigue)));
}

/** Half look when it arrives (mean 40 minutes), the rest at their next usual hour. Between 20 seconds and 50 hours. */
function drawReadingDelay(random: Random, person: Person, deliveredAt: number): number {
  const untilUsual = (person.activityHour - localHour(person, deliveredAt) + 24) % 24;
  const hours = random.chance(0.5) ? random.exponential(2 / 3) : untilUsual + random.exponential(0.7);
  return Math.min(50, Math.max(20 / 3600, hours)) * hourMs;
}

/** The form that an opt-out takes, and sometimes its reason. */
export function drawOptOutRequest(
  random: Random,
  stream: SimulatedStream,
  factors: HazardFactors,
  agreed: boolean,
): OptOutRequest {
  const request = drawRequestForm(random, stream);
  const asksWhy = {
    one_click_unsubscribe: 0.2,
    link_unsubscribe: 0.6,
    preference_change: 0.5,
    global_unsubscribe: 0.6,
  };
  const answers = asksWhy[request.trigger as keyof typeof asksWhy] ?? 0;
  return random.chance(answers) ? { ...request, reason: drawReason(random, factors, agreed) } : request;
}

function drawRequestForm(random: Random, stream: SimulatedStream): OptOutRequest {
  if (stream.channel === 'sms') return { trigger: 'sms_stop', asked: 'this' };
  if (stream.channel === 'push') {
    return { trigger: 'preference_change', asked: random.chance(0.85) ? 'this' : 'all' };
  }
  const form = random.weighted<'click' | 'mail' | 'link' | 'picks' | 'all' | 'everything'>([
    ['click', 0.62],
    ['mail', 0.03],
    ['link', 0.06],
    ['picks', 0.16],
    ['all', 0.1],
    ['everything', 0.03],
  ]);
  switch (form) {
    case 'click':
      return { trigger: 'one_click_unsubscribe', asked: 'this' };
    case 'mail':
      return { trigger: 'mailto_unsubscribe', asked: 'this' };
    case 'link':
      return { trigger: 'link_unsubscribe', asked: 'this' };
    case 'picks':
      return { trigger: 'link_unsubscribe', asked: drawPicks(random, stream) };
    case 'all':
      return { trigger: 'preference_change', asked: 'all' };
    case 'everything':
      return { trigger: 'global_unsubscribe', asked: 'everything' };
  }
}

/** The clicked stream, and for half of the people one more thing. */
function drawPicks(random: Random, stream: SimulatedStream): Asked {
  const clicked = streamSelector(stream);
  if (random.chance(0.5)) return [clicked];
  const more = random.choice([
    { category: stream.category },
    {
      channel: stream.channel,
      category: stream.category === 'events' ? 'newsletter' : 'events',
      origin: 'crm',
    },
    { channel: stream.channel, brand: 'Finch' },
  ]);
  return [clicked, more];
}

function drawReason(random: Random, factors: HazardFactors, agreed: boolean): Reason {
  return random.weighted<Reason>([
    ['too_many', 0.6 * factors.fatigue ** 1.5],
    ['not_relevant', 0.7 * factors.interest],
    ['never_signed_up', agreed ? 0.05 : 0.9],
    ['bad_timing', factors.hour > 1 ? 0.5 : 0.05],
    ['privacy', 0.12],
    ['temporary', 0.15],
    ['other', 0.25],
  ]);
}
