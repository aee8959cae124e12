import { expect, test } from 'vitest';
import { prepareRatePlot } from './rate-series.js';

const rate = (numerator: number, denominator: number) =>
  denominator === 0
    ? { numerator, denominator, value: null, lower: null, upper: null }
    : {
        numerator,
        denominator,
        value: numerator / denominator,
        lower: (numerator / denominator) * 0.5,
        upper: (numerator / denominator) * 1.5,
      };

const point = (day: number, optOuts: number, delivered: number, finished = true) => ({
  at: `2026-11-${day}T00:00:00.000Z`,
  rate: rate(optOuts, delivered),
  opt_outs: optOuts,
  finished,
});

/*
 *  day        17      18      19        20      21      22       23
 *  delivered  1000    1000    (absent)  1000    0       1000     500
 *  opt-outs   4       6                 5       0       8        3 (unfinished)
 */
const answer = {
  from: '2026-11-17T00:00:00.000Z',
  to: '2026-11-23T14:05:00.000Z',
  trend: [
    point(17, 4, 1000),
    point(18, 6, 1000),
    point(20, 5, 1000),
    point(21, 0, 0),
    point(22, 8, 1000),
    point(23, 3, 500, false),
  ],
};
const plot = prepareRatePlot(answer, 'day', 'en-GB', 'UTC');

test('has every bucket of the window, also those that did not come', () => {
  expect(plot.points.map((each) => each.title)).toEqual([
    'Tue 17 Nov',
    'Wed 18 Nov',
    'Thu 19 Nov',
    'Fri 20 Nov',
    'Sat 21 Nov',
    'Sun 22 Nov',
    'Mon 23 Nov',
  ]);
});

test('a missing bucket and one without deliveries are gaps, never zero', () => {
  expect(plot.points.map((each) => each.rate)).toEqual([0.004, 0.006, null, 0.005, null, 0.008, null]);
  expect(plot.points[2]).toMatchObject({ delivered: null, optOuts: null, band: null });
  expect(plot.points[4]).toMatchObject({ delivered: 0, optOuts: 0, band: null });
});

test('the unfinished bucket hangs on the last finished one by a dashed piece', () => {
  expect(plot.points.map((each) => each.openRate)).toEqual([null, null, null, null, null, 0.008, 0.006]);
  expect(plot.points[6]).toMatchObject({ band: null, openBand: [0.003, expect.closeTo(0.009)], dot: true });
});

test('the dashed piece does not reach over a gap', () => {
  const gap = { ...answer, trend: answer.trend.filter((each) => !each.at.includes('-22T')) };
  const points = prepareRatePlot(gap, 'day', 'en-GB', 'UTC').points;
  expect(points.map((each) => each.openRate)).toEqual([null, null, null, null, null, null, 0.006]);
});

test('a bucket between two gaps has a dot, for no line reaches it', () => {
  expect(plot.points.map((each) => each.dot)).toEqual([false, false, false, true, false, false, true]);
});

test('the axis reaches over every rate but not over what a handful of deliveries might mean', () => {
  const few = {
    ...answer,
    trend: [
      ...answer.trend.slice(0, 5),
      { ...point(22, 1, 3), rate: { ...rate(1, 3), lower: 0.06, upper: 0.79 } },
    ],
  };
  expect(prepareRatePlot(few, 'day').top).toBeLessThan(0.05);
  expect(plot.top).toBeGreaterThan(0.008);
  expect(plot.ticks[0]).toBe(0);
  expect(plot.ticks.at(-1)).toBe(plot.top);
});

test('is empty when nothing was delivered at all', () => {
  expect(prepareRatePlot({ ...answer, trend: [] }, 'day').empty).toBe(true);
  expect(prepareRatePlot({ ...answer, trend: [point(21, 0, 0)] }, 'day').empty).toBe(true);
  expect(plot.empty).toBe(false);
});

test('days are named by their UTC date wherever the reader is; hours by the reader’s clock', () => {
  expect([...plot.timeLabels.values()].slice(0, 2)).toEqual(['17 Nov', '18 Nov']);
  const west = prepareRatePlot(answer, 'day', 'en-GB', 'America/Los_Angeles');
  expect([...west.timeLabels.values()].slice(0, 2)).toEqual(['17 Nov', '18 Nov']);
  const hours = { from: '2026-11-23T00:00:00Z', to: '2026-11-23T05:30:00Z', trend: [point(23, 1, 100)] };
  const labels = prepareRatePlot(hours, 'hour', 'en-GB', 'Europe/Berlin').timeLabels;
  expect([...labels.values()]).toEqual(['03:00', '06:00']);
});

test('weeks keep the grid of the server’s first bucket, which may start before the window', () => {
  const weeks = {
    from: '2026-10-25T00:00:00Z',
    to: '2026-11-12T00:00:00Z',
    trend: [monday('2026-10-19'), monday('2026-11-02')],
  };
  expect(prepareRatePlot(weeks, 'week', 'en-GB').points.map((each) => each.rate)).toEqual([
    0.01,
    null,
    0.01,
    null,
  ]);
});

function monday(date: string) {
  return { at: `${date}T00:00:00.000Z`, rate: rate(1, 100), opt_outs: 1, finished: true };
}
