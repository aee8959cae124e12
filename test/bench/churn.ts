// What the churn model costs: stage A fitted to 500,000 subscriptions of 40 features; a million scored in the engine by the
// expression that the service writes; and how long an opt-out takes over HTTP while a model is trained. Budgets: 60 s, 1 s,
// 250 ms at the 99th percentile.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { canonicalSelector } from '@secateur/backend/contract';
import { createRandom } from '@secateur/models';
import {
  type Column,
  churnFeatures,
  encode,
  fitAdditive,
  fitEncoder,
  hazardLabels,
  intervalsWithin,
  learn,
  scoreSql,
} from '@secateur/models/churn';
import { migrate, open } from '@secateur/sql';
import { reportBench } from '../support/bench.js';
import { writeChurnLog } from '../support/churn-log.js';
import { newDirectory, Service } from '../support/faults-child.js';
import { quantile } from '../support/faults-count.js';
import { Connection } from '../support/faults-http.js';

const told = (name: string, unit: string, ours: number, budget: number): void =>
  reportBench([
    { name: `churn: ${name}`, ours, peer: null, ratio: null, unit, budget, holds: ours <= budget },
  ]);

/** Columns of numbers, one in ten missing in a third of them; the first two say who leaves. */
function table(
  rows: number,
  columns: number,
): { columns: Column[]; labels: ReturnType<typeof hazardLabels> } {
  const random = createRandom(4);
  const made = Array.from({ length: columns }, (_, index): Column => {
    const values = new Float64Array(rows);
    for (let row = 0; row < rows; row += 1)
      values[row] = index % 3 === 0 && random.chance(0.1) ? Number.NaN : random.normal(0, 10);
    return { name: `x${index}`, kind: 'numeric', values };
  });
  const [one, other] = made.map(({ values }) => values as Float64Array);
  const days = Float64Array.from({ length: rows }, (_, row) => {
    const z = -5.5 + Math.sin((one?.[row] || 0) / 8) + (other?.[row] || 0) / 20;
    return random.exponential(1 / Math.exp(z));
  });
  const happened = days.map((each) => (each <= 90 ? 1 : 0));
  const potential = Float64Array.from({ length: rows }, () => random.between(5, 120));
  return {
    columns: made,
    labels: hazardLabels(
      days.map((each) => Math.min(90, each)),
      happened,
      potential,
    ),
  };
}

function fitLarge(): void {
  const { columns, labels } = table(500_000, 40);
  const rows = Int32Array.from({ length: 500_000 }, (_, row) => row);
  const began = performance.now();
  fitAdditive(encode(fitEncoder(columns, rows), columns, rows), labels, 10);
  told('stage A on 500,000 × 40', 's', (performance.now() - began) / 1000, 60);
}

async function scoreMillion(): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), 'secateur-bench-'));
  const engine = await open({ path });
  try {
    await migrate(engine);
    const names = churnFeatures.map(({ name, kind }) =>
      kind === 'numeric'
        ? `toFloat64(cityHash64(number, '${name}') % 100) AS ${name}`
        : `['a', 'b', 'c'][1 + cityHash64(number, '${name}') % 3] AS ${name}`,
    );
    const numeric = churnFeatures.filter(({ kind }) => kind === 'numeric').map(({ name }) => name);
    await engine.command(
      `CREATE TABLE scored ENGINE = MergeTree ORDER BY number AS SELECT number, ${names.join(', ')} FROM numbers(1000000)`,
    );
    const random = createRandom(9);
    const rows = 4000;
    const columns = churnFeatures.map(
      ({ name, kind }): Column =>
        kind === 'numeric'
          ? { name, kind, values: Float64Array.from({ length: rows }, () => random.integer(100)) }
          : {
              name,
              kind,
              values: Array.from({ length: rows }, () => ['a', 'b', 'c'][random.integer(3)] ?? ''),
            },
    );
    const days = Float64Array.from({ length: rows }, () => random.exponential(200));
    const labels = hazardLabels(
      days.map((one) => Math.min(90, one)),
      days.map((one) => (one <= 90 ? 1 : 0)),
    );
    const all = Int32Array.from({ length: rows }, (_, row) => row);
    const model = { ...(await learn({ columns, labels }, all, { seed: 1 })), networks: [] };
    const sql = scoreSql(model);
    const query = `SELECT avg(${sql.risk('score', intervalsWithin(30))}) AS mean FROM (SELECT ${sql.score} AS score FROM scored)`;
    const times: number[] = [];
    for (let round = -1; round < 5; round += 1) {
      const began = performance.now();
      await engine.rows('score', query);
      if (round >= 0) times.push((performance.now() - began) / 1000);
    }
    told(
      `1 M subscriptions scored by ${numeric.length} numbers and ${names.length - numeric.length} levels`,
      's',
      quantile(times, 0.5),
      1,
    );
  } finally {
    await engine.close();
    rmSync(path, { recursive: true, force: true });
  }
}

async function optOutsMeanwhile(): Promise<void> {
  const directory = newDirectory();
  const service = await Service.start(directory.path, { LOG_LEVEL: 'warn' });
  const connection = new Connection(() => service.url);
  const stream = { channel: 'email', category: 'news', origin: 'shop' } as const;
  try {
    await connection.put('/v1/streams/news', {
      ...{ ...stream, title: 'News', class: 'commercial', brand: 'shop', regime: 'opt_out' },
      ...{ list_id: 'news.example.com', all_option_shown: true, legal_basis: 'consent' },
    });
    const engine = { command: (text: string) => service.command(text) };
    await writeChurnLog(
      { engine },
      { people: 30_000, days: 150, seed: 3, selector: canonicalSelector(stream) },
    );
    const started = await connection.post('/v1/churn/training', {});
    if (started.status !== 202) throw new Error(`training: ${started.status}`);
    const times: number[] = [];
    for (let index = 0; ; index += 1) {
      const request = {
        id: `b-${index}`,
        subscriber: `b-${index}`,
        ...stream,
        trigger: 'stream_unsubscribe',
      };
      const { status, sentAt, answeredAt } = await connection.post('/v1/opt-outs', request);
      if (status !== 200 && status !== 202) throw new Error(`opt-out: ${status}`);
      times.push(answeredAt - sentAt);
      if (index % 20 === 0) {
        const { body } = await connection.get<{ state: string; error: string }>('/v1/churn/training');
        if (body.state === 'failed') throw new Error(body.error);
        if (body.state !== 'running') break;
      }
      await sleep(20);
    }
    told(`opt-outs while a model is trained, p99 of ${times.length}`, 'ms', quantile(times, 0.99), 250);
  } finally {
    connection.close();
    await service.stop();
    directory.remove();
  }
}

fitLarge();
await scoreMillion();
await optOutsMeanwhile();
