// How often a second the retention of a million spells is computed, with bands, hazards and all causes: from the ledger as
// the service does it; and from given spells, in one run against a plain JavaScript estimator that fetches them. Nothing
// is measured before both have given the same curve. Budget, of given spells: 300 ms. Making them of the ledger is shown beside it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, open } from '@secateur/sql';
import { benchResult, ratesOf, reportBench } from '../support/bench.js';
import { anyCause, type CurveRow, estimatorOver } from '../support/spell-table.js';

const spells = 1_000_000;
const day = 86_400_000;
const z = 1.959963984540054;
const budget = 1000 / 300;

const path = mkdtempSync(join(tmpdir(), 'secateur-bench-'));
const engine = await open({ path });
await migrate(engine);

/*
 * Two streams for each of 500,000 people, in eight parts: 400 days of first deliveries, 40 of 100 closed by one of five
 * causes within 300 days, 3 of them undone, 10 opened by an opt-in before.
 */
const nobody = `toUUID('00000000-0000-0000-0000-000000000000')`;
const parts = 8;
for (let part = 0; part < parts; part += 1) {
  const rows = `SELECT toUUID(concat('00000000-0000-4000-8000-', leftPad(hex(cityHash64(intDiv(number, 2)) % 281474976710656), 12, '0')))
      AS person, concat('stream-', toString((number * 7 + intDiv(number, 2)) % 8)) AS stream,
      toDateTime64('2025-06-01 00:00:00', 3, 'UTC') + toIntervalMillisecond(cityHash64(number, 'began') % ${400 * day}) AS first_at,
      cityHash64(number, 'kind') % 100 AS kind, toIntervalMillisecond(cityHash64(number, 'length') % ${300 * day}) AS length,
      [1, 1, 2, 3, 4, 5][kind % 6 + 1] AS why, number
    FROM numbers(${(part * spells) / parts}, ${spells / parts})`;
  const marks = (cause: string, at: string, where: string, kind: number) =>
    engine.command(
      `INSERT INTO spell_marks SELECT concat('of ', stream), person, ${at} AS at, ${cause}, 1, 0, person,
         toUUID(concat('00000000-0000-400${kind}-8000-', leftPad(hex(number), 12, '0'))), ${nobody}, at FROM (${rows}) WHERE ${where}`,
    );
  await engine.command(
    `INSERT INTO exposures SELECT person, stream, first_at, first_at + INTERVAL 30 DAY, 12 FROM (${rows})`,
  );
  await marks('why', 'first_at + length', 'kind < 40', 0);
  await engine.command(
    `INSERT INTO spell_marks SELECT '', person, first_at + length + INTERVAL 5 MINUTE AS at, 0, 0, 0, person, ${nobody},
       toUUID(concat('00000000-0000-4000-8000-', leftPad(hex(number), 12, '0'))), at FROM (${rows}) WHERE kind < 3`,
  );
  await marks('0', 'first_at - INTERVAL 1 DAY', 'kind < 10', 1);
}
const now = new Date('2026-08-01T00:00:00.000Z');
const keys = Array.from({ length: 8 }, (_, index) => `stream-${index}`);
const coverOf = (streams: readonly string[]) => ({
  cover_selectors: streams.map((key) => `of ${key}`),
  cover_streams: [...streams],
  cover_until: streams.map(() => 8_640_000_000_000_000),
  cover_since: streams.map(() => -8_640_000_000_000_000),
});
const shared = { causes: [1], min_at_risk: 20, most: 20_000 };
const fromLedger = (streams: string[]) =>
  engine.query('analytics/retention_curve', {
    ...shared,
    ...coverOf(streams.includes('') ? keys : streams),
    streams,
    as_of: now,
    known_at: now,
    step_ms: day,
    unit_ms: day,
  });

await engine.command('CREATE TABLE spell_table (exit UInt16, cause UInt8) ENGINE = MergeTree ORDER BY ()');
await engine.command(
  `INSERT INTO spell_table SELECT 1 + cityHash64(number, 'exit') % 400, if(cityHash64(number, 'kind') % 100 < 40,
     1 + cityHash64(number, 'cause') % 5, 0) FROM numbers(${spells})`,
);
const given = estimatorOver(
  'SELECT toUInt32(1) AS curve, -inf AS entry, toFloat64(exit) AS exit, cause, 1 AS n, 1. AS weight FROM spell_table',
  'analytics/retention_curve',
);
const fromSpells = () => engine.rows<CurveRow>('estimator', given, shared);

/** Counted by day, then one walk along the days. */
async function fetched(): Promise<
  { t: number; survival: number; lower: number | null; upper: number | null }[]
> {
  const rows = await engine.rows<{ exit: number; cause: number }>(
    'fetch',
    'SELECT exit, cause FROM spell_table',
  );
  const days = new Map<number, { left: number; of: number[] }>();
  for (const { exit, cause } of rows) {
    let one = days.get(exit);
    if (one === undefined) {
      one = { left: 0, of: [0, 0, 0, 0, 0, 0] };
      days.set(exit, one);
    }
    one.left += 1;
    one.of[cause] = (one.of[cause] ?? 0) + 1;
  }
  let [n, survival, greenwood, stayed] = [rows.length, 1, 0, 1];
  const shares = [0, 0, 0, 0, 0, 0];
  const points = [];
  for (const [t, { left, of }] of [...days].sort(([a], [b]) => a - b)) {
    const d = of[1] ?? 0;
    for (const cause of anyCause) shares[cause] = (shares[cause] ?? 0) + (stayed * (of[cause] ?? 0)) / n;
    stayed *= (n - (left - (of[0] ?? 0))) / n;
    survival *= (n - d) / n;
    greenwood += d / (n * (n - d));
    const bound = (side: number) =>
      survival === 0 || survival === 1
        ? null
        : survival ** Math.exp((side * z * Math.sqrt(greenwood)) / Math.log(survival));
    if (n >= 20) points.push({ t, survival, lower: bound(-1), upper: bound(1), shares: [...shares] });
    n -= left;
  }
  return points;
}

const [ours, theirs] = [(await fromSpells()).filter(({ shown }) => shown === 1), await fetched()];
for (const [index, point] of theirs.entries()) {
  const own = ours[index];
  const near = (a: number | null | undefined, b: number | null) => Math.abs((a ?? 0) - (b ?? 0)) < 1e-9;
  if (
    own?.t !== point.t ||
    !near(own.survival, point.survival) ||
    !near(own.lower, point.lower) ||
    !near(own.upper, point.upper)
  ) {
    throw new Error(`The curves differ at ${point.t}`);
  }
}
const [first] = await fromLedger(['']);
if (first?.n !== spells) throw new Error(`The ledger holds ${first?.n} spells`);

const one = (run: () => Promise<unknown>) => async () => {
  await run();
  return 1;
};
const rates = await ratesOf([
  { name: 'ledger', run: one(() => fromLedger([''])) },
  { name: 'one of 8', run: one(() => fromLedger(['stream-3'])) },
  { name: 'reach', run: one(() => engine.query('analytics/reach', coverOf(keys))) },
  { name: 'spells', run: one(fromSpells) },
  { name: 'fetched', run: one(fetched) },
]);
const rate = (name: string) => rates.get(name) ?? 0;
reportBench([
  benchResult('retention of 1 M spells, all from the ledger', 'curves/s', rate('ledger')),
  benchResult('retention of one stream of 8 of them', 'curves/s', rate('one of 8')),
  benchResult('reach of 1 M spells', 'answers/s', rate('reach')),
  benchResult('retention of 1 M given spells', 'curves/s', rate('spells'), null, budget),
  benchResult('the same, against JavaScript on fetched rows', 'curves/s', rate('spells'), rate('fetched')),
]);
await engine.close();
rmSync(path, { recursive: true, force: true });
