import fc from 'fast-check';
import { canonicalSelector, type Selector } from '../contract/selectors.js';
import type { Channel } from '../contract/vocabulary.js';
import { streamClasses } from '../contract/vocabulary.js';
import type { Statement } from '../permissions/statement.js';
import type { Ancestor } from '../streams/lineage.js';
import type { CataloguedStream } from '../streams/stream.js';
import type { Delivery, Facts, OptOutRequest } from './request.js';

/** Plain data for tests: a small shop, one person, and random ledgers about them. */

export const day = 86_400_000;
/** 2026-11-23T09:00:00Z */
export const noon = Date.UTC(2026, 10, 23, 9);
export const person = '00000000-0000-4000-8000-000000000001';
export const stranger = '00000000-0000-4000-8000-000000000002';
export const emailId = '00000000-0000-4000-8000-00000000000e';
export const phoneId = '00000000-0000-4000-8000-00000000000f';
export const pushId = '00000000-0000-4000-8000-00000000000a';

export function stream(given: Partial<CataloguedStream> = {}): CataloguedStream {
  const place = { channel: 'email', category: 'promotions', origin: 'shop', ...given } as const;
  const held = { class: 'commercial', brand: 'acme', ...given } as const;
  return {
    key: `${place.channel}.${place.category}.${place.origin}`,
    version: 1,
    ...place,
    ...held,
    classes: [{ value: held.class, until: Number.POSITIVE_INFINITY }],
    brands: [{ value: held.brand, until: Number.POSITIVE_INFINITY }],
    listId: null,
    title: place.category,
    allOptionShown: true,
    legalBasis: 'consent',
    regime: 'opt_out',
    markets: [],
    parent: null,
    parents: [{ value: given.parent ?? null, until: Number.POSITIVE_INFINITY }],
    reviewed: true,
    ...given,
  };
}

/** A parent of today, and since ever. */
export const below = (stream: CataloguedStream): Ancestor => ({
  stream,
  until: Number.POSITIVE_INFINITY,
  from: Number.NEGATIVE_INFINITY,
});

export function statement(given: Partial<Statement> = {}): Statement {
  return {
    id: 's1',
    subject: person,
    binds: 'person',
    person,
    selector: '*',
    effect: 'opt_out',
    orderAt: noon - day,
    tolerance: 0,
    strength: 'plain',
    counts: false,
    explicit: false,
    expiresAt: null,
    basis: '',
    evidence: '',
    decision: `decision of ${given.id ?? 's1'}`,
    voids: null,
    cap: null,
    ...given,
  };
}

export function request(given: Partial<OptOutRequest> = {}): OptOutRequest {
  return {
    decision: '11111111-1111-4111-8111-111111111111',
    eventId: 'event',
    type: 'opted_out',
    trigger: null,
    asked: 'this',
    channel: 'email',
    category: 'promotions',
    origin: 'shop',
    audience: null,
    campaign: null,
    messageType: null,
    messageId: null,
    reason: '',
    occurredAt: noon,
    receivedAt: noon,
    tolerance: 0,
    madeBy: 'person',
    basis: null,
    evidence: '',
    expiresAt: null,
    until: null,
    cap: null,
    bounce: null,
    allOptionShown: null,
    legalBasis: null,
    voids: null,
    flags: [],
    ...given,
  };
}

export function facts(given: Partial<Facts> = {}): Facts {
  return {
    person,
    identifier: emailId,
    identifiers: { email: emailId, phone: phoneId, push: pushId },
    jurisdiction: 'US',
    phoneJurisdiction: null,
    streams: shop,
    statements: [],
    spells: [],
    deliveries: [],
    attributed: [],
    segments: [],
    settings: { markets: [], tcpaWaiverUntil: null },
    rules: { id: 'rules', rules: [] },
    ...given,
  };
}

export function delivery(given: Partial<Delivery> = {}): Delivery {
  return {
    id: given.messageId ?? 'm1',
    messageId: 'm1',
    stream: 'email.promotions.shop',
    channel: 'email',
    campaign: 'autumn',
    messageType: 'offer',
    audience: '',
    deliveredAt: noon - day,
    segments: ['lapsed'],
    ...given,
  };
}

/** Four e-mail streams, two of texts, one each of push, WhatsApp, voice and web. In key order. */
export const shop: readonly CataloguedStream[] = [
  stream({ category: 'newsletter' }),
  stream({ category: 'news', class: 'informational' }),
  stream({ category: 'promotions' }),
  stream({ category: 'receipts', class: 'essential' }),
  stream({ channel: 'push', category: 'promotions' }),
  stream({ channel: 'sms', category: 'delivery', class: 'informational' }),
  stream({ channel: 'sms', category: 'promotions' }),
  stream({ channel: 'voice', category: 'promotions' }),
  stream({ channel: 'web', category: 'ads', class: 'profiling' }),
  stream({ channel: 'whatsapp', category: 'promotions' }),
];

export const at = (channel: Channel, category: string) => ({ channel, category, origin: 'shop' });

// ——— random ledgers over a small world, so that things collide ———

const time = fc.integer({ min: 0, max: 12 });
const until = fc.oneof(time, fc.constant(Number.POSITIVE_INFINITY));
const aClass = fc.constantFrom(...streamClasses);
const aBrand = fc.constantFrom('acme', 'zenith');
const aChannel = fc.constantFrom<Channel>('email', 'sms');
const aCategory = fc.constantFrom('a', 'b');
const anOrigin = fc.constantFrom('x', 'y');

const option = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });

export const anySelector: fc.Arbitrary<Selector> = fc
  .record({
    class: option(aClass),
    brand: option(aBrand),
    channel: option(aChannel),
    category: option(aCategory),
    origin: option(anOrigin),
    audience: option(fc.constantFrom('vip')),
    campaign: option(fc.constantFrom('spring')),
  })
  .map((selector) => JSON.parse(JSON.stringify(selector)) as Selector);

export const anyStream: fc.Arbitrary<CataloguedStream> = fc
  .record({
    channel: aChannel,
    category: aCategory,
    origin: anOrigin,
    class: aClass,
    brand: aBrand,
    oldClasses: fc.array(fc.record({ value: aClass, until }), { maxLength: 2 }),
    oldBrands: fc.array(fc.record({ value: aBrand, until: time }), { maxLength: 1 }),
    regime: fc.constantFrom('opt_in' as const, 'opt_out' as const),
  })
  .map(({ oldClasses, oldBrands, ...given }) =>
    stream({
      ...given,
      classes: [
        ...oldClasses.map((held) => ({ ...held, until: Math.min(held.until, 11) })),
        { value: given.class, until: Number.POSITIVE_INFINITY },
      ],
      brands: [...oldBrands, { value: given.brand, until: Number.POSITIVE_INFINITY }],
    }),
  );

/** A parent of today, since ever or since 11, or one of the past. */
export const anyAncestor: fc.Arbitrary<Ancestor> = fc
  .record({
    stream: anyStream,
    held: fc.constantFrom(
      { until: Number.POSITIVE_INFINITY, from: Number.NEGATIVE_INFINITY },
      { until: Number.POSITIVE_INFINITY, from: 11 },
      { until: 11, from: Number.POSITIVE_INFINITY },
    ),
  })
  .map(({ stream, held }) => ({ stream, ...held }));

export const anyStatement: fc.Arbitrary<Statement> = fc
  .record({
    effect: fc.constantFrom(
      'opt_out',
      'opt_out',
      'opt_in',
      'opt_in',
      'pause',
      'cap',
      'hold',
      'void' as const,
    ),
    bound: fc.constantFrom(
      { subject: person, binds: 'person' as const },
      { subject: emailId, binds: 'identifier' as const },
      { subject: phoneId, binds: 'identifier' as const },
      { subject: stranger, binds: 'person' as const },
    ),
    person: fc.constantFrom(person, person, stranger, null),
    selector: anySelector.map(canonicalSelector),
    orderAt: time,
    tolerance: fc.constantFrom(0, 0, 2),
    strength: fc.constantFrom('plain', 'plain', 'strong' as const),
    proof: fc.constantFrom('none', 'counts', 'explicit'),
    expiresAt: fc.option(fc.integer({ min: 10, max: 30 }), { freq: 3 }),
    decision: fc.constantFrom('d1', 'd2', 'd3', 'd4', 'd5', 'd6'),
    voids: fc.constantFrom('d1', 'd2', 'd3'),
    cap: fc.integer({ min: 0, max: 9 }),
    id: fc.uuid(),
  })
  .map(({ bound, proof, voids, cap, effect, ...rest }) =>
    statement({
      ...rest,
      ...bound,
      effect: effect as Statement['effect'],
      strength: rest.strength as Statement['strength'],
      // A hold speaks of an identifier.
      ...(effect === 'hold' ? { subject: phoneId, binds: 'identifier' as const } : {}),
      counts: effect === 'opt_in' && proof !== 'none',
      explicit: effect === 'opt_in' && proof === 'explicit',
      voids: effect === 'void' ? voids : null,
      cap: effect === 'cap' ? { n: cap, per: 'week' } : null,
    }),
  );

export const anyLedger = fc.uniqueArray(anyStatement, { maxLength: 10, selector: (one) => one.id });
