import type { Channel, Maker, Trigger } from '../contract/vocabulary.js';
import type { Region } from './jurisdiction.js';

/**
 * The compliance floor as data: for each signal the narrowest scope that law, standards or the person's own words
 * allow. One entry is one line of the table or one of its alternatives; entries that match are united.
 * `floor.ts` reads it; nothing else decides what law demands.
 */

/** Changes with every change of the table; stands in each decision. */
export const FLOOR_VERSION = '2026-11-23.1';

/**
 * The day on which the FCC's waiver of the revoke-all rule ends (DA 26-12). A setting may end it earlier, not later.
 * Re-check monthly: docket 02-278 may move it.
 */
export const TCPA_WAIVER_ENDS = Date.UTC(2027, 0, 31);

/** The trigger of the request, or what takes its place. */
export type Signal = Trigger | 'consent_expired' | 'unclassified';

export type AskedKind = 'this' | 'picks' | 'all' | 'everything';

/**
 * - STREAM: the stream of the message; CHAN if it is not known
 * - PURPOSE: its category on its channel, whatever the origin; CHAN if it is not known
 * - CHAN: advertising on the channel, all brands of the legal entity
 * - CHAN+: everything but essential on the channel
 * - TEXTS_AND_CALLS: CHAN+ on SMS and voice
 * - TOPIC: its category on SMS and voice; TEXTS_AND_CALLS if it is not known
 * - SOLICITATIONS: advertising by voice and SMS
 * - DM: advertising and profiling on every channel
 * - GPC: profiling
 * - ADDR: a hold on the identifier
 * - ASKED: exactly what was picked
 * - NONE: nothing
 */
export type Scope =
  | 'STREAM'
  | 'PURPOSE'
  | 'CHAN'
  | 'CHAN+'
  | 'TEXTS_AND_CALLS'
  | 'TOPIC'
  | 'SOLICITATIONS'
  | 'DM'
  | 'GPC'
  | 'ADDR'
  | 'ASKED'
  | 'NONE';

export interface FloorRow {
  row: number;
  signals: readonly Signal[];
  /** Absent conditions hold always. */
  asked?: readonly AskedKind[];
  madeBy?: readonly Maker[];
  channels?: readonly Channel[];
  regions?: readonly Region[];
  streamKnown?: boolean;
  /** Was a way to stop everything shown? Unknown counts as no. */
  allOption?: boolean;
  /** Did the request itself say that none was shown? */
  allOptionDenied?: true;
  /** consent: the basis has a unit of its own, the purpose. other: soft opt-in, legitimate interest …; unknown counts as other. */
  basis?: 'consent' | 'other';
  /** marketing: commercial, profiling or not known. informational: the rest. */
  message?: 'marketing' | 'informational';
  /** Is the TCPA waiver in use at the time of the request? */
  waiver?: boolean;
  /** Does a pick name a category without a channel, that is a purpose? */
  picksPurpose?: true;
  /** "As rows …": the entry stands for those rows, read as if the signal were `readAs`. */
  as?: { rows: readonly number[]; readAs: Signal };
  /** United; empty where `as` says what. */
  scope: readonly Scope[];
  bindsPerson?: true;
  strength: 'plain' | 'strong';
  basisText: string;
  why: string;
  deadline: string;
  source: string;
}

/** A bare click or call that names a stream. */
const clicks = [
  'one_click_unsubscribe',
  'link_unsubscribe',
  'stream_unsubscribe',
  'group_unsubscribe',
  'list_removal',
] as const satisfies readonly Signal[];

/** Everything by which a person leaves and whose reach depends on what they asked. */
const departures = [
  ...clicks,
  'mailto_unsubscribe',
  'preference_change',
  'global_unsubscribe',
  'sms_stop',
  'platform_marketing_stop',
  'provider_suppressed',
] as const satisfies readonly Signal[];

const open = ['this', 'all', 'everything'] as const satisfies readonly AskedKind[];
const wide = ['all', 'everything'] as const satisfies readonly AskedKind[];
const mailbox = '48 h (Gmail), 2 days (Yahoo)';
const revocation = '10 business days; one confirmation text within 5 minutes';

export const floorTable: readonly FloorRow[] = [
  {
    row: 1,
    signals: clicks,
    asked: ['this'],
    channels: ['email'],
    // The table names US, CA, JP; where it is silent (IN, elsewhere) its principle says the same.
    regions: ['US', 'CA', 'JP', 'IN', 'OTHER'],
    allOption: true,
    scope: ['STREAM'],
    strength: 'plain',
    basisText: 'request',
    why: 'A click on one list, in a message that also showed a way to stop everything, stops that list.',
    deadline: `${mailbox}; law 10 business days; Japan at once`,
    source: '15 USC 7704(a)(3)(B), (a)(4)(A); CASL s.11(1)(a); RFC 8058',
  },
  {
    row: 2,
    signals: clicks,
    asked: ['this'],
    channels: ['email'],
    // The table names US and CA; principle (b), no all-option was shown, holds where it is silent.
    regions: ['US', 'CA', 'JP', 'IN', 'OTHER'],
    allOption: false,
    scope: ['CHAN'],
    strength: 'plain',
    basisText: 'request',
    why: 'Without a way to stop everything in the message, a click stops all advertising by e-mail.',
    deadline: `${mailbox}; law 10 business days`,
    source: '15 USC 7704(a)(3)(A)-(B); CASL s.11(1)(a)',
  },
  {
    row: 3,
    signals: clicks,
    asked: ['this'],
    channels: ['email'],
    regions: ['EU', 'UK', 'BR'],
    basis: 'consent',
    scope: ['STREAM'],
    strength: 'plain',
    basisText: 'consent_withdrawn',
    why: 'Consent is given and withdrawn for one purpose: that purpose stops.',
    deadline: `without undue delay; ${mailbox}`,
    source: 'GDPR Art. 7(3); EDPB Guidelines 05/2020; LGPD Art. 8 §5',
  },
  {
    row: 4,
    signals: clicks,
    asked: ['this'],
    channels: ['email'],
    // The table names EU and UK; principle (c), the basis has no smaller unit, holds for Brazil too.
    regions: ['EU', 'UK', 'BR'],
    basis: 'other',
    scope: ['CHAN'],
    strength: 'plain',
    basisText: 'objection',
    why: 'Mail that was sent without consent has no smaller unit than all advertising to that address.',
    deadline: `without undue delay; ${mailbox}`,
    source: 'ePrivacy Directive Art. 13(2); PECR reg. 22(3); GDPR Art. 21(2)',
  },
  {
    row: 5,
    signals: [...clicks, 'sms_stop', 'global_unsubscribe'],
    asked: open,
    channels: ['email', 'sms'],
    regions: ['AU'],
    scope: ['CHAN'],
    strength: 'plain',
    basisText: 'request',
    why: 'In Australia an unsubscribe message means no further commercial messages from the sender.',
    deadline: '5 business days; 48 h (Gmail)',
    source: 'Spam Act 2003 s.18(1), s.18(9), Sch. 2 cl. 6',
  },
  {
    // "All but AU default": picks are an extra choice beside the mandated way to stop everything. A surface that says
    // it offered none is itself that way, so the default applies.
    row: 5,
    signals: departures,
    asked: ['picks'],
    channels: ['email', 'sms'],
    regions: ['AU'],
    allOptionDenied: true,
    scope: ['CHAN'],
    strength: 'plain',
    basisText: 'request',
    why: 'In Australia picks may be narrow only beside a way to stop everything, and this page offered none.',
    deadline: '5 business days; 48 h (Gmail)',
    source: 'Spam Act 2003 s.18(1), s.18(9)',
  },
  {
    row: 6,
    signals: ['mailto_unsubscribe'],
    channels: ['email', 'sms'],
    asked: ['this'],
    streamKnown: true,
    as: { rows: [1, 2, 3, 4, 5], readAs: 'one_click_unsubscribe' },
    scope: [],
    strength: 'plain',
    basisText: 'request',
    why: 'An unsubscribe mail that names its list counts like a click.',
    deadline: mailbox,
    source: 'RFC 2369 section 3.2',
  },
  {
    row: 7,
    signals: ['mailto_unsubscribe'],
    asked: ['this', 'all'],
    streamKnown: false,
    scope: ['CHAN'],
    strength: 'plain',
    basisText: 'request',
    why: 'A bare "unsubscribe" that names no list means all advertising on the channel.',
    deadline: mailbox,
    source: 'widest plausible reading of the words',
  },
  {
    row: 7,
    signals: [...clicks, 'sms_stop', 'global_unsubscribe', 'platform_marketing_stop'],
    asked: ['this', 'all'],
    channels: ['post', 'voice'],
    scope: ['CHAN'],
    strength: 'plain',
    basisText: 'request',
    why: 'A request by letter or in a call means all advertising on that channel.',
    deadline: mailbox,
    source: 'widest plausible reading of the words',
  },
  {
    row: 7,
    signals: ['sms_stop'],
    asked: ['this', 'all'],
    channels: ['email'],
    scope: ['CHAN'],
    strength: 'plain',
    basisText: 'request',
    why: 'A bare "stop" by mail means all advertising on the channel.',
    deadline: mailbox,
    source: 'widest plausible reading of the words',
  },
  {
    row: 7,
    signals: departures,
    asked: ['everything'],
    scope: ['DM'],
    bindsPerson: true,
    strength: 'plain',
    basisText: 'request',
    why: '"Stop contacting me" means all direct marketing on every channel.',
    deadline: mailbox,
    source: 'widest plausible reading of the words',
  },
  {
    row: 8,
    signals: departures,
    asked: ['picks'],
    scope: ['ASKED'],
    strength: 'plain',
    basisText: 'request',
    why: 'The person picked what stops, beside a way to stop everything: exactly that stops.',
    deadline: mailbox,
    source: '15 USC 7704(a)(3)(B); CASL s.11(1)(a); GDPR Art. 7(3)',
  },
  {
    row: 8,
    signals: ['preference_change'],
    asked: ['this'],
    scope: ['STREAM'],
    strength: 'plain',
    basisText: 'request',
    why: 'The person un-ticked one stream on a preference page: exactly that stops.',
    deadline: mailbox,
    source: '15 USC 7704(a)(3)(B); CASL s.11(1)(a); GDPR Art. 7(3)',
  },
  {
    row: 9,
    signals: [...clicks, 'mailto_unsubscribe'],
    asked: wide,
    channels: ['email'],
    scope: ['CHAN'],
    strength: 'plain',
    basisText: 'request',
    why: '"Unsubscribe from all" stops all advertising by e-mail.',
    deadline: mailbox,
    source: '15 USC 7704(a)(3)(A); CASL s.11(1)(a)',
  },
  {
    row: 9,
    signals: ['preference_change'],
    asked: wide,
    scope: ['CHAN'],
    strength: 'plain',
    basisText: 'request',
    why: '"Stop all" on a preference page stops all advertising on the channel.',
    deadline: mailbox,
    source: '15 USC 7704(a)(3)(A); CASL s.11(1)(a)',
  },
  {
    row: 9,
    signals: [...clicks, 'mailto_unsubscribe', 'preference_change'],
    asked: wide,
    channels: ['email'],
    regions: ['EU', 'UK'],
    basis: 'other',
    scope: ['GPC'],
    bindsPerson: true,
    strength: 'plain',
    basisText: 'objection',
    why: 'Without consent, "unsubscribe from all" is an objection, which ends the profiling for it too.',
    deadline: `without undue delay; ${mailbox}`,
    source: 'GDPR Art. 21(2)-(3)',
  },
  {
    row: 9,
    signals: ['global_unsubscribe'],
    asked: open,
    channels: ['email'],
    scope: ['CHAN'],
    strength: 'plain',
    basisText: 'request',
    why: '"Unsubscribe from all" stops all advertising by e-mail.',
    deadline: mailbox,
    source: '15 USC 7704(a)(3)(A); CASL s.11(1)(a)',
  },
  {
    row: 9,
    signals: ['global_unsubscribe'],
    asked: open,
    channels: ['email'],
    regions: ['EU', 'UK'],
    basis: 'other',
    scope: ['GPC'],
    bindsPerson: true,
    strength: 'plain',
    basisText: 'objection',
    why: 'Without consent, "unsubscribe from all" is an objection, which ends the profiling for it too.',
    deadline: `without undue delay; ${mailbox}`,
    source: 'GDPR Art. 21(2)-(3)',
  },
  {
    row: 10,
    signals: ['complaint', 'complaint_optout'],
    scope: ['CHAN', 'STREAM'],
    strength: 'strong',
    basisText: 'complaint',
    why: 'A spam complaint stops all advertising on the channel and the stream that drew it.',
    deadline: '24 h',
    source: 'RFC 6449; RFC 6650; Yahoo sender requirements',
  },
  {
    row: 10,
    signals: ['complaint', 'complaint_optout'],
    regions: ['EU', 'UK'],
    scope: ['CHAN', 'STREAM'],
    bindsPerson: true,
    strength: 'strong',
    basisText: 'art21',
    why: 'In the EU and the UK a complaint is recorded as an objection to direct marketing on that channel.',
    deadline: '24 h; without undue delay',
    source: 'GDPR Art. 21(2)',
  },
  {
    // The table lets exempt informational texts go on. The catalogue does not know which texts are exempt from consent,
    // and INV-SMS-2 ends all consent-based texts and autodialled calls unless the person says otherwise: so CHAN+.
    row: 11,
    signals: ['sms_stop'],
    asked: open,
    channels: ['sms'],
    regions: ['US'],
    message: 'marketing',
    scope: ['TEXTS_AND_CALLS'],
    strength: 'plain',
    basisText: 'request',
    why: 'In the United States STOP ends all texts and autodialled calls that need consent.',
    deadline: revocation,
    source: '47 CFR 64.1200(a)(10), (a)(12); CTIA Messaging Principles 5.1.3',
  },
  {
    row: 12,
    signals: ['sms_stop'],
    asked: open,
    channels: ['sms'],
    regions: ['US'],
    message: 'informational',
    waiver: false,
    scope: ['TEXTS_AND_CALLS'],
    strength: 'plain',
    basisText: 'request',
    why: 'In the United States STOP to an informational text ends all further non-emergency texts and calls.',
    deadline: revocation,
    source: 'FCC 24-24; 47 CFR 64.1200(a)(10)',
  },
  {
    row: 12,
    signals: ['sms_stop'],
    asked: ['this'],
    channels: ['sms'],
    regions: ['US'],
    message: 'informational',
    waiver: true,
    scope: ['TOPIC'],
    strength: 'plain',
    basisText: 'request',
    why: 'The organisation uses the waiver of the revoke-all rule: STOP to an informational text ends its topic.',
    deadline: revocation,
    source: 'FCC DA 26-12 (waiver to 31 January 2027); 47 CFR 64.1200(a)(10)',
  },
  {
    row: 12,
    signals: ['sms_stop'],
    asked: wide,
    channels: ['sms'],
    regions: ['US'],
    message: 'informational',
    waiver: true,
    scope: ['TEXTS_AND_CALLS'],
    strength: 'plain',
    basisText: 'request',
    why: 'The person asked for all texts to stop; the waiver is about what they did not ask.',
    deadline: revocation,
    source: '47 CFR 64.1200(a)(10)',
  },
  {
    row: 13,
    signals: [...clicks, 'mailto_unsubscribe', 'global_unsubscribe'],
    asked: open,
    channels: ['sms', 'voice'],
    regions: ['US'],
    as: { rows: [11, 12], readAs: 'sms_stop' },
    scope: [],
    strength: 'plain',
    basisText: 'request',
    why: 'Consent to texts and calls may be revoked by any reasonable means.',
    deadline: revocation,
    source: '47 CFR 64.1200(a)(10)-(11)',
  },
  {
    row: 14,
    signals: [...clicks, 'mailto_unsubscribe', 'global_unsubscribe', 'sms_stop'],
    asked: open,
    channels: ['voice'],
    regions: ['US'],
    scope: ['SOLICITATIONS'],
    strength: 'strong',
    basisText: 'do_not_call',
    why: 'In the United States a request in a call is a do-not-call request: all solicitations end, for five years.',
    deadline: '10 business days',
    source: '47 CFR 64.1200(d)(3), (d)(5), (d)(6)',
  },
  {
    row: 15,
    signals: ['sms_stop', ...clicks, 'mailto_unsubscribe', 'global_unsubscribe'],
    asked: open,
    channels: ['sms'],
    // The table names UK/EU and BR; elsewhere a bare STOP reads the same.
    regions: ['EU', 'UK', 'BR', 'JP', 'OTHER'],
    scope: ['CHAN'],
    strength: 'plain',
    basisText: 'request',
    why: 'STOP ends all advertising by text.',
    deadline: 'at once',
    source: 'ePrivacy Directive Art. 13; PECR reg. 22; LGPD Art. 8 §5',
  },
  {
    row: 15,
    signals: ['sms_stop', ...clicks, 'mailto_unsubscribe', 'global_unsubscribe'],
    asked: ['this'],
    channels: ['sms'],
    regions: ['CA'],
    allOption: true,
    scope: ['STREAM'],
    strength: 'plain',
    basisText: 'request',
    why: 'In Canada STOP ends the class of messages if a way to stop all was shown.',
    deadline: '10 business days',
    source: 'CASL s.11(1)(a), s.11(3)',
  },
  {
    row: 15,
    signals: ['sms_stop', ...clicks, 'mailto_unsubscribe', 'global_unsubscribe'],
    asked: ['this'],
    channels: ['sms'],
    regions: ['CA'],
    allOption: false,
    scope: ['CHAN'],
    strength: 'plain',
    basisText: 'request',
    why: 'In Canada STOP ends all advertising by text unless a way to stop all was shown.',
    deadline: '10 business days',
    source: 'CASL s.11(1)(a), s.11(3)',
  },
  {
    row: 15,
    signals: ['sms_stop', ...clicks, 'mailto_unsubscribe', 'global_unsubscribe'],
    asked: ['this'],
    channels: ['sms'],
    regions: ['IN'],
    scope: ['PURPOSE'],
    strength: 'plain',
    basisText: 'consent_withdrawn',
    why: 'In India consent is registered by sender and purpose, and STOP revokes that.',
    deadline: 'at once; no new consent request for 90 days',
    source: 'TCCCPR 2018 with the amendment of 12 February 2025',
  },
  {
    row: 15,
    signals: ['sms_stop', ...clicks, 'mailto_unsubscribe', 'global_unsubscribe'],
    asked: wide,
    channels: ['sms'],
    regions: ['CA', 'IN'],
    scope: ['CHAN'],
    strength: 'plain',
    basisText: 'request',
    why: 'The person asked for all texts to stop.',
    deadline: '10 business days',
    source: 'CASL s.11(1)(a); TCCCPR 2018',
  },
  {
    row: 16,
    signals: departures,
    asked: ['picks'],
    regions: ['EU', 'UK', 'BR'],
    picksPurpose: true,
    scope: ['ASKED'],
    strength: 'plain',
    basisText: 'consent_withdrawn',
    why: 'Consent withdrawn for a purpose ends it on all its channels.',
    deadline: 'without undue delay; answer within 1 month',
    source: 'GDPR Art. 7(3); LGPD Art. 8 §5',
  },
  {
    row: 17,
    signals: ['gdpr_objection_art21'],
    scope: ['DM'],
    bindsPerson: true,
    strength: 'strong',
    basisText: 'art21',
    why: 'An objection ends all direct marketing and the profiling for it, on every channel.',
    deadline: 'without undue delay',
    source: 'GDPR Art. 21(2)-(3)',
  },
  {
    row: 18,
    signals: ['erasure_request_art17'],
    scope: ['DM'],
    bindsPerson: true,
    strength: 'strong',
    basisText: 'art17',
    why: 'After erasure a minimal suppression stays, so that nobody is written to again by mistake.',
    deadline: '1 month; California 45 days',
    source: 'GDPR Art. 17(1), 17(3)(b), (e); LGPD Art. 18; Cal. Civ. 1798.105',
  },
  {
    row: 19,
    signals: ['opt_out_preference_signal'],
    scope: ['GPC'],
    bindsPerson: true,
    strength: 'plain',
    basisText: 'gpc',
    why: 'A browser signal opts out of sale, sharing and profiling; it unsubscribes from no mail.',
    deadline: 'signal at once; 15 business days',
    source: 'Cal. Civ. 1798.135; 11 CCR 7025',
  },
  {
    row: 20,
    signals: [...clicks, 'mailto_unsubscribe', 'global_unsubscribe', 'sms_stop', 'platform_marketing_stop'],
    asked: open,
    channels: ['whatsapp'],
    scope: ['CHAN'],
    strength: 'plain',
    basisText: 'request',
    why: 'A stop on WhatsApp ends advertising there, from all numbers of the sender.',
    deadline: 'at once',
    source: 'WhatsApp Business messaging policy',
  },
  {
    row: 21,
    signals: clicks,
    asked: ['this'],
    // The table says push; topic switches inside an app or a site work the same way.
    channels: ['push', 'in_app', 'web'],
    scope: ['STREAM'],
    strength: 'plain',
    basisText: 'request',
    why: 'A topic that was switched off stops.',
    deadline: 'at once',
    source: 'Apple App Review Guideline 4.5.4',
  },
  {
    row: 21,
    signals: clicks,
    asked: wide,
    channels: ['push', 'in_app', 'web'],
    scope: ['CHAN'],
    strength: 'plain',
    basisText: 'request',
    why: 'The master switch stops all advertising on the channel.',
    deadline: 'at once',
    source: 'Apple App Review Guideline 4.5.4',
  },
  {
    row: 21,
    signals: ['global_unsubscribe', 'platform_marketing_stop'],
    asked: open,
    channels: ['push', 'in_app', 'web'],
    scope: ['CHAN'],
    strength: 'plain',
    basisText: 'request',
    why: 'The master switch stops all advertising on the channel.',
    deadline: 'at once',
    source: 'Apple App Review Guideline 4.5.4',
  },
  {
    row: 22,
    signals: ['hard_bounce'],
    scope: ['ADDR'],
    strength: 'plain',
    basisText: 'hard_bounce',
    why: 'The address does not work: nothing is sent to it until a new one is verified. This is no opt-out.',
    deadline: 'before the next send',
    source: 'RFC 3464; RFC 3463',
  },
  {
    row: 23,
    signals: [
      'soft_bounce',
      'bounce_unclassified',
      'delivery_delayed',
      'not_spam',
      'auth_failure',
      'delivered',
      'opened',
      'clicked',
      'auto_reply',
    ],
    scope: ['NONE'],
    strength: 'plain',
    basisText: 'none',
    why: 'This says nothing about what the person wants: it is only counted.',
    deadline: 'none',
    source: 'RFC 3463; RFC 6430; RFC 6591; RFC 9110 section 9.2.1',
  },
  {
    row: 24,
    signals: ['provider_suppressed'],
    asked: ['this'],
    scope: ['STREAM'],
    strength: 'plain',
    basisText: 'provider',
    why: 'A provider blocks this already: at least the same stops, and a gap case is opened.',
    deadline: '24 h',
    source: 'reconciliation with the provider',
  },
  {
    row: 24,
    signals: ['provider_suppressed'],
    asked: wide,
    scope: ['CHAN'],
    strength: 'plain',
    basisText: 'provider',
    why: 'A provider blocks the whole channel already: at least advertising on it stops, and a gap case is opened.',
    deadline: '24 h',
    source: 'reconciliation with the provider',
  },
  {
    row: 25,
    signals: ['consent_expired'],
    scope: ['STREAM'],
    strength: 'plain',
    basisText: 'consent_expired',
    why: 'The consent has run out: sending is refused without any opt-out.',
    deadline: 'at expiry',
    source: 'CASL s.10(9)-(10), (13)',
  },
  {
    row: 26,
    signals: [...departures, 'unclassified'],
    asked: ['picks'],
    madeBy: ['regulator'],
    scope: ['ASKED'],
    bindsPerson: true,
    strength: 'strong',
    basisText: 'legal_order',
    why: 'An order that says what must stop.',
    deadline: 'at once',
    source: 'as ordered',
  },
  {
    row: 26,
    signals: [...departures, 'unclassified'],
    asked: open,
    madeBy: ['regulator'],
    scope: ['DM', 'CHAN+'],
    bindsPerson: true,
    strength: 'strong',
    basisText: 'legal_order',
    why: 'An order or a protected person: all direct marketing stops, and everything but essential on the channel.',
    deadline: 'at once',
    source: 'as ordered',
  },
  {
    row: 27,
    signals: ['unclassified'],
    scope: ['CHAN'],
    strength: 'plain',
    basisText: 'request',
    why: 'What was meant is not certain: all advertising on the channel stops, and a review may only widen.',
    deadline: 'as the strictest',
    source: 'widest plausible reading',
  },
];

/** The entry that applies when no other does. */
export const fallbackRow: FloorRow = ((): FloorRow => {
  const row = floorTable.find((entry) => entry.row === 27);
  if (row === undefined) throw new Error('the floor table has no row 27');
  return row;
})();
