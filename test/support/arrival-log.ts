import { Random } from './random.js';

const hour = 3_600_000;
const day = 24 * hour;

/** An event as a sender posts it, and when it happened. */
export type LoggedEvent = Readonly<Record<string, unknown>> & { readonly id: string; readonly at: number };

export interface ArrivalLog {
  readonly streams: readonly Readonly<Record<string, unknown>>[];
  readonly people: readonly { id: string; [field: string]: unknown }[];
  /** In the order in which they happened. */
  readonly events: readonly LoggedEvent[];
  readonly from: Date;
  readonly to: Date;
}

const registered = [
  { key: 'offers', channel: 'email', category: 'promotions', origin: 'shop', class: 'commercial' },
  { key: 'news', channel: 'email', category: 'newsletter', origin: 'blog', class: 'commercial' },
  { key: 'updates', channel: 'email', category: 'product_updates', origin: 'app', class: 'informational' },
  { key: 'invoices', channel: 'email', category: 'invoices', origin: 'app', class: 'essential' },
  { key: 'texts', channel: 'sms', category: 'promotions', origin: 'shop', class: 'commercial' },
  { key: 'alerts', channel: 'push', category: 'alerts', origin: 'app', class: 'commercial' },
] as const;
/** Nobody registered it: it does so itself when it is first seen. */
const unregistered = { channel: 'email', category: 'surveys', origin: 'crm' } as const;

/**
 * Sixty days of several hundred people: deliveries, opens and clicks, opt-ins with evidence and without, opt-outs of every
 * width and by several signals, complaints, hard bounces, pauses, caps, expired consent, erasures, coming back. Times lie
 * on a grid of two hours, so that many fall together.
 */
export function arrivalLog(seed: number, count: number, to: Date): ArrivalLog {
  const random = new Random(seed);
  const from = to.getTime() - 60 * day;
  const events: LoggedEvent[] = [];
  const people = Array.from({ length: count }, (_, index) => ({
    id: `p-${index}`,
    email: `p-${index}@example.com`,
    phone: `+1202555${String(index).padStart(4, '0')}`,
    jurisdiction: random.pick(['DE', 'US', 'US', 'GB', 'CA']),
    attributes: { plan: random.pick(['free', 'pro']) },
  }));
  for (const { id: subscriber } of people) {
    const mine = [...registered, unregistered].filter(() => random.chance(0.5));
    const when = () => from + random.below(60 * 12) * 2 * hour;
    const add = (type: string, at: number, fields: Record<string, unknown>) =>
      events.push({ id: `e-${events.length}`, type, subscriber, at, ...fields });
    const placeOf = ({
      channel,
      category,
      origin,
    }: {
      channel: string;
      category: string;
      origin: string;
    }) => ({
      channel,
      category,
      origin,
    });
    const sent: { place: ReturnType<typeof placeOf>; message_id: string; at: number }[] = [];
    for (const stream of mine) {
      const place = placeOf(stream);
      if (random.chance(0.4)) {
        const grade = random.pick([
          {},
          { basis: 'consent', evidence: 'form 7' },
          { basis: 'explicit_consent', evidence: 'form 8' },
          { basis: 'double_opt_in', evidence: 'click 9' },
        ]);
        add('opted_in', when(), { ...place, made_by: 'person', ...grade });
      }
      for (let left = 1 + random.below(4); left > 0; left -= 1) {
        const [at, message_id] = [when(), `m-${events.length}`];
        const campaign = random.pick(['spring', 'summer']);
        add('delivered', at, {
          ...place,
          message_id,
          campaign,
          message_type: random.pick(['offer', 'digest']),
        });
        sent.push({ place, message_id, at });
        if (random.chance(0.4))
          add('opened', at + 2 * hour * random.below(3), { ...place, message_id, campaign });
        if (random.chance(0.1)) add('clicked', at + 2 * hour, { ...place, message_id, campaign });
      }
    }
    for (let left = random.below(4); left > 0 && sent.length > 0; left -= 1) {
      const { place, message_id, at: sentAt } = random.pick(sent);
      const at = random.chance(0.7) ? sentAt + 2 * hour * random.below(40) : when();
      const { channel } = place;
      const named = random.chance(0.6) ? { message_id } : {};
      switch (random.below(12)) {
        case 0:
        case 1:
        case 2: {
          add('opted_out', at, { ...place, message_id, asked: 'this', trigger: 'one_click_unsubscribe' });
          // The mailbox provider pressed twice.
          if (random.chance(0.3))
            add('opted_out', at, { ...place, message_id, asked: 'this', trigger: 'one_click_unsubscribe' });
          break;
        }
        case 3:
          add('opted_out', at, { ...place, ...named, asked: 'all', trigger: 'link_unsubscribe' });
          break;
        case 4:
          add('opted_out', at, { ...place, ...named, asked: 'everything', trigger: 'preference_change' });
          break;
        case 5:
          add('opted_out', at, {
            ...place,
            ...named,
            asked: [
              random.pick([
                { channel, category: place.category },
                { category: 'promotions' },
                { origin: 'app' },
              ]),
            ],
            trigger: 'preference_change',
          });
          break;
        case 6:
          add('complained', at, { ...place, ...named, trigger: 'complaint' });
          break;
        case 7:
          add('bounced', at, { ...place, ...named, bounce: 'hard', trigger: 'hard_bounce' });
          break;
        case 8:
          add('paused', at, { ...place, asked: 'this', until: new Date(at + 9 * day).toISOString() });
          break;
        case 9:
          add('consent_expired', at, { ...place });
          break;
        case 10:
          if (random.chance(0.3)) add('erased', at, { channel, trigger: 'erasure_request_art17' });
          else add('capped', at, { ...place, asked: 'this', cap: { n: 2, per: 'week' } });
          break;
        default:
          add('opted_out', at, { ...place, ...named, asked: 'this', trigger: 'mailto_unsubscribe' });
      }
      // Some come back: at once, at the same moment, or later; some of their opt-ins are too weak to lift anything.
      if (random.chance(0.4)) {
        const basis = random.pick(['consent', 'explicit_consent', 'double_opt_in']);
        add('opted_in', at + random.pick([0, 2 * hour, 5 * day]), {
          ...place,
          made_by: 'person',
          basis,
          ...(random.chance(0.8) ? { evidence: 'form 10' } : {}),
        });
      }
    }
  }
  const happened = events.filter(({ at }) => at < to.getTime());
  return {
    streams: registered.map((stream) => ({
      ...stream,
      brand: 'shop',
      list_id: `${stream.key}.example.com`,
      regime: stream.key === 'texts' ? 'opt_in' : 'opt_out',
      all_option_shown: true,
      legal_basis: 'consent',
      title: stream.key,
    })),
    people,
    events: happened.sort((a, b) => a.at - b.at),
    from: new Date(from),
    to,
  };
}

/** A random order of the same. */
export function shuffled<Item>(all: readonly Item[], random: Random): Item[] {
  const left = [...all];
  for (let end = left.length - 1; end > 0; end -= 1) {
    const other = random.below(end + 1);
    [left[end], left[other]] = [left[other] as Item, left[end] as Item];
  }
  return left;
}
