import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalSelector, type Selector } from '../contract/selectors.js';
import type { Channel, StreamClass } from '../contract/vocabulary.js';
import { Catalogue, type StreamVersion } from '../streams/catalogue.js';
import type { CataloguedStream } from '../streams/stream.js';
import { standing } from './permission.js';
import type { Statement } from './statement.js';
import { type SuppressionSubject, Suppressions } from './suppressions.js';

const now = 100;
const classes = ['commercial', 'informational', 'essential', 'profiling'] as const;

const version = (
  key: string,
  place: [Channel, string, string],
  change: Partial<StreamVersion>,
): StreamVersion => ({
  key,
  version: 1,
  channel: place[0],
  category: place[1],
  origin: place[2],
  class: 'commercial',
  brand: 'one',
  listId: null,
  title: key,
  allOptionShown: true,
  legalBasis: null,
  regime: 'opt_out',
  markets: [],
  parent: null,
  reviewed: true,
  changedAt: 0,
  ...change,
});

const promotions: [Channel, string, string] = ['email', 'promotions', 'shop'];
const catalogue = new Catalogue([
  version('promotions', promotions, { class: 'informational' }),
  version('promotions', promotions, { version: 2, changedAt: 50 }),
  version('news', ['email', 'news', 'shop'], { parent: 'promotions', brand: 'two' }),
  version('receipts', ['email', 'receipts', 'shop'], { class: 'essential' }),
  version('texts', ['sms', 'promotions', 'shop'], {}),
]);

const maybe = <T>(...values: T[]) => fc.constantFrom(undefined, undefined, ...values);
const selector = fc
  .record({
    class: maybe<StreamClass>(...classes),
    brand: maybe('one', 'two', 'none'),
    channel: maybe<Channel>('email', 'sms', 'push'),
    category: maybe('promotions', 'news', 'receipts', 'none'),
    origin: maybe('shop', 'none'),
    audience: maybe('vip'),
    campaign: maybe('sale'),
  })
  .map(
    (keys): Selector => Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined)),
  );

const subjects: SuppressionSubject[] = [
  { person: 'p', identifier: null, kind: null },
  { person: 'p', identifier: 'i', kind: 'email' },
  { person: null, identifier: 'i', kind: 'email' },
  { person: 'p', identifier: 'i', kind: null },
];

const statement = fc.record({
  id: fc.integer({ min: 0, max: 99 }).map((number) => `s-${String(number).padStart(2, '0')}`),
  selector: selector.map(canonicalSelector),
  effect: fc.constantFrom('opt_out', 'opt_out', 'opt_in', 'opt_in', 'pause', 'hold', 'void', 'cap'),
  orderAt: fc.integer({ min: 40, max: 60 }),
  strength: fc.constantFrom('plain', 'plain', 'strong'),
  counts: fc.boolean(),
  explicit: fc.boolean(),
  expiresAt: fc.constantFrom(null, null, 99, 101),
  decision: fc.constantFrom('d-1', 'd-2', 'd-3'),
});

/** Every message there can be, as far as any selector here can tell them apart. */
function* messages(): Generator<{
  stream: CataloguedStream;
  audience: string | null;
  campaign: string | null;
}> {
  const streams: CataloguedStream[] = [...catalogue.streams];
  for (const channel of ['email', 'sms', 'push', 'post'] as const)
    for (const category of ['promotions', 'news', 'receipts', 'none', 'other'])
      for (const origin of ['shop', 'none', 'other']) {
        if (catalogue.find(channel, category, origin) !== undefined) continue;
        for (const brand of ['one', 'two', 'none', 'other'])
          for (const value of classes) {
            const [made] = new Catalogue([version('x', [channel, category, origin], { brand, class: value })])
              .streams;
            if (made !== undefined) streams.push(made);
          }
      }
  for (const stream of streams)
    for (const audience of [null, 'vip'])
      for (const campaign of [null, 'sale']) yield { stream, audience, campaign };
}
const all = [...messages()];
const kindOf: Partial<Record<Channel, string>> = { email: 'email', sms: 'phone', push: 'push' };

const isMeant = (filter: Selector, { stream, audience, campaign }: (typeof all)[number]): boolean =>
  (['class', 'brand', 'channel', 'category', 'origin'] as const).every(
    (key) => filter[key] === undefined || filter[key] === stream[key],
  ) &&
  (filter.audience === undefined || filter.audience === audience) &&
  (filter.campaign === undefined || filter.campaign === campaign);

describe('a statement is listed exactly if it keeps some message that the filter means', () => {
  it('whatever else the ledger says: compared with every message there can be', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(statement, { minLength: 1, maxLength: 5, selector: ({ id }) => id }),
        selector,
        fc.constantFrom(...subjects),
        (drafts, filter, who) => {
          const ledger = drafts.map((draft): Statement => {
            const isVoid = draft.effect === 'void';
            return {
              ...draft,
              effect: draft.effect as Statement['effect'],
              strength: draft.strength as Statement['strength'],
              subject: who.identifier ?? who.person,
              binds: who.identifier === null ? 'person' : 'identifier',
              person: 'p',
              tolerance: 0,
              basis: '',
              evidence: '',
              decision: isVoid ? 'd-void' : draft.decision,
              voids: isVoid ? draft.decision : null,
              cap: null,
            };
          });
          const expected = new Set<string>();
          for (const message of all) {
            if (!isMeant(filter, message)) continue;
            if (who.kind !== null && kindOf[message.stream.channel] !== who.kind) continue;
            const parents =
              catalogue.get(message.stream.key) === undefined ? [] : catalogue.parents(message.stream);
            const found = standing(ledger, { ...message, ...who, parents, jurisdictions: [] }, now);
            for (const { id } of found.denies) expected.add(id);
            if (found.hold !== null) expected.add(found.hold.id);
          }
          const listed = new Suppressions(filter, catalogue).standing(ledger, who, now).map(({ id }) => id);
          expect(listed).toEqual([...expected].sort());
        },
      ),
      { numRuns: 500 },
    );
  });

  it('also where an opt-in lifts it for advertising alone', () => {
    const line: Statement = {
      id: 'out',
      subject: 'p',
      binds: 'person',
      person: 'p',
      selector: 'channel=push',
      effect: 'opt_out',
      orderAt: 40,
      tolerance: 0,
      strength: 'plain',
      counts: true,
      explicit: true,
      expiresAt: null,
      basis: '',
      evidence: '',
      decision: 'd-1',
      voids: null,
      cap: null,
    };
    const optIn: Statement = { ...line, id: 'in', effect: 'opt_in', orderAt: 50, decision: 'd-2' };
    const listed = (filter: Selector, selector: string) =>
      new Suppressions(filter, catalogue)
        .standing([line, { ...optIn, selector }], { person: 'p', identifier: null, kind: null }, now)
        .map(({ id }) => id);
    expect(listed({}, 'class=commercial;channel=push')).toEqual(['out']);
    expect(listed({ class: 'commercial' }, 'class=commercial;channel=push')).toEqual([]);
    expect(listed({}, 'channel=push')).toEqual([]);
  });
});
