import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EdgeApp, startEdge } from './testing/edge-app.js';
import { boxes, open, type Page, submit, without } from './testing/form-browser.js';

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
      page: 'preferences-3',
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

  it('offers exactly what the rule that matched says, and the usual of what it leaves out', async () => {
    const offered = async (offers: typeof edge.ports.offers) => {
      edge.ports.offers = offers;
      const done = await press(await get(), 'stop');
      await press(done, 'undo');
      return [...done.html.matchAll(/name="do" value="((?:pause|fewer)[^"]*)"/g)].map(([, id]) => id);
    };
    expect(await offered(null)).toEqual(['pause-30', 'pause-90', 'fewer']);
    expect(await offered({})).toEqual(['pause-30', 'pause-90', 'fewer']);
    expect(await offered({ pause: [] })).toEqual(['fewer']);
    expect(await offered({ pause: [1, 14, 1] })).toEqual(['pause-1', 'pause-14', 'fewer']);
    expect(await offered({ cap: { n: 3, per: 'month' } })).toEqual(['pause-30', 'pause-90', 'fewer-3-month']);
    expect(await offered({ pause: [], cap: { n: 1, per: 'day' } })).toEqual(['fewer-1-day']);
  });

  it('shows no offer of a rule before the opt-out (INV-GD-4)', async () => {
    edge.ports.offers = { pause: [14], cap: { n: 3, per: 'month' } };
    expect((await get()).html).not.toMatch(/value="(?:pause|fewer)/);
  });

  it('takes what was offered for the opt-out or is usual, and nothing else', async () => {
    edge.ports.offers = { pause: [14] };
    const done = await press(await get(), 'stop');
    edge.ports.offers = { pause: [60], cap: { n: 3, per: 'month' } };
    const take = (offer: string) => press(done, 'undo', (fields) => fields.set('do', offer));
    for (const offer of [
      'pause-60',
      'fewer-3-month',
      'pause-',
      'pause',
      'pause-1e9',
      'pause-014',
      'fewer-x',
    ]) {
      const answer = await take(offer);
      expect([offer, answer.status]).toEqual([offer, 400]);
      expect(answer.html).toContain('This was not on offer');
    }
    expect(requests()).toHaveLength(1);
    expect((await take('pause-14')).html).toContain('December 4, 2026');
    expect((await take('pause-90')).html).toContain('February 18, 2027');
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
