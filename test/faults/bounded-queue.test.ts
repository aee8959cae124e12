import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { newDirectory, Service } from '../support/faults-child.js';
import { counted, report } from '../support/faults-count.js';
import { Connection } from '../support/faults-http.js';
import { expectExact } from '../support/faults-ledger.js';
import { Acknowledged, registerStreams, streams } from '../support/faults-senders.js';

test('what does not fit into the queue is refused with a time to come back, and nothing accepted is lost', async () => {
  const directory = newDirectory();
  const service = await Service.start(directory.path, { SECATEUR_JOURNAL_QUEUE: '1000' });
  const connection = new Connection(() => service.url);
  await registerStreams(connection);
  const acknowledged = new Acknowledged();
  const senders = counted(24, 80);
  const retryAfter: number[] = [];
  const longest = { ms: 0 };

  const send = async (sender: number, type: 'delivered' | 'opted_out'): Promise<void> => {
    const own = new Connection(() => service.url);
    const events = Array.from({ length: 250 }, (_, index) => ({
      id: `${type}-${sender}-${index}`,
      type,
      subscriber: `q-${sender}-${index % 50}`,
      ...streams.promotions,
    }));
    for (;;) {
      const answer = await own.post<{ accepted: number }>('/v1/events', events);
      longest.ms = Math.max(longest.ms, answer.answeredAt - answer.sentAt);
      if (answer.status === 200) {
        expect(answer.body).toMatchObject({ accepted: 250, duplicates: 0, pending: 0, rejected: [] });
        break;
      }
      expect(answer.status).toBe(429);
      expect(answer.body).toMatchObject({ type: 'urn:secateur:problem:busy', status: 429 });
      retryAfter.push(Number(answer.headers['retry-after']));
      await sleep(Math.min(2, Number(answer.headers['retry-after'])) * 1000 * (0.5 + Math.random()));
    }
    for (const event of events) acknowledged.note(event);
    own.close();
  };
  await Promise.all(
    Array.from({ length: senders }, (_, index) => send(index, index % 3 === 0 ? 'delivered' : 'opted_out')),
  );

  expect(retryAfter.length).toBeGreaterThan(0);
  expect(retryAfter.every((seconds) => Number.isInteger(seconds) && seconds >= 1 && seconds <= 60)).toBe(
    true,
  );
  const exact = await expectExact(service, connection, acknowledged);
  report('bounded queue', {
    senders,
    'answered 429': retryAfter.length,
    'longest answer ms': longest.ms,
    ...exact,
  });
  connection.close();
  await service.stop();
  directory.remove();
});
