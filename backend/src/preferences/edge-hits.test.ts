import { expect, test } from 'vitest';
import { EdgeHits } from './edge-hits.js';
import type { OpenLink } from './token.js';

const link = (id: string, person = 'ada') => ({ id, person }) as OpenLink;
const at = 1_000_000;

test('a look within two seconds before the press is a sign, of this link only', () => {
  const hits = new EdgeHits();
  hits.note({ link: 'a', method: 'HEAD', at, prefetch: false, userAgent: '' });
  expect(hits.signsOf(link('b', 'bob'), undefined, at + 100)).toEqual([]);
  expect(hits.signsOf(link('a'), undefined, at + 1999)).toEqual(['machine_sign:hits']);
  expect(hits.signsOf(link('a'), undefined, at + 2000)).toEqual([]);
});

test('the third link of one person within ten seconds is a burst; other people are none of it', () => {
  const hits = new EdgeHits();
  const press = (id: string, person: string, after: number) =>
    hits.signsOf(link(id, person), undefined, at + after);
  expect(press('a', 'ada', 0)).toEqual([]);
  expect(press('b', 'bob', 1)).toEqual([]);
  expect(press('c', 'ada', 2)).toEqual([]);
  expect(press('c', 'ada', 3)).toEqual([]);
  expect(press('d', 'ada', 9999)).toEqual(['machine_sign:burst']);
  expect(press('e', 'ada', 30_000)).toEqual([]);
});
