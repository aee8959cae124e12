import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mailDate } from './mail-date.js';

it.each([
  ['Tue, 03 Nov 2026 10:00:00 +0000', '2026-11-03T10:00:00.000Z'],
  ['3 Nov 2026 10:00 -0330', '2026-11-03T13:30:00.000Z'],
  ['Fri, 3 Nov 2026 23:59:59 PST', '2026-11-04T07:59:59.000Z'],
  ['Tue, 3 Nov 2026 10:00:00 edt', '2026-11-03T14:00:00.000Z'],
  ['Tue, 3 Nov 2026 10:00:00 +0100 (CET)', '2026-11-03T09:00:00.000Z'],
  ['(written) Tue,  3\tNovember 2026 10:00:00 GMT', '2026-11-03T10:00:00.000Z'],
  ['3 Nov 94 10:00:00 +0000', '1994-11-03T10:00:00.000Z'],
  ['3 Nov 26 10:00:00 -0000', '2026-11-03T10:00:00.000Z'],
  ['3 Nov 2026 10:00:00.123 Z', '2026-11-03T10:00:00.000Z'],
])('%s is %s', (text, at) => {
  expect(mailDate(text)).toBe(at);
});

it('has no zone where the text names none that is known', () => {
  for (const zone of ['', ' JST', ' +9900', ' +0075']) {
    expect(mailDate(`3 Nov 2026 10:00:00${zone}`), zone).toBe('2026-11-03T10:00:00');
  }
});

it.each([
  null,
  '',
  'yesterday',
  '2026-11-03',
  '32 Nov 2026 10:00:00 +0000',
  '3 Foo 2026 10:00:00 +0000',
  '3 Nov 2026 25:00:00 +0000',
  '3 Nov 2026 10:00:77 +0000',
])('%s is no time', (text) => {
  expect(mailDate(text)).toBeNull();
});

it('reads back every time that JavaScript writes', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
      (date) => {
        date.setUTCMilliseconds(0);
        expect(mailDate(date.toUTCString())).toBe(date.toISOString());
      },
    ),
  );
});
