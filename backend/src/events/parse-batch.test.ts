import { expect, test } from 'vitest';
import { parseBatch } from './parse-batch.js';

const event = { type: 'opted_out', channel: 'email', subscriber: 'u-1' };
const envelope = {
  specversion: '1.0',
  id: 'e-1',
  source: '/shop',
  type: 'secateur',
  time: '2026-11-20T09:30:00Z',
};
const taken = { id: 'e-1', occurred_at: '2026-11-20T09:30:00Z', ...event };

test('takes the event out of a CloudEvents envelope, however its data is written', () => {
  const base64 = Buffer.from(JSON.stringify(event)).toString('base64');
  expect(
    parseBatch([
      { ...envelope, data: event },
      { ...envelope, data: JSON.stringify(event) },
      { ...envelope, data_base64: base64 },
    ]),
  ).toEqual([{ value: taken }, { value: taken }, { value: taken }]);
});

test('keeps an envelope without an event as it came, so that quarantine loses nothing', () => {
  for (const data of [undefined, null, 'no json', '[1]', 7, []]) {
    const whole = { ...envelope, data };
    expect(parseBatch([whole])).toEqual([{ value: whole }]);
  }
});

test('a broken line of NDJSON is that row\u2019s fault alone', () => {
  const rows = parseBatch(Buffer.from(`${JSON.stringify(event)}\n{"type":\n\n${JSON.stringify(event)}\n`));
  expect(rows.map((row) => 'fault' in row)).toEqual([false, true, false]);
});
