import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  anyLedger,
  anyInstant as instant,
  ledgerStart as start,
  storeLedger,
} from '../support/any-ledger.js';
import { openTestDatabase, type TestDatabase } from '../support/engine.js';
import { type Asked, naiveSpells } from '../support/naive-spells.js';
import { naiveCurve, naiveLogRank } from '../support/naive-survival.js';
import { anyCause, type CurveRow } from '../support/spell-table.js';
import { coverOf } from './analytics/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const hour = 3_600_000;

const anyAsked = fc.record({
  places: fc.uniqueArray(
    fc.record({
      stream: fc.constantFrom('', 'news', 'offers'),
      segment: fc.constantFrom('', 'loyal', 'country:DE'),
    }),
    { minLength: 1, maxLength: 3, selector: ({ stream, segment }) => `${stream} ${segment}` },
  ),
  // Mostly when much has happened.
  asOf: fc.oneof(instant, { arbitrary: fc.constant(start + 12 * (hour / 2)), weight: 2 }),
  later: fc.constantFrom(0, hour, 4 * hour),
  whileInSegment: fc.boolean(),
  unit: fc.constantFrom(hour, 1),
});

const figures = ['t', 'at_risk', 'events', 'censored', 'survival', 'opt_out', 'complaint'] as const;

test('spells are those of a walk through the ledgers, by either clock, in segments and out of them', async () => {
  let met = 0;
  await fc.assert(
    fc.asyncProperty(anyLedger, anyAsked, async (ledger, { places, asOf, later, whileInSegment, unit }) => {
      await storeLedger(database, ledger);
      const asked: Asked[] = places.map((one) => ({
        ...one,
        asOf,
        knownAt: asOf + later,
        whileInSegment,
        unit,
      }));
      const params = {
        as_of: new Date(asOf),
        known_at: new Date(asOf + later),
        streams: places.map(({ stream }) => stream),
        segments: places.map(({ segment }) => segment),
        while_in_segment: whileInSegment ? 1 : 0,
        step_ms: unit,
        unit_ms: unit,
        causes: anyCause,
        ...coverOf('news', 'offers'),
      };
      const spells = asked.map((one) => naiveSpells(ledger, one));
      const { engine } = database;
      const more = { min_at_risk: 0, most: 10_000 };
      const compare = (rows: readonly CurveRow[], number: number, naive: (typeof spells)[number]) => {
        const ours = rows.filter(({ curve }) => curve === number);
        const theirs = naiveCurve(naive, anyCause);
        expect(ours.map((row) => figures.map((name) => row[name].toFixed(9)))).toEqual(
          theirs.map((point) =>
            figures.map((name) =>
              (name === 'opt_out'
                ? point.incidence[0]
                : name === 'complaint'
                  ? point.incidence[1]
                  : point[name]
              )?.toFixed(9),
            ),
          ),
        );
        met += theirs.length;
      };
      const rows = await engine.query('analytics/retention_curve_in_segments', { ...params, ...more });
      for (const [index, each] of spells.entries()) compare(rows, index + 1, each);

      const { segments: _, while_in_segment: __, ...plain } = params;
      const streams = [...new Set(params.streams)];
      const ofStreams = await engine.query('analytics/retention_curve', { ...plain, ...more, streams });
      for (const [index, stream] of streams.entries()) {
        const one = asked.find((each) => each.stream === stream);
        if (one !== undefined) compare(ofStreams, index + 1, naiveSpells(ledger, { ...one, segment: '' }));
      }

      const [sums] = await engine.query('analytics/retention_log_rank', { ...params, curves: places.length });
      const theirs = naiveLogRank(
        spells.flatMap((each, index) => each.map((one) => ({ ...one, curve: index + 1 }))),
        places.length,
        anyCause,
      );
      const digits = (values: readonly number[] = []) =>
        values.map((value) => value.toFixed(9).replace(/^-(0\.0*)$/, '$1'));
      if (sums !== undefined && sums.observed.length > 0) {
        expect(digits(sums.observed)).toEqual(digits(theirs.observed));
        expect(digits(sums.expected)).toEqual(digits(theirs.expected));
        expect(digits(sums.variance)).toEqual(digits(theirs.variance));
      } else expect(theirs.observed.every((each) => each === 0)).toBe(true);
    }),
    { numRuns: 20 },
  );
  // The ledgers were not empty.
  expect(met).toBeGreaterThan(30);
}, 120_000);
