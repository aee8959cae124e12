// How long the questions of the dashboard take over HTTP at 2 and at 20 million events, and how that grows: the median and
// the 95th percentile of 20 calls each, taken in turn. The log is made in the engine, in the tables that the service
// writes, and every rollup of it by the service's own views. Budget: 300 ms at 20 million, and growth below tenfold.
// SECATEUR_BENCH_EVENTS takes other sizes, as in 200000,2000000.

import { reportBench } from '../support/bench.js';
import { registerBenchStreams, writeBenchLog } from '../support/bench-log.js';
import { newDirectory, Service } from '../support/faults-child.js';
import { quantile } from '../support/faults-count.js';
import { Connection } from '../support/faults-http.js';

const sizes = (process.env.SECATEUR_BENCH_EVENTS ?? '2000000,20000000').split(',').map(Number);
const calls = 20;
const budget = 300;
const day = 86_400_000;
const end = new Date(Math.floor(Date.now() / day) * day);
const since = (days: number): string =>
  `from=${new Date(end.getTime() - days * day).toISOString()}&to=${end.toISOString()}`;

const questions: Readonly<Record<string, string>> = {
  'overview, 7 days': `overview?${since(7)}`,
  'overview, 90 days by day': `overview?${since(90)}&interval=day`,
  'rates by segment, 28 days': `rates?dimension=segment&${since(28)}`,
  'rates by stream, 28 days': `rates?dimension=stream&${since(28)}`,
  'rates by campaign, 90 days': `rates?dimension=campaign&${since(90)}`,
  'metric by two dimensions, 28 days': `opt_out_rate?by=segment&by=campaign&${since(28)}`,
  'metric in a time zone, 90 days': `complaint_rate?by=stream&trend=true&interval=week&time_zone=Asia/Kolkata&${since(90)}`,
  'rates by segment by day in a time zone, 28 days': `rates?dimension=segment&interval=day&time_zone=Asia/Kolkata&${since(28)}`,
  'unsolicited, 28 days': `unsolicited?${since(28)}`,
  'permissions kept, 28 days': `permissions_kept?by=stream&${since(28)}`,
  'send pressure, 28 days': `send_pressure?by=stream&${since(28)}`,
  reach: 'reach',
  'drivers, 28 days': `drivers?${since(28)}`,
  'retention of a stream': 'retention?stream=stream-1',
  'retention of a segment': 'retention?segment=plan:pro&stream=stream-1',
  'retention of an engagement tier': 'retention?segment=engagement:active&stream=stream-1',
  'cohorts of a stream': 'cohorts?stream=stream-1&period=month',
};
/** Of rollups, whose size must not follow that of the log. */
const ofRollups = new Set(Object.keys(questions).filter((name) => /^(?:overview|rates|metric)/.test(name)));

const none = { budget: null, holds: null } as const;

const directory = newDirectory();
const service = await Service.start(directory.path, { LOG_LEVEL: 'warn' });
const connection = new Connection(() => service.url);
await registerBenchStreams(connection);
const medians = new Map<string, number[]>();
let made = 0;
try {
  for (const size of sizes) {
    const began = performance.now();
    await writeBenchLog(service, made, size);
    made = size;
    process.stderr.write(`  ${size} events written in ${Math.round((performance.now() - began) / 1000)} s\n`);
    await measure(size);
  }
} finally {
  connection.close();
  await service.stop();
  directory.remove();
}

async function measure(size: number): Promise<void> {
  const times = new Map<string, number[]>(Object.keys(questions).map((name) => [name, []]));
  for (let round = -2; round < calls; round += 1) {
    for (const [name, path] of Object.entries(questions)) {
      const { status, sentAt, answeredAt, body } = await connection.get(`/v1/analytics/${path}`);
      if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`);
      // The first rounds warm up.
      if (round >= 0) times.get(name)?.push(answeredAt - sentAt);
    }
  }
  const isLast = size === sizes.at(-1);
  const millions = size / 1e6;
  for (const [name, each] of times) {
    const [p50, p95] = [quantile(each, 0.5), quantile(each, 0.95)];
    const before = medians.get(name)?.at(-1) ?? null;
    medians.set(name, [...(medians.get(name) ?? []), p50]);
    const what = `analytics: ${name}, ${millions} M events`;
    const plain = { peer: null, ratio: null, unit: 'ms' };
    reportBench([
      { name: `${what}, p50`, ours: p50, ...plain, budget: null, holds: null },
      { name: `${what}, p95`, ours: p95, ...plain, ...(isLast ? { budget, holds: p95 <= budget } : none) },
    ]);
    if (!isLast || before === null) continue;
    const growth = p50 / before;
    const linear = size / (sizes[0] ?? size);
    reportBench([
      {
        ...{
          name: `analytics: ${name}, growth of p50`,
          ours: growth,
          peer: null,
          ratio: null,
          unit: 'times',
        },
        ...(ofRollups.has(name) ? { budget: linear, holds: growth < linear } : none),
      },
    ]);
  }
}
