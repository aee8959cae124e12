import { expect, test } from 'vitest';
import { canonicalSelector } from '../contract/selectors.js';
import { day, facts, noon, request, shop, statement } from './decide-test-support.js';
import { type CountedRow, type KnownNow, type Recorded, recount } from './recount.js';
import type { Delivery } from './request.js';

const key = shop.find(({ category }) => category === 'promotions')?.key ?? '';

function recorded(number: number, at: number, counted: Partial<CountedRow> = {}): Recorded {
  const asked = request({
    decision: `decision ${number}`,
    eventId: `event ${number}`,
    trigger: 'one_click_unsubscribe',
    occurredAt: at,
    receivedAt: noon,
  });
  const row: CountedRow = {
    person: facts().person ?? '',
    decision: asked.decision,
    seq: number,
    event_id: asked.eventId,
    type: 'opted_out',
    message_id: '',
    trigger: 'one_click_unsubscribe',
    reason: '',
    order_at: new Date(at).toISOString(),
    received_at: new Date(noon).toISOString(),
    unsolicited: true,
    kept_by_scoping: 0,
    attributed_delivery: '',
    attributed_stream: '',
    attributed_channel: '',
    attributed_category: '',
    attributed_origin: '',
    attributed_campaign: '',
    attributed_message_type: '',
    attributed_audience: '',
    attributed_at: new Date(0).toISOString(),
    attributed_segments: [],
    version: 0,
    stops: true,
    facts: '',
    ...counted,
  };
  const { streams: _, statements: __, rules: ___, ...known } = facts();
  return { row, request: asked, facts: { ...known, stream_versions: {} } };
}

const delivery = (at: number): Delivery => ({
  id: 'delivery',
  messageId: '',
  stream: key,
  channel: 'email',
  campaign: 'bf',
  messageType: 'offer',
  audience: '',
  deliveredAt: at,
  segments: ['plan:free'],
});
const known = (more: Partial<KnownNow> = {}): KnownNow => ({
  streams: shop,
  statements: [],
  deliveries: [delivery(noon - 2 * day)],
  exposed: new Map([[key, noon - 2 * day]]),
  ...more,
});
/** What decision n wrote about the stream. */
const line = (number: number, at: number) =>
  statement({
    id: `statement ${number}`,
    decision: `decision ${number}`,
    orderAt: at,
    selector: canonicalSelector({ channel: 'email', category: 'promotions', origin: 'shop' }),
  });
const brief = (all: ReturnType<typeof recount>) =>
  all.map(({ row, figures }) => [row.decision, figures.attributed?.id ?? null, figures.unsolicited]);
const right = { attributed_delivery: 'delivery', unsolicited: false };

test('an opt-out belongs to the delivery before it, also where that became known after it', () => {
  expect(brief(recount([recorded(1, noon - day)], known()))).toEqual([['decision 1', 'delivery', false]]);
});

test('a delivery that came after it changes nothing, nor does one that was known', () => {
  expect(
    recount(
      [recorded(1, noon - 3 * day, { stops: false })],
      known({ statements: [line(1, noon - 3 * day)] }),
    ),
  ).toEqual([]);
  expect(recount([recorded(1, noon - day, right)], known({ statements: [line(1, noon - day)] }))).toEqual([]);
});

test('of two opt-outs of one delivery the first made has it, and at one instant that of the smaller event id', () => {
  for (const first of [noon - day - 1, noon - day]) {
    expect(brief(recount([recorded(2, noon - day, right), recorded(1, first)], known()))).toEqual([
      ['decision 1', 'delivery', false],
      ['decision 2', null, false],
    ]);
  }
});

test('a repeat after an opt-out that arrived last is no opt-out of a later delivery', () => {
  const both = [recorded(1, noon - 3 * day, { stops: false }), recorded(2, noon - day, right)];
  const second = line(2, noon - day);
  expect(brief(recount(both, known({ statements: [second] })))).toEqual([]);
  const statements = [second, line(1, noon - 3 * day)];
  expect(brief(recount(both, known({ statements })))).toEqual([['decision 2', null, false]]);
});

test('an address that a double opt-in was answered from works, whether the bounce arrived before it or after', () => {
  const subject = facts().identifier ?? '';
  const own = line(1, noon - day);
  const hold = statement({ id: 'h', effect: 'hold', binds: 'identifier', subject, orderAt: noon - 6 * day });
  const optIn = statement({
    id: 'o',
    effect: 'opt_in',
    binds: 'identifier',
    subject,
    orderAt: noon - 5 * day,
    counts: true,
    explicit: true,
    basis: 'double_opt_in',
  });
  const released = statement({
    id: 'v',
    effect: 'void',
    binds: 'identifier',
    subject,
    orderAt: optIn.orderAt,
    basis: 'address_verified',
    voids: hold.decision,
  });
  const one = recorded(1, noon - day);
  const delivery = [['decision 1', 'delivery', false]];
  expect(brief(recount([one], known({ statements: [own, hold, optIn, released] })))).toEqual(delivery);
  expect(brief(recount([one], known({ statements: [own, optIn, hold] })))).toEqual(delivery);
  // Without one the address is closed, and the opt-out stops nothing.
  expect(brief(recount([one], known({ statements: [own, hold] })))).toEqual([['decision 1', null, false]]);
});

test('a stream that nobody was sent counts as kept only where it was catalogued then', () => {
  const one = recorded(1, noon - day, right);
  const stream_versions = Object.fromEntries(shop.map((each) => [each.key, 1]));
  const statements = [line(1, noon - day)];
  expect(recount([one], known({ statements }))).toEqual([]);
  const [counted] = recount([{ ...one, facts: { ...one.facts, stream_versions } }], known({ statements }));
  expect(counted?.figures.keptByScoping).toBe(2);
});

test('of two that end the same stream only the first made counts as ending it, whichever arrived first', () => {
  const first = recorded(1, noon - 2 * day, { ...right, unsolicited: false });
  const second = recorded(2, noon - day, right);
  const statements = [line(1, noon - 2 * day), line(2, noon - day)];
  expect(
    recount([second, first], known({ statements })).map(({ row, figures }) => [row.decision, figures.stops]),
  ).toEqual([['decision 2', false]]);
});
