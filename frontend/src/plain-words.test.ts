import type { DecisionSummary, Stream } from '@secateur/backend/contract';
import { expect, test } from 'vitest';
import {
  askedWords,
  outcomeSentence,
  requestWords,
  segmentTitle,
  selectorText,
  streamNames,
  streamTitle,
  whyKind,
} from './plain-words.js';

const promotions = 'email.promotions.shop';
const own = 'channel=email;category=promotions;origin=shop';

function decision(change: Partial<DecisionSummary> = {}): DecisionSummary {
  return {
    id: '1',
    seq: '1',
    type: 'opted_out',
    trigger: 'one_click_unsubscribe',
    channel: 'email',
    stream: promotions,
    campaign: '',
    reason: '',
    effective: [own],
    widened_for: [],
    streams_stopped: [promotions],
    streams_kept: ['a', 'b', 'c', 'd', 'e'],
    kept_by_scoping: 3,
    occurred_at: '',
    received_at: '',
    segments: [],
    ...change,
  };
}

test('one stream is named, the kept ones are counted', () => {
  expect(outcomeSentence(decision(), () => 'Promotions by e-mail')).toBe(
    'Stopped 1 stream (Promotions by e-mail), kept 5',
  );
});

test.each<[string, Partial<DecisionSummary>, string]>([
  [
    'several streams are counted',
    { streams_stopped: ['a', 'b', 'c'], streams_kept: ['d'] },
    'Stopped 3 streams, kept 1',
  ],
  [
    'nothing else was open',
    { streams_kept: [] },
    'Stopped 1 stream (Promotions by e-mail from shop), nothing else was open',
  ],
  [
    'nothing was open',
    { streams_stopped: [], streams_kept: [] },
    'Nothing was open; what was asked is on record',
  ],
  ['nothing open had to stop', { streams_stopped: [] }, 'Nothing open had to stop, kept 5'],
  ['an opt-in starts', { type: 'opted_in', streams_stopped: [] }, 'Started Promotions by e-mail from shop'],
  ['a pause', { type: 'paused' }, 'Paused 1 stream (Promotions by e-mail from shop), kept 5'],
  ['fewer', { type: 'capped', streams_stopped: [] }, 'Will send less of Promotions by e-mail from shop'],
  [
    'an undo',
    { type: 'undone', streams_stopped: [] },
    'Took back an earlier decision: what it had stopped goes on',
  ],
])('%s', (_name, change, sentence) => {
  expect(outcomeSentence(decision(change))).toBe(sentence);
});

test('the request is told by how it came, an undo and a nameless door by what they are', () => {
  expect(requestWords({ type: 'opted_out', trigger: 'sms_stop' })).toBe('Texted STOP');
  expect(requestWords({ type: 'paused', trigger: null })).toBe('Asked for a pause');
  expect(requestWords({ type: 'undone', trigger: 'one_click_unsubscribe' })).toBe('Took it back');
});

test('what was asked, in words', () => {
  const about = { type: 'opted_out', stream: promotions, channel: 'email' } as const;
  expect(askedWords({ ...about, asked: 'this' })).toBe('Stop Promotions by e-mail from shop');
  expect(askedWords({ ...about, asked: 'all' })).toBe('Stop everything by e-mail but essential messages');
  expect(askedWords({ ...about, asked: [{ category: 'news' }, { class: 'profiling' }] })).toBe(
    'Stop exactly: News on every channel; Profiling',
  );
});

test('what nobody asked for is not told as a wish', () => {
  const about = { stream: promotions, channel: 'email', asked: 'this' } as const;
  expect(askedWords({ ...about, type: 'bounced' })).toBe(
    'Nothing: a message came back because the address does not work',
  );
  expect(askedWords({ ...about, type: 'complained' })).toBe(
    'Nothing in words: marked Promotions by e-mail from shop as spam',
  );
  expect(askedWords({ ...about, type: 'opted_in' })).toBe('Start Promotions by e-mail from shop');
  expect(askedWords({ ...about, type: 'undone' })).toBe('Take back an earlier decision');
  expect(outcomeSentence(decision({ type: 'bounced', streams_stopped: ['a', 'b'] }))).toBe(
    'On hold: 2 streams, kept 5',
  );
  expect(selectorText('*', true)).toBe('Everything to this address');
  expect(whyKind(decision({ type: 'bounced', trigger: 'hard_bounce', effective: ['*'] }))).toBeNull();
});

test.each([
  ['*', 'Everything but essential messages on every channel'],
  ['class=commercial;channel=sms', 'All marketing by text message'],
  ['class=profiling', 'Profiling'],
  [own, 'Promotions by e-mail from shop'],
  ['brand=Alder;channel=email', 'Everything but essential messages by e-mail of Alder'],
  ['not a selector', 'not a selector'],
])('the selector %s is “%s”', (canonical, words) => {
  expect(selectorText(canonical)).toBe(words);
});

test('streams are called by the catalogue, with the origin only where two would be called the same', () => {
  const stream = (key: string, category: string, origin: string, title?: string) =>
    ({ key, channel: 'email', category, origin, title }) as Stream;
  const nameOf = streamNames([
    stream('p', 'promotions', 'shop', 'Offers'),
    stream('n1', 'newsletter', 'shop'),
    stream('n2', 'newsletter', 'crm'),
  ]);
  expect(nameOf('p')).toBe('Offers by e-mail');
  expect(nameOf('n1')).toBe('Newsletter by e-mail from shop');
  expect(nameOf('n2')).toBe('Newsletter by e-mail from crm');
  expect(nameOf('sms.alerts.app')).toBe('Alerts by text message from app');
  expect(nameOf('legacy')).toBe('legacy');
});

test('names of another shape stay as their sender wrote them', () => {
  expect(streamTitle('a.b')).toBe('a.b');
  expect(segmentTitle('country:DE')).toBe('Country: DE');
  expect(segmentTitle('vip')).toBe('vip');
});

test('why: as asked, by the floor, or by one of floor and rule', () => {
  const whole = 'class=commercial;channel=email';
  expect(whyKind(decision())).toBe('asked');
  expect(whyKind(decision({ effective: [own, whole] }))).toBe('wider');
  expect(whyKind(decision({ effective: [own, whole], widened_for: ['legal_basis'] }))).toBe('floor');
  expect(whyKind(decision({ type: 'complained', trigger: 'complaint', effective: [whole] }))).toBe('floor');
  expect(whyKind(decision({ trigger: 'preference_change', effective: [whole] }))).toBe('asked');
  expect(whyKind(decision({ type: 'opted_in', trigger: 'resubscribe' }))).toBeNull();
});
