import { expect, test } from 'vitest';
import {
  changed,
  monitorState,
  parseAddress,
  readMonitorSearch,
  windowOf,
  writeAddress,
} from './monitor-search.js';

test('an empty address is the last seven days by the day, surely high segments first', () => {
  expect(monitorState(readMonitorSearch({}))).toEqual({
    range: '7d',
    interval: 'day',
    dimension: 'segment',
    sort: 'interval',
    order: 'desc',
    filter: '',
    view: 'chart',
    decision: null,
  });
});

test('what it does not know it drops, so that an old link still opens', () => {
  expect(
    readMonitorSearch({ range: '1y', interval: 'minute', sort: 'colour', utm: 'x', decision: '' }),
  ).toEqual({});
});

test('defaults do not stand in the address', () => {
  expect(readMonitorSearch({ range: '7d', interval: 'day', dimension: 'segment', order: 'desc' })).toEqual(
    {},
  );
  expect(readMonitorSearch({ range: '24h', interval: 'hour', view: 'chart' })).toEqual({ range: '24h' });
});

test('another range forgets an interval that it does not have', () => {
  expect(changed({ interval: 'hour' }, { range: '30d' })).toEqual({ range: '30d' });
  expect(changed({ range: '30d', interval: 'week' }, { range: '24h' })).toEqual({ range: '24h' });
  expect(monitorState(changed({}, { range: '24h' })).interval).toBe('hour');
});

test('names sort upwards first, numbers downwards', () => {
  expect(monitorState(readMonitorSearch({ sort: 'title' })).order).toBe('asc');
  expect(monitorState(readMonitorSearch({ sort: 'rate' })).order).toBe('desc');
  expect(monitorState(readMonitorSearch({ sort: 'title', order: 'desc' })).order).toBe('desc');
});

test('closing the drawer takes the decision out of the address', () => {
  expect(changed({ decision: 'd-1', range: '30d' }, { decision: null })).toEqual({ range: '30d' });
});

test('the address comes back as it was written: ids that look like numbers stay ids', () => {
  const search = { decision: '0012', filter: 'a&b = c', range: '24h' };
  expect(parseAddress(writeAddress(search))).toEqual(search);
  expect(writeAddress({ filter: undefined })).toBe('');
});

test('a window has whole hours or whole UTC days, the present one included', () => {
  const now = Date.UTC(2026, 10, 23, 14, 5);
  expect(windowOf('24h', now).from).toBe('2026-11-22T15:00:00.000Z');
  expect(windowOf('7d', now)).toEqual({ from: '2026-11-17T00:00:00.000Z', to: '2026-11-23T14:05:00.000Z' });
  expect(windowOf('30d', now).from).toBe('2026-10-25T00:00:00.000Z');
});
