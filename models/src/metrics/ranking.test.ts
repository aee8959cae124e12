import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { averagePrecision, kolmogorovSmirnov, lift, rocAuc, rocAucVariance } from './ranking.js';

const happened = [0, 0, 1, 1];
const scores = [0.1, 0.4, 0.35, 0.8];

describe('rocAuc', () => {
  it('is the share of pairs in the right order', () => {
    expect(rocAuc(happened, scores)).toBe(0.75);
    expect(rocAuc([0, 1], [0.2, 0.9])).toBe(1);
    expect(rocAuc([1, 0], [0.2, 0.9])).toBe(0);
    expect(rocAuc([1, 0, 1, 0], [0.5, 0.5, 0.5, 0.5])).toBe(0.5);
  });

  it('agrees with counting all pairs, where many scores are tied', () => {
    const random = createRandom(8);
    const y = Array.from({ length: 200 }, () => (random.chance(0.3) ? 1 : 0));
    const s = y.map((one) => random.integer(6) + one);
    let won = 0;
    let pairs = 0;
    for (const [i, yes] of y.entries())
      for (const [j, no] of y.entries())
        if (yes === 1 && no === 0) {
          pairs += 1;
          won += (s[i] as number) > (s[j] as number) ? 1 : s[i] === s[j] ? 0.5 : 0;
        }
    expect(rocAuc(y, s)).toBeCloseTo(won / pairs, 12);
  });

  it('counts a row of weight 2 twice', () => {
    expect(rocAuc(happened, scores, [1, 2, 1, 1])).toBe(rocAuc([...happened, 0], [...scores, 0.4]));
  });

  it('says nothing of one class', () => {
    expect(rocAuc([1, 1], [0.1, 0.2])).toBeNull();
    expect(rocAuc([], [])).toBeNull();
  });
});

describe('averagePrecision', () => {
  it('sums precision by what each step of recall adds', () => {
    expect(averagePrecision(happened, scores)).toBeCloseTo(0.5 * 1 + 0.5 * (2 / 3), 12);
  });

  it('is the share of positives where all scores are alike, and nothing without a positive', () => {
    expect(averagePrecision([1, 0, 0, 0], [1, 1, 1, 1])).toBe(0.25);
    expect(averagePrecision([0, 0], [1, 2])).toBeNull();
  });
});

describe('lift', () => {
  it('compares the highest scores with all', () => {
    const y = Array.from({ length: 20 }, (_, i) => (i < 4 ? 1 : 0));
    expect(
      lift(
        y,
        y.map((_, i) => -i),
      ),
    ).toBe(5);
    expect(
      lift(
        y,
        y.map((_, i) => i),
      ),
    ).toBe(0);
    expect(lift([0, 0], [1, 2])).toBeNull();
  });
});

describe('kolmogorovSmirnov', () => {
  it('is the largest lead of the positives', () => {
    expect(kolmogorovSmirnov(happened, scores)).toBe(0.5);
    expect(kolmogorovSmirnov([1, 1], [1, 2])).toBeNull();
  });
});

describe('rocAucVariance', () => {
  it('is that of the two kinds of placements, computed by hand', () => {
    // Positives beat 1/2 and 2/2 of the negatives: variance 1/8. Negatives lie below 2/2 and 1/2: 1/8. Over two of each.
    expect(rocAucVariance(happened, scores)).toBeCloseTo(1 / 8, 12);
  });

  it('covers the truth about as often as it says', () => {
    const random = createRandom(12);
    // Normal scores one deviation apart: the area is Φ(1/√2).
    const truth = 0.7602;
    let covered = 0;
    for (let round = 0; round < 300; round += 1) {
      const y = Array.from({ length: 200 }, (_, i) => (i < 60 ? 1 : 0));
      const s = y.map((one) => random.normal(one, 1));
      const auc = rocAuc(y, s) as number;
      if (Math.abs(auc - truth) < 1.96 * Math.sqrt(rocAucVariance(y, s) as number)) covered += 1;
    }
    expect(covered / 300).toBeGreaterThan(0.9);
    expect(covered / 300).toBeLessThan(0.99);
  });
});
