import { expect, it } from 'vitest';
import type { CataloguedStream } from '../streams/stream.js';
import { stream } from './decide-test-support.js';
import { jurisdictionsOf } from './jurisdiction.js';

it('reads the markets of a brand once a catalogue, however many streams ask: a decision stays linear in them', () => {
  let reads = 0;
  const streams = Array.from({ length: 1000 }, (_, index): CataloguedStream => {
    const one = stream({ category: `c${index}` });
    return Object.defineProperty(one, 'brand', {
      get: () => {
        reads++;
        return 'acme';
      },
    });
  });
  const sold = stream({ category: 'sold', markets: ['FR', 'DE'] });
  const all = [...streams, sold];
  const hints = { subscriber: null, phone: null, streams: all, markets: [] };
  for (const one of streams) {
    expect(jurisdictionsOf({ ...hints, stream: one })).toEqual({
      jurisdictions: ['DE', 'FR'],
      from: 'brand',
    });
  }
  expect(reads).toBeLessThan(10 * streams.length);
});
