import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';

// The page through the whole service: real journal, engine and ledger.

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
  for (const [key, stream] of Object.entries(streams)) {
    const definition = {
      ...stream,
      brand: 'Rosewood',
      all_option_shown: true,
      legal_basis: 'consent',
      regime: 'opt_out',
    };
    await call('PUT', `/v1/streams/${key}`, { class: 'commercial', ...definition });
  }
});
afterAll(() => app.stop());

const streams = {
  promotions: { channel: 'email', category: 'promotions', origin: 'shop', title: 'Weekly offers' },
  newsletter: { channel: 'email', category: 'newsletter', origin: 'shop', title: 'The garden letter' },
  texts: { channel: 'sms', category: 'promotions', origin: 'shop', title: 'Flash sales' },
  secret: { channel: 'email', category: 'vip', origin: 'shop', title: 'Private sale' },
  receipts: { channel: 'email', category: 'receipts', origin: 'shop', title: 'Receipts', class: 'essential' },
} as const;
type Key = keyof typeof streams;

async function call(method: string, path: string, body: unknown): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' };
  const response = await app.request(path, { method, headers, body: JSON.stringify(body) });
  if (response.status >= 300)
    throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

/** A new subscriber who got every stream but the private one, and the link of a promotion. */
async function subscriberWithLink(id: string): Promise<string> {
  await call('POST', '/v1/subscribers', [
    { id, email: `${id}@example.com`, phone: `+1555${phone++}`, jurisdiction: 'US' },
  ]);
  const received: Key[] = ['promotions', 'newsletter', 'texts', 'receipts'];
  const deliveries = received.map((key) => {
    const { title: _, class: __, ...place } = { class: '', ...streams[key] };
    return {
      id: `${id}-${key}`,
      type: 'delivered',
      subscriber: id,
      ...place,
      campaign: 'bf-2026',
      message_id: `${id}-${key}`,
    };
  });
  await call('POST', '/v1/events', deliveries);
  const message = {
    channel: 'email',
    category: 'promotions',
    origin: 'shop',
    campaign: 'bf-2026',
    message_id: `${id}-promotions`,
  };
  const link = await call('POST', '/v1/links', { subscriber: id, message, all_option_shown: false });
  return new URL(String(link.url)).pathname;
}
let phone = 5550100;

async function allowed(id: string): Promise<Key[]> {
  const response = await app.request(`/v1/permissions/${id}`);
  const { streams: lines } = (await response.json()) as { streams: { stream: Key; allowed: boolean }[] };
  return lines
    .filter((line) => line.allowed)
    .map((line) => line.stream)
    .sort();
}

async function page(path: string, body?: Record<string, string> | [string, string][]): Promise<string> {
  const sent = body === undefined ? {} : { method: 'POST', body: new URLSearchParams(body) };
  const response = await app.request(path, { ...sent, headers: { authorization: '' } });
  expect(response.status).toBe(200);
  return response.text();
}

const field = (html: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
const boxes = (html: string, state: string) =>
  [...html.matchAll(/<input type="checkbox"[^>]* value="([^"]+)"([^>]*)>/g)]
    .filter(([, , rest]) => (rest?.includes('checked') ? 'on' : 'off') === state)
    .map(([, key]) => key)
    .sort();

const everything: Key[] = ['newsletter', 'promotions', 'receipts', 'secret', 'texts'];

it('the stop button stops the one stream although the message had no all-option: the page has one', async () => {
  const path = await subscriberWithLink('u-stop');
  const before = await page(path);
  expect(before).toContain('Weekly offers');
  expect(before).toContain('u•••@e•••.com');
  expect(boxes(before, 'on')).toEqual(['newsletter', 'promotions', 'texts']);
  expect(before).not.toContain('Private sale');
  const after = await page(path, { form: field(before, 'form'), do: 'stop', reason: 'too_many' });
  expect(after).toMatch(/You will no longer receive:.*Weekly offers.*You still receive:.*The garden letter/s);
  expect(await allowed('u-stop')).toEqual(everything.filter((key) => key !== 'promotions'));
  expect(boxes(await page(path), 'off')).toEqual(['promotions']);
});

it('un-ticking every box stops those boxes and no other stream (twenty: a global suppression)', async () => {
  const path = await subscriberWithLink('u-boxes');
  const before = await page(path);
  const shown = boxes(before, 'on').map((key): [string, string] => ['on', String(key)]);
  await page(path, [['form', field(before, 'form')], ...shown, ['do', 'save']]);
  expect(await allowed('u-boxes')).toEqual(['receipts', 'secret']);
});

it('a box ticked again opens that stream alone, over a wide opt-out too', async () => {
  const path = await subscriberWithLink('u-again');
  await page(path, { form: '0123456789abcdef', do: 'all' });
  expect(await allowed('u-again')).toEqual(['receipts', 'texts']);
  const stopped = await page(path);
  const off = boxes(stopped, 'off').map((key): [string, string] => ['off', String(key)]);
  const after = await page(path, [
    ['form', field(stopped, 'form')],
    ...off,
    ['box', 'newsletter'],
    ['do', 'save'],
  ]);
  expect(after).toMatch(/You receive again:.*The garden letter/s);
  expect(await allowed('u-again')).toEqual(['newsletter', 'receipts', 'texts']);
});

it('"stop everything" ends every channel and leaves what the person needs', async () => {
  const path = await subscriberWithLink('u-everything');
  const after = await page(path, { form: '0123456789abcdef', do: 'everything' });
  expect(after).toContain('Everything has stopped');
  expect(after).not.toContain('Private sale');
  expect(await allowed('u-everything')).toEqual(['receipts']);
});

it('undo lifts its own decision and leaves an older opt-out in force', async () => {
  const path = await subscriberWithLink('u-undo');
  await page(path, { form: '0123456789abcdef', do: 'stop' });
  const all = await page(path, { form: '0123456789abcdef', do: 'all' });
  expect(await allowed('u-undo')).toEqual(['receipts', 'texts']);
  expect(await page(path, { receipt: field(all, 'receipt'), do: 'undo' })).toContain('Undone');
  expect(await allowed('u-undo')).toEqual(everything.filter((key) => key !== 'promotions'));
});

it('the same press after an undo stops again', async () => {
  const path = await subscriberWithLink('u-repeat');
  const form = { form: '0123456789abcdef', do: 'stop' };
  for (let round = 0; round < 3; round++) {
    const done = await page(path, form);
    expect(await allowed('u-repeat')).not.toContain('promotions');
    await page(path, { receipt: field(done, 'receipt'), do: 'undo' });
    expect(await allowed('u-repeat')).toContain('promotions');
  }
});

it('"pause instead" denies while it lasts; "fewer" allows with a cap', async () => {
  const path = await subscriberWithLink('u-pause');
  const done = await page(path, { form: '0123456789abcdef', do: 'stop' });
  expect(await page(path, { receipt: field(done, 'receipt'), do: 'pause-30' })).toContain('Paused');
  expect(await allowed('u-pause')).not.toContain('promotions');

  const other = await subscriberWithLink('u-fewer');
  const stopped = await page(other, { form: '0123456789abcdef', do: 'stop' });
  await page(other, { receipt: field(stopped, 'receipt'), do: 'fewer' });
  const message = { channel: 'email', category: 'promotions', origin: 'shop' };
  const { results } = await call('POST', '/v1/permissions/check', { message, subscribers: ['u-fewer'] });
  expect(results).toMatchObject([{ allowed: true, cap: { n: 1, per: 'week' } }]);
});

it('stops what a subscriber in DE never agreed to: the page claims no opt-out, and its button makes one', async () => {
  const offers = { channel: 'email', category: 'offers', origin: 'shop' };
  await call('PUT', '/v1/streams/offers', {
    ...offers,
    class: 'commercial',
    brand: 'Rosewood',
    title: 'Offers',
  });
  await call('POST', '/v1/subscribers', [{ id: 'u-de', email: 'u-de@example.com', jurisdiction: 'DE' }]);
  const message = { ...offers, campaign: 'bf-2026', message_id: 'u-de-1' };
  const link = await call('POST', '/v1/links', { subscriber: 'u-de', message, all_option_shown: false });
  const path = new URL(String(link.url)).pathname;
  const check = async () => {
    const { results } = await call('POST', '/v1/permissions/check', { message, subscribers: ['u-de'] });
    return (results as { reason: string }[])[0]?.reason;
  };
  expect(await check()).toBe('regime_opt_in');
  const before = await page(path);
  expect(before).not.toContain('These messages are stopped');
  expect(before).toContain('value="stop"');
  const form = { form: field(before, 'form'), do: 'stop' };
  expect(await page(path, form)).toContain('name="receipt"');
  expect(await check()).toBe('opt_out');
  expect(await page(path)).toContain('These messages are stopped');
  // A copy is no second opt-out, and cannot be taken back.
  expect(await page(path, form)).not.toContain('name="receipt"');
  const everything = { form: field(before, 'form'), do: 'everything' };
  expect(await page(path, everything)).toContain('name="receipt"');
  expect(await page(path, everything)).not.toContain('name="receipt"');
});
