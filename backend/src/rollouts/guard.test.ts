import { describe, expect, test } from 'vitest';
import { compareArms, nobody } from './compare.js';
import { alpha, type Complaints, judge, reasonOf, rho, sequenceHalfWidth } from './guard.js';

const settings = { margin: 0.002, min_people: 100 };
const of = (complaints: number, people: number): Complaints => ({ complaints, people });

describe('the bounds of the guard', () => {
  /** ρ² = (5.99146 + ln 6.99146)/1000 = 0.0079362; nρ² + 1 = 8.9362; √ = 2.98935; ln(2.98935/0.05) = 4.09079. */
  test('are those of the paper, by hand at 1000 people', () => {
    expect(rho * rho).toBeCloseTo(0.0079362, 7);
    expect(sequenceHalfWidth(0.5, 1000)).toBeCloseTo(0.5 * Math.sqrt(((2 * 8.9362) / 7936.2) * 4.09079), 6);
  });

  test('are narrowest, against those of one look, near the number of people that ρ was chosen for', () => {
    const relative = (n: number) => sequenceHalfWidth(1, n) * Math.sqrt(n);
    const best = Array.from({ length: 200 }, (_, index) => 50 * (index + 1)).sort(
      (a, b) => relative(a) - relative(b),
    )[0];
    expect(best).toBeGreaterThan(800);
    expect(best).toBeLessThan(1200);
    // Wider than the 1.96 of one look: the price of looking again.
    expect(relative(1000)).toBeGreaterThan(1.96);
  });
});

describe('the guard', () => {
  test('does not judge before each arm has enough people', () => {
    expect(judge(of(60, 99), of(0, 5000), settings).verdict).toBe('too_few');
    expect(judge(of(60, 100), of(0, 99), settings).verdict).toBe('too_few');
    expect(judge(of(60, 100), of(0, 100), settings).verdict).toBe('worse');
    expect(judge(of(0, 0), of(0, 100), settings)).toMatchObject({ verdict: 'too_few', difference: null });
  });

  test('takes no arm without complaints for certain', () => {
    expect(judge(of(1, 100), of(0, 100), settings).verdict).toBe('open');
    expect(judge(of(0, 100), of(0, 100), settings).verdict).toBe('open');
    expect(judge(of(0, 100_000), of(0, 100_000), settings).verdict).toBe('not_worse');
  });

  test('forgives what is within the margin, and a new arm that is better', () => {
    expect(judge(of(5000, 100_000), of(3000, 100_000), settings).verdict).toBe('worse');
    expect(judge(of(5000, 100_000), of(3000, 100_000), { ...settings, margin: 0.02 }).verdict).toBe('open');
    expect(judge(of(5000, 100_000), of(3000, 100_000), { ...settings, margin: 0.03 }).verdict).toBe(
      'not_worse',
    );
    expect(judge(of(0, 1000), of(300, 1000), settings).verdict).toBe('not_worse');
  });

  test('says its reason with the numbers', () => {
    const [fresh, old] = [
      { ...nobody, people: 100, complaints: 60 },
      { ...nobody, people: 120, complaints: 1 },
    ];
    const reason = reasonOf({ ...compareArms(fresh, old), guard: judge(fresh, old, settings) });
    expect(reason).toContain('60 of 100 people in the new arm, 1 of 120 people in the old');
    expect(reason).toContain('difference 59.17 percentage points');
    expect(reason).toContain('margin of 0.20 percentage points');
  });
});

const seed = Number(process.env.SECATEUR_SEED);
const runs = 400;

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function randomFrom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Scene {
  readonly share: number;
  readonly fresh: number;
  readonly old: number;
  readonly margin: number;
  readonly people: number;
  /** A complaint comes after up to so many more people. */
  readonly delay: number;
}

type Judge = (fresh: Complaints, old: Complaints, margin: number) => boolean;

const guard: Judge = (fresh, old, margin) =>
  judge(fresh, old, { margin, min_people: 100 }).verdict === 'worse';

/** What a test that is made for one look would do at every look. */
const oneLook: Judge = (fresh, old, margin) => {
  const { difference } = judge(fresh, old, { margin, min_people: 100 });
  const variance = ({ people, complaints }: Complaints) => {
    const rate = complaints / people;
    return (rate * (1 - rate)) / people;
  };
  if (Math.min(fresh.people, old.people) < 100) return false;
  return (difference ?? 0) - margin > 1.645 * Math.sqrt(variance(fresh) + variance(old));
};

/** How many of the runs are rolled back at some look; one after every 50 people. */
function rolledBack(
  { share, fresh, old, margin, people, delay }: Scene,
  judges: Judge,
  from: number,
): number {
  const random = randomFrom(from);
  let count = 0;
  for (let run = 0; run < runs; run++) {
    const arms = { fresh: { people: 0, complaints: 0 }, old: { people: 0, complaints: 0 } };
    const due = new Map<number, { complaints: number }[]>();
    for (let person = 1; person <= people; person++) {
      const isNew = random() < share;
      const arm = isNew ? arms.fresh : arms.old;
      arm.people += 1;
      if (random() < (isNew ? fresh : old)) {
        const at = person + Math.floor(random() * (delay + 1));
        due.set(at, [...(due.get(at) ?? []), arm]);
      }
      for (const complained of due.get(person) ?? []) complained.complaints += 1;
      if (person % 50 === 0 && judges(arms.fresh, arms.old, margin)) {
        count += 1;
        break;
      }
    }
  }
  return count;
}

const percentOf = (count: number) => `${((100 * count) / runs).toFixed(2)} %`;

describe(`a look after every 50 people (seed ${seed})`, () => {
  const equal: Scene = { share: 0.5, fresh: 0.02, old: 0.02, margin: 0, people: 5000, delay: 0 };

  test.each<[string, Scene]>([
    ['at 2 %, no margin', equal],
    ['at 0.3 %, no margin', { ...equal, fresh: 0.003, old: 0.003 }],
    ['at 10 %, no margin', { ...equal, fresh: 0.1, old: 0.1 }],
    ['at 2 %, one person in ten in the new arm, no margin', { ...equal, share: 0.1 }],
    ['at 0.3 %, nine in ten in the new arm, no margin', { ...equal, share: 0.9, fresh: 0.003, old: 0.003 }],
    ['at 2 %, complaints that come late, no margin', { ...equal, delay: 1000 }],
    ['at 2 %, with the margin', { ...equal, margin: settings.margin }],
    ['worse by exactly the margin', { ...equal, fresh: 0.022, margin: settings.margin }],
  ])('rolls back at most one equal arm in twenty: %s', (name, scene) => {
    const count = rolledBack(scene, guard, seed);
    console.log(`guard, seed ${seed}: ${percentOf(count)} of ${runs} rolled back for nothing, ${name}`);
    // The chance is 1 to 2 %: one in twenty is more than four standard deviations away.
    expect(count).toBeLessThanOrEqual(runs * alpha);
  });

  test('would roll back far more of them by a test that is made for one look', () => {
    const count = rolledBack(equal, oneLook, seed);
    console.log(`guard, seed ${seed}: ${percentOf(count)} of ${runs} rolled back by a test for one look`);
    expect(count).toBeGreaterThan(2 * runs * alpha);
  });

  test.each<[string, Scene]>([
    ['2 % against 5 %', { ...equal, fresh: 0.05, margin: settings.margin }],
    ['2 % against 6 %, late', { ...equal, fresh: 0.06, margin: settings.margin, delay: 1000 }],
    ['2 % against 8 %, one in ten', { ...equal, fresh: 0.08, margin: settings.margin, share: 0.1 }],
  ])('rolls back most arms that are clearly worse: %s', (name, scene) => {
    const count = rolledBack(scene, guard, seed);
    console.log(`guard, seed ${seed}: ${percentOf(count)} of ${runs} rolled back, ${name}`);
    expect(count).toBeGreaterThan(runs * 0.8);
  });
});
