import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../support/engine.js';
import { subject } from '../permissions/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const person = (number: number, attributes: object) =>
    subject(number, 1, { attributes: JSON.stringify(attributes) });
  await database.insert('subjects', [
    person(1, { age: 7, plan: 'free', vip: true }),
    person(2, { age: -1.5, plan: 'pro' }),
    person(3, { age: 'unknown', note: 'true' }),
  ]);
});
afterAll(() => database.close());

test('names what profiles hold, with the type that most have', async () => {
  expect(await database.engine.query('segments/attributes_held', {})).toEqual([
    { name: 'age', type: 'number', holders: 3 },
    { name: 'plan', type: 'text', holders: 2 },
    { name: 'note', type: 'text', holders: 1 },
    { name: 'vip', type: 'boolean', holders: 1 },
  ]);
});
