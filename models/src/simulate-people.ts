import type { Random } from './random.js';
import { planOf, streamPlans } from './simulate-streams.js';
import type { Basis, Country, Plan, SimulatedSubscriber } from './simulate-types.js';

export const dayMs = 86_400_000;
export const hourMs = 3_600_000;

/** A subscriber with what nobody outside the simulation can see. */
export interface Person {
  body: SimulatedSubscriber;
  country: Country;
  plan: Plan;
  signedUpAt: number;
  /** Streams taken at sign-up; undefined = without an opt-in (allowed by the opt-out regime). */
  takes: Map<string, Basis | undefined>;
  /** By category, each in (0, 1); 0.5 is average. */
  interest: Map<string, number>;
  /** Messages per week, over all streams, that are no burden. */
  tolerance: number;
  /** Local hour at which the inbox is read, in [0, 24). */
  activityHour: number;
  /** Hours to add to UTC; summer time is left out. */
  utcOffset: number;
  device: 'apple' | 'gmail' | 'other';
  /** Behind a gateway that follows links before delivery. */
  scanned: boolean;
  /** Multiplies the hard-bounce hazard; mean 1. */
  addressRisk: number;
}

interface Market {
  weight: number;
  languages: [string, number][];
  utcOffset: number;
  /** Added to the mean interest in promotions. */
  appetite: number;
}

const markets: Record<Country, Market> = {
  DE: {
    weight: 0.3,
    languages: [
      ['de', 0.94],
      ['en', 0.06],
    ],
    utcOffset: 1,
    appetite: -0.05,
  },
  AT: { weight: 0.06, languages: [['de', 1]], utcOffset: 1, appetite: 0 },
  FR: {
    weight: 0.15,
    languages: [
      ['fr', 0.97],
      ['en', 0.03],
    ],
    utcOffset: 1,
    appetite: 0.02,
  },
  GB: { weight: 0.15, languages: [['en', 1]], utcOffset: 0, appetite: 0 },
  US: {
    weight: 0.2,
    languages: [
      ['en', 0.87],
      ['es', 0.13],
    ],
    utcOffset: -6,
    appetite: 0.05,
  },
  CA: {
    weight: 0.06,
    languages: [
      ['en', 0.75],
      ['fr', 0.25],
    ],
    utcOffset: -5,
    appetite: 0.03,
  },
  ES: { weight: 0.08, languages: [['es', 1]], utcOffset: 1, appetite: 0.05 },
};

const plans: [Plan, number][] = [
  ['free', 0.62],
  ['plus', 0.27],
  ['pro', 0.11],
];

const planAppetite: Record<Plan, number> = { free: -0.04, plus: 0.04, pro: 0.1 };

const sources: [string, number][] = [
  ['checkout', 0.38],
  ['footer_form', 0.2],
  ['app', 0.22],
  ['sweepstake', 0.12],
  ['referral', 0.08],
];

/** Evidence that a sign-up leaves behind, by where it happened. */
const evidence: Record<string, string> = {
  checkout: 'form:checkout;version=7;box=unticked',
  footer_form: 'form:footer;version=3;double_opt_in=confirmed',
  app: 'app:settings;version=5.2',
  sweepstake: 'form:sweepstake;version=2;double_opt_in=confirmed',
  referral: 'form:referral;version=1;double_opt_in=confirmed',
};

export function evidenceOf(person: Person): string {
  return evidence[person.body.attributes.acquisition_source] ?? 'form:unknown';
}

/** People in the order of their sign-up numbers; about one in six signs up inside the window. */
export function createPeople(random: Random, count: number, startsAt: number, endsAt: number): Person[] {
  return Array.from({ length: count }, (_, index) => createPerson(random, index, startsAt, endsAt));
}

function createPerson(random: Random, index: number, startsAt: number, endsAt: number): Person {
  const country = random.weighted(countries);
  const market = markets[country];
  const plan = random.weighted(plans);
  const source = random.weighted(sources);
  const signedUpAt = drawSignUp(random, startsAt, endsAt);
  const interest = drawInterests(random, plan, market, source);
  const hasPhone = random.chance(0.42);
  const hasApp = source === 'app' || random.chance(0.35);
  const region = country === 'US' ? random.weighted(usRegions) : '';
  const number = String(index + 1).padStart(5, '0');
  const body: SimulatedSubscriber = {
    id: `u-${number}`,
    email: `person-${number}@${random.choice(['example.com', 'example.net', 'example.org'])}`,
    jurisdiction: region === '' ? country : `${country}-${region}`,
    attributes: {
      country,
      plan,
      language: random.weighted(market.languages),
      acquisition_source: source,
      signed_up_on: new Date(signedUpAt).toISOString().slice(0, 10),
    },
  };
  if (hasPhone) body.phone = fictitiousPhone(country, index);
  if (random.chance(0.55)) body.attributes.birthday_month = 1 + random.integer(12);
  return {
    body,
    country,
    plan,
    signedUpAt,
    takes: drawStreams(random, {
      country,
      source,
      interest,
      hasPhone,
      hasApp,
      recent: startsAt - signedUpAt < 700 * dayMs,
    }),
    interest,
    tolerance: Math.max(1, random.gamma(6, 0.7)),
    activityHour: ((((random.chance(0.6) ? 19.5 : 8) + random.normal(0, 2.5)) % 24) + 24) % 24,
    utcOffset: region === 'CA' ? -8 : market.utcOffset,
    device: random.weighted<Person['device']>([
      ['apple', 0.38],
      ['gmail', 0.37],
      ['other', 0.25],
    ]),
    scanned: random.chance(0.05),
    addressRisk: random.gamma(0.5, 2),
  };
}

const countries = (Object.keys(markets) as Country[]).map(
  (country) => [country, markets[country].weight] as const,
);
const usRegions: [string, number][] = [
  ['', 0.6],
  ['CA', 0.22],
  ['NY', 0.1],
  ['TX', 0.08],
];

/** The base grows steadily: 17 % of it inside the window, the rest before, on average 400 days before its start. */
function drawSignUp(random: Random, startsAt: number, endsAt: number): number {
  if (random.chance(0.17)) return Math.floor(random.between(startsAt, endsAt));
  return Math.floor(startsAt - random.gamma(1.3, 310) * dayMs - 1);
}

function drawInterests(random: Random, plan: Plan, market: Market, source: string): Map<string, number> {
  const keen = random.normal(0, 0.1) + planAppetite[plan] - (source === 'sweepstake' ? 0.08 : 0);
  const interest = new Map<string, number>();
  for (const { stream } of streamPlans) {
    if (interest.has(stream.category)) continue;
    const mean = 0.5 + keen + (stream.category === 'promotions' ? market.appetite : 0);
    const bounded = Math.min(0.9, Math.max(0.1, mean));
    interest.set(stream.category, random.beta(6 * bounded, 6 * (1 - bounded)));
  }
  return interest;
}

interface Reach {
  country: Country;
  source: string;
  interest: Map<string, number>;
  hasPhone: boolean;
  hasApp: boolean;
  /** Signed up less than 700 days before the window: implied consent has not lapsed. */
  recent: boolean;
}

function drawStreams(random: Random, reach: Reach): Map<string, Basis | undefined> {
  // One legal basis a person: the forms of a market are the same for every stream.
  const basis = drawBasis(random, reach);
  const takes = new Map<string, Basis | undefined>();
  for (const { stream, uptake } of streamPlans) {
    const reachable =
      stream.channel === 'sms'
        ? reach.hasPhone
        : stream.channel === 'push'
          ? reach.hasApp
          : stream.channel === 'email';
    const taken = random.chance(
      uptake * (uptake === 1 ? 1 : 0.6 + 0.8 * interestIn(reach.interest, stream.category)),
    );
    if (!reachable || !taken) continue;
    if (stream.class === 'essential') takes.set(stream.key, undefined);
    else takes.set(stream.key, stream.channel === 'email' ? basis : 'consent');
  }
  return takes;
}

/** EU: consent. GB: some soft opt-in. CA: some implied consent, which expires. US e-mail: mostly none at all. */
function drawBasis(random: Random, { country, source, recent }: Reach): Basis | undefined {
  const bought = source === 'checkout';
  if (country === 'GB') return bought && random.chance(0.4) ? 'soft_opt_in' : 'consent';
  if (country === 'CA') return bought && recent && random.chance(0.7) ? 'implied_consent' : 'consent';
  if (country === 'US') return random.chance(0.6) ? undefined : 'consent';
  return 'consent';
}

export function interestIn(interest: Map<string, number>, category: string): number {
  return interest.get(category) ?? 0.5;
}

/** Whether a message of that stream is one that people may stop. */
export function isStoppable(key: string): boolean {
  return planOf(key).stream.class !== 'essential';
}

/**
 * Numbers that reach nobody: 555-01xx in North America, the ranges that Ofcom (07700 900xxx) and Arcep (06 39 98 xx xx)
 * keep for fiction, and elsewhere a leading 0 after the country code, which no network dials.
 */
function fictitiousPhone(country: Country, index: number): string {
  if (country === 'US' || country === 'CA') {
    const area = 201 + (Math.floor(index / 100) % 780);
    return `+1${area}55501${String(index % 100).padStart(2, '0')}`;
  }
  if (country === 'FR' && index < 10_000) return `+33639980${String(index).padStart(4, '0').slice(-4)}`;
  const code = { DE: '49', AT: '43', FR: '33', GB: '44', ES: '34' }[country];
  return country === 'GB' && index < 1000
    ? `+447700900${String(index).padStart(3, '0')}`
    : `+${code}0155${String(index).padStart(6, '0')}`;
}
