import { expect, it } from 'vitest';
import { Catalogue } from '../streams/catalogue.js';
import { edgeCatalogue } from './edge-catalogue.js';
import { streamHash } from './token.js';

it('finds a stream by key, by its three names and by its hash, also after the catalogue grew', () => {
  const empty = new Catalogue();
  const first = empty.with(empty.firstSeen('email', 'offers', 'shop', 1));
  const second = first.with(first.firstSeen('sms', 'offers', 'shop', 2));
  expect(edgeCatalogue(first)).toBe(edgeCatalogue(first));
  for (const catalogue of [first, second]) {
    const view = edgeCatalogue(catalogue);
    const stream = view.byTriple('email', 'offers', 'shop');
    expect(stream?.channel).toBe('email');
    expect(view.byKey(stream?.key ?? '')).toBe(stream);
    expect(view.byHash('email', streamHash('email', 'offers', 'shop'))).toBe(stream);
    expect(view.byHash('sms', streamHash('email', 'offers', 'shop'))).toBeUndefined();
  }
  expect(edgeCatalogue(first).byHash('sms', streamHash('sms', 'offers', 'shop'))).toBeUndefined();
  expect(edgeCatalogue(second).byHash('sms', streamHash('sms', 'offers', 'shop'))?.channel).toBe('sms');
});
