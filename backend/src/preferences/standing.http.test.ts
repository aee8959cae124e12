import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EdgeApp, startEdge } from './testing/edge-app.js';
import { open, type Page, submit } from './testing/form-browser.js';

// Why a message may not be sent, and what the page makes of it: only an opt-out means that the person stopped it.

let edge: EdgeApp;
let token: string;
beforeEach(async () => {
  edge = await startEdge();
  token = edge.token();
});
afterEach(() => edge.close());

const get = () => open(`${edge.url}/u/${token}?lang=en`);
const press = (page: Page, button: string) => submit(`${edge.url}/u/${token}?lang=en`, page, button);
const optOuts = () => edge.ports.decisions.filter(({ request }) => request.type === 'opted_out');

describe('the page', () => {
  it.each([
    ['nobody agreed to', () => (edge.ports.regime = 'regime_opt_in')],
    ['a hold keeps back', () => (edge.ports.veto = 'hold')],
    ['nobody can tell of yet', () => (edge.ports.veto = 'pending')],
  ])('of a stream that %s claims nothing, and its stop button stops', async (_, given) => {
    given();
    const page = await get();
    expect(page.html).not.toContain('These messages are stopped');
    expect(page.html).toContain('value="stop"');
    const answer = await press(page, 'stop');
    expect(answer.html).not.toContain('stopped before');
    expect(optOuts()).toHaveLength(1);
    edge.ports.veto = null;
    expect((await get()).html).toContain('These messages are stopped');
  });

  it('of a paused stream offers the narrow stop, and the same form sent again stops', async () => {
    const page = await get();
    await press(await press(page, 'stop'), 'pause-30');
    expect((await get()).html).toContain('value="stop"');
    await press(page, 'stop');
    expect(optOuts()).toHaveLength(2);
    expect((await get()).html).toContain('These messages are stopped');
    await press(page, 'stop');
    expect(optOuts()).toHaveLength(2);
  });

  it('does not say that nothing else comes while a request waits', async () => {
    edge.ports.veto = 'pending';
    const page = await get();
    expect(page.html).not.toContain('checkbox');
    expect((await press(page, 'stop')).html).not.toContain('You receive nothing else');
  });

  it('takes a repeated press for an opt-out of its own while a request waits', async () => {
    const page = await get();
    await press(page, 'stop');
    edge.ports.veto = 'pending';
    await press(page, 'stop');
    expect(optOuts()).toHaveLength(2);
  });

  it('never loses a press, however often the earlier ones were taken back', async () => {
    const page = await get();
    for (let round = 1; round <= 25; round++) {
      const done = await press(page, 'stop');
      expect(edge.ports.allowedKeys()).not.toContain('email.promotions.shop');
      await press(done, 'undo');
    }
    expect(optOuts()).toHaveLength(25);
  });
});

describe('undo', () => {
  it('is not offered for a press that was a copy: the opt-out may be of any age', async () => {
    const page = await get();
    await press(page, 'stop');
    edge.clock.now += 24 * 3_600_000;
    const replayed = await press(page, 'stop');
    expect(optOuts()).toHaveLength(1);
    expect(replayed.html).not.toContain('name="receipt"');
  });

  it('says that nothing was changed when it was done before', async () => {
    const done = await press(await get(), 'stop');
    expect((await press(done, 'undo')).html).toContain('Undone');
    expect((await press(done, 'undo')).html).toContain('Nothing was changed now');
  });

  it('says "noted" while the engine is away', async () => {
    const done = await press(await get(), 'stop');
    edge.ports.away = true;
    const answer = await press(done, 'undo');
    expect(answer.status).toBe(202);
    expect(answer.html).toContain('It is not in force yet');
  });

  it('says that nothing was changed when there is nothing to take back', async () => {
    const done = await press(await get(), 'stop');
    edge.ports.decisions.length = 0;
    expect((await press(done, 'undo')).html).toContain('Nothing was changed now');
  });
});
