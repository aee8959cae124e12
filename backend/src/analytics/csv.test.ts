import { describe, expect, test } from 'vitest';
import { csvOf } from './csv.js';

const lines = (answer: object) => csvOf(answer).split('\r\n');

describe('an answer as CSV', () => {
  test('is a line for each row, nested values by their path, null as nothing, the clocks at the end', () => {
    const answer = {
      as_of: '2026-11-20T00:00:00.000Z',
      rows: [
        { keys: ['a', 'b'], figure: { value: 0.5, lower: null }, trend: null, examples: [{ id: 1 }] },
        { keys: ['c, "d"'], figure: { value: 1, lower: 0.25 }, trend: null, examples: [] },
      ],
    };
    expect(lines(answer)).toEqual([
      'keys,figure.value,figure.lower,trend,as_of,examples',
      'a | b,0.5,,,2026-11-20T00:00:00.000Z,',
      '"c, ""d""",1,0.25,,2026-11-20T00:00:00.000Z,',
      '',
    ]);
  });

  test('has a column for each dimension asked for, and one for its title', () => {
    const answer = {
      by: ['stream', 'country'],
      rows: [{ keys: ['news', 'DE'], titles: ['News', 'Germany'], n: 1 }],
    };
    expect(lines(answer)).toEqual([
      'stream,stream.title,country,country.title,n',
      'news,News,DE,Germany,1',
      '',
    ]);
  });

  test('is a line for each point of a trend or curve, and of the curves compared with', () => {
    const curve = (stream: string, points: object[]) => ({
      stream,
      n: 2,
      curve: points,
      median: { value: null },
    });
    const answer = {
      ...curve('news', [
        { t: 0, survival: 1 },
        { t: 1, survival: 0.5 },
      ]),
      compared: [curve('offers', [{ t: 0, survival: 1 }])],
      log_rank: { p: 0.3 },
      definition: { as_of: 'then', unit: 'day' },
    };
    expect(lines(answer)).toEqual([
      'stream,n,median.value,t,survival,as_of,unit',
      'news,2,,0,1,then,day',
      'news,2,,1,0.5,then,day',
      'offers,2,,0,1,then,day',
      '',
    ]);
  });

  test('has the shrunk rate beside the raw one, but not beside points of a trend: it is that of the window', () => {
    const shrunk = { value: 0.2, lower: 0.1 };
    expect(lines({ rows: [{ figure: { value: 0.5 }, shrunk, trend: null }] })).toEqual([
      'figure.value,shrunk.value,shrunk.lower,trend',
      '0.5,0.2,0.1,',
      '',
    ]);
    const trend = [{ at: 'then', figure: { value: 0.4 } }];
    expect(lines({ rows: [{ figure: { value: 0.5 }, shrunk, trend }] })).toEqual([
      'figure.value,at',
      '0.4,then',
      '',
    ]);
  });

  test('has no formula in it: campaigns are named by others', () => {
    expect(
      lines({ rows: [{ key: '=HYPERLINK("https://example.com")' }, { key: '-1' }, { key: 'ok' }] }),
    ).toEqual(['key', `"'=HYPERLINK(""https://example.com"")"`, "'-1", 'ok', '']);
  });

  test('keeps all digits of a number, a negative one, too', () => {
    expect(lines({ rows: [{ value: -0.1 + -0.2 }] })).toEqual(['value', '-0.30000000000000004', '']);
  });

  test('without a row is a header or nothing', () => {
    expect(csvOf({ rows: [] }).trim()).toBe('');
  });
});
