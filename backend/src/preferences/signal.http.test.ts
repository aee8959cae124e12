import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { languages } from './language.js';
import { en } from './messages/en.js';
import { type EdgeApp, sampleLink, startEdge } from './testing/edge-app.js';
import { open } from './testing/form-browser.js';
import { stream } from './testing/memory-ports.js';

// Sec-GPC: 1 on the public page: the one thing that a GET may record (ADR 7).

let edge: EdgeApp;
let token: string;
beforeEach(async () => {
  edge = await startEdge();
  edge.ports.streams.push(stream('web', 'ads', 'site', { class: 'profiling', brand: 'Rosewood' }));
  token = edge.token();
});
afterEach(() => edge.close());

const get = (headers: Record<string, string> = {}, query = '') =>
  open(`${edge.url}/u/${token}${query}`, headers);
const post = (body: URLSearchParams, headers: Record<string, string> = {}) =>
  fetch(`${edge.url}/u/${token}?lang=en`, { method: 'POST', body, headers, redirect: 'manual' });
const signal = { 'sec-gpc': '1' };
const submitted = () => edge.ports.submitted.map(({ request }) => request);
const everyMessage = () => edge.ports.allowedKeys().filter((key) => key !== 'web.ads.site');

describe('a GET with Sec-GPC: 1', () => {
  it('INV-GPC-1 ends profiling and no message', async () => {
    const before = everyMessage();
    expect(edge.ports.allowedKeys()).toContain('web.ads.site');
    const page = await get(signal);
    expect(page.status).toBe(200);
    expect(edge.ports.allowedKeys()).toEqual(before);
  });

  it('is one request about the person alone, without the message and the address of the link', async () => {
    await get(signal);
    expect(edge.ports.submitted.map(({ who }) => who)).toEqual([
      { person: sampleLink.person, externalId: sampleLink.externalId },
    ]);
    expect(submitted()).toMatchObject([
      {
        type: 'opted_out',
        trigger: 'opt_out_preference_signal',
        channel: 'web',
        asked: 'this',
        category: null,
        origin: null,
        campaign: null,
        messageId: null,
        madeBy: 'person',
        tolerance: 0,
        occurredAt: edge.clock.now,
      },
    ]);
    expect(submitted()[0]?.eventId).toMatch(/^link:[0-9a-f]{32}:gpc$/);
    expect(JSON.parse(submitted()[0]?.evidence ?? '')).toMatchObject({ header: 'Sec-GPC: 1' });
  });

  it('that comes again writes nothing more', async () => {
    for (let visit = 0; visit < 3; visit++) {
      edge.clock.now += 86_400_000;
      expect((await get(signal)).html).toContain(en.signalTitle.honoured);
    }
    await Promise.all(Array.from({ length: 5 }, () => get(signal)));
    expect(edge.ports.decisions).toHaveLength(1);
    expect(new Set(submitted().map(({ eventId }) => eventId)).size).toBe(1);
  });

  it.each(languages.map((language) => [language.code, language] as const))(
    'is shown to have been honoured, in %s, and the page does not say that opening it changes nothing',
    async (code, language) => {
      const { html } = await get(signal, `?lang=${code}`);
      expect(html).toContain(language.signalTitle.honoured);
      expect(html).toContain(language.signalText.honoured);
      expect(html).toContain(language.quietSignal);
      expect(html).not.toContain(language.quiet);
      expect(html).not.toMatch(/<script/i);
    },
  );

  it('is noted while the engine is away, and a reload does not fill the journal', async () => {
    edge.ports.away = true;
    for (let visit = 0; visit < 3; visit++) {
      const page = await get(signal);
      expect(page.status).toBe(200);
      expect(page.html).toContain(en.signalTitle.noted);
      expect(page.html).not.toContain(en.signalTitle.honoured);
    }
    expect(submitted()).toHaveLength(1);
    edge.ports.away = false;
    expect((await get(signal)).html).toContain(en.signalTitle.honoured);
    expect(edge.ports.decisions).toHaveLength(1);
  });

  it('shows the page without the claim when it could not be recorded', async () => {
    edge.ports.broken = true;
    const page = await get(signal);
    expect(page.status).toBe(200);
    expect(page.html).toContain(en.chooseTitle);
    expect(page.html).not.toContain('id="signal"');
    expect(page.html).toContain(en.quiet);
  });

  it('claims nothing once the person has asked for profiling since', async () => {
    await get(signal);
    const [first] = edge.ports.submitted;
    if (first === undefined) throw new Error('nothing was submitted');
    const back = { type: 'opted_in' as const, eventId: 'back', decision: 'd-back', trigger: null };
    const ads = { channel: 'web' as const, category: 'ads', origin: 'site' };
    await edge.ports.submit([{ who: first.who, request: { ...first.request, ...back, ...ads } }]);
    expect((await get(signal)).html).not.toContain('id="signal"');
    expect(edge.ports.allowedKeys()).toContain('web.ads.site');
  });

  it('of an erased person answers 200, writes nothing and claims nothing', async () => {
    edge.ports.erased.add(sampleLink.person);
    const page = await get(signal);
    expect(page.status).toBe(200);
    expect(page.html).not.toContain('id="signal"');
    expect(submitted()).toEqual([]);
  });
});

describe('nothing is written', () => {
  it.each([
    ['without the header', {}],
    ['by another value', { 'sec-gpc': '0' }],
    ['by a word', { 'sec-gpc': 'true' }],
    ['by Do Not Track', { dnt: '1' }],
    ['by a prefetch', { ...signal, 'sec-purpose': 'prefetch' }],
    ['by a prerender', { ...signal, 'sec-purpose': 'prefetch;prerender' }],
    ['by an older prefetch', { ...signal, purpose: 'prefetch' }],
    ['by a preview', { ...signal, 'x-moz': 'preview' }],
  ])('%s', async (_, headers) => {
    const page = await get(headers);
    expect(page.status).toBe(200);
    expect(page.html).not.toContain('id="signal"');
    expect(submitted()).toEqual([]);
  });

  it.each(['HEAD', 'OPTIONS'])('by %s', async (method) => {
    const answer = await fetch(`${edge.url}/u/${token}`, { method, headers: signal });
    expect([200, 204]).toContain(answer.status);
    expect(submitted()).toEqual([]);
  });

  it('by a link that is not ours, whatever asks', async () => {
    const forged = `${edge.url}/u/${token.slice(0, -1)}`;
    expect((await fetch(forged, { headers: signal })).status).toBe(404);
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
    expect((await fetch(forged, { method: 'POST', body, headers: signal })).status).toBe(200);
    const form = new URLSearchParams({ do: 'all', form: '0123456789abcdef' });
    expect((await fetch(forged, { method: 'POST', body: form, headers: signal })).status).toBe(404);
    expect(submitted()).toEqual([]);
  });
});

describe('a POST with Sec-GPC: 1', () => {
  it('does what it asks, and ends profiling beside it', async () => {
    const answer = await post(new URLSearchParams({ do: 'stop', form: '0123456789abcdef' }), signal);
    expect(answer.status).toBe(200);
    const html = await answer.text();
    expect(html).toContain(en.stoppedTitle);
    expect(html).toContain(en.signalTitle.honoured);
    expect(submitted().map(({ trigger }) => trigger)).toEqual([
      'link_unsubscribe',
      'opt_out_preference_signal',
    ]);
    expect(edge.ports.allowedKeys()).not.toContain('web.ads.site');
    expect(edge.ports.allowedKeys()).toContain('email.newsletter.shop');
  });

  it('of a mailbox provider opts out as ever, and gets the one plain answer', async () => {
    const body = () => new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
    const plain = await (await post(body())).text();
    const answer = await post(body(), signal);
    expect([answer.status, await answer.text()]).toEqual([200, plain]);
    expect(edge.ports.decisions.map(({ request }) => request.trigger).sort()).toEqual([
      'one_click_unsubscribe',
      'opt_out_preference_signal',
    ]);
  });

  it('that cannot be read as anything is a visit, and counts as one', async () => {
    const answer = await post(new URLSearchParams({ foo: 'bar' }), signal);
    expect(await answer.text()).toContain(en.signalTitle.honoured);
    expect(submitted().map(({ trigger }) => trigger)).toEqual(['opt_out_preference_signal']);
  });

  it('is not lost with the signal: a failure of one is not one of the other', async () => {
    const submit = edge.ports.submit.bind(edge.ports);
    edge.ports.submit = async (incoming) => {
      if (incoming.some(({ request }) => request.trigger === 'opt_out_preference_signal'))
        throw new Error('no room');
      return submit(incoming);
    };
    const answer = await post(new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }), signal);
    expect(answer.status).toBe(200);
    expect(edge.ports.allowedKeys()).not.toContain('email.promotions.shop');
    const pressed = await post(new URLSearchParams({ do: 'all', form: '0123456789abcdef' }), signal);
    expect(pressed.status).toBe(200);
    expect(await pressed.text()).not.toContain('id="signal"');
  });
});
