import { describe, expect, it } from 'vitest';
import { splitsOf, stratifiedFolds } from './folds.js';
import { createRandom } from './random.js';

const event = Uint8Array.from({ length: 1000 }, (_, row) => (row % 10 === 0 ? 1 : 0));

describe('stratifiedFolds', () => {
  it('deals each fold its share of rows and of events', () => {
    const folds = stratifiedFolds(event, 5, createRandom(1));
    for (let fold = 0; fold < 5; fold += 1) {
      const rows = [...folds.keys()].filter((row) => folds[row] === fold);
      expect(rows).toHaveLength(200);
      expect(rows.filter((row) => event[row] === 1)).toHaveLength(20);
    }
  });

  it('keeps the rows of a group together', () => {
    const groups = Array.from(event, (_, row) => `person ${row % 137}`);
    const folds = stratifiedFolds(event, 4, createRandom(1), groups);
    const found = new Map<string, number>();
    for (const [row, group] of groups.entries()) {
      expect(found.get(group) ?? folds[row]).toBe(folds[row]);
      found.set(group, folds[row] as number);
    }
    expect(new Set(folds).size).toBe(4);
  });

  it('gives the same folds for a seed and others for another', () => {
    expect(stratifiedFolds(event, 5, createRandom(1))).toEqual(stratifiedFolds(event, 5, createRandom(1)));
    expect(stratifiedFolds(event, 5, createRandom(1))).not.toEqual(
      stratifiedFolds(event, 5, createRandom(2)),
    );
  });
});

describe('splitsOf', () => {
  it('checks each row once, by what has not seen it', () => {
    const splits = splitsOf(Int32Array.of(0, 1, 2, 0, 1), 3);
    expect(splits.flatMap(({ check }) => [...check]).sort()).toEqual([0, 1, 2, 3, 4]);
    for (const { fit, check } of splits) expect([...fit, ...check].sort()).toEqual([0, 1, 2, 3, 4]);
  });
});
