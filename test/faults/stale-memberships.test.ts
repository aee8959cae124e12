import { afterAll, beforeAll, expect, test } from 'vitest';
import { newDirectory, Service } from '../support/faults-child.js';
import { counted, quantile, report } from '../support/faults-count.js';
import { Connection } from '../support/faults-http.js';
import { registerStreams, streams } from '../support/faults-senders.js';
import { all, leaf } from '../support/segment-calls.js';

const writers = 10;
const directory = newDirectory();
let service: Service;

/** Of everybody, by stream: who may be sent it, and who may not. */
const definitions = {
  'promotions-allowed': all(leaf('permission.allowed[stream=promotions]', '=', true)),
  'promotions-stopped': all(leaf('permission.allowed[stream=promotions]', '=', false)),
  'texts-allowed': all(leaf('segment', 'doesNotContain', 'texts-stopped')),
  'texts-stopped': all(leaf('permission.reason[stream=texts]', 'in', ['opt_out', 'hold', 'pause'])),
};

beforeAll(async () => {
  // With jobs: sweeps and looks at new statements go on beside the writers.
  service = await Service.start(directory.path, { SECATEUR_JOBS: 'on' });
  const connection = new Connection(() => service.url);
  await registerStreams(connection);
  for (const key of ['promotions-allowed', 'promotions-stopped', 'texts-stopped', 'texts-allowed'] as const)
    await define(connection, key, definitions[key]);
  connection.close();
});
afterAll(async () => {
  await service.stop();
  directory.remove();
});

async function define(connection: Connection, key: string, condition: object): Promise<void> {
  const { status, body } = await connection.put(`/v1/segments/${key}`, { name: key, condition });
  if (status !== 200) throw new Error(`segment ${key}: ${status} ${JSON.stringify(body)}`);
}

interface Read {
  after: number;
  answeredIn: number;
  expected: string;
  unexpected: string;
  answer: { segment: string }[];
}

test('a read of membership on another connection shows what was acknowledged not 5 ms ago', async () => {
  const perWriter = counted(40, 1000);
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer, 6))); // warms up
  let isOver = false;
  const stirred = stir(() => isOver);
  const reads = (
    await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer, perWriter)))
  ).flat();
  isOver = true;
  const { profiles, changes } = await stirred;

  const stale = reads.filter(({ answer, expected, unexpected }) => {
    const keys = answer.map(({ segment }) => segment);
    return !keys.includes(expected) || keys.includes(unexpected);
  });
  const prompt = reads.filter(({ after }) => after <= 5);
  const answeredIn = reads.map((read) => read.answeredIn);
  report('stale memberships', {
    writers,
    reads: reads.length,
    stale: stale.length,
    'sent within 5 ms %': (100 * prompt.length) / reads.length,
    'read p50 ms': quantile(answeredIn, 0.5),
    'p99 ms': quantile(answeredIn, 0.99),
    'profiles meanwhile': profiles,
    'definitions meanwhile': changes,
  });
  expect(stale.slice(0, 5)).toEqual([]);
  expect(reads).toHaveLength(writers * perWriter);
  expect(prompt.length / reads.length).toBeGreaterThan(0.95);
  expect(Math.min(profiles, changes)).toBeGreaterThan(0);

  await expectNoTurnTwice();
});

/** Changes of profiles of the same people, and of a definition that has everybody looked at, as long as it goes on. */
async function stir(isOver: () => boolean): Promise<{ profiles: number; changes: number }> {
  const connection = new Connection(() => service.url);
  let profiles = 0;
  let changes = 0;
  while (!isOver()) {
    const changed = Array.from({ length: writers }, (_, writer) => ({
      id: `w${writer}-0`,
      attributes: { round: profiles },
    }));
    const { status } = await connection.post('/v1/subscribers', changed);
    expect(status).toBe(200);
    profiles += 1;
    if (profiles % 4 !== 0) continue;
    changes += 1;
    await define(
      connection,
      'stirred',
      all(
        leaf('permission.allowed[stream=newsletter]', '=', true),
        leaf('subscriber.attributes.round', '>=', changes % 2 === 0 ? 0 : 1_000_000),
      ),
    );
  }
  connection.close();
  return { profiles, changes };
}

/** In the ledger of each person and segment, entered and left take turns. */
async function expectNoTurnTwice(): Promise<void> {
  const connection = new Connection(() => service.url);
  const sizes = new Map<string, number>();
  const { body } = await connection.get<{ segments: { key: string; size: number }[] }>('/v1/segments');
  for (const { key, size } of body.segments) sizes.set(key, size);
  for (const key of Object.keys(definitions)) {
    const answer = await connection.get<{ buckets: { size: number }[] }>(`/v1/segments/${key}/sizes`);
    expect({ key, size: answer.body.buckets.at(-1)?.size }).toEqual({ key, size: sizes.get(key) });
  }
  connection.close();
}

let ids = 0;

/** Opts people out and in again by turns, and asks at once, each time over another connection than it wrote on. */
async function write(writer: number, times: number): Promise<Read[]> {
  const writing = new Connection(() => service.url);
  const reading = new Connection(() => service.url);
  // The first question opens the connection: that is not what is measured.
  await reading.get('/healthz');
  const reads: Read[] = [];
  for (let time = 0; time < times; time++) {
    const subscriber = `w${writer}-${Math.floor(time / 8) % 4}`;
    const name = time % 8 < 4 ? 'promotions' : 'texts';
    const isStop = time % 2 === 0;
    ids += 1;
    const request = {
      id: `m-${ids}`,
      subscriber,
      ...streams[name],
      ...(isStop
        ? { trigger: 'stream_unsubscribe' }
        : { basis: 'explicit_consent', evidence: `box ticked on form ${ids}`, made_by: 'person' }),
    };
    const written = await (writer % 2 === 0
      ? writing.post<Taken>(isStop ? '/v1/opt-outs' : '/v1/opt-ins', request)
      : writing.post<Taken>('/v1/events', [{ ...request, type: isStop ? 'opted_out' : 'opted_in' }]));
    const read = await reading.get<{ segments: { segment: string }[] }>(
      `/v1/subscribers/${subscriber}/segments`,
    );
    expect(written.status, JSON.stringify(written.body)).toBe(200);
    expect(written.body.state === 'decided' || written.body.accepted === 1).toBe(true);
    expect(read.status, JSON.stringify(read.body)).toBe(200);
    reads.push({
      after: read.sentAt - written.answeredAt,
      answeredIn: read.answeredAt - read.sentAt,
      expected: `${name}-${isStop ? 'stopped' : 'allowed'}`,
      unexpected: `${name}-${isStop ? 'allowed' : 'stopped'}`,
      answer: read.body.segments,
    });
  }
  writing.close();
  reading.close();
  return reads;
}

interface Taken {
  state?: string;
  accepted?: number;
}
