import { createRandom, type Random } from '@secateur/models';
import { firstDay } from './sender.js';

/** People, each with a hazard of their own on each stream and day that follows from what they are and what they get. */
export interface PeopleOptions {
  readonly seed: number;
  readonly people: number;
  readonly days: number;
  /** Day (since the epoch) of the first deliveries. */
  readonly from?: number;
  /** Most messages in seven days of a stream, for people of the arm `cap`. @default 2 */
  readonly cap?: number;
  /** Share of people drawn into the arm `cap`, whatever they are. @default 0.5 */
  readonly capShare?: number;
}

export type Arm = 'cap' | 'free';

export interface SimulatedPerson {
  readonly id: string;
  readonly index: number;
  readonly country: string;
  readonly plan: string;
  /** In [0, 1]: who is more engaged opens more, is sent more, and leaves less. */
  readonly engagement: number;
  /** Messages a week that the person puts up with. */
  readonly tolerance: number;
  /** Day of sign-up: before the log begins. */
  readonly since: number;
  readonly arm: Arm;
}

/** One delivery, and what came of it. Times are ms since the epoch. */
export interface Delivery {
  readonly id: string;
  readonly person: SimulatedPerson;
  readonly stream: string;
  readonly campaign: string;
  readonly at: number;
  readonly openedAt: number | null;
  readonly clickedAt: number | null;
  readonly optedOutAt: number | null;
  readonly truth: Truth;
}

/** What was true of one subscriber × stream × day with a delivery. */
export interface Truth {
  readonly person: string;
  readonly stream: string;
  readonly on: number;
  /** Chance that the delivery ends the subscription. */
  readonly hazard: number;
  /** What it follows from. */
  readonly sends7: number;
  readonly engagement: number;
  readonly tenureDays: number;
  readonly plan: string;
  readonly arm: Arm;
}

/** The true effect of the cap: chance to have left some stream by the end, over all people, under either arm. */
export interface CapEffect {
  readonly capped: number;
  readonly free: number;
  /** Capped minus free: negative, for the cap keeps people. */
  readonly effect: number;
  /** Messages that the cap holds back, as a share. */
  readonly fewer: number;
}

export interface People {
  readonly people: readonly SimulatedPerson[];
  readonly streams: readonly string[];
  readonly effect: CapEffect;
  /** Day by day, in order; each call starts over and gives the same. */
  days(): Generator<{ on: number; deliveries: Delivery[] }, void, undefined>;
}

const streams = ['promotions', 'newsletter', 'product_updates'];
/** Of a stream, for a rested person of middling engagement and long standing. */
const baseHazard = [0.003, 0.0015, 0.001];
/** Messages a week of a stream to somebody of middling engagement. */
const weekly = [2.5, 1, 0.5];

/**
 * h = base · exp(0.7 (sends in 7 days / tolerance − 0.5) − 5 (engagement − 0.5)) · (1 + e^(−tenure/30)) · plan, at most ½.
 *
 * More mail drives everybody out. But the sender mails engaged people more, and they leave less: in the log those who get
 * more leave less, and only the arms, which are drawn by lot, show what a cap does.
 */
function hazardOf(person: SimulatedPerson, stream: number, sends7: number, on: number): number {
  const { engagement, tolerance, since, plan } = person;
  const load = 0.7 * (sends7 / tolerance - 0.5) - 5 * (engagement - 0.5);
  const tenure = 1 + Math.exp(-(on - since) / 30);
  return Math.min(0.5, (baseHazard[stream] ?? 0) * Math.exp(load) * tenure * (plan === 'free' ? 1.3 : 0.9));
}

/** Does the sender mean to send on that day? Drawn before anybody is capped, so both arms of a person share it. */
const planned = (person: SimulatedPerson, stream: number, draw: number): boolean =>
  draw < Math.min(0.95, ((weekly[stream] ?? 0) / 7) * (0.3 + 1.4 * person.engagement) ** 1.5);

export function simulatePeople(options: PeopleOptions): People {
  const { seed, days, from = firstDay, cap = 2 } = options;
  const people = makePeople(createRandom(seed).fork('people'), options, from);
  const plans = people.map((person) =>
    plansOf(createRandom(seed).fork(`sends ${person.index}`), person, days),
  );
  function* live(): Generator<{ on: number; deliveries: Delivery[] }, void, undefined> {
    const random = createRandom(seed).fork('reactions');
    const states = people.map((person) =>
      streams.map(() => ({ person, sent: [] as number[], hasLeft: false })),
    );
    for (let day = 0; day < days; day++) {
      const deliveries: Delivery[] = [];
      for (const [index, ofPerson] of states.entries())
        for (const [stream, state] of ofPerson.entries()) {
          if (state.hasLeft || plans[index]?.[stream]?.[day] !== true) continue;
          const sends7 = recent(state.sent, day);
          if (state.person.arm === 'cap' && sends7 >= cap) continue;
          state.sent.push(day);
          const delivery = deliver(random, state.person, stream, from + day, sends7);
          if (delivery.optedOutAt !== null) state.hasLeft = true;
          deliveries.push(delivery);
        }
      yield { on: from + day, deliveries };
    }
  }
  return { people, streams, effect: effectOf(people, plans, from, days, cap), days: live };
}

const recent = (sent: readonly number[], day: number): number => sent.filter((one) => one > day - 7).length;

function makePeople(
  random: Random,
  { people, capShare = 0.5 }: PeopleOptions,
  from: number,
): SimulatedPerson[] {
  return Array.from({ length: people }, (_, index) => ({
    id: `p-${index}`,
    index,
    country: random.choice(['DE', 'FR', 'US', 'ES']),
    plan: random.weighted([
      ['free', 0.7],
      ['pro', 0.3],
    ]),
    engagement: random.beta(2, 2),
    tolerance: 1.5 + random.gamma(3, 0.7),
    since: from - 1 - Math.floor(random.exponential(200)),
    arm: random.chance(capShare) ? 'cap' : 'free',
  }));
}

const plansOf = (random: Random, person: SimulatedPerson, days: number): boolean[][] =>
  streams.map((_, stream) => Array.from({ length: days }, () => planned(person, stream, random.uniform())));

function deliver(
  random: Random,
  person: SimulatedPerson,
  stream: number,
  on: number,
  sends7: number,
): Delivery {
  const hazard = hazardOf(person, stream, sends7, on);
  const at = on * 86_400_000 + random.integer(10 * 3600) * 1000 + 7 * 3_600_000;
  const soon = (hours: number): number => at + 1000 + Math.floor(random.exponential(hours) * 3_600_000);
  const isOpened = random.chance(0.1 + 0.6 * person.engagement);
  const isClicked = isOpened && random.chance(0.25 * person.engagement);
  const openedAt = isOpened ? soon(5) : null;
  const name = streams[stream] ?? '';
  const { engagement, plan, arm } = person;
  return {
    id: `${person.id}-${name}-${on}`,
    person,
    stream: name,
    campaign: `${name}-${on}`,
    at,
    openedAt,
    clickedAt: isClicked && openedAt !== null ? openedAt + 1000 + random.integer(600_000) : null,
    // Within a day: who has left is written to no more.
    optedOutAt: random.chance(hazard) ? Math.min(soon(4), at + 6 * 3_600_000) : null,
    truth: {
      person: person.id,
      stream: name,
      on,
      hazard,
      sends7,
      engagement,
      plan,
      arm,
      tenureDays: on - person.since,
    },
  };
}

/** Exact, given what the sender means to send: 1 − Π(1 − h) of each person under either arm. */
function effectOf(
  people: readonly SimulatedPerson[],
  plans: readonly (readonly boolean[][])[],
  from: number,
  days: number,
  cap: number,
): CapEffect {
  const left = { cap: 0, free: 0 };
  const sends = { cap: 0, free: 0 };
  for (const [index, person] of people.entries())
    for (const arm of ['cap', 'free'] as const) {
      let stays = 1;
      for (const stream of streams.keys()) {
        const sent: number[] = [];
        for (let day = 0; day < days; day++) {
          if (plans[index]?.[stream]?.[day] !== true) continue;
          const sends7 = recent(sent, day);
          if (arm === 'cap' && sends7 >= cap) continue;
          sent.push(day);
          stays *= 1 - hazardOf(person, stream, sends7, from + day);
        }
        sends[arm] += sent.length;
      }
      left[arm] += 1 - stays;
    }
  const [capped, free] = [left.cap / people.length, left.free / people.length];
  return { capped, free, effect: capped - free, fewer: 1 - sends.cap / sends.free };
}
