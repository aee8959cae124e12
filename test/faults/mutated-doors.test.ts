import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';
import { between, counted, oneOf, quantile, report, seeded } from '../support/faults-count.js';
import { abuseReport, bounce, request } from '../support/mail-samples.js';
import { mutated } from '../support/mutations.js';
import { samples } from '../support/provider-samples.js';

/*
 * Mutated mail and mutated bodies of every provider, each under a signature that fits, so that what is read is the
 * mutation and not the refusal.
 */
const publicUrl = 'https://secateur.shop.example';
const all = samples(publicUrl);
const shots = counted(600, 20_000);
/** Above what the service holds after it has warmed up. */
const mostGrowth = 512 * 1024 * 1024;

let app: RunningApp;
const api = new Calls(() => app);
const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };

beforeAll(async () => {
  app = await startApp({ markets: ['US'] }, { PUBLIC_URL: publicUrl });
  await api.stream('promotions', promotions);
  for (const { provider, settings } of all) await api.send('PUT', `/v1/providers/${provider}`, settings);
});
afterAll(() => app.stop());

test(`${shots} mutated mails and bodies: no answer of class 5xx, memory bounded, and the service still decides`, async () => {
  const { seed, random } = seeded();
  console.log(`mutated doors with seed ${seed}`);
  const { body } = await api.post('/v1/links', {
    subscriber: 'mutant',
    message: { ...promotions, campaign: 'c', message_id: 'm-1' },
    all_option_shown: true,
  });
  const token = (body as { url: string }).url.split('/u/')[1] ?? '';
  const mails = [
    abuseReport('mutant@people.example', token),
    abuseReport('mutant@people.example', token, 'not-spam'),
    bounce('mutant@people.example', token),
    bounce('mutant@people.example', token, '4.2.2', 'delayed'),
    request('mutant@people.example', `stop+${token}`, 'unsubscribe', ''),
    request('mutant@people.example', 'stop', `unsubscribe ${token}`, ''),
    request('mutant@people.example', 'stop', 'hello', 'Please delete my data and never contact me again.'),
    request('mutant@people.example', 'stop', 'Out of office', 'Back on Monday.', [
      'Auto-Submitted: auto-replied',
    ]),
  ];
  const made = Array.from({ length: shots }, (_, index) => shot(index, mails));

  function shot(index: number, corpus: readonly string[]): () => Promise<{ status: number; of: string }> {
    if (between(random, 0, 2) === 0) {
      const mail = mutated(random, oneOf(random, corpus));
      const bytes = Buffer.from(mail, oneOf(random, ['utf8', 'latin1'] as const));
      return async () => {
        const { status } = await api.send('POST', '/v1/mail', bytes, { 'content-type': 'message/rfc822' });
        return { status, of: 'mail' };
      };
    }
    const sample = oneOf(random, all);
    const person = { email: `mutant-${index}@people.example`, phone: '+12025550100', at: Date.now() };
    const source = oneOf(random, [sample.optOut, sample.resubscribe ?? sample.optOut]).call(sample, person);
    const { body: text, headers } = sample.send(mutated(random, source.body));
    return async () => {
      const { status } = await api.send('POST', `/v1/webhooks/${sample.provider}${sample.path}`, text, {
        ...source.headers,
        ...headers,
        authorization: '',
      });
      return { status, of: sample.provider };
    };
  }

  const statuses = new Map<number, number>();
  const broken: unknown[] = [];
  const times: number[] = [];
  let peak = 0;
  let first = 0;
  let next = 0;
  const shoot = async () => {
    for (let index = next++; index < made.length; index = next++) {
      const began = performance.now();
      const answer = await made[index]?.();
      times.push(performance.now() - began);
      if (answer === undefined) continue;
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (answer.status >= 500) broken.push({ index, ...answer });
      const { rss } = process.memoryUsage();
      if (index === Math.floor(shots / 5)) first = rss;
      peak = Math.max(peak, rss);
    }
  };
  await Promise.all(Array.from({ length: 32 }, shoot));
  report('mutated doors', {
    seed,
    shots: times.length,
    'of class 5xx': broken.length,
    statuses: [...statuses]
      .sort(([a], [b]) => a - b)
      .map(([status, count]) => `${status}×${count}`)
      .join(' '),
    'p99 ms': quantile(times, 0.99),
    'memory after a fifth, MiB': first / 1024 ** 2,
    'memory at most, MiB': peak / 1024 ** 2,
  });
  expect(broken.slice(0, 5)).toEqual([]);
  expect(times).toHaveLength(shots);
  expect(peak - first).toBeLessThan(mostGrowth);
  expect((await api.get('/v1/journal')).body).toMatchObject({ set_aside: [] });
  // Some of it got through, so that more than refusals was tried.
  expect(statuses.get(200) ?? 0).toBeGreaterThan(shots / 4);
  await api.optOut({ subscriber: 'after', ...promotions });
  expect(await api.check(promotions, 'after')).toMatchObject({ allowed: false });
});
