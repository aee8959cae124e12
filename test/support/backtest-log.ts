import { Random } from './random.js';

/** A log of everything that decisions may depend on, for backtests: generated, the same for a seed. */

export const day = 86_400_000;

export const streams: Readonly<Record<string, object>> = {
  promotions: place('email', 'promotions', 'shop'),
  newsletter: place('email', 'newsletter', 'shop'),
  updates: place('email', 'updates', 'app'),
  texts: place('sms', 'promotions', 'shop'),
  alerts: place('sms', 'updates', 'app', { class: 'informational' }),
  pushes: place('push', 'promotions', 'app'),
  outlet: place('email', 'promotions', 'outlet', { brand: 'outlet' }),
  outletnews: place('email', 'newsletter', 'outlet', { brand: 'outlet', parent: 'newsletter' }),
  receipts: place('email', 'receipts', 'shop', { class: 'essential' }),
  profiling: place('web', 'profiling', 'shop', { class: 'profiling' }),
};
const sent = Object.entries(streams).filter(([key]) => key !== 'profiling');

function place(channel: string, category: string, origin: string, changes: object = {}): object {
  const rest = { class: 'commercial', brand: 'shop', all_option_shown: true, legal_basis: 'consent' };
  return { channel, category, origin, ...rest, regime: 'opt_out', ...changes };
}

const triggers: readonly (readonly [trigger: string | null, type: string, channels: readonly string[]])[] = [
  ['one_click_unsubscribe', 'opted_out', ['email']],
  ['link_unsubscribe', 'opted_out', ['email', 'sms', 'push']],
  ['mailto_unsubscribe', 'opted_out', ['email']],
  ['stream_unsubscribe', 'opted_out', ['email', 'push']],
  ['global_unsubscribe', 'opted_out', ['email']],
  ['provider_suppressed', 'opted_out', ['email', 'sms']],
  ['gdpr_objection_art21', 'opted_out', ['email']],
  ['sms_stop', 'opted_out', ['sms']],
  ['complaint', 'complained', ['email']],
  [null, 'opted_out', ['email', 'sms', 'push']],
];
const jurisdictions = ['US', 'US-CA', 'DE', 'AU', 'GB', undefined];

export function subscribersOf(random: Random, count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `person-${index}`,
    ...(random.chance(0.9) ? { email: `person-${index}@people.example` } : {}),
    ...(random.chance(0.6) ? { phone: `+1202555${String(1000 + (index % 9000))}` } : {}),
    ...(random.chance(0.2) ? { push_token: `token-${index}` } : {}),
    ...jurisdiction(random.pick(jurisdictions)),
    attributes: {
      plan: random.pick(['free', 'pro']),
      ...(random.chance(0.7) ? { orders: random.below(20) } : {}),
      ...(random.chance(0.3) ? { vip: random.chance(0.5) } : {}),
    },
  }));
}

const jurisdiction = (found: string | undefined) => (found === undefined ? {} : { jurisdiction: found });

/** A row of the intake, and when it claims to have been received. */
export interface LogRow {
  value: Record<string, unknown>;
  receivedAt: number;
}

/**
 * Deliveries, opens, opt-outs of every kind, complaints, opt-ins, pauses and bounces between two instants, in the order in
 * which they were received. Some occurred long before.
 */
export function eventsOf(
  random: Random,
  name: string,
  { people, decisions, from, to }: { people: number; decisions: number; from: number; to: number },
): LogRow[] {
  const rows: LogRow[] = [];
  const add = (receivedAt: number, value: Record<string, unknown>, late = 0) =>
    rows.push({
      receivedAt,
      value: {
        id: `${name}-${rows.length}`,
        occurred_at: new Date(receivedAt - late).toISOString(),
        subscriber: `person-${random.below(people)}`,
        ...value,
      },
    });
  const instant = () => from + random.below(to - from);
  const message = (channels?: readonly string[]) => {
    const [, found] = random.pick(
      sent.filter(([, one]) => channels?.includes((one as { channel: string }).channel) ?? true),
    );
    const { channel, category, origin } = found as { channel: string; category: string; origin: string };
    return { channel, category, origin };
  };
  const campaign = () => random.pick(['spring', 'summer', 'autumn']);
  for (let index = 0; index < decisions * 2; index++) {
    const type = random.pick(['delivered', 'delivered', 'delivered', 'opened', 'clicked']);
    add(instant(), {
      type,
      ...message(),
      campaign: campaign(),
      message_type: random.pick(['offer', 'digest']),
      message_id: `${name}-m-${random.below(decisions)}`,
    });
  }
  for (let index = 0; index < decisions; index++) {
    const [trigger, type, channels] = random.pick(triggers);
    const late = random.chance(0.1) ? random.below(40 * day) : 0;
    const picks = [{ channel: 'email', category: 'newsletter' }];
    add(
      instant(),
      {
        type,
        ...(trigger === null ? {} : { trigger }),
        ...message(channels),
        ...(type === 'complained'
          ? {}
          : { asked: random.pick(['this', 'this', 'this', 'this', 'all', picks]) }),
        ...(random.chance(0.4) ? { campaign: campaign(), message_type: 'offer' } : {}),
        ...(random.chance(0.3) ? { audience: random.pick(['lapsed', 'loyal']) } : {}),
        ...(random.chance(0.2)
          ? { metadata: { user_agent: random.pick(['curl/8.1', 'Mozilla/5.0 (X11)']) } }
          : {}),
        ...(random.chance(0.3) ? { reason: random.pick(['too_many', 'not_relevant', 'naïve 😀']) } : {}),
      },
      late,
    );
    if (random.chance(0.15)) {
      const basis = random.pick(['double_opt_in', 'consent']);
      add(
        instant(),
        {
          type: 'opted_in',
          ...message(),
          basis,
          ...(random.chance(0.8) ? { evidence: `form-${random.below(5)}` } : {}),
        },
        random.chance(0.2) ? random.below(20 * day) : 0,
      );
    }
    if (random.chance(0.05)) add(instant(), { type: 'paused', ...message() });
    if (random.chance(0.03)) add(instant(), { type: 'bounced', ...message(['email']), bounce: 'hard' });
  }
  return rows.sort((a, b) => a.receivedAt - b.receivedAt);
}

type Leaf = { field: string; operator: string; value?: unknown };

/** Conditions over all kinds of facts that a decision's row tells. */
function anyLeaf(random: Random): Leaf {
  const leaf = (field: string, operator: string, value?: unknown): Leaf =>
    value === undefined ? { field, operator } : { field, operator, value };
  return random.pick([
    () => leaf('message.channel', random.pick(['=', '!=']), random.pick(['email', 'sms', 'push'])),
    () =>
      leaf('message.category', random.pick(['=', '!=', 'beginsWith']), random.pick(['promotions', 'new'])),
    () => leaf('message.origin', 'in', ['shop', 'outlet']),
    () => leaf('message.audience', random.pick(['=', 'null', 'notNull']), 'lapsed'),
    () => leaf('message.campaign', random.pick(['contains', 'doesNotContain']), 'u'),
    () => leaf('message.message_type', random.pick(['notNull', 'null'])),
    () => leaf('message.class', random.pick(['=', '!=']), random.pick(['commercial', 'informational'])),
    () => leaf('message.brand', random.pick(['=', '!=']), random.pick(['shop', 'outlet'])),
    () => leaf('message.stream', 'in', ['promotions', 'texts', 'outletnews']),
    () => leaf('request.trigger', random.pick(['in', 'notIn']), ['one_click_unsubscribe', 'complaint']),
    () => leaf('request.asked', '=', 'this'),
    () => leaf('request.machine_probability', random.pick(['>', '<=', '=']), random.pick([0, 0.5, 0.8])),
    () => leaf('request.hour', 'between', [random.below(12), 12 + random.below(12)]),
    () => leaf('request.reason', random.pick(['=', 'contains', 'null']), 'too_many'),
    () => leaf('consent.basis', random.pick(['=', 'null']), 'double_opt_in'),
    () => leaf('consent.age_days', random.pick(['<', '>=']), random.below(30)),
    () => leaf('consent.source', random.pick(['=', '!=']), 'form-1'),
    () => leaf('subscriber.jurisdiction', random.pick(['beginsWith', '=', 'null']), 'US'),
    () => leaf('subscriber.tenure_days', random.pick(['<', '>']), 30 + random.below(60)),
    () => leaf('subscriber.attributes.plan', random.pick(['=', '!=']), 'free'),
    () => leaf('subscriber.attributes.orders', random.pick(['<', '>=', 'null']), random.below(20)),
    () => leaf('subscriber.attributes.vip', '=', random.pick([true, false])),
    () => leaf('engagement.sends_30d', random.pick(['<', '>=']), 1 + random.below(3)),
    () => leaf('engagement.opens_90d', '>', random.below(2)),
    () => leaf('engagement.clicks_7d[channel=email]', '=', 0),
    () => leaf('engagement.days_since_open', random.pick(['<', '>=', 'null']), random.below(30)),
    () =>
      leaf('engagement.last_delivery', random.pick(['withinLast', 'notWithinLast']), 1 + random.below(20)),
    () => leaf('engagement.past_opt_outs', random.pick(['=', '>']), random.below(2)),
    () =>
      leaf(
        'segment',
        random.pick(['contains', 'doesNotContain']),
        random.pick(['plan:free', 'country:DE', 'buyers']),
      ),
    () => leaf('churn.risk_30d', random.pick(['null', '>']), 0.5),
  ])();
}

function valued(leaf: Leaf): Leaf {
  return leaf.operator === 'null' || leaf.operator === 'notNull'
    ? { field: leaf.field, operator: leaf.operator }
    : leaf;
}

function anyCondition(random: Random, depth = 2): object {
  const parts = Array.from({ length: 1 + random.below(2) }, () =>
    depth > 1 && random.chance(0.3) ? anyCondition(random, depth - 1) : valued(anyLeaf(random)),
  );
  return { combinator: random.pick(['and', 'or']), not: random.chance(0.2), rules: parts };
}

const scopes = [
  { kind: 'stream' },
  { kind: 'category' },
  { kind: 'channel' },
  { kind: 'origin' },
  { kind: 'brand' },
  { kind: 'audience' },
  { kind: 'all_marketing' },
  { kind: 'selectors', selectors: [{ channel: 'sms' }, { brand: 'outlet', category: 'newsletter' }] },
  { kind: 'selectors', selectors: [{ class: 'informational' }, { channel: 'push', category: 'promotions' }] },
];

/** A set of rules over every kind of fact and every scope. */
export function anyRules(random: Random, count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `rule-${index}`,
    name: `rule ${index}`,
    priority: index,
    when: anyCondition(random),
    // biome-ignore lint/suspicious/noThenProperty: the word of the product; rules are data and never awaited
    then: { scope: random.pick(scopes), tag: `tag-${index}` },
  }));
}
