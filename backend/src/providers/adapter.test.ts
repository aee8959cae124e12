import { expect, it } from 'vitest';
import { z } from 'zod';
import { eachItem, zonedTime } from './adapter.js';

it.each([
  ['2026-11-20T08:00:00Z', '2026-11-20T08:00:00.000Z'],
  ['2026-11-20T08:00:00.250000+00:00', '2026-11-20T08:00:00.250Z'],
  ['2026-11-20 08:00:00+01', '2026-11-20T07:00:00.000Z'],
  ['Fri, 20 Nov 2026 08:00:00 GMT', '2026-11-20T08:00:00.000Z'],
  ['Fri, 20 Nov 2026 03:00:00 -0500', '2026-11-20T08:00:00.000Z'],
  ['2026-11-20T08:00:00', null],
  ['2026-11-20 08:00:00', null],
  ['7', null],
  ['soon Z', null],
  ['', null],
  [null, null],
])('the time %j, read where it names its zone, is %j', (text, expected) => {
  expect(zonedTime(text)).toBe(expected);
});

it('an element that holds others is read in depth, and each fault stays where it is', () => {
  const Outer = z.object({ inner: z.array(z.unknown()) });
  const items = eachItem([{ inner: ['a', 1, 'b'] }, 2], Outer, ({ inner }) =>
    eachItem(inner, z.string(), (word) => word),
  );
  expect(items).toMatchObject([
    { kind: 'skipped', type: 'a' },
    { kind: 'unreadable', value: 1 },
    { kind: 'skipped', type: 'b' },
    { kind: 'unreadable', value: 2 },
  ]);
});
