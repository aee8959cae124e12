import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { delivery, person } from './rows.js';

let database: TestDatabase;

/*
 * As of Thursday 12 March 2026, 00:00.
 *
 *   person | first delivered | opened or clicked          | rolling days | calendar days | weeks from Monday
 *   1      | Mon 2, 10:00    | Tue 3 09:00, Thu 5 10:00   | 0, 3         | 1, 3          | 0
 *   2      | Mon 2, 23:00    | Mon 9 22:00                | 6            | 7             | 1
 *   3      | Tue 3, 00:00    | never (a machine, Wed 4)   |              |               |
 *   4      | Mon 9, 12:00    | Mon 9 12:00, Mon 9 11:00*  | 0            | 0             | 0
 *
 *   * before anything was delivered: no return. Person 2 was delivered to again on the 4th: one beginning.
 */
beforeAll(async () => {
  database = await openTestDatabase();
  const opened = (number: number, time: string, change = {}) =>
    delivery(`2026-03-${time}:00.000Z`, { person: person(number), type: 'opened', ...change });
  await database.insert('events', [
    delivery('2026-03-02T10:00:00.000Z'),
    opened(1, '03T09:00'),
    opened(1, '05T10:00', { type: 'clicked' }),
    delivery('2026-03-02T23:00:00.000Z', { person: person(2) }),
    delivery('2026-03-04T08:00:00.000Z', { person: person(2) }),
    opened(2, '09T22:00'),
    delivery('2026-03-03T00:00:00.000Z', { person: person(3) }),
    opened(3, '04T00:00', { flags: ['machine'] }),
    opened(3, '04T00:00', { stream: 'news' }),
    delivery('2026-03-09T12:00:00.000Z', { person: person(4) }),
    opened(4, '09T11:00'),
    opened(4, '09T12:00'),
    opened(4, '12T00:00'),
    opened(1, '08T00:00', { received_at: '2026-03-20T00:00:00.000Z' }),
  ]);
});
afterAll(() => database.close());

async function ask(change: Record<string, unknown>) {
  const at = new Date('2026-03-12T00:00:00.000Z');
  const rows = await database.engine.query('analytics/engagement_cohorts', {
    stream: 'promotions',
    period: 'day',
    windows: 'rolling',
    periods: 8,
    from: new Date('2026-03-01T00:00:00.000Z'),
    to: at,
    as_of: at,
    known_at: at,
    ...change,
  });
  return rows.map(({ cohort, n, size, eligible, on, on_or_after }) => [
    cohort.slice(8),
    n,
    `${on} ${on_or_after} of ${eligible}${eligible === size ? '' : ` (${size})`}`,
  ]);
}
const of = (rows: Awaited<ReturnType<typeof ask>>, cohort: string) =>
  rows.filter(([each]) => each === cohort).map(([, , cell]) => cell);

describe('cohorts', () => {
  test('by rolling days count from the hour of the first delivery', async () => {
    const rows = await ask({});
    expect(of(rows, '02')).toEqual([
      '1 2 of 2',
      '0 2 of 2',
      '0 2 of 2',
      '1 2 of 2',
      '0 1 of 2',
      '0 1 of 2',
      '1 1 of 2',
      '0 0 of 2',
    ]);
    expect(of(rows, '03').slice(0, 2)).toEqual(['0 0 of 1', '0 0 of 1']);
    // The third day of person 4 ends on Thursday noon: it has not had its chance.
    expect(of(rows, '09').slice(0, 4)).toEqual(['1 1 of 1', '0 0 of 1', '0 0 of 0 (1)', '0 0 of 0 (1)']);
  });

  test('by calendar days count from midnight', async () => {
    const rows = await ask({ windows: 'calendar' });
    expect(of(rows, '02')).toEqual([
      '0 2 of 2',
      '1 2 of 2',
      '0 2 of 2',
      '1 2 of 2',
      '0 1 of 2',
      '0 1 of 2',
      '0 1 of 2',
      '1 1 of 2',
    ]);
    expect(of(rows, '09').slice(0, 4)).toEqual(['1 1 of 1', '0 0 of 1', '0 0 of 1', '0 0 of 0 (1)']);
  });

  test('by calendar weeks begin on Monday, by months on the first', async () => {
    const weeks = await ask({ windows: 'calendar', period: 'week', periods: 2 });
    expect(weeks).toEqual([
      ['02', 0, '1 2 of 3'],
      ['02', 1, '0 0 of 0 (3)'],
      ['09', 0, '0 0 of 0 (1)'],
      ['09', 1, '0 0 of 0 (1)'],
    ]);
    const months = await ask({
      windows: 'calendar',
      period: 'month',
      periods: 1,
      as_of: new Date('2026-04-01T00:00:00.000Z'),
    });
    expect(months).toEqual([['01', 0, '3 3 of 4']]);
  });

  test('that are partly too young say how many have had their chance', async () => {
    const rows = await ask({ period: 'week', as_of: new Date('2026-03-09T12:00:00.000Z'), periods: 1 });
    // Of three people of that week one is a week old, at ten o'clock.
    expect(rows).toEqual([['02', 0, '1 1 of 1 (3)']]);
  });

  test('hold what had arrived, of the stream, and of the window that is asked for', async () => {
    const late = await ask({ known_at: new Date('2026-03-20T00:00:00.000Z') });
    expect(of(late, '02')[5]).toBe('1 2 of 2');
    expect(of(await ask({ stream: '' }), '03')[1]).toBe('1 1 of 1');
    expect(await ask({ from: new Date('2026-03-10T00:00:00.000Z') })).toEqual([]);
  });
});
