import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OptOutRequest } from '../opt-outs/request.js';
import { type EdgeApp, sampleLink, startEdge } from './testing/edge-app.js';

let edge: EdgeApp;
let token: string;
beforeEach(async () => {
  edge = await startEdge();
  token = edge.token();
});
afterEach(() => edge.close());

interface Page {
  status: number;
  html: string;
  /** Name and value of every field of the page, check boxes only when ticked, as a browser would send them. */
  fields(button: string): URLSearchParams;
}

async function get(headers: Record<string, string> = {}, query = ''): Promise<Page> {
  return pageOf(await fetch(`${edge.url}/u/${token}${query}`, { headers, redirect: 'manual' }));
}

async function press(
  page: Page,
  button: string,
  change: (fields: URLSearchParams) => void = () => {},
): Promise<Page> {
  const fields = page.fields(button);
  change(fields);
  return pageOf(
    await fetch(`${edge.url}/u/${token}?lang=en`, { method: 'POST', body: fields, redirect: 'manual' }),
  );
}

async function pageOf(response: Response): Promise<Page> {
  const html = await response.text();
  const forms = [...html.matchAll(/<form[^>]*>(.*?)<\/form>/gs)].map((match) => match[1] ?? '');
  return {
    status: response.status,
    html,
    fields(button) {
      const form = forms.find((each) => each.includes(`value="${button}"`));
      if (form === undefined) throw new Error(`the page has no button ${button}`);
      const fields = new URLSearchParams();
      for (const [input] of form.matchAll(/<input[^>]*>/g)) {
        const sent =
          input.includes('type="hidden"') || (input.includes(' checked') && !input.includes(' disabled'));
        if (sent) fields.append(attribute(input, 'name'), attribute(input, 'value'));
      }
      if (form.includes('<select')) fields.append('reason', '');
      fields.append('do', button);
      return fields;
    },
  };
}

function attribute(tag: string, name: string): string {
  return new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
}

/** The boxes of the page: ticked, off or locked. */
function boxes(html: string): Record<string, string> {
  const found = [...html.matchAll(/<input type="checkbox"[^>]*>/g)].map(([tag]) => [
    attribute(tag, 'value'),
    tag.includes(' disabled') ? 'locked' : tag.includes(' checked') ? 'on' : 'off',
  ]);
  return Object.fromEntries(found);
}

const requests = (): OptOutRequest[] => edge.ports.submitted.map(({ request }) => request);
const without = (page: URLSearchParams, ...keys: string[]) => {
  const left = page.getAll('box').filter((key) => !keys.includes(key));
  page.delete('box');
  for (const key of left) page.append('box', key);
};

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
    expect((await get({ 'accept-language': 'fr' })).html).toContain('<html lang="en">');
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
    expect((await press(page, 'stop')).status).toBe(200);
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

describe('the check boxes', () => {
  it('write only what changed', async () => {
    await press(await get(), 'save', (fields) =>
      without(fields, 'email.newsletter.shop', 'sms.promotions.shop'),
    );
    expect(requests()).toHaveLength(1);
    expect(requests()[0]).toMatchObject({
      type: 'opted_out',
      trigger: 'preference_change',
      asked: [
        { channel: 'email', category: 'newsletter', origin: 'shop' },
        { channel: 'sms', category: 'promotions', origin: 'shop' },
      ],
    });
    expect(edge.ports.allowedKeys()).toHaveLength(4);
  });

  it('write nothing when nothing changed', async () => {
    const answer = await press(await get(), 'save');
    expect(answer.html).toContain('Nothing changed');
    expect(requests()).toEqual([]);
  });

  it('un-ticked one and all name every box and are never "all" (twenty: a global suppression)', async () => {
    const answer = await press(await get(), 'save', (fields) => fields.delete('box'));
    const [request] = requests();
    expect(requests()).toHaveLength(1);
    expect(Array.isArray(request?.asked)).toBe(true);
    expect(request?.asked).toHaveLength(5);
    expect(request?.trigger).toBe('preference_change');
    expect(answer.html).not.toContain('Everything has stopped');
    // A stream that comes into being later is none of those boxes.
    const later = await edge.ports.ensureStream('email', 'events', 'shop');
    expect(edge.ports.allowedKeys()).toContain(later.key);
  });

  it('leave alone what changed elsewhere since the page was made', async () => {
    const stale = await get();
    await press(await get(), 'save', (fields) => without(fields, 'email.newsletter.shop'));
    await press(stale, 'save', (fields) => without(fields, 'push.reminders.app'));
    expect(requests()[1]?.asked).toEqual([{ channel: 'push', category: 'reminders', origin: 'app' }]);
    expect(edge.ports.allowedKeys()).not.toContain('email.newsletter.shop');
  });

  it('ticked again are an opt-in by the person, with evidence, for that stream alone', async () => {
    await press(await get(), 'save', (fields) =>
      without(fields, 'email.newsletter.shop', 'email.product_updates.app'),
    );
    const answer = await press(await get(), 'save', (fields) =>
      fields.append('box', 'email.newsletter.shop'),
    );
    expect(requests().slice(1)).toMatchObject([
      {
        type: 'opted_in',
        trigger: 'resubscribe',
        asked: 'this',
        channel: 'email',
        category: 'newsletter',
        origin: 'shop',
        madeBy: 'person',
        basis: 'explicit_consent',
        messageId: null,
      },
    ]);
    const evidence = JSON.parse(requests()[1]?.evidence ?? '');
    expect(evidence).toMatchObject({
      page: 'preferences-1',
      ticked: 'email.newsletter.shop',
      at: '2026-11-20T09:30Z',
    });
    expect(evidence.link).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.html).toMatch(/You receive again:.*The garden letter/s);
    expect(edge.ports.allowedKeys()).not.toContain('email.product_updates.app');
  });

  it('cannot switch on another channel, or a stream that is not in the list: the link proves one address', async () => {
    await press(await get(), 'save', (fields) => without(fields, 'sms.promotions.shop'));
    const page = await get();
    expect(boxes(page.html)['sms.promotions.shop']).toBe('locked');
    const answer = await press(page, 'save', (fields) => {
      for (const key of ['sms.promotions.shop', 'email.receipts.shop', 'email.secret.shop', 'no such key']) {
        fields.append('off', key);
        fields.append('box', key);
      }
    });
    expect(requests()).toHaveLength(1);
    expect(answer.html).toContain('could not be switched on');
  });

  it('switch nothing on while the engine is away, and still switch off', async () => {
    await press(await get(), 'save', (fields) => without(fields, 'email.newsletter.shop'));
    const page = await get();
    edge.ports.away = true;
    const answer = await press(page, 'save', (fields) => {
      fields.append('box', 'email.newsletter.shop');
      without(fields, 'push.reminders.app');
    });
    expect(answer.status).toBe(202);
    expect(requests().slice(1)).toMatchObject([{ type: 'opted_out' }]);
  });
});

describe('after the opt-out', () => {
  it('undo takes back its own decision, by a void and not by an opt-in', async () => {
    await press(await get(), 'save', (fields) => without(fields, 'email.newsletter.shop'));
    const done = await press(await get(), 'stop');
    const answer = await press(done, 'undo');
    const stop = edge.ports.decisions[1];
    expect(requests().at(-1)).toMatchObject({
      type: 'undone',
      voids: stop?.id,
      madeBy: 'person',
      basis: null,
    });
    expect(answer.html).toContain('Undone');
    expect(edge.ports.allowedKeys()).toContain('email.promotions.shop');
    expect(edge.ports.allowedKeys()).not.toContain('email.newsletter.shop');
    await press(done, 'undo');
    expect(edge.ports.decisions.filter(({ request }) => request.type === 'undone')).toHaveLength(1);
  });

  it('undo ends after ten minutes', async () => {
    const done = await press(await get(), 'stop');
    edge.clock.now += 10 * 60_000;
    const answer = await press(done, 'undo');
    expect(answer.html).toContain('The ten minutes are over');
    expect(requests()).toHaveLength(1);
  });

  it('the receipt works for its own link alone, and not when it is changed or made up', async () => {
    const done = await press(await get(), 'stop');
    const forge = (receipt: string) => press(done, 'undo', (fields) => fields.set('receipt', receipt));
    for (const receipt of ['', 'x', token, (done.fields('undo').get('receipt') ?? '').slice(0, -2)])
      await forge(receipt);
    token = edge.token({ person: '00000000-0000-4000-8000-0000000000ff' });
    await press(done, 'undo');
    expect(requests()).toHaveLength(1);
  });

  it('"pause instead" is a void and a pause over the same scope', async () => {
    const done = await press(await get(), 'save', (fields) =>
      without(fields, 'email.newsletter.shop', 'push.reminders.app'),
    );
    const answer = await press(done, 'pause-30');
    expect(requests().slice(1)).toMatchObject([
      { type: 'undone', voids: edge.ports.decisions[0]?.id },
      { type: 'paused', asked: requests()[0]?.asked, until: Date.UTC(2026, 11, 21) },
    ]);
    expect(answer.html).toContain('December 20, 2026');
  });

  it('"fewer" is a void and a cap of one a week', async () => {
    const answer = await press(await press(await get(), 'stop'), 'fewer');
    expect(requests().slice(1)).toMatchObject([
      { type: 'undone' },
      { type: 'capped', asked: 'this', cap: { n: 1, per: 'week' } },
    ]);
    expect(answer.html).toContain('At most one a week');
    expect(edge.ports.allowedKeys()).toContain('email.promotions.shop');
  });

  it('offers pause and fewer only then, and not against "everything"', async () => {
    expect((await press(await get(), 'stop')).html).toContain('Pause for 30 days');
    expect((await press(await get(), 'everything')).html).not.toContain('Pause for 30 days');
  });

  it('asks for a reason once, and keeps it beside the decision', async () => {
    const done = await press(await get(), 'stop');
    const answer = await press(done, 'reason', (fields) => fields.set('reason', 'privacy'));
    expect(answer.html).toContain('Thank you');
    expect(edge.ports.reasonsNoted).toEqual([[edge.ports.decisions[0]?.id, 'privacy']]);
    expect(requests()).toHaveLength(1);
    const told = await press(await get(), 'all', (fields) => fields.set('reason', 'privacy'));
    expect(told.html).not.toContain('value="reason"');
  });
});
