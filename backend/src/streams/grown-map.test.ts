import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GrownMap } from './grown-map.js';

it('answers as a map that is copied on each change, and no older one changes', () => {
  const entries = fc.array(fc.tuple(fc.integer({ min: 0, max: 99 }).map(String), fc.integer()), {
    minLength: 60,
    maxLength: 200,
  });
  fc.assert(
    fc.property(entries, (all) => {
      const steps = [{ grown: new GrownMap<{ n: number }>(), copy: new Map<string, { n: number }>() }];
      for (const [key, n] of all) {
        const last = steps.at(-1);
        if (last === undefined) continue;
        const value = { n };
        steps.push({ grown: last.grown.with(key, value), copy: new Map(last.copy).set(key, value) });
      }
      for (const { grown, copy } of steps) {
        for (let key = 0; key < 100; key++) expect(grown.get(`${key}`)).toBe(copy.get(`${key}`));
      }
    }),
    { numRuns: 10 },
  );
});
