import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../support/engine.js';
import { type Asked, type Ledger, naiveSpells } from '../support/naive-spells.js';
import { naiveCurve, naiveLogRank } from '../support/naive-survival.js';
import { anyCause, type CurveRow } from '../support/spell-table.js';
import { coverOf, delivery, person, spellMark, takenBack } from './analytics/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const start = Date.parse('2026-03-01T00:00:00.000Z');
const hour = 3_600_000;
/** Few instants, so that many fall together; not all at whole hours. */
const instant = fc.integer({ min: 0, max: 12 }).map((step) => start + step * (hour / 2));
const clocks = fc.record({ at: instant, late: fc.constantFrom(0, 0, 0, hour, 4 * hour) });
const place = { person: fc.integer({ min: 1, max: 4 }), stream: fc.constantFrom('news', 'offers') };
const received = <Item extends { at: number; late: number }>({ late, ...rest }: Item) => ({
  ...rest,
  known: rest.at + late,
});

const anyLedger: fc.Arbitrary<Ledger> = fc.record({
  deliveries: fc.array(
    fc
      .tuple(fc.record({ ...place, segments: fc.subarray(['country:DE', 'plan:free']) }), clocks)
      .map(([one, clock]) => received({ ...one, ...clock })),
    { minLength: 4, maxLength: 14 },
  ),
  edges: fc
    .array(
      fc
        .tuple(
          fc.record({
            ...place,
            cause: fc.constantFrom(
              ...['opt_out', 'complaint', 'hard_bounce', 'erasure', 'consent_expiry'],
              ...['opt_in', 'opt_in', 'opt_in'],
            ),
            grade: fc.integer({ min: 0, max: 2 }),
            tolerance: fc.constantFrom(0, 0, hour),
            subject: fc.constantFrom(1, 1, 1, 2),
          }),
          clocks,
        )
        .map(([one, clock]) => received({ ...one, ...clock })),
      { maxLength: 14 },
    )
    .map((all) => all.map((one, index) => ({ ...one, decision: index + 1 }))),
  undone: fc.array(
    fc
      .tuple(fc.record({ decision: fc.integer({ min: 1, max: 14 }) }), clocks)
      .map(([one, clock]) => received({ ...one, ...clock })),
    { maxLength: 2 },
  ),
  memberships: fc
    .array(
      fc
        .tuple(
          fc.record({
            person: place.person,
            segment: fc.constantFrom('loyal', 'idle'),
            inside: fc.boolean(),
          }),
          clocks,
        )
        .map(([one, clock]) => received({ ...one, ...clock })),
      { maxLength: 14 },
    )
    .map((all) => all.map((one, index) => ({ ...one, seq: index + 1 }))),
});

const iso = (at: number) => new Date(at).toISOString();

async function store(ledger: Ledger): Promise<void> {
  const { engine } = database;
  for (const table of ['events', 'exposures', 'spell_marks', 'memberships']) {
    await engine.command(`TRUNCATE TABLE ${table}`);
  }
  // In several blocks: before they are merged each has first deliveries of its own.
  for (const rest of [0, 1, 2]) {
    await database.insert(
      'events',
      ledger.deliveries
        .filter((_, index) => index % 3 === rest)
        .map((one) =>
          delivery(iso(one.at), {
            person: person(one.person),
            stream: one.stream,
            received_at: iso(one.known),
            segments: one.segments,
          }),
        ),
    );
  }
  await database.insert('spell_marks', [
    ...ledger.edges.map((one) =>
      spellMark(one.cause, iso(one.at), one.stream, {
        person: person(one.person),
        grade: one.grade,
        tolerance: one.tolerance,
        subject: person(one.subject),
        decision: person(1000 + one.decision),
        received_at: iso(one.known),
      }),
    ),
    ...ledger.undone.map((one) =>
      takenBack(person(1000 + one.decision), iso(one.at), { received_at: iso(one.known) }),
    ),
  ]);
  await database.insert(
    'memberships',
    ledger.memberships.map((one) => ({
      person: person(one.person),
      segment: one.segment,
      seq: one.seq,
      edge: one.inside ? 'entered' : 'left',
      version: 1,
      at: iso(one.at),
      received_at: iso(one.known),
      cause: 'event',
      cause_id: 'x',
    })),
  );
}

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
      await store(ledger);
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
