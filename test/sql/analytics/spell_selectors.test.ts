import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { decision, person } from './rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const at = '2026-11-01T00:00:00.000Z';
const line = (effect: string, selector: string, change: Record<string, unknown> = {}) => ({
  id: person(9),
  subject: person(1),
  binds: 'person',
  selector,
  effect,
  order_at: at,
  tolerance: 7,
  strength: 'plain',
  counts: false,
  explicit: false,
  expires_at: null,
  basis: '',
  evidence: '',
  voids: person(0),
  cap_n: null,
  cap_per: '',
  ...change,
});

/*
 *   decision                   | lines                                         | marks: selector, cause, grade
 *   opt-out                    | an opt-out, a pause                           | a, opt-out, 1
 *   complaint                  | a strong opt-out of another person            | b, complaint, 2
 *   "not spam"                 | an opt-out                                    | c, opt-out, 1
 *   hard bounce                | a hold on the address                         | @email, hard bounce, 3
 *   erasure                    | a strong opt-out                              | d, erasure, 2, and @, erasure, 2
 *   consent ran out            | an opt-out                                    | e, consent, 1
 *   opt-ins                    | none, evidence, explicit, double opt-in       | f to i, 0, 0 to 3
 *   undo                       | a void; one of an address that works again    | '', of the decision
 *   of an address that nobody has | an opt-out of the address                  | none
 */
test('decisions say what begins and ends spells, and by which selectors', async () => {
  const optIn = (selector: string, change: Record<string, unknown> = {}) =>
    decision(at, { type: 'opted_in', statements: [line('opt_in', selector, change)] });
  await database.insert(
    'decisions',
    [
      decision(at, { statements: [line('opt_out', 'a'), line('pause', 'x')] }),
      decision(at, {
        type: 'complained',
        statements: [line('opt_out', 'b', { strength: 'strong', subject: person(2) })],
      }),
      decision(at, { type: 'complained', trigger: 'not_spam', statements: [line('opt_out', 'c')] }),
      decision(at, {
        type: 'bounced',
        statements: [line('hold', '*', { binds: 'identifier', subject: person(77) })],
      }),
      decision(at, { type: 'erased', statements: [line('opt_out', 'd', { strength: 'strong' })] }),
      decision(at, { type: 'consent_expired', statements: [line('opt_out', 'e')] }),
      optIn('f'),
      optIn('g', { counts: true }),
      optIn('h', { counts: true, explicit: true, basis: 'explicit_consent' }),
      optIn('i', { counts: true, explicit: true, basis: 'double_opt_in' }),
      decision(at, { type: 'undone', statements: [line('void', '*', { basis: 'undo', voids: person(5) })] }),
      optIn('i', { effect: 'void', basis: 'address_verified', voids: person(6) }),
    ].map((row) => ({ trigger: '', statements: [], voids: person(0), ...row })),
  );
  // The id of nobody.
  await database.insert('decisions', [
    {
      ...decision(at, {
        person: '00000000-0000-0000-0000-000000000000',
        statements: [line('opt_out', 'zz', { binds: 'identifier' })],
      }),
    },
  ]);
  const marks = await database.engine.rows<Record<string, unknown>>(
    'marks',
    'SELECT selector, toString(person) AS person, cause, grade, tolerance, toString(voids) AS voids FROM spell_marks ORDER BY selector, cause',
  );
  expect(marks.map(({ selector, cause, grade }) => [selector, cause, grade])).toEqual([
    ['', 0, 0],
    ['@', 4, 2],
    ['@email', 3, 3],
    ['a', 1, 1],
    ['b', 2, 2],
    ['c', 1, 1],
    ['d', 4, 2],
    ['e', 5, 1],
    ['f', 0, 0],
    ['g', 0, 1],
    ['h', 0, 2],
    ['i', 0, 3],
  ]);
  expect(marks.find(({ selector }) => selector === 'b')?.person).toBe(person(2));
  expect(marks.find(({ selector }) => selector === '')?.voids).toBe(person(5));
  expect(marks.map(({ selector }) => selector)).not.toContain('zz');
  expect((await database.engine.query('analytics/spell_selectors', {})).map((row) => row.selector)).toEqual([
    '@',
    '@email',
    'a',
    'b',
    'c',
    'd',
    'e',
    'f',
    'g',
    'h',
    'i',
  ]);
});
