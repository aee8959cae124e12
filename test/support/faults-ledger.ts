import { expect } from 'vitest';
import type { Service } from './faults-child.js';
import type { Connection } from './faults-http.js';
import { compareRollups } from './faults-rollups.js';
import type { Acknowledged } from './faults-senders.js';

interface Ready {
  journal: { waiting: boolean; depth: { records: number } };
}

/** Waits until nothing stands in the journal that is not in the engine, too. */
export async function settled(connection: Connection, seconds = 60): Promise<void> {
  await expect
    .poll(
      async () => {
        const { body } = await connection.get<Ready>('/readyz');
        return { waiting: body.journal.waiting, records: body.journal.depth.records };
      },
      { timeout: seconds * 1000, interval: 50 },
    )
    .toEqual({ waiting: false, records: 0 });
}

/**
 * What was acknowledged stands in the engine once, and nothing else does; every table that a view writes holds what its
 * sources say; a subscriber is one person.
 */
export async function expectExact(service: Service, connection: Connection, acknowledged: Acknowledged) {
  await settled(connection);
  expect(acknowledged.rejected).toEqual([]);
  const events = await service.rows<Stored>(
    `SELECT id, count() AS times, any(toString(person)) AS person FROM events WHERE type != 'noted' GROUP BY id`,
  );
  // The holds that the service makes by itself of many soft bounces (INV-DSN-3) were sent by nobody.
  const decisions = await service.rows<Stored>(
    `SELECT event_id AS id, count() AS times, any(toString(person)) AS person FROM decisions
     WHERE NOT startsWith(event_id, 'link:') AND NOT startsWith(event_id, 'soft-bounces:') GROUP BY id`,
  );
  const pressed = await service.rows<Stored>(
    `SELECT message_id AS id, count() AS times, any(toString(person)) AS person FROM decisions
     WHERE startsWith(event_id, 'link:') GROUP BY id`,
  );
  const faults = [
    ...differences('events', acknowledged.events, events),
    ...differences('decisions', acknowledged.decisions, decisions),
    ...differences('links', new Map([...acknowledged.links].map((id) => [id, ''])), pressed),
  ];
  expect(faults.slice(0, 20)).toEqual([]);

  const people = peopleOf(acknowledged, [...events, ...decisions]);
  expect([...people].filter(([, persons]) => persons.size !== 1)).toEqual([]);
  expect(await profiles(service, people, acknowledged.profiles)).toEqual([]);
  const [order] = await service.rows(
    'SELECT count() = uniqExact(seq) AS unique_seq, count() = uniqExact(id) AS unique_id FROM decisions',
  );
  expect(order).toEqual({ unique_seq: 1, unique_id: 1 });

  const rollups = await compareRollups(service);
  expect(rollups.filter(({ different }) => different !== 0)).toEqual([]);
  expect(rollups.map(({ table }) => table)).toEqual(
    expect.arrayContaining(['engagement', 'event_ids', 'exposures', 'rates', 'spell_edges', 'statements']),
  );
  return {
    acknowledged: acknowledged.size,
    'of them decisions': acknowledged.decisions.size,
    lost: 0,
    repeated: 0,
    'rollups equal': rollups.length,
    views: rollups.reduce((sum, { views }) => sum + views, 0),
    'rollup rows': rollups.reduce((sum, { rows }) => sum + rows, 0),
  };
}

interface Stored {
  id: string;
  times: number;
  person: string;
}

function differences(table: string, sent: ReadonlyMap<string, string>, stored: readonly Stored[]): string[] {
  const times = new Map(stored.map((row) => [row.id, row.times]));
  return [
    ...[...sent.keys()].filter((id) => !times.has(id)).map((id) => `${table}: ${id} is lost`),
    ...stored.filter((row) => row.times !== 1).map((row) => `${table}: ${row.id} stands ${row.times} times`),
    ...stored.filter((row) => !sent.has(row.id)).map((row) => `${table}: nobody sent ${row.id}`),
  ];
}

function peopleOf(acknowledged: Acknowledged, stored: readonly Stored[]): Map<string, Set<string>> {
  const people = new Map<string, Set<string>>();
  for (const { id, person } of stored) {
    const subscriber = acknowledged.events.get(id) ?? acknowledged.decisions.get(id) ?? '';
    people.set(subscriber, (people.get(subscriber) ?? new Set()).add(person));
  }
  return people;
}

/** Subscribers whose profile is not the one that was acknowledged last. */
async function profiles(
  service: Service,
  people: ReadonlyMap<string, ReadonlySet<string>>,
  revisions: ReadonlyMap<string, number>,
): Promise<string[]> {
  const rows = await service.rows<{ person: string; attributes: string }>(
    'SELECT toString(person) AS person, attributes FROM subjects FINAL',
  );
  const stored = new Map(
    rows.map(({ person, attributes }) => [person, JSON.parse(attributes).revision as number]),
  );
  return [...revisions].flatMap(([subscriber, revision]) => {
    const [person] = people.get(subscriber) ?? [];
    const found = person === undefined ? revision : stored.get(person);
    return found === revision ? [] : [`${subscriber}: revision ${found} in place of ${revision}`];
  });
}
