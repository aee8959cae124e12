import { providers } from '@secateur/backend/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { type Called, Calls } from '../support/calls.js';
import type { ProviderCall } from '../support/provider-calls.js';
import { type Person, type Sample, samples } from '../support/provider-samples.js';

const publicUrl = 'https://secateur.shop.example';
const all = samples(publicUrl);
const signed = all.filter((sample) => sample.signed);

let app: RunningApp;
const api = new Calls(() => app);
const places = {
  email: { channel: 'email', category: 'promotions', origin: 'shop' },
  sms: { channel: 'sms', category: 'promotions', origin: 'shop' },
  whatsapp: { channel: 'whatsapp', category: 'promotions', origin: 'shop' },
} as const;

beforeAll(async () => {
  app = await startApp({ markets: ['US'] }, { PUBLIC_URL: publicUrl });
  for (const [key, place] of Object.entries(places)) await api.stream(key, place);
  for (const { provider, settings } of all) {
    const { status, body } = await api.send('PUT', `/v1/providers/${provider}`, settings);
    expect({ provider, status, body }).toMatchObject({ status: 200, body: { enabled: true } });
  }
});
afterAll(() => app.stop());

let people = 0;
/** Somebody new who may receive everything, in whose name a call of that age comes. */
async function somebody(age = 0): Promise<Person & { id: string }> {
  const number = ++people;
  const id = `person-${number}`;
  const person = { email: `${id}@people.example`, phone: `+1202555${String(number).padStart(4, '0')}` };
  await api.profiles({ id, ...person, jurisdiction: 'US' });
  return { id, ...person, at: Date.now() - age };
}

function post({ provider, path }: Sample, { body, headers }: ProviderCall): Promise<Called> {
  return api.send('POST', `/v1/webhooks/${provider}${path}`, body, { ...headers, authorization: '' });
}

const isAllowed = async ({ channel }: Sample, { id }: { id: string }): Promise<boolean> =>
  (await api.check(places[channel], id)).allowed;
/** The newest statement about somebody; undefined when nobody said anything. */
async function statements({ id }: { id: string }): Promise<{ effect: string; basis: string }[]> {
  const { body } = await api.get(`/v1/permissions/${id}`);
  return (body as { statements: { effect: string; basis: string }[] }).statements;
}

test('every provider has a sample', () => {
  expect(all.map(({ provider }) => provider).sort()).toEqual([...providers].sort());
});

describe.each(all.map((sample) => [sample.provider, sample] as const))('%s', (_, sample) => {
  test('an opt-out is decided for whom it names, once however often it comes', async () => {
    const person = await somebody();
    expect(await statements(person)).toEqual([]);
    const call = sample.optOut(person);
    const first = await post(sample, call);
    expect(first).toMatchObject({ status: 200, body: { accepted: 1, rejected: [] } });
    expect((await statements(person)).map(({ effect }) => effect)).toContain('opt_out');
    expect((await post(sample, call)).body).toMatchObject({ accepted: 0, duplicates: 1 });
  });
});

describe.each(signed.map((sample) => [sample.provider, sample] as const))('%s, signed', (_, sample) => {
  test('INV-WH-1: with a byte flipped, or without its signature, a call has no effect', async () => {
    const person = await somebody();
    const call = sample.optOut(person);
    const status = sample.provider === 'mailgun' ? 406 : 401;
    const flipped = { ...call, headers: flip(sample, call.headers), body: flipBody(sample, call.body) };
    expect((await post(sample, flipped)).status).toBe(status);
    expect((await post(sample, { ...call, headers: {}, body: unsigned(call.body) })).status).toBe(status);
    expect(await statements(person)).toEqual([]);
  });

  test('INV-WH-2: an opt-out under a stale but valid signature is applied', async () => {
    const person = await somebody(3_600_000);
    expect(await post(sample, sample.optOut(person))).toMatchObject({ status: 200, body: { accepted: 1 } });
    expect((await statements(person)).map(({ effect }) => effect)).toContain('opt_out');
  });
});

const resubscribing = all.filter((sample) => sample.resubscribe !== undefined);

describe.each(resubscribing.map((sample) => [sample.provider, sample] as const))(
  '%s, coming back',
  (_, sample) => {
    test('INV-WH-2: a resubscription that is replayed late lifts nothing', async () => {
      const person = await somebody(7_200_000);
      await post(sample, sample.optOut(person));
      const before = await statements(person);
      const stopped = await isAllowed(sample, person);
      const call = sample.resubscribe?.({ ...person, at: person.at + 60_000 });
      if (call === undefined) throw new Error('it has none');
      if (sample.provider === 'twilio') {
        // Twilio signs no time: what was taken once is known by its MessageSid, and a replay after a second STOP is nothing new.
        await post(sample, call);
        await post(sample, sample.optOut({ ...person, at: person.at + 120_000 }));
        const after = await statements(person);
        expect((await post(sample, call)).body).toMatchObject({ accepted: 0, duplicates: 1 });
        expect(await statements(person)).toEqual(after);
        return;
      }
      expect(await post(sample, call)).toMatchObject({
        status: 200,
        body: { accepted: 0, rejected: [{ code: 'stale' }] },
      });
      expect(await statements(person)).toEqual(before);
      expect(await isAllowed(sample, person)).toBe(stopped);
    });
  },
);

/** Where the signature stands in a header one letter of the body is another; where it stands in the body, of itself. */
function flipBody({ provider }: Sample, body: string): string {
  if (provider === 'mailgun')
    return body.replace(/"signature":"(.)/, (_, first) => `"signature":"${first === '0' ? '1' : '0'}`);
  if (provider === 'ses') return body.replace('UnsubscribeHeader', 'UnsubscribeHeadeR');
  const at = body.indexOf('2');
  return `${body.slice(0, at)}3${body.slice(at + 1)}`;
}

const flip = (_: Sample, headers: Record<string, string>): Record<string, string> => headers;

/** Without headers nothing is signed, but where the body carries its own. */
function unsigned(body: string): string {
  return body
    .replace(/"signature":\{[^}]*\}/, '"signature":{}')
    .replace(/"Signature":"[^"]*"/, '"Signature":""');
}
