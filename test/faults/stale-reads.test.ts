import { afterAll, beforeAll, expect, test } from 'vitest';
import { newDirectory, Service } from '../support/faults-child.js';
import { counted, quantile, report } from '../support/faults-count.js';
import { Connection } from '../support/faults-http.js';
import { registerStreams, streams } from '../support/faults-senders.js';

const writers = 10;
const directory = newDirectory();
let service: Service;

beforeAll(async () => {
  service = await Service.start(directory.path);
  const connection = new Connection(() => service.url);
  await registerStreams(connection);
  connection.close();
});
afterAll(async () => {
  await service.stop();
  directory.remove();
});

interface Read {
  said: 'stopped' | 'allowed again';
  /** Milliseconds from the acknowledgement until the question was sent. */
  after: number;
  decidedIn: number;
  answeredIn: number;
  answer: { allowed: boolean; reason: string } | undefined;
}

test('a send check on another connection obeys what was acknowledged not 5 ms ago', async () => {
  const perWriter = counted(60, 1000);
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer, 6))); // warms up
  const began = performance.now();
  const reads = (
    await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer, perWriter)))
  ).flat();
  const seconds = (performance.now() - began) / 1000;

  const stale = reads.filter(({ said, answer }) =>
    said === 'stopped'
      ? answer?.allowed !== false || answer.reason !== 'opt_out'
      : answer?.allowed !== true || answer.reason !== 'opt_in',
  );
  const prompt = reads.filter(({ after }) => after <= 5);
  const decided = reads.map(({ decidedIn }) => decidedIn);
  report('stale reads', {
    writers,
    reads: reads.length,
    'after opt-outs': reads.filter(({ said }) => said === 'stopped').length,
    stale: stale.length,
    'sent within 5 ms %': (100 * prompt.length) / reads.length,
    'decided p50 ms': quantile(decided, 0.5),
    'p99 ms': quantile(decided, 0.99),
    'check p50 ms': quantile(
      reads.map(({ answeredIn }) => answeredIn),
      0.5,
    ),
    'check p99 ms': quantile(
      reads.map(({ answeredIn }) => answeredIn),
      0.99,
    ),
    'decisions per s': reads.length / seconds,
  });
  expect(stale.slice(0, 5)).toEqual([]);
  expect(reads).toHaveLength(writers * perWriter);
  expect(prompt.length / reads.length).toBeGreaterThan(0.95);
});

let ids = 0;

/** Opts people out and in again by turns, and asks at once, each time over another connection than it wrote on. */
async function write(writer: number, times: number): Promise<Read[]> {
  const writing = new Connection(() => service.url);
  const reading = new Connection(() => service.url);
  // The first question opens the connection: that is not what is measured.
  await reading.get('/healthz');
  const reads: Read[] = [];
  for (let time = 0; time < times; time++) {
    const subscriber = `w${writer}-${Math.floor(time / 4)}`;
    const stream = time % 8 < 4 ? streams.promotions : streams.texts;
    const said = time % 2 === 0 ? 'stopped' : 'allowed again';
    ids += 1;
    const request = {
      id: `r-${ids}`,
      subscriber,
      ...stream,
      ...(said === 'stopped'
        ? { trigger: 'stream_unsubscribe' }
        : { basis: 'explicit_consent', evidence: `box ticked on form ${ids}`, made_by: 'person' }),
    };
    const written = await (writer % 2 === 0
      ? writing.post<Taken>(said === 'stopped' ? '/v1/opt-outs' : '/v1/opt-ins', request)
      : writing.post<Taken>('/v1/events', [
          { ...request, type: said === 'stopped' ? 'opted_out' : 'opted_in' },
        ]));
    const read = await reading.post<{ results: { allowed: boolean; reason: string }[] }>(
      '/v1/permissions/check',
      { message: stream, subscribers: [subscriber] },
    );
    expect(written.status, JSON.stringify(written.body)).toBe(200);
    expect(written.body.state === 'decided' || written.body.accepted === 1).toBe(true);
    reads.push({
      said,
      after: read.sentAt - written.answeredAt,
      decidedIn: written.answeredAt - written.sentAt,
      answeredIn: read.answeredAt - read.sentAt,
      answer: read.body.results[0],
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
