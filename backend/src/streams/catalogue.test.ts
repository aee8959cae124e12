import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StreamKey } from '../contract/streams.js';
import { Catalogue, type StreamVersion } from './catalogue.js';

const version = (given: Partial<StreamVersion> = {}): StreamVersion => ({
  key: 'promos',
  version: 1,
  channel: 'email',
  category: 'promotions',
  origin: 'shop',
  class: 'commercial',
  brand: 'acme',
  listId: null,
  title: 'Offers',
  allOptionShown: true,
  legalBasis: null,
  regime: null,
  markets: [],
  parent: null,
  reviewed: true,
  changedAt: 100,
  ...given,
});

describe('catalogue', () => {
  it('finds a stream by key, by place and by List-Id of any case and dress', () => {
    const catalogue = new Catalogue([version({ listId: 'promos.shop.example' })]);
    expect(catalogue.get('promos')?.title).toBe('Offers');
    expect(catalogue.find('email', 'promotions', 'shop')?.key).toBe('promos');
    expect(catalogue.find('sms', 'promotions', 'shop')).toBeUndefined();
    expect(catalogue.findByListId('"Our offers" <Promos.Shop.EXAMPLE>')?.key).toBe('promos');
    expect(catalogue.findByListId('promos.shop.example')?.key).toBe('promos');
    expect(catalogue.findByListId('shop.example')).toBeUndefined();
  });

  it('remembers every class and brand, and until when it was held, whatever order the rows come in', () => {
    const rows = [
      version({ version: 3, changedAt: 300, class: 'commercial', brand: 'zenith' }),
      version({ version: 1, changedAt: 100 }),
      version({ version: 2, changedAt: 200, class: 'informational' }),
    ];
    const [stream] = new Catalogue(rows).streams;
    expect(stream).toMatchObject({ version: 3, class: 'commercial', brand: 'zenith' });
    expect(stream?.classes).toEqual([
      { value: 'commercial', until: Infinity },
      { value: 'informational', until: 300 },
    ]);
    expect(stream?.brands).toEqual([
      { value: 'acme', until: 300 },
      { value: 'zenith', until: Infinity },
    ]);
  });

  it('keeps the later end of a class that was held twice, also when a clock went back', () => {
    const rows = [
      version({ version: 1, changedAt: 100 }),
      version({ version: 2, changedAt: 300, class: 'informational' }),
      version({ version: 3, changedAt: 150, class: 'commercial' }),
      version({ version: 4, changedAt: 200, class: 'informational' }),
    ];
    expect(new Catalogue(rows).get('promos')?.classes).toEqual([
      { value: 'commercial', until: 300 },
      { value: 'informational', until: Infinity },
    ]);
  });

  it('is not changed by a new version, and keeps the streams that did not change', () => {
    const before = new Catalogue([version(), version({ key: 'news', category: 'news' })]);
    const after = before.with(version({ version: 2, class: 'informational', changedAt: 200 }));
    expect(before.get('promos')?.class).toBe('commercial');
    expect(after.get('promos')?.classes).toHaveLength(2);
    expect(after.get('news')).toBe(before.get('news'));
    expect(after.streams.map((stream) => stream.key)).toEqual(['news', 'promos']);
  });

  it('lists parents nearest first and survives a cycle', () => {
    const catalogue = new Catalogue([
      version({ key: 'a', category: 'a', parent: 'b' }),
      version({ key: 'b', category: 'b', parent: 'c' }),
      version({ key: 'c', category: 'c', parent: 'a' }),
      version({ key: 'd', category: 'd', parent: 'gone' }),
    ]);
    const parents = (key: string) => {
      const stream = catalogue.get(key);
      return stream === undefined ? [] : catalogue.parents(stream).map((one) => one.stream.key);
    };
    expect(parents('a')).toEqual(['b', 'c']);
    expect(parents('d')).toEqual([]);
  });

  it('INV-2919-2: knows every parent a stream has had, until when it counts for denials and from when for opt-ins', () => {
    const catalogue = new Catalogue([
      version({ key: 'all', category: 'all' }),
      version({ key: 'old', category: 'old', parent: 'all' }),
      version({ key: 'new', category: 'new' }),
      version({ parent: 'old' }),
      version({ version: 2, parent: 'new', changedAt: 200 }),
      version({ key: 'new', category: 'new', version: 2, parent: 'all', changedAt: 300 }),
    ]);
    const promos = catalogue.get('promos');
    expect(promos?.parents).toEqual([
      { value: 'old', until: 200 },
      { value: 'new', until: Infinity },
    ]);
    const found = promos === undefined ? [] : catalogue.parents(promos);
    expect(found.map(({ stream, until, from }) => [stream.key, until, from])).toEqual([
      ['new', Infinity, 200],
      ['all', Infinity, 300],
      ['old', 200, Infinity],
    ]);
  });

  it('lets parent and child change places: only the parents of today are no children', () => {
    const catalogue = new Catalogue([
      version({ key: 'news', category: 'news' }),
      version({ parent: 'news' }),
      version({ version: 2, parent: null, changedAt: 200 }),
    ]);
    const next = version({ key: 'news', category: 'news', version: 2, parent: 'promos', changedAt: 300 });
    expect(catalogue.conflicts(next)).toEqual([]);
    const after = catalogue.with(next);
    const parents = (key: string) =>
      [after.get(key)].flatMap((one) => (one === undefined ? [] : after.parents(one)));
    expect(parents('promos')).toMatchObject([{ stream: { key: 'news' }, until: 200 }]);
    expect(parents('news')).toMatchObject([{ stream: { key: 'promos' }, until: Infinity, from: 300 }]);
  });
});

describe('INV-2919-1: a stream keeps its place and its List-Id for ever', () => {
  const catalogue = new Catalogue([
    version({ listId: 'promos.shop.example' }),
    version({ key: 'news', category: 'news', listId: 'news.shop.example', parent: 'promos' }),
  ]);
  const fields = (given: Partial<StreamVersion>) =>
    catalogue
      .conflicts(version({ version: 2, listId: 'promos.shop.example', ...given }))
      .map((one) => one.field);

  it('takes a new title, class, brand and the same List-Id in another case', () => {
    expect(fields({ title: 'x', class: 'informational', brand: 'b', listId: 'PROMOS.shop.example' })).toEqual(
      [],
    );
  });
  it('refuses another place', () => {
    expect(fields({ category: 'offers' })).toEqual(['category']);
    expect(fields({ category: 'news' })).toEqual(['category', 'origin']);
  });
  it('refuses another List-Id, none, or that of another stream', () => {
    expect(fields({ listId: 'x.example' })).toEqual(['list_id']);
    expect(fields({ listId: null })).toEqual(['list_id']);
    expect(fields({ listId: 'news.shop.example' })).toEqual(['list_id', 'list_id']);
  });
  it('refuses a parent that does not exist or descends from it', () => {
    expect(fields({ parent: 'nobody' })).toEqual(['parent']);
    expect(fields({ parent: 'promos' })).toEqual(['parent']);
    expect(fields({ parent: 'news' })).toEqual(['parent']);
  });
});

describe('first seen', () => {
  it('registers as commercial and not reviewed, under the only brand there is', () => {
    const one = new Catalogue([version()]).firstSeen('sms', 'alerts', 'crm', 5);
    expect(one).toMatchObject({ key: 'sms.alerts.crm', class: 'commercial', reviewed: false, brand: 'acme' });
    const two = new Catalogue([version(), version({ key: 'z', category: 'z', brand: 'zenith' })]);
    expect(two.firstSeen('sms', 'alerts', 'crm', 5).brand).toBe('default');
    expect(new Catalogue().firstSeen('sms', 'alerts', 'crm', 5).brand).toBe('default');
  });

  it('gives every place a key of its own, and the same place the same key', () => {
    const name = fc.oneof(
      fc.constantFrom('a', 'a.b', 'b', '.', 'ä', 'a-b', 'a b', 'x'.repeat(128), `${'x'.repeat(127)}y`),
      fc.string({ minLength: 1, maxLength: 128 }),
    );
    const place = fc.tuple(fc.constantFrom('email' as const, 'sms' as const), name, name);
    fc.assert(
      fc.property(fc.uniqueArray(place, { maxLength: 8, selector: JSON.stringify }), (places) => {
        let catalogue = new Catalogue([version({ key: 'email.a.b', category: 'taken' })]);
        for (const [channel, category, origin] of places) {
          const first = catalogue.firstSeen(channel, category, origin, 1);
          expect(StreamKey.safeParse(first.key).success, first.key).toBe(true);
          expect(catalogue.get(first.key)).toBeUndefined();
          expect(catalogue.firstSeen(channel, category, origin, 2).key).toBe(first.key);
          expect(catalogue.conflicts(first)).toEqual([]);
          catalogue = catalogue.with(first);
        }
        expect(catalogue.streams).toHaveLength(places.length + 1);
      }),
    );
  });
});
