import fc from 'fast-check';
import { delivery, person, spellMark, takenBack } from '../sql/analytics/rows.js';
import type { TestDatabase } from './engine.js';
import type { Ledger } from './naive-spells.js';

export const ledgerStart = Date.parse('2026-03-01T00:00:00.000Z');
const hour = 3_600_000;
/** Few instants, so that many fall together; not all at whole hours. */
export const anyInstant = fc.integer({ min: 0, max: 12 }).map((step) => ledgerStart + step * (hour / 2));
const clocks = fc.record({ at: anyInstant, late: fc.constantFrom(0, 0, 0, hour, 4 * hour) });
const place = { person: fc.integer({ min: 1, max: 4 }), stream: fc.constantFrom('news', 'offers') };
const received = <Item extends { at: number; late: number }>({ late, ...rest }: Item) => ({
  ...rest,
  known: rest.at + late,
});

/** Few people, streams and instants, so that all meet. */
export const anyLedger: fc.Arbitrary<Ledger> = fc.record({
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

/** Puts it in the place of what was there. */
export async function storeLedger(database: TestDatabase, ledger: Ledger): Promise<void> {
  const { engine } = database;
  for (const table of ['events', 'exposures', 'family_exposures', 'spell_marks', 'memberships']) {
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
