import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anyLedger, ledgerStart, storeLedger } from '../../support/any-ledger.js';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { naiveSpells } from '../../support/naive-spells.js';
import { coverOf, delivery, person, spellMark, stream } from '../analytics/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const ask = (from: string | number, to: string | number) =>
  database.engine.query('exports/spells', {
    ...coverOf('promotions', 'news', 'offers'),
    ...{ from: new Date(from), to: new Date(to), quote_formulas: false },
  });
const subjects = (...numbers: number[]) =>
  database.insert(
    'subjects',
    numbers.map((number) => ({ person: person(number), version: 1 })),
  );

test('has no row where nothing began', async () => {
  expect(await ask('2026-11-01', '2026-12-01')).toEqual([]);
});

/*
 *   person | what happened to `news`                                   | in November
 *   1      | delivered 2nd, opt-out 5th, opt-in December 9th           | from 2nd to 5th
 *   2      | opt-in 3rd                                                | from 3rd, open
 *   3      | delivered October 31st, complaint November 2nd            | none: October's
 *   4      | delivered 2nd, erased 20th                                | none: erased
 *   9      | delivered 2nd, without a profile                          | none
 */
test('has each subscription in the month in which it began, whenever it ended', async () => {
  await subjects(1, 2, 3, 4);
  await database.insert('streams', [stream('news', 'email', 'newsletter', 'blog')]);
  const day = (number: number, month = 11) =>
    `2026-${month}-${String(number).padStart(2, '0')}T12:00:00.000Z`;
  const mark = (number: number, cause: string, at: string) =>
    spellMark(cause, at, 'news', { person: person(number), subject: person(number) });
  const sent = (number: number, at: string) => delivery(at, { person: person(number), stream: 'news' });
  await database.insert('events', [sent(1, day(2)), sent(3, day(31, 10)), sent(4, day(2)), sent(9, day(2))]);
  await database.insert('spell_marks', [
    mark(1, 'opt_in', day(9, 12)),
    mark(1, 'opt_out', day(5)),
    mark(2, 'opt_in', day(3)),
    mark(3, 'complaint', day(2)),
    { ...mark(4, 'erasure', day(20)), selector: '@' },
  ]);
  const place = { stream: 'news', channel: 'email', category: 'newsletter', origin: 'blog' };
  const rows = await ask('2026-11-01', '2026-12-01');
  expect(rows.sort((one, other) => one.began_at.localeCompare(other.began_at))).toEqual([
    { person: person(1), ...place, began_at: day(2), ended_at: day(5), cause: 'opt_out' },
    { person: person(2), ...place, began_at: day(3), ended_at: null, cause: '' },
  ]);
  expect(await ask('2026-12-01', '2027-01-01')).toMatchObject([{ began_at: day(9, 12), ended_at: null }]);
  expect(await ask('2026-10-01', '2026-11-01')).toMatchObject([{ ended_at: day(2), cause: 'complaint' }]);
});

/** From the beginning to the end of each, or to `end`, with its cause. */
const end = ledgerStart + 7 * 3_600_000;
const causes = ['', 'opt_out', 'complaint', 'hard_bounce', 'erasure', 'consent_expiry'];

test('all months together are the spells of a walk through the ledger', async () => {
  await subjects(1, 2, 3, 4);
  let met = 0;
  await fc.assert(
    fc.asyncProperty(anyLedger, async (ledger) => {
      await storeLedger(database, ledger);
      const middle = ledgerStart + 3 * 3_600_000;
      const rows = [...(await ask(0, middle)), ...(await ask(middle, end))];
      for (const key of ['news', 'offers']) {
        const asked = { stream: key, segment: '', asOf: end, knownAt: Number.MAX_SAFE_INTEGER };
        const naive = naiveSpells(ledger, { ...asked, whileInSegment: false, unit: 1 });
        const ours = rows
          .filter((row) => row.stream === key)
          .map(({ began_at, ended_at, cause }) => [
            (ended_at === null ? end : Date.parse(ended_at)) - Date.parse(began_at),
            causes.indexOf(cause),
          ]);
        expect(ours.sort()).toEqual(naive.map(({ exit, cause }) => [exit, cause]).sort());
        met += naive.length;
      }
    }),
    { numRuns: 20, seed: Number(process.env.SECATEUR_SEED) },
  );
  expect(met).toBeGreaterThan(30);
}, 120_000);
