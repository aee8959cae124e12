import { SignalAnswer } from '@secateur/backend/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';

/* Global Privacy Control through the whole service: it ends profiling, and no message. */

const streams = {
  promotions: { channel: 'email', category: 'promotions', origin: 'shop' },
  newsletter: { channel: 'email', category: 'newsletter', origin: 'shop' },
  texts: { channel: 'sms', category: 'promotions', origin: 'shop' },
  push: { channel: 'push', category: 'reminders', origin: 'app' },
} as const;
const ads = { channel: 'web', category: 'ads', origin: 'site' };
const lookalikes = { channel: 'email', category: 'lookalikes', origin: 'crm' };

let app: RunningApp;
const call = new Calls(() => app);
let count = 0;

beforeAll(async () => {
  app = await startApp();
  for (const [key, place] of Object.entries(streams)) await call.stream(key, place);
  await call.stream('ads', ads, { class: 'profiling' });
  await call.stream('lookalikes', lookalikes, { class: 'profiling' });
});
afterAll(() => app.stop());

/** A customer in California who gets everything, and the path of the link in one of the messages. */
async function customer(): Promise<{ id: string; path: string }> {
  const id = `gpc-${++count}`;
  const phone = `+1202555${8000 + count}`;
  await call.profiles({ id, email: `${id}@example.com`, phone, jurisdiction: 'US-CA' });
  const message = { ...streams.promotions, campaign: 'bf-2026', message_id: `${id}-m` };
  const { body } = await call.post('/v1/links', { subscriber: id, message, all_option_shown: false });
  return { id, path: new URL((body as { url: string }).url).pathname };
}

const messagesTo = async (id: string) =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(streams).map(async ([key, place]) => [key, await call.check(place, id)] as const),
    ),
  );
const profilingOf = async (id: string) => [await call.check(ads, id), await call.check(lookalikes, id)];
const visit = (path: string, headers: Record<string, string>, method = 'GET') =>
  app.request(path, { method, headers: { authorization: '', ...headers } });
const decisionsOf = async (id: string) => {
  const { body } = await call.get('/v1/decisions?limit=999');
  const rows = (body as { decisions: { id: string; trigger: string }[] }).decisions;
  const views = await Promise.all(rows.map(async (row) => (await call.get(`/v1/decisions/${row.id}`)).body));
  return (views as { subscriber: string; trigger: string }[]).filter((view) => view.subscriber === id);
};

describe('the preference page', () => {
  test('INV-GPC-1 a visit with Sec-GPC: 1 denies profiling, leaves every message as it was, and says so', async () => {
    const { id, path } = await customer();
    const before = await messagesTo(id);
    expect(Object.values(before).map(({ allowed }) => allowed)).toEqual([true, true, true, true]);
    expect(await profilingOf(id)).toMatchObject([{ allowed: true }, { allowed: true }]);

    const page = await visit(path, { 'sec-gpc': '1' });
    expect(page.status).toBe(200);
    expect(page.headers.get('set-cookie')).toBeNull();
    expect(await page.text()).toContain('privacy signal is honoured');

    expect(await messagesTo(id)).toEqual(before);
    expect(await profilingOf(id)).toMatchObject([
      { allowed: false, reason: 'opt_out' },
      { allowed: false, reason: 'opt_out' },
    ]);
  });

  test('INV-GPC-1 it is one decision that stops profiling alone, however often the page is opened', async () => {
    const { id, path } = await customer();
    for (let time = 0; time < 3; time++) await visit(path, { 'sec-gpc': '1' });
    await Promise.all([visit(path, { 'sec-gpc': '1' }), visit(path, { 'sec-gpc': '1' })]);
    expect(await decisionsOf(id)).toMatchObject([
      {
        type: 'opted_out',
        trigger: 'opt_out_preference_signal',
        channel: 'web',
        stream: '',
        asked: 'this',
        effective: ['class=profiling'],
        widened_for: [],
        streams_stopped: expect.not.arrayContaining(Object.keys(streams)),
        attributed: null,
        unsolicited: true,
      },
    ]);
  });

  test('INV-GPC-1 an opt-in to a newsletter, or an undo on the page, does not bring profiling back', async () => {
    const { id, path } = await customer();
    const form = new URLSearchParams({ form: '0123456789abcdef', do: 'all' });
    const done = await app.request(path, {
      method: 'POST',
      body: form,
      headers: { authorization: '', 'sec-gpc': '1' },
    });
    const html = await done.text();
    expect(html).toContain('privacy signal is honoured');
    expect(await messagesTo(id)).toMatchObject({ newsletter: { allowed: false }, texts: { allowed: true } });
    const receipt = /name="receipt" value="([^"]*)"/.exec(html)?.[1] ?? '';
    const undone = new URLSearchParams({ receipt, do: 'undo' });
    await app.request(path, { method: 'POST', body: undone, headers: { authorization: '' } });
    await call.optIn({
      subscriber: id,
      ...streams.newsletter,
      basis: 'explicit_consent',
      evidence: 'form 7',
    });
    expect(await messagesTo(id)).toMatchObject({ newsletter: { allowed: true } });
    expect(await profilingOf(id)).toMatchObject([{ allowed: false }, { allowed: false }]);
  });

  test.each([
    ['HEAD', 'HEAD', { 'sec-gpc': '1' }],
    ['a prefetch', 'GET', { 'sec-gpc': '1', 'sec-purpose': 'prefetch' }],
    ['no header', 'GET', {}],
    ['0', 'GET', { 'sec-gpc': '0' }],
  ])('nothing is written by %s', async (_, method, headers) => {
    const { id, path } = await customer();
    expect((await visit(path, headers, method)).status).toBe(200);
    expect(await profilingOf(id)).toMatchObject([{ allowed: true }, { allowed: true }]);
    expect(await decisionsOf(id)).toEqual([]);
  });

  test('a link of which a letter is changed writes nothing', async () => {
    const { id, path } = await customer();
    const last = path.endsWith('A') ? 'B' : 'A';
    expect((await visit(`${path.slice(0, -1)}${last}`, { 'sec-gpc': '1' })).status).toBe(404);
    expect(await decisionsOf(id)).toEqual([]);
  });
});

describe('POST /v1/signals/gpc', () => {
  const send = async (body: object) => {
    const { status, body: answer } = await call.post('/v1/signals/gpc', body);
    return { status, answer: SignalAnswer.parse(answer) };
  };

  test.each(['1', 1])(
    'INV-GPC-1 %j ends profiling and no message, and answers with the decision',
    async (sec_gpc) => {
      const { id } = await customer();
      const before = await messagesTo(id);
      const { status, answer } = await send({ subscriber: id, sec_gpc, reference: 'session-1' });
      expect(status).toBe(200);
      expect(answer).toMatchObject({
        state: 'decided',
        decision: {
          trigger: 'opt_out_preference_signal',
          channel: 'web',
          subscriber: id,
          effective: ['class=profiling'],
        },
      });
      expect(await messagesTo(id)).toEqual(before);
      expect(await profilingOf(id)).toMatchObject([{ allowed: false }, { allowed: false }]);
    },
  );

  test.each(['0', 0])('%j records nothing and says so', async (sec_gpc) => {
    const { id } = await customer();
    const { status, answer } = await send({ subscriber: id, sec_gpc });
    expect(status).toBe(200);
    expect(answer).toEqual({ state: 'ignored', detail: expect.stringContaining('nothing was recorded') });
    expect(await decisionsOf(id)).toEqual([]);
    expect(await profilingOf(id)).toMatchObject([{ allowed: true }, { allowed: true }]);
  });

  test('the same reference again is one decision, at whatever time; another customer’s is another', async () => {
    const [one, other] = [await customer(), await customer()];
    const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    const seen = { sec_gpc: '1', reference: 'session-9' };
    const first = await send({ subscriber: one.id, ...seen, occurred_at: at(10) });
    const again = await send({ subscriber: one.id, ...seen, occurred_at: at(5) });
    expect(again.answer).toEqual({
      state: 'duplicate',
      decision: (first.answer.decision as { id: string }).id,
    });
    expect((await send({ subscriber: other.id, ...seen })).answer.state).toBe('decided');
    expect(await decisionsOf(one.id)).toHaveLength(1);
    expect(await decisionsOf(other.id)).toHaveLength(1);
  });

  test('is about a customer who is not known yet, too', async () => {
    const { answer } = await send({ subscriber: 'gpc-new', sec_gpc: 1 });
    expect(answer.state).toBe('decided');
    expect(await profilingOf('gpc-new')).toMatchObject([{ allowed: false }, { allowed: false }]);
  });

  test.each([
    ['another value', { subscriber: 'x', sec_gpc: '2' }, 'sec_gpc'],
    ['a boolean', { subscriber: 'x', sec_gpc: true }, 'sec_gpc'],
    ['no value', { subscriber: 'x' }, 'sec_gpc'],
    ['nobody', { sec_gpc: '1' }, 'subscriber'],
    ['a field it does not know', { subscriber: 'x', sec_gpc: '1', email: 'x@example.com' }, 'email'],
    ['a time that is none', { subscriber: 'x', sec_gpc: '1', occurred_at: 'today' }, 'occurred_at'],
  ])('refuses %s and names the field', async (_, body, field) => {
    const { status, body: problem } = await call.post('/v1/signals/gpc', body);
    expect(status).toBe(400);
    expect(problem).toMatchObject({ errors: [{ field }] });
  });

  test('takes the scope ingest, and no other', async () => {
    const body = { subscriber: 'gpc-scope', sec_gpc: '0' };
    const answers = await Promise.all(
      (['ingest', 'send', 'read'] as const).map(async (scope) =>
        call.post('/v1/signals/gpc', body, await call.key(scope)),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 403, 403]);
  });
});
