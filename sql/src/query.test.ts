import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inUtc, parametersOf } from './parameters.js';
import { namedQuery, readQueries } from './query.js';

describe('parametersOf', () => {
  test('finds each once and none in comments, strings or map literals', () => {
    const sql = `SELECT {from: DateTime64(3, 'UTC')}, {n:Array(Nullable(String))}, '{no:String}', {'a': 1} -- {no:String}
      WHERE {from: DateTime64(3, 'UTC')}`;
    expect(parametersOf(sql)).toEqual([
      { name: 'from', type: "DateTime64(3, 'UTC')" },
      { name: 'n', type: 'Array(Nullable(String))' },
    ]);
  });

  test('refuses one name with two types', () => {
    expect(() => parametersOf('SELECT {a:String}, {a:UInt8}')).toThrow(
      'a is declared as String and as UInt8',
    );
  });
});

test('instants without a zone become UTC, those with one stay', () => {
  expect(
    inUtc(
      "SELECT {a:Array(DateTime64(3))}, {b:DateTime}, {c:DateTime64(3, 'Asia/Tokyo')}, 'DateTime' AS DateTime",
    ),
  ).toBe(
    "SELECT {a:Array(DateTime64(3, 'UTC'))}, {b:DateTime('UTC')}, {c:DateTime64(3, 'Asia/Tokyo')}, 'DateTime' AS DateTime",
  );
});

describe('readQueries', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'secateur-queries-'));
    mkdirSync(join(folder, 'rates'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('names each file by its path and reads its choices', () => {
    const text = `-- Opt-outs per bucket.
-- @param bucket 'day' | 'week'
-- @param from the first instant
SELECT {bucket:String}, {from:DateTime64(3)};`;
    writeFileSync(join(folder, 'rates', 'by_bucket.sql'), text);
    writeFileSync(join(folder, 'rates', 'notes.md'), 'not SQL');
    const query = readQueries(folder).get('rates/by_bucket');
    expect(query?.choices).toEqual(new Map([['bucket', ['day', 'week']]]));
    expect(query?.parameters.map(({ name }) => name)).toEqual(['bucket', 'from']);
  });

  test('refuses a file with two statements', () => {
    writeFileSync(join(folder, 'rates', 'two.sql'), 'SELECT 1; SELECT 2');
    expect(() => readQueries(folder)).toThrow('rates/two.sql holds more than one statement');
  });
});

test('a choice that no parameter takes is refused, and so is one that cannot be read', () => {
  expect(() => namedQuery('a/b', "-- @param bucket 'day'\nSELECT 1")).toThrow(
    '@param bucket is not in the statement',
  );
  expect(() => namedQuery('a/b', "-- @param x 'a', 'b'\nSELECT {x:String}")).toThrow(
    'cannot read the choices of x',
  );
  expect(() => namedQuery('nofeature', 'SELECT 1')).toThrow('not a feature/question name');
});
