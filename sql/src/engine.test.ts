import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Loopback, startLoopback } from '../../test/support/clickhouse-loopback.js';
import {
  type EmbeddedLanes,
  type Engine,
  EngineAwayError,
  namedQuery,
  open,
  openEmbedded,
  type QueryEvent,
  QueryFailedError,
} from './index.js';

interface Shapes {
  'numbers/below': { params: { limit: number; order: 'up' | 'down' }; row: { number: number } };
}

const below = `-- @param order 'up' | 'down'
SELECT toUInt64(number) AS number FROM numbers({limit: UInt64})
ORDER BY if({order: String} = 'up', toInt64(number), -toInt64(number)) -- a comment at the end`;

const options = {
  database: 'suite',
  queries: new Map([['numbers/below', namedQuery('numbers/below', below)]]),
};

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'secateur-engine-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const window = 'SETTINGS non_replicated_deduplication_window = 1000';

describe.each(['embedded', 'server'] as const)('%s', (environment) => {
  let engine: Engine<Shapes>;
  let behind: EmbeddedLanes | undefined;
  let loopback: Loopback | undefined;
  const events: QueryEvent[] = [];

  beforeAll(async () => {
    const path = join(directory, environment);
    const onQuery = (event: QueryEvent): void => void events.push(event);
    if (environment === 'embedded') {
      engine = await open<Shapes>({ path }, { ...options, onQuery });
    } else {
      behind = await openEmbedded(path, options);
      loopback = await startLoopback(behind);
      engine = await open<Shapes>({ url: loopback.url }, { ...options, onQuery });
    }
  });
  afterAll(async () => {
    await engine.close();
    await loopback?.stop();
    await behind?.close();
  });

  const count = async (table: string): Promise<number> => {
    const rows = await engine.rows<{ n: number }>('count', `SELECT count() AS n FROM ${table}`);
    return rows[0]?.n ?? Number.NaN;
  };

  test('answers a named query as rows and as text', async () => {
    expect(await engine.query('numbers/below', { limit: 3, order: 'down' })).toEqual([
      { number: 2 },
      { number: 1 },
      { number: 0 },
    ]);
    expect(
      JSON.parse(await engine.text('numbers/below', { limit: 2, order: 'up' }, 'JSONCompactColumns')),
    ).toEqual([[0, 1]]);
    expect(await engine.text('numbers/below', { limit: 2, order: 'up' }, 'CSVWithNames')).toBe(
      '"number"\n0\n1\n',
    );
    expect(await engine.query('numbers/below', { limit: 0, order: 'up' })).toEqual([]);
  });

  test('writes a named query into a Parquet or CSV file that the engine reads again', async () => {
    const file = (name: string) => join(directory, `${environment}-${name}`);
    await engine.toFile(
      'numbers/below',
      { limit: 250_000, order: 'up' },
      'Parquet',
      file("it's numbers.parquet"),
    );
    const read = "SELECT count() AS rows, max(number) AS most FROM file({path: String}, 'Parquet')";
    expect(await engine.rows('read', read, { path: file("it's numbers.parquet") })).toEqual([
      { rows: 250_000, most: 249_999 },
    ]);
    await engine.toFile('numbers/below', { limit: 2, order: 'down' }, 'CSVWithNames', file('numbers.csv'));
    expect(readFileSync(file('numbers.csv'), 'utf8')).toBe('"number"\n1\n0\n');
    expect(await engine.query('numbers/below', { limit: 1, order: 'up' })).toEqual([{ number: 0 }]);
  });

  test('leaves no file behind where the query fails, and answers the next', async () => {
    const path = join(directory, `${environment}-failed.parquet`);
    const limit = 50_000_000_000;
    const slow = { maxExecutionSeconds: 1 };
    await expect(
      engine.toFile('numbers/below', { limit, order: 'down' }, 'Parquet', path, slow),
    ).rejects.toMatchObject({ name: expect.stringMatching(/QueryFailedError|EngineAwayError/) });
    expect(existsSync(path)).toBe(false);
    expect(await engine.query('numbers/below', { limit: 1, order: 'up' })).toEqual([{ number: 0 }]);
  });

  test('refuses a value outside a closed choice', async () => {
    const order = 'sideways' as 'up';
    await expect(engine.query('numbers/below', { limit: 3, order })).rejects.toThrow(
      /order of numbers\/below must be/,
    );
  });

  test('binds any text unchanged, alone and in arrays', async () => {
    const seed = 20_261_123;
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        '',
        'NULL',
        '\\N',
        'NaN',
        "'",
        '\\',
        '\0',
        '\n',
        '\t',
        '\r\n',
        '\b\f',
        '--',
        '{p: String}',
        '; SELECT 1',
        '👩‍👧😀',
        '%00',
        '+ &=',
      ),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.array(text, { maxLength: 5 }), fc.option(text), async (one, many, maybe) => {
        const rows = await engine.rows(
          'round trip',
          'SELECT {one: String} AS one, {many: Array(String)} AS many, {maybe: Nullable(String)} AS maybe',
          { one, many, maybe },
        );
        expect(rows).toEqual([{ one, many, maybe }]);
      }),
      { seed, numRuns: 100, verbose: true },
    );
  });

  test('binds dates to the millisecond, in arrays, before 1970 and as null', async () => {
    const at = new Date('2026-11-20T09:30:00.123Z');
    const before = new Date('1969-12-31T23:59:59.995Z');
    const sql = `SELECT {at: DateTime64(3)} AS at, {list: Array(DateTime64(3, 'UTC'))} AS list,
      {none: Nullable(DateTime64(3))} AS none, {second: DateTime} AS second, {day: Date} AS day`;
    expect(
      await engine.rows('dates', sql, { at, list: [at, before], none: null, second: at, day: '2026-11-20' }),
    ).toEqual([
      {
        at: '2026-11-20T09:30:00.123Z',
        list: ['2026-11-20T09:30:00.123Z', '1969-12-31T23:59:59.995Z'],
        none: null,
        second: '2026-11-20T09:30:00Z',
        day: '2026-11-20',
      },
    ]);
  });

  test('binds numbers, booleans, maps and nested arrays', async () => {
    const values = {
      f: -1.5e-10,
      b: true,
      m: { "a'": 'b\\' },
      n: [[1, 2], []],
      i: -7,
      u: '00000000-0000-0000-0000-00000000000a',
    };
    const sql =
      'SELECT {f: Float64} AS f, {b: Bool} AS b, {m: Map(String, String)} AS m, {n: Array(Array(UInt8))} AS n, {i: Int64} AS i, {u: UUID} AS u';
    expect(await engine.rows('values', sql, values)).toEqual([values]);
  });

  test('refuses what it could not bind unchanged, before it is sent', async () => {
    const bind = (type: string, p: never): Promise<unknown> =>
      engine.rows('bind', `SELECT {p: ${type}}`, { p });
    await expect(bind('String', '\ud800' as never)).rejects.toThrow('half a surrogate pair');
    await expect(bind('Array(String)', ['a\udc00'] as never)).rejects.toThrow('half a surrogate pair');
    await expect(bind('String', null as never)).rejects.toThrow('is null but its type is String');
    await expect(bind('UInt64', (2 ** 53) as never)).rejects.toThrow('not a safe integer');
    await expect(bind('DateTime64(3)', new Date(Number.NaN) as never)).rejects.toThrow('invalid date');
    await expect(engine.rows('bind', 'SELECT {p: String}')).rejects.toThrow('p is missing');
    await expect(engine.rows('bind', 'SELECT 1', { p: 1 })).rejects.toThrow('p is not in the statement');
  });

  test('takes 100,000 ids in one parameter', async () => {
    const ids = Array.from(
      { length: 100_000 },
      (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    );
    const sql = `SELECT count() AS n, uniqExact(id) AS ids FROM (SELECT arrayJoin(splitByChar('\\n', {ids: String})) AS id)
      WHERE id IN (SELECT arrayJoin(splitByChar('\\n', {ids: String})))`;
    expect(await engine.rows('ids', sql, { ids: ids.join('\n') })).toEqual([{ n: 100_000, ids: 100_000 }]);
  });

  test('inserts a group once, in its table and through two chained views', async () => {
    await engine.command(
      `CREATE TABLE facts (at DateTime64(3, 'UTC'), who String) ENGINE = MergeTree ORDER BY at ${window}`,
    );
    await engine.command(
      `CREATE TABLE hourly (who String, n SimpleAggregateFunction(sum, UInt64)) ENGINE = AggregatingMergeTree ORDER BY who ${window}`,
    );
    await engine.command(
      'CREATE MATERIALIZED VIEW hourly_mv TO hourly AS SELECT who, count() AS n FROM facts GROUP BY who',
    );
    await engine.command(
      `CREATE TABLE chained (who String, n UInt64) ENGINE = MergeTree ORDER BY who ${window}`,
    );
    await engine.command('CREATE MATERIALIZED VIEW chained_mv TO chained AS SELECT who, n FROM hourly');
    const lines = Array.from({ length: 100 }, (_, index) =>
      JSON.stringify(['2026-11-20T09:30:00.000Z', `w${index % 10}`]),
    ).join('\n');
    const sums = async (): Promise<unknown> =>
      (
        await engine.rows(
          'sums',
          'SELECT (SELECT count() FROM facts) AS facts, (SELECT sum(n) FROM hourly) AS hourly, (SELECT sum(n) FROM chained) AS chained',
        )
      )[0];

    await engine.insert('facts', ['at', 'who'], lines, 'group-1');
    await engine.insert('facts', ['at', 'who'], lines, 'group-1');
    expect(await sums()).toEqual({ facts: 100, hourly: 100, chained: 100 });
    await engine.insert('facts', ['at', 'who'], lines, 'group-2');
    expect(await sums()).toEqual({ facts: 200, hourly: 200, chained: 200 });
  });

  test('completes a group whose view failed when it is retried under its token', async () => {
    await engine.command(`CREATE TABLE source (n UInt32) ENGINE = MergeTree ORDER BY n ${window}`);
    await engine.command(`CREATE TABLE target (n UInt32) ENGINE = MergeTree ORDER BY n ${window}`);
    await engine.command('CREATE TABLE switch (broken UInt8) ENGINE = Memory');
    await engine.command('INSERT INTO switch SELECT 1');
    await engine.command(
      'CREATE MATERIALIZED VIEW target_mv TO target AS SELECT n + throwIf((SELECT max(broken) FROM switch) = 1) AS n FROM source',
    );
    const insert = (): Promise<void> => engine.insert('source', ['n'], '[1]\n[2]\n[3]', 'group');

    await expect(insert()).rejects.toMatchObject({ name: 'QueryFailedError', code: 395 });
    await engine.command('TRUNCATE TABLE switch');
    await insert();
    await insert();
    expect([await count('source'), await count('target')]).toEqual([3, 3]);
  });

  test('tells rows that could not be read, of which nothing is stored, from a view that cannot parse text', async () => {
    await engine.command(
      `CREATE TABLE typed (u UUID, at DateTime64(3), n UInt8, list Array(Tuple(x String))) ENGINE = MergeTree ORDER BY u ${window}`,
    );
    const good = '["00000000-0000-0000-0000-000000000000","2026-11-20T09:30:00.000Z",1,[]]';
    const bad = [
      '["no uuid","2026-11-20T09:30:00.000Z",1,[]]',
      '["00000000-0000-0000-0000-000000000000","+010000-01-01T00:59:59.000Z",1,[]]',
      '["00000000-0000-0000-0000-000000000000","2026-11-20T09:30:00.000Z",-1,[]]',
      '["00000000-0000-0000-0000-000000000000","2026-11-20T09:30:00.000Z",1,{}]',
      '["00000000-0000-0000-0000-000000000000","2026-11-20T09:30:00.000Z",1,[{"x":"\\ud800"}]]',
      '["00000000-0000-0000-0000-000000000000"]',
      'no JSON',
    ];
    for (const [index, line] of bad.entries()) {
      const insert = engine.insert(
        'typed',
        ['u', 'at', 'n', 'list'],
        `${good}\n${line}`,
        `unreadable-${index}`,
      );
      await expect(insert, line).rejects.toMatchObject({ name: 'QueryFailedError', isUnreadable: true });
    }
    expect(await count('typed')).toBe(0);

    await engine.command(`CREATE TABLE unparsed (s String) ENGINE = MergeTree ORDER BY s ${window}`);
    await engine.command(`CREATE TABLE uuids (u UUID) ENGINE = MergeTree ORDER BY u ${window}`);
    await engine.command('CREATE MATERIALIZED VIEW uuids_mv TO uuids AS SELECT toUUID(s) AS u FROM unparsed');
    const insert = engine.insert('unparsed', ['s'], '["(at row 1)"]', 'unparsed');
    await expect(insert).rejects.toMatchObject({ code: 376, isUnreadable: false });
    expect(await count('unparsed')).toBe(1);
  });

  test('keeps no setting of one statement for the next', async () => {
    await engine.command(`CREATE TABLE leaks (n UInt32) ENGINE = MergeTree ORDER BY n ${window}`);
    await engine.insert('leaks', ['n'], '[1]', 'token');
    await engine.insert('leaks', ['n'], '[1]', null);
    await engine.insert('leaks', ['n'], '[1]', null);
    expect(await count('leaks')).toBe(3);
    await engine.insert('leaks', ['n'], '[1]', 'token');
    await engine.insert('leaks', ['n'], '[1]', 'other');
    expect(await count('leaks')).toBe(4);

    const names =
      "('max_threads', 'join_use_nulls', 'log_comment', 'max_execution_time', 'insert_deduplication_token', 'insert_deduplicate', 'async_insert')";
    const settings = (
      sql = `SELECT name FROM system.settings WHERE name IN ${names} AND changed ORDER BY name`,
    ): Promise<{ name: string }[]> => engine.rows('settings', sql);
    await Promise.all(
      Array.from({ length: 6 }, () =>
        engine.rows(
          'own',
          'SELECT 1 AS one SETTINGS max_threads = 1, join_use_nulls = 0',
          {},
          { queryId: 'x' },
        ),
      ),
    );
    expect((await settings()).map(({ name }) => name)).toEqual(['join_use_nulls', 'max_execution_time']);
    // Written through the write connection, where no read setting is wanted at all.
    await engine.command('CREATE TABLE seen (name String) ENGINE = Memory');
    await engine.command(
      `INSERT INTO seen SELECT name FROM system.settings WHERE name IN ${names} AND changed`,
    );
    expect(await settings('SELECT name FROM seen')).toEqual([]);
  });

  test('gives reads our settings: nulls from joins, plain 64-bit numbers, ISO dates, in unions too', async () => {
    const sql = `SELECT l.id AS id, r.at AS at FROM (SELECT toUInt64(1) AS id) AS l
      LEFT JOIN (SELECT toUInt64(2) AS id, now64(3) AS at) AS r USING id
      UNION ALL SELECT toUInt64(3), toDateTime64('2026-11-20 09:30:00.5', 3, 'UTC')`;
    expect(await engine.rows('settings', `SELECT * FROM (${sql}) ORDER BY id`)).toEqual([
      { id: 1, at: null },
      { id: 3, at: '2026-11-20T09:30:00.500Z' },
    ]);
    const union =
      "SELECT toDateTime64('2026-11-20 09:30:00.5', 3, 'UTC') AS at UNION ALL SELECT toDateTime64('2026-11-20 09:30:00.5', 3, 'UTC')";
    expect(await engine.rows('union', union)).toEqual([
      { at: '2026-11-20T09:30:00.500Z' },
      { at: '2026-11-20T09:30:00.500Z' },
    ]);
  });

  test('writes 20,000 wide rows as one part for one month', async () => {
    await engine.command(
      "CREATE TABLE wide (received_at DateTime64(3, 'UTC'), id UUID, body String) ENGINE = MergeTree PARTITION BY toYYYYMM(received_at) ORDER BY id",
    );
    await engine.command('SYSTEM STOP MERGES wide');
    const body = 'x'.repeat(1_500);
    const lines = Array.from(
      { length: 20_000 },
      (_, index) =>
        `["2026-11-20T09:30:00.000Z","00000000-0000-4000-8000-${String(index).padStart(12, '0')}","${body}"]`,
    ).join('\n');
    await engine.insert('wide', ['received_at', 'id', 'body'], lines, 'wide-1');
    const parts = await engine.rows(
      'parts',
      "SELECT rows FROM system.parts WHERE database = currentDatabase() AND table = 'wide' AND active",
    );
    expect(parts).toEqual([{ rows: 20_000 }]);
    await engine.command('DROP TABLE wide');
  });

  test('keeps every character of inserted text', async () => {
    await engine.command('CREATE TABLE texts (n UInt32, s String) ENGINE = MergeTree ORDER BY n');
    const texts = ["it's; DROP TABLE texts; --", 'a\nb\t\0\\"', '😀', '[1,"x"]\n[2]', '/* ', "');"];
    await engine.insert(
      'texts',
      ['n', 's'],
      texts.map((text, n) => JSON.stringify([n, text])).join('\n'),
      't',
    );
    const rows = await engine.rows<{ s: string }>('texts', 'SELECT s FROM texts ORDER BY n');
    expect(rows.map(({ s }) => s)).toEqual(texts);
    await expect(engine.insert('texts', ['n', 's'], JSON.stringify([9, '\ud800']), null)).rejects.toThrow(
      QueryFailedError,
    );
    await expect(engine.insert('texts', ['n', 'misspelt'], '[1,"x"]', null)).rejects.toMatchObject({
      code: 16,
    });
    await engine.insert('texts', ['n', 's'], '\n', 'empty');
    expect(await count('texts')).toBe(texts.length);
  });

  test('runs reads beside a long one', async () => {
    let longEnded = false;
    const long = engine
      .rows(
        'long',
        'SELECT sleepEachRow(1.5) AS s FROM numbers(2) SETTINGS max_block_size = 1',
        {},
        { maxExecutionSeconds: 10 },
      )
      .then((rows) => {
        longEnded = true;
        return rows;
      });
    const start = performance.now();
    const read = (n: number): Promise<unknown> =>
      engine.rows('short', 'SELECT sleepEachRow(0.5) AS s, {n: UInt8} AS n FROM numbers(1)', { n });
    expect(await Promise.all([read(1), read(2)])).toEqual([[{ s: 0, n: 1 }], [{ s: 0, n: 2 }]]);
    expect(performance.now() - start).toBeLessThan(1_500);
    expect(longEnded).toBe(false);
    expect(await long).toHaveLength(2);
  });

  test('says what failed, by name and code and without values', async () => {
    const failed = async (work: Promise<unknown>): Promise<QueryFailedError> => {
      const error: unknown = await work.then(
        () => undefined,
        (each: unknown) => each,
      );
      expect(error).toBeInstanceOf(QueryFailedError);
      return error as QueryFailedError;
    };
    const unknown = await failed(engine.rows('who_left', 'SELECT nope FROM system.one'));
    expect(unknown).toMatchObject({
      query: 'who_left',
      code: 47,
      reason: 'UNKNOWN_IDENTIFIER',
      retryable: false,
    });
    expect(unknown.message).toContain('nope');
    const secret = 'ann@example.com';
    const cast = await failed(engine.rows('cast', 'SELECT CAST({who: String} AS UInt32)', { who: secret }));
    const type = await failed(
      engine.rows('type', "SELECT {who: String} + 1, {who: String} + 'other@example.com'", { who: secret }),
    );
    await engine.command('CREATE TABLE strict (n UInt8) ENGINE = Memory');
    const line = await failed(engine.insert('strict', ['n'], `["${secret}"]`, null));
    for (const { message, stack } of [cast, type, line])
      expect(`${message}${stack}`).not.toContain('example.com');
    expect(await failed(engine.rows('none', ''))).toBeInstanceOf(QueryFailedError);
    expect((await failed(engine.rows('two', 'SELECT 1; SELECT 2'))).message).toContain(
      'more than one statement',
    );
  });

  test('never mixes the rows of a failed query into the next answer', async () => {
    for (let round = 0; round < 4; round++) {
      const halfway = engine.rows(
        'halfway',
        'SELECT number, throwIf(number = 5) FROM numbers(10) SETTINGS max_block_size = 1',
      );
      await expect(halfway).rejects.toMatchObject({ code: 395 });
      expect(await engine.rows('next', 'SELECT 1 AS mine')).toEqual([{ mine: 1 }]);
    }
  });

  test('stops a query at its time limit and another when it is cancelled', async () => {
    const slow = 'SELECT sleepEachRow(0.1) FROM numbers(100) SETTINGS max_block_size = 1';
    await expect(engine.rows('slow', slow, {}, { maxExecutionSeconds: 1 })).rejects.toMatchObject({
      code: 159,
    });
    const cancelled = engine.rows('slow', slow, {}, { queryId: "it's mine" });
    const ended = expect(cancelled).rejects.toMatchObject({ code: 394 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await engine.cancel('another');
    await engine.cancel("it's mine");
    await ended;
    expect(await engine.rows('next', 'SELECT 1 AS mine')).toEqual([{ mine: 1 }]);
  });

  test('calls a full memory away, since it passes', async () => {
    const greedy = engine.rows(
      'greedy',
      'SELECT groupArray(number) AS a FROM numbers(10000000) SETTINGS max_memory_usage = 10000000',
    );
    await expect(greedy).rejects.toMatchObject({ name: 'EngineAwayError', code: 241, retryable: true });
  });

  test('reports each statement once, with its rows or its failure', async () => {
    events.length = 0;
    await engine.query('numbers/below', { limit: 3, order: 'up' });
    await engine.rows('nope', 'SELECT nope').catch(() => undefined);
    await engine.insert('leaks', ['n'], '[1]\n[2]\n', null);
    expect(events.map(({ name, rows, failed }) => ({ name, rows, failed }))).toEqual([
      { name: 'numbers/below', rows: 3, failed: false },
      { name: 'nope', rows: null, failed: true },
      { name: 'insert leaks', rows: 2, failed: false },
    ]);
    for (const { milliseconds } of events) expect(milliseconds).toBeGreaterThan(0);
  });

  test('answers a ping, and nothing after it is closed', async () => {
    await engine.ping();
    const waiting = Array.from({ length: 8 }, (_, n) =>
      engine.rows('last', 'SELECT sleepEachRow(0.05) AS s, {n: UInt8} AS n FROM numbers(1)', { n }),
    );
    await engine.close();
    expect((await Promise.all(waiting)).flat()).toHaveLength(8);
    await expect(engine.ping()).rejects.toThrow(EngineAwayError);
    await expect(engine.rows('late', 'SELECT 1')).rejects.toThrow(EngineAwayError);
  });
});
