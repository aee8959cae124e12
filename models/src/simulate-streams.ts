import type { Basis, Channel, SimulatedStream, StreamClass } from './simulate-types.js';

/** Who a send is aimed at; `simulate-campaigns.ts` says who belongs. */
export type Audience = 'all' | 'vip' | 'new' | 'engaged' | 'lapsed-de' | 'free-de' | 'north-america';

/** A regular send. Hours are UTC. */
export interface Slot {
  /** 0 = Sunday, as in `Date.getUTCDay`. */
  weekday: number;
  hour: number;
  everyWeeks: number;
  audience: Audience;
  messageType: string;
  /** Part of the audience that one send reaches. */
  share: number;
}

export interface StreamPlan {
  stream: SimulatedStream;
  /** Chance that someone of average interest takes the stream when signing up. */
  uptake: number;
  slots: Slot[];
  /** Messages that an action of the person sets off: mean per person and day, and what they are. */
  triggered?: { perDay: number; messageTypes: string[] };
}

function stream(
  channel: Channel,
  category: string,
  origin: string,
  streamClass: StreamClass = 'commercial',
  brand = 'Alder',
  allOptionShown = true,
  legalBasis: Basis = streamClass === 'essential' ? 'contract' : 'consent',
): SimulatedStream {
  return {
    key: `${channel}.${category}.${origin}`,
    channel,
    category,
    origin,
    class: streamClass,
    brand,
    list_id: `${category}-${channel}.${origin}.${brand.toLowerCase()}.example.com`,
    all_option_shown: allOptionShown,
    legal_basis: legalBasis,
    regime: streamClass === 'essential' || channel === 'email' || channel === 'web' ? 'opt_out' : 'opt_in',
  };
}

function slot(
  weekday: number,
  hour: number,
  audience: Audience,
  messageType: string,
  { everyWeeks = 1, share = 1 } = {},
): Slot {
  return { weekday, hour, everyWeeks, audience, messageType, share };
}

/** Two brands, three channels that carry messages, five sending systems, and the profiling that GPC signals stop. */
export const streamPlans: readonly StreamPlan[] = [
  {
    stream: stream('email', 'promotions', 'shop'),
    uptake: 0.58,
    slots: [
      slot(2, 8.5, 'all', 'offer', { share: 0.62 }),
      slot(5, 15, 'all', 'offer', { share: 0.3 }),
      slot(3, 17, 'free-de', 'offer'),
      slot(0, 18, 'free-de', 'offer'),
      slot(1, 10, 'lapsed-de', 'win_back', { everyWeeks: 2 }),
      slot(4, 11.5, 'vip', 'preview'),
    ],
  },
  {
    stream: stream('email', 'newsletter', 'crm'),
    uptake: 0.54,
    slots: [
      slot(4, 7, 'all', 'newsletter', { share: 0.5 }),
      slot(0, 9, 'engaged', 'digest', { everyWeeks: 2 }),
    ],
  },
  {
    stream: stream('email', 'product_updates', 'app', 'informational'),
    uptake: 0.45,
    slots: [slot(3, 13, 'all', 'release_notes', { everyWeeks: 2 })],
  },
  {
    stream: stream('email', 'events', 'crm'),
    uptake: 0.26,
    slots: [
      slot(2, 16, 'all', 'invitation', { everyWeeks: 3 }),
      slot(1, 16, 'north-america', 'invitation', { everyWeeks: 2 }),
    ],
  },
  {
    stream: stream('email', 'loyalty', 'crm'),
    uptake: 0.34,
    slots: [
      slot(1, 6, 'all', 'points_statement', { everyWeeks: 2 }),
      slot(5, 9, 'vip', 'reward', { everyWeeks: 2 }),
    ],
  },
  {
    stream: stream('email', 'account', 'shop', 'essential'),
    uptake: 1,
    slots: [],
    triggered: { perDay: 0.025, messageTypes: ['order_confirmation', 'invoice', 'password_reset'] },
  },
  {
    stream: stream('email', 'promotions', 'outlet', 'commercial', 'Finch'),
    uptake: 0.2,
    slots: [slot(3, 9, 'all', 'offer'), slot(6, 8, 'all', 'offer', { share: 0.5 })],
  },
  {
    stream: stream('email', 'newsletter', 'outlet', 'commercial', 'Finch', false),
    uptake: 0.14,
    slots: [slot(6, 14, 'all', 'newsletter', { everyWeeks: 2 })],
  },
  {
    stream: stream('sms', 'promotions', 'shop'),
    uptake: 0.5,
    slots: [slot(5, 16.5, 'all', 'offer', { everyWeeks: 2 })],
  },
  {
    stream: stream('sms', 'account', 'shop', 'essential'),
    uptake: 1,
    slots: [],
    triggered: { perDay: 0.008, messageTypes: ['delivery_notice'] },
  },
  {
    stream: stream('push', 'promotions', 'app'),
    uptake: 0.48,
    slots: [slot(4, 17, 'all', 'offer', { share: 0.5 }), slot(0, 16, 'new', 'tip')],
  },
  {
    stream: stream('push', 'loyalty', 'app'),
    uptake: 0.45,
    slots: [slot(6, 10, 'all', 'points_reminder', { everyWeeks: 2 })],
  },
  {
    stream: stream('push', 'product_updates', 'app', 'informational'),
    uptake: 0.6,
    slots: [slot(3, 12, 'all', 'feature', { everyWeeks: 2 })],
  },
  {
    stream: stream('web', 'profiling', 'shop', 'profiling', 'Alder', true, 'consent'),
    uptake: 0,
    slots: [],
  },
];

/** The plan of a stream that is known to exist. */
export function planOf(key: string): StreamPlan {
  const plan = streamPlans.find(({ stream: { key: candidate } }) => candidate === key);
  if (plan === undefined) throw new RangeError(`no stream ${key}`);
  return plan;
}
