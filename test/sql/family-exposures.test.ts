import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtInSegments, noEngagement } from '../../backend/src/segments/built-in.js';
import type { Subject } from '../../backend/src/subscribers/subject.js';
import { openTestDatabase, type TestDatabase } from '../support/engine.js';
import { delivery, person } from './analytics/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const segmentsOf = (attributes: Record<string, string>): string[] =>
  builtInSegments({ attributes, jurisdiction: 'DE', firstSeenAt: 0 } as unknown as Subject, noEngagement, 0);

const familyOf = (segment: string): string => segment.split(':')[0] ?? '';

test('knows every family of built-in segments, and who changed within it', async () => {
  const free = segmentsOf({ plan: 'free' });
  const paid = segmentsOf({ plan: 'paid' });
  const families = free.map(familyOf).sort();
  // Person 1 is in one of each at both deliveries, person 2 changes the plan.
  await database.insert('events', [
    delivery('2026-11-10T12:00:00.000Z', { segments: free }),
    delivery('2026-11-11T12:00:00.000Z', { segments: free }),
    delivery('2026-11-10T12:00:00.000Z', { person: person(2), segments: free }),
    delivery('2026-11-11T12:00:00.000Z', { person: person(2), segments: paid }),
  ]);
  const rows = await database.engine.rows<{ family: string; person: string; changed: boolean }>(
    'family exposures',
    'SELECT family, person, lowest != highest AS changed FROM family_exposures FINAL ORDER BY person, family',
  );
  expect(rows.map(({ family, person: of, changed }) => [of, family, Boolean(changed)])).toEqual([
    ...families.map((family) => [person(1), family, false]),
    ...families.map((family) => [person(2), family, family === 'plan']),
  ]);
});
