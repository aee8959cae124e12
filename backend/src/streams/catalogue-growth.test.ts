import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Catalogue, type StreamVersion } from './catalogue.js';
import { marketsOfBrand } from './catalogue-index.js';

const version: fc.Arbitrary<StreamVersion> = fc
  .record({
    key: fc.integer({ min: 0, max: 150 }).map((n) => `k${n}`),
    category: fc.integer({ min: 0, max: 120 }).map(String),
    version: fc.constantFrom(1, 1, 1, 2),
    listId: fc.constantFrom(null, null, 'a.example', 'b.example'),
    brand: fc.constantFrom('acme', 'acme', 'zenith'),
    markets: fc.constantFrom([], [], ['US'], ['DE', 'FR']),
    parent: fc.constantFrom(null, null, 'k1', 'k2'),
  })
  .map((given) => ({
    channel: 'email',
    origin: 'shop',
    class: 'commercial',
    title: given.category,
    allOptionShown: false,
    legalBasis: null,
    regime: null,
    reviewed: false,
    changedAt: given.version * 100,
    ...given,
  }));

/** Everything that a catalogue answers. */
const answers = (catalogue: Catalogue) => ({
  streams: catalogue.streams,
  found: catalogue.streams.map((one) => catalogue.find(one.channel, one.category, one.origin)?.key),
  latest: catalogue.streams.map((one) => catalogue.latest(one.key)),
  parents: catalogue.streams.map((one) => catalogue.parents(one)),
  lists: ['a.example', 'b.example'].map((list) => catalogue.findByListId(list)?.key),
  markets: ['acme', 'zenith'].map((brand) => marketsOfBrand(brand, catalogue.streams)),
  brand: catalogue.firstSeen('sms', 'x', 'y', 1).brand,
});

describe('a catalogue that grows stream by stream', () => {
  it('answers as one that is made at once, whether or not it is read in between, and no older one changes', () => {
    fc.assert(
      fc.property(fc.array(version, { maxLength: 200 }), fc.boolean(), (versions, isRead) => {
        const steps = [new Catalogue()];
        for (const one of versions) {
          const next = (steps.at(-1) ?? new Catalogue()).with(one);
          if (isRead) expect(next.get(one.key)?.key).toBe(next.streams.find((s) => s.key === one.key)?.key);
          steps.push(next);
        }
        for (const at of [0, 30, 64, 65, 130, versions.length]) {
          const step = steps[at];
          if (step !== undefined)
            expect(answers(step)).toEqual(answers(new Catalogue(versions.slice(0, at))));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('keeps the objects of the streams that did not change, for what is cached by them', () => {
    const [first, second, third] = ['a', 'b', 'c'].map(
      (key): StreamVersion => ({
        ...(fc.sample(version, { numRuns: 1, seed: 1 })[0] as StreamVersion),
        key,
        category: key,
      }),
    ) as [StreamVersion, StreamVersion, StreamVersion];
    const before = new Catalogue([first, third]);
    const after = before.with(second);
    expect(after.streams.map((one) => one.key)).toEqual(['a', 'b', 'c']);
    expect(after.streams.filter((one) => before.streams.includes(one))).toEqual(before.streams);
    expect(before.streams.map((one) => one.key)).toEqual(['a', 'c']);
  });
});
