import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EdgeApp, sampleLink, startEdge } from './testing/edge-app.js';
import { boxes, open, type Page, submit } from './testing/form-browser.js';

let edge: EdgeApp;
let token: string;
beforeEach(async () => {
  edge = await startEdge();
  token = edge.token();
});
afterEach(() => edge.close());

const get = (headers: Record<string, string> = {}, query = '') =>
  open(`${edge.url}/u/${token}${query}`, headers);
const press = (page: Page, button: string, change?: (fields: URLSearchParams) => void) =>
  submit(`${edge.url}/u/${token}?lang=en`, page, button, change);
const requests = () => edge.ports.submitted.map(({ request }) => request);

describe('the page before a choice', () => {
  it('says in plain words what the message is, and has all three buttons in one view', async () => {
    const { html, status } = await get();
    expect(status).toBe(200);
    expect(html).toContain('<bdi>Weekly offers</bdi>');
    expect(html).toContain('E-mails from Rosewood');
    for (const button of ['stop', 'all', 'everything', 'save'])
      expect(html).toContain(`name="do" value="${button}"`);
    expect(html).toContain('This page is about j•••@e•••.com.');
  });

  it('lists what the person may receive, without a box for messages they need', async () => {
    expect(boxes((await get()).html)).toEqual({
      'email.product_updates.app': 'on',
      'email.newsletter.shop': 'on',
      'email.promotions.shop': 'on',
      'sms.promotions.shop': 'on',
      'push.reminders.app': 'on',
    });
  });

  it('shows no box for streams the person never had (keila, listmonk: private lists), but one for its own', async () => {
    edge.ports.unknown.add('email.newsletter.shop').add('email.promotions.shop').add('push.reminders.app');
    expect(boxes((await get()).html)).toEqual({
      'email.product_updates.app': 'on',
      'email.promotions.shop': 'on',
      'sms.promotions.shop': 'on',
    });
  });

  it('offers neither pause nor fewer before the opt-out (INV-GD-4)', async () => {
    expect((await get()).html).not.toMatch(/pause|fewer/i);
  });

  it('speaks the language of the browser, or of the switch', async () => {
    const german = await get({ 'accept-language': 'de-AT,de;q=0.9,en;q=0.8' });
    expect(german.html).toContain('<html lang="de">');
    expect(german.html).toContain('Diese Nachrichten beenden?');
    expect((await get({ 'accept-language': 'de' }, '?lang=en')).html).toContain('<html lang="en">');
    expect((await get({ 'accept-language': 'fr-CA, en;q=0.5' })).html).toContain(
      'Arrêter ces messages\u202f?',
    );
    expect((await get({ 'accept-language': 'es-MX' })).html).toContain('¿Detener estos mensajes?');
    expect((await get({ 'accept-language': 'it' })).html).toContain('<html lang="en">');
  });

  it('does without the list while the engine is away, and every button works', async () => {
    edge.ports.away = true;
    const page = await get();
    expect(page.html).not.toContain('checkbox');
    const answer = await press(page, 'stop');
    expect(answer.status).toBe(202);
    expect(answer.html).toContain('Noted');
    expect(requests()).toHaveLength(1);
  });

  it('of an erased person answers like any other, without list and address', async () => {
    edge.ports.erased.add(sampleLink.person);
    const page = await get();
    expect(page.status).toBe(200);
    expect(page.html).not.toContain('checkbox');
    expect(page.html).not.toContain('•••');
    const answer = await press(page, 'stop');
    expect(answer.status).toBe(200);
    expect(answer.html).toContain('Noted');
    expect((await press(page, 'everything')).html).not.toContain('Everything has stopped');
  });

  it('of a forged link says so in the person’s language and changes nothing', async () => {
    const url = `${edge.url}/u/${token.slice(0, -1)}`;
    const answer = await fetch(url, { headers: { 'accept-language': 'de' } });
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('Dieser Link ist nicht vollständig');
    const posted = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ do: 'all', form: '0123456789abcdef' }),
    });
    expect(posted.status).toBe(404);
    expect(edge.ports.submitted).toEqual([]);
  });

  it('serves its one stylesheet for ever, and it is the one the page names', async () => {
    const href = /<link rel="stylesheet" href="([^"]+)"/.exec((await get()).html)?.[1];
    const answer = await fetch(`${edge.url}${href}`);
    expect(answer.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(await answer.text()).toContain('color-scheme');
  });
});

describe('the buttons', () => {
  it('"stop" asks for this stream; the page showed the all-option', async () => {
    const answer = await press(await get(), 'stop', (fields) => fields.set('reason', 'too_many'));
    expect(answer.status).toBe(200);
    expect(requests()).toMatchObject([
      {
        type: 'opted_out',
        asked: 'this',
        trigger: 'link_unsubscribe',
        reason: 'too_many',
        allOptionShown: true,
        madeBy: 'person',
        tolerance: 0,
        category: 'promotions',
        messageId: sampleLink.messageId,
      },
    ]);
    expect(answer.html).toMatch(
      /You will no longer receive:.*Weekly offers.*You still receive:.*The garden letter/s,
    );
  });

  it('"stop all" and "stop everything" are taken literally', async () => {
    await press(await get(), 'all');
    await press(await get(), 'everything');
    expect(requests()).toMatchObject([
      { asked: 'all', trigger: 'link_unsubscribe' },
      { asked: 'everything', trigger: 'global_unsubscribe' },
    ]);
    expect(edge.ports.allowedKeys()).toEqual(['email.receipts.shop']);
  });

  it('names after "stop all" only streams that the person had', async () => {
    edge.ports.unknown.add('email.newsletter.shop');
    const answer = await press(await get(), 'all');
    expect(edge.ports.allowedKeys()).not.toContain('email.newsletter.shop');
    expect(answer.html).toContain('Product updates');
    expect(answer.html).not.toContain('The garden letter');
  });

  it('a double press is one request, a press on a new page another', async () => {
    const page = await get();
    await Promise.all([press(page, 'stop'), press(page, 'stop'), press(page, 'stop')]);
    expect(edge.ports.decisions).toHaveLength(1);
    await press(await get(), 'all');
    expect(edge.ports.decisions).toHaveLength(2);
  });

  it('the same press from a stale tab after an undo stops again', async () => {
    const page = await get();
    for (let round = 1; round <= 3; round++) {
      const done = await press(page, 'stop');
      expect(edge.ports.allowedKeys()).not.toContain('email.promotions.shop');
      await press(done, 'undo');
      expect(edge.ports.allowedKeys()).toContain('email.promotions.shop');
    }
    await press(page, 'stop');
    expect(edge.ports.allowedKeys()).not.toContain('email.promotions.shop');
  });

  it('says what failed without a stack, keeps the choice possible, and asks to try again', async () => {
    const page = await get();
    edge.ports.broken = true;
    const answer = await press(page, 'stop');
    expect(answer.status).toBe(503);
    expect(answer.html).toContain('could not be saved');
    expect(answer.html).not.toMatch(/journal|\.ts:/);
  });

  it('shows a stream that was stopped as stopped, with the wider buttons', async () => {
    await press(await get(), 'stop');
    const { html } = await get();
    expect(html).toContain('These messages are stopped');
    expect(boxes(html)['email.promotions.shop']).toBe('off');
    expect(html).toContain('name="do" value="everything"');
  });
});
