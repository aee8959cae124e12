import { expect, test } from 'vitest';
import type { Ancestor } from '../streams/lineage.js';
import type { CataloguedStream } from '../streams/stream.js';
import { spellCoverOf } from './spell-cover.js';

const ever = Number.POSITIVE_INFINITY;
const stream = (
  key: string,
  channel: 'email' | 'sms' | 'web',
  more: Partial<CataloguedStream> = {},
): CataloguedStream => ({
  key,
  version: 1,
  channel,
  category: key,
  origin: 'shop',
  class: 'commercial',
  brand: 'acme',
  classes: [{ value: 'commercial', until: ever }],
  brands: [{ value: 'acme', until: ever }],
  listId: null,
  title: key,
  allOptionShown: true,
  legalBasis: null,
  regime: null,
  markets: [],
  parent: null,
  parents: [{ value: null, until: ever }],
  reviewed: true,
  ...more,
});
const catalogue = (...streams: CataloguedStream[]) => ({ streams, parents: (): readonly Ancestor[] => [] });
const pairs = (selectors: readonly string[], asked?: readonly string[]) => {
  const streams = catalogue(stream('news', 'email'), stream('texts', 'sms'), stream('pages', 'web'));
  const cover = spellCoverOf(selectors, streams, asked);
  return cover.cover_selectors.map((selector, index) => `${selector} → ${cover.cover_streams[index]}`).sort();
};

test('a selector covers what the catalogue says, and of one that the ledger does not have nothing is said', () => {
  expect(pairs(['channel=email', 'class=commercial', 'brand=other'])).toEqual([
    'channel=email → news',
    'class=commercial → news',
    'class=commercial → pages',
    'class=commercial → texts',
  ]);
});

test('an address that bounced is about what goes to addresses of its kind, an erasure about everything', () => {
  expect(pairs(['@email', '@voice', '@'])).toEqual([
    '@ → news',
    '@ → pages',
    '@ → texts',
    '@email → news',
    '@voice → texts',
  ]);
});

test('of one stream nothing is said about others, and a campaign is no stream', () => {
  expect(pairs(['channel=email', 'class=commercial', 'channel=email;campaign=bf'], ['texts'])).toEqual([
    'class=commercial → texts',
  ]);
});

test('a line counts until the stream had lost what it names, and an opt-in since it has it', () => {
  const changed = stream('moved', 'email', {
    class: 'informational',
    classes: [
      { value: 'commercial', until: 500 },
      { value: 'informational', until: ever },
    ],
  });
  const cover = spellCoverOf(['class=commercial', 'class=informational'], catalogue(changed));
  const of = (selector: string) => cover.cover_selectors.indexOf(selector);
  expect(cover.cover_until[of('class=commercial')]).toBe(500);
  expect(cover.cover_since[of('class=informational')]).toBe(500);
  expect([...cover.cover_until, ...cover.cover_since].every(Number.isSafeInteger)).toBe(true);
});
