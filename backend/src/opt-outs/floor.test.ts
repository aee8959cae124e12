import { describe, expect, it } from 'vitest';
import { channels, triggers } from '../contract/vocabulary.js';
import { at, day, noon, request, shop, stream } from './decide-test-support.js';
import { explainedFloor, floor, signalOf } from './floor.js';
import { floorTable, TCPA_WAIVER_ENDS } from './floor-table.js';
import { allJurisdictions, jurisdictionsOf, regionOf } from './jurisdiction.js';
import type { FloorSettings, OptOutRequest } from './request.js';

const settings: FloorSettings = { markets: [], tcpaWaiverUntil: null };
const promotions = stream();
const texts = stream(at('sms', 'promotions'));
const parcels = stream({ ...at('sms', 'delivery'), class: 'informational' });

const STREAM = 'channel=email;category=promotions;origin=shop';
const CHAN = 'class=commercial;channel=email';

interface Example {
  row: number;
  name: string;
  given: Partial<OptOutRequest>;
  in: string[];
  stream?: ReturnType<typeof stream> | null;
  settings?: Partial<FloorSettings>;
  selectors: string[];
  /** Rows that apply besides. */
  with?: number[];
  bindsPerson?: boolean;
  strong?: boolean;
}

const oneClick = { trigger: 'one_click_unsubscribe' } as const;
const stop = { trigger: 'sms_stop', ...at('sms', 'promotions') } as const;
const textAndCall = ['channel=sms', 'channel=voice'];

const examples: Example[] = [
  {
    row: 1,
    name: 'one-click, all-option shown',
    given: { ...oneClick, allOptionShown: true },
    in: ['US', 'CA', 'JP'],
    selectors: [STREAM],
  },
  {
    row: 2,
    name: 'one-click, no all-option shown',
    given: { ...oneClick, allOptionShown: false },
    in: ['US', 'CA'],
    selectors: [CHAN],
  },
  {
    row: 3,
    name: 'one-click, basis consent',
    given: { ...oneClick, legalBasis: 'consent', allOptionShown: false },
    in: ['DE', 'NO', 'GB', 'BR'],
    selectors: [STREAM],
  },
  {
    row: 4,
    name: 'one-click, basis soft opt-in',
    given: { ...oneClick, legalBasis: 'soft_opt_in', allOptionShown: true },
    in: ['DE', 'GB'],
    selectors: [CHAN],
  },
  {
    row: 4,
    name: 'one-click, basis unknown',
    given: { ...oneClick, allOptionShown: true },
    in: ['DE', 'GB'],
    stream: stream({ legalBasis: null }),
    selectors: [CHAN],
  },
  {
    row: 5,
    name: 'one-click in Australia',
    given: { ...oneClick, allOptionShown: true, legalBasis: 'consent' },
    in: ['AU'],
    selectors: [CHAN],
  },
  {
    row: 5,
    name: 'STOP in Australia',
    given: stop,
    in: ['AU'],
    stream: texts,
    selectors: ['class=commercial;channel=sms'],
  },
  {
    row: 5,
    name: 'picks in Australia on a page that says it showed no all-option',
    given: { trigger: 'preference_change', asked: [at('email', 'promotions')], allOptionShown: false },
    in: ['AU'],
    selectors: [CHAN, STREAM],
    with: [8],
  },
  {
    row: 6,
    name: 'unsubscribe mail with token, all-option shown',
    given: { trigger: 'mailto_unsubscribe', allOptionShown: true },
    in: ['US', 'DE'],
    selectors: [STREAM],
  },
  {
    row: 6,
    name: 'unsubscribe mail with token in Australia',
    given: { trigger: 'mailto_unsubscribe', allOptionShown: true },
    in: ['AU'],
    selectors: [CHAN],
  },
  {
    row: 7,
    name: 'unsubscribe mail without token',
    given: { trigger: 'mailto_unsubscribe', category: null, origin: null, allOptionShown: true },
    in: ['US', 'DE', 'AU', 'CH'],
    stream: null,
    selectors: [CHAN],
  },
  {
    row: 7,
    name: '"stop contacting me"',
    given: { trigger: 'mailto_unsubscribe', asked: 'everything', category: null, origin: null },
    in: ['CH'],
    stream: null,
    selectors: ['class=commercial', 'class=profiling', CHAN],
    with: [9],
    bindsPerson: true,
  },
  {
    row: 7,
    name: 'a letter',
    given: { ...at('post', 'promotions'), madeBy: 'agent' },
    in: ['US', 'DE'],
    stream: stream(at('post', 'promotions')),
    selectors: ['class=commercial;channel=post'],
  },
  {
    row: 8,
    name: 'picks on a preference page',
    given: {
      trigger: 'preference_change',
      asked: [at('email', 'promotions'), { channel: 'sms', category: 'news' }],
    },
    in: ['US', 'CA', 'DE', 'GB', 'AU', 'BR', 'IN', 'JP', 'CH'],
    selectors: [STREAM, 'channel=sms;category=news'],
  },
  {
    row: 9,
    name: '"unsubscribe from all", basis consent',
    given: { trigger: 'preference_change', asked: 'all', legalBasis: 'consent' },
    in: ['US', 'DE'],
    selectors: [CHAN],
  },
  {
    row: 9,
    name: '"unsubscribe from all", basis legitimate interest: profiling too',
    given: { trigger: 'global_unsubscribe', asked: 'all', legalBasis: 'legitimate_interest' },
    in: ['DE', 'GB'],
    selectors: [CHAN, 'class=profiling'],
    bindsPerson: true,
  },
  {
    row: 10,
    name: 'spam complaint',
    given: { type: 'complained', trigger: 'complaint' },
    in: ['US'],
    selectors: [CHAN, STREAM],
    strong: true,
  },
  {
    row: 10,
    name: 'spam complaint, an objection in the EU and the UK',
    given: { type: 'complained' },
    in: ['DE', 'GB'],
    selectors: [CHAN, STREAM],
    bindsPerson: true,
    strong: true,
  },
  {
    row: 11,
    name: 'STOP to a marketing text',
    given: stop,
    in: ['US', 'US-CA', 'PR'],
    stream: texts,
    selectors: textAndCall,
  },
  {
    row: 12,
    name: 'STOP to an informational text',
    given: { ...stop, category: 'delivery' },
    in: ['US'],
    stream: parcels,
    selectors: textAndCall,
  },
  {
    row: 12,
    name: 'STOP to an informational text under the waiver',
    given: { ...stop, category: 'delivery' },
    in: ['US'],
    stream: parcels,
    settings: { tcpaWaiverUntil: Date.UTC(2027, 0, 31) },
    selectors: ['channel=sms;category=delivery', 'channel=voice;category=delivery'],
  },
  {
    row: 13,
    name: 'revocation of texts by e-mail or web',
    given: { trigger: 'link_unsubscribe', ...at('sms', 'promotions') },
    in: ['US'],
    stream: texts,
    selectors: textAndCall,
  },
  {
    row: 14,
    name: 'do-not-call request',
    given: { madeBy: 'agent', ...at('voice', 'promotions') },
    in: ['US'],
    stream: stream(at('voice', 'promotions')),
    selectors: ['class=commercial;channel=voice', 'class=commercial;channel=sms', ...textAndCall],
    with: [7, 13],
    strong: true,
  },
  {
    row: 15,
    name: 'STOP in Europe and Brazil',
    given: { ...stop, allOptionShown: true, legalBasis: 'consent' },
    in: ['DE', 'GB', 'BR'],
    stream: texts,
    selectors: ['class=commercial;channel=sms'],
  },
  {
    row: 15,
    name: 'STOP in Canada with a menu',
    given: { ...stop, allOptionShown: true },
    in: ['CA'],
    stream: texts,
    selectors: ['channel=sms;category=promotions;origin=shop'],
  },
  {
    row: 15,
    name: 'STOP in Canada without a menu',
    given: { ...stop, allOptionShown: false },
    in: ['CA'],
    stream: texts,
    selectors: ['class=commercial;channel=sms'],
  },
  {
    row: 15,
    name: 'STOP in India: purpose and entity',
    given: stop,
    in: ['IN'],
    stream: texts,
    selectors: ['channel=sms;category=promotions'],
  },
  {
    row: 16,
    name: 'consent withdrawn for a purpose',
    given: { trigger: 'preference_change', asked: [{ category: 'promotions' }] },
    in: ['DE', 'GB', 'BR'],
    selectors: ['category=promotions'],
    with: [8],
  },
  {
    row: 17,
    name: 'objection',
    given: { trigger: 'gdpr_objection_art21' },
    in: ['DE', 'GB', 'US'],
    selectors: ['class=commercial', 'class=profiling'],
    bindsPerson: true,
    strong: true,
  },
  {
    row: 18,
    name: 'erasure',
    given: { type: 'erased' },
    in: ['DE', 'BR', 'US-CA'],
    selectors: ['class=commercial', 'class=profiling'],
    bindsPerson: true,
    strong: true,
  },
  {
    row: 19,
    name: 'browser signal',
    given: { trigger: 'opt_out_preference_signal', channel: 'web' },
    in: ['US-CA', 'US-TX', 'DE'],
    stream: null,
    selectors: ['class=profiling'],
    bindsPerson: true,
  },
  {
    row: 20,
    name: 'WhatsApp stop',
    given: { trigger: 'platform_marketing_stop', ...at('whatsapp', 'promotions') },
    in: ['US', 'DE', 'IN', 'AU'],
    stream: stream(at('whatsapp', 'promotions')),
    selectors: ['class=commercial;channel=whatsapp'],
  },
  {
    row: 21,
    name: 'push topic off',
    given: at('push', 'promotions'),
    in: ['US', 'DE', 'AU'],
    stream: stream(at('push', 'promotions')),
    selectors: ['channel=push;category=promotions;origin=shop'],
  },
  {
    row: 21,
    name: 'push master switch off',
    given: { ...at('push', 'promotions'), asked: 'all' },
    in: ['US', 'DE', 'AU'],
    stream: stream(at('push', 'promotions')),
    selectors: ['class=commercial;channel=push'],
  },
  {
    row: 22,
    name: 'hard bounce',
    given: { type: 'bounced', bounce: 'hard' },
    in: ['US', 'DE'],
    selectors: ['*'],
  },
  {
    row: 23,
    name: 'soft bounce',
    given: { type: 'bounced', bounce: 'soft' },
    in: ['US', 'DE'],
    selectors: [],
  },
  {
    row: 23,
    name: 'policy block',
    given: { type: 'bounced', bounce: 'block', trigger: 'hard_bounce' },
    in: ['US', 'DE'],
    selectors: [],
  },
  {
    row: 23,
    name: 'a report that says "not spam"',
    given: { type: 'complained', trigger: 'not_spam' },
    in: ['US', 'DE'],
    selectors: [],
  },
  {
    row: 24,
    name: 'provider suppression of a group',
    given: { trigger: 'provider_suppressed' },
    in: ['US', 'DE', 'AU'],
    selectors: [STREAM],
  },
  {
    row: 24,
    name: 'provider suppression of an address',
    given: { trigger: 'provider_suppressed', asked: 'all' },
    in: ['US', 'DE'],
    selectors: [CHAN],
  },
  {
    row: 25,
    name: 'consent expired',
    given: { type: 'consent_expired' },
    in: ['CA', 'US'],
    selectors: [STREAM],
  },
  {
    row: 26,
    name: 'legal order',
    given: { madeBy: 'regulator', trigger: 'link_unsubscribe', asked: 'all' },
    in: ['CA'],
    selectors: [CHAN, 'class=commercial', 'class=profiling', 'channel=email'],
    with: [9],
    bindsPerson: true,
    strong: true,
  },
  {
    row: 27,
    name: 'an opt-out whose trigger says the opposite',
    given: { trigger: 'opened' },
    in: ['US', 'DE', 'AU'],
    selectors: [CHAN],
  },
  {
    row: 27,
    name: 'a platform stop on a channel that has none',
    given: { trigger: 'platform_marketing_stop' },
    in: ['US'],
    selectors: [CHAN],
  },
];

describe('floor', () => {
  it.each(examples)('row $row: $name', (example) => {
    const asked = request(example.given);
    const on = example.stream === undefined ? promotions : example.stream;
    for (const jurisdiction of example.in) {
      const found = floor(asked, on, [jurisdiction], { ...settings, ...example.settings });
      const rows = [...new Set(found.map((finding) => finding.row))].sort((a, b) => a - b);
      expect(rows, jurisdiction).toEqual([example.row, ...(example.with ?? [])].sort((a, b) => a - b));
      const selectors = [...new Set(found.flatMap((finding) => finding.selectors))];
      expect(selectors.sort(), jurisdiction).toEqual([...example.selectors].sort());
      expect(
        found.some((finding) => finding.bindsPerson),
        jurisdiction,
      ).toBe(example.bindsPerson ?? false);
      expect(found.some((finding) => finding.strength === 'strong')).toBe(example.strong ?? false);
      for (const finding of found) expect(finding.why.length * finding.source.length).toBeGreaterThan(0);
    }
  });

  it('has an example for each of the 27 rows, and no row without one', () => {
    const rows = Array.from({ length: 27 }, (_, index) => index + 1);
    expect([...new Set(floorTable.map((row) => row.row))].sort((a, b) => a - b)).toEqual(rows);
    expect([...new Set(examples.map((example) => example.row))].sort((a, b) => a - b)).toEqual(rows);
  });

  it('takes nothing from an opt-in, a pause, a cap or an undo', () => {
    for (const type of ['opted_in', 'paused', 'capped', 'undone'] as const) {
      expect(floor(request({ type }), promotions, allJurisdictions, settings)).toEqual([]);
    }
  });

  it('records a complaint in the EU as an objection', () => {
    const found = floor(request({ type: 'complained' }), promotions, ['DE'], settings);
    expect(found.map((finding) => finding.basis)).toEqual(['complaint', 'art21']);
  });

  it('INV-FLOOR-2: several possible jurisdictions get the union of their floors', () => {
    for (const trigger of [null, ...triggers]) {
      for (const channel of channels) {
        for (const asked of ['this', 'all', 'everything'] as const) {
          const one = request({ trigger, channel, asked });
          const on = shop.find((each) => each.channel === channel) ?? null;
          const selectors = (list: readonly string[]) =>
            new Set(floor(one, on, list, settings).flatMap((finding) => finding.selectors));
          const union = new Set(allJurisdictions.flatMap((each) => [...selectors([each])]));
          expect([...selectors(allJurisdictions)].sort()).toEqual([...union].sort());
          const stops = signalOf(one) !== 'unclassified' || union.size > 0;
          expect(stops && union.size > 0, `${trigger} ${channel} ${asked}`).toBe(true);
        }
      }
    }
  });

  it('INV-GPC-1: a browser signal never unsubscribes from mail', () => {
    const found = floor(
      request({ trigger: 'opt_out_preference_signal', channel: 'web' }),
      null,
      allJurisdictions,
      settings,
    );
    expect(found.flatMap((finding) => finding.selectors)).toEqual(['class=profiling']);
  });

  it('INV-SMS-2: the waiver ends with the day in the table, whatever the setting says', () => {
    const scope = (receivedAt: number, tcpaWaiverUntil: number | null) =>
      floor(request({ ...stop, category: 'delivery', receivedAt }), parcels, ['US'], {
        ...settings,
        tcpaWaiverUntil,
      }).map((finding) => finding.scope);
    const never = Date.UTC(2099, 0, 1);
    expect(scope(TCPA_WAIVER_ENDS - 1, never)).toEqual(['TOPIC']);
    expect(scope(TCPA_WAIVER_ENDS, never)).toEqual(['TEXTS_AND_CALLS']);
    expect(scope(noon, noon)).toEqual(['TEXTS_AND_CALLS']);
    expect(scope(noon, noon + day)).toEqual(['TOPIC']);
    expect(scope(noon, null)).toEqual(['TEXTS_AND_CALLS']);
  });

  it('INV-SMS-2: an explicit choice in answer to STOP is taken as it stands', () => {
    const asked = [at('sms', 'promotions')];
    const found = floor(request({ ...stop, asked }), texts, ['US'], settings);
    expect(found.map((finding) => finding.row)).toEqual([8]);
  });
});

describe('what was missing and made the floor wider', () => {
  const widened = (given: Partial<OptOutRequest>, on: typeof promotions | null, list?: string[]) =>
    explainedFloor(
      request({ ...oneClick, ...given }),
      on,
      list === undefined
        ? { jurisdictions: ['US'], from: 'subscriber' }
        : { jurisdictions: list, from: 'markets' },
      settings,
    ).widenedFor;

  it('is nothing where all is known', () => {
    expect(widened({ allOptionShown: true, legalBasis: 'consent' }, promotions)).toEqual([]);
    expect(widened({ allOptionShown: false, legalBasis: 'consent' }, promotions)).toEqual([]);
  });
  it('is the all-option that neither the message nor the stream speaks of', () => {
    expect(widened({}, stream({ allOptionShown: false }))).toEqual(['all_option']);
    expect(widened({}, stream({ allOptionShown: true }))).toEqual([]);
  });
  it('is the legal basis', () => {
    expect(widened({ allOptionShown: true }, stream({ legalBasis: null }), ['DE'])).toEqual(['legal_basis']);
    expect(widened({ allOptionShown: true }, stream({ legalBasis: 'soft_opt_in' }), ['DE'])).toEqual([]);
  });
  it('is the jurisdiction, if knowing it would have made a difference', () => {
    const known = { allOptionShown: true, legalBasis: 'consent' } as const;
    expect(widened(known, promotions, ['AU', 'US'])).toEqual(['jurisdiction']);
    expect(widened(known, promotions, ['DE', 'US'])).toEqual([]);
    expect(widened(known, promotions, ['AU'])).toEqual([]);
  });
  it('is the stream', () => {
    expect(widened({ allOptionShown: true }, null)).toEqual(['stream']);
    const unreviewed = stream({ reviewed: false, allOptionShown: false, legalBasis: null });
    expect(widened({}, unreviewed)).toEqual(['all_option', 'stream']);
  });
  it('is nothing for a complaint, which is as wide as that anyway', () => {
    expect(widened({ type: 'complained', trigger: 'complaint' }, null)).toEqual([]);
  });
});

describe('jurisdictions', () => {
  const hints = { subscriber: null, phone: null, stream: promotions, streams: [promotions], markets: [] };

  it('come from the subscriber, else the phone, the stream, the brand, the markets, else are all', () => {
    const sold = stream({ category: 'other', markets: ['FR', 'DE', 'FR'] });
    const shops = { ...hints, streams: [promotions, sold], markets: ['US'] };
    expect(jurisdictionsOf({ ...shops, subscriber: 'AU', phone: 'NZ' })).toEqual({
      jurisdictions: ['AU'],
      from: 'subscriber',
    });
    expect(jurisdictionsOf({ ...shops, phone: 'NZ' })).toEqual({ jurisdictions: ['NZ'], from: 'phone' });
    expect(jurisdictionsOf({ ...shops, stream: sold })).toEqual({
      jurisdictions: ['DE', 'FR'],
      from: 'stream',
    });
    expect(jurisdictionsOf(shops)).toEqual({ jurisdictions: ['DE', 'FR'], from: 'brand' });
    expect(jurisdictionsOf({ ...hints, markets: ['US'] })).toEqual({
      jurisdictions: ['US'],
      from: 'markets',
    });
    expect(jurisdictionsOf({ ...hints, stream: null })).toEqual({
      jurisdictions: allJurisdictions,
      from: 'all',
    });
  });

  it('do not come from another brand', () => {
    const other = stream({ category: 'other', brand: 'zenith', markets: ['FR'] });
    expect(jurisdictionsOf({ ...hints, streams: [promotions, other] }).from).toBe('all');
  });

  it.each([
    ['DE', 'EU'],
    ['IS', 'EU'],
    ['GB', 'UK'],
    ['US-CA', 'US'],
    ['CA-QC', 'CA'],
    ['CH', 'OTHER'],
    ['ZZ', 'OTHER'],
  ] as const)('%s is in %s', (jurisdiction, region) => expect(regionOf(jurisdiction)).toBe(region));
});
