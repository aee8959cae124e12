import type { Receipt, TargetKind, TargetList, TargetSummary, TargetTest } from '@secateur/backend/contract';
import type { Tone } from './components/state-mark.js';
import { formatCount, formatDuration, instant } from './format.js';
import type { Outcome } from './quarantine-words.js';

export type Target = TargetList['targets'][number];

export const kindNames: Record<TargetKind, string> = {
  webhook: 'Signed webhook',
  sendgrid: 'SendGrid groups',
  mailchimp: 'Mailchimp audiences',
};

/** Waiting this long is no longer the usual way of things. */
const usualWait = 60_000;

export interface TargetState {
  tone: Tone;
  short: string;
  /** '' where the short words say it all. */
  sentence: string;
  /** Since when the oldest waits. */
  since: string | null;
}

/** How a target stands: what is worst comes first. */
export function targetState(
  { enabled, disabled_for, summary }: Target,
  now: number,
  locale?: string,
): TargetState {
  const { waiting, oldest_waiting_at: since, last_failure: failure } = summary;
  const waits = `${formatCount(waiting, locale)} waiting`;
  if (!enabled && disabled_for !== '')
    return { tone: 'bad', short: 'Disabled', sentence: `${sentence(disabled_for)}`, since: null };
  if (!enabled)
    return {
      tone: 'warn',
      short: 'Switched off',
      sentence: 'It is told nothing until it is switched on again.',
      since: null,
    };
  if (waiting > 0 && failure !== null)
    return { tone: 'bad', short: `Away, ${waits}`, sentence: sentence(failure.detail), since };
  if (waiting > 0) {
    const isLate = since !== null && now - instant(since) > usualWait;
    return { tone: isLate ? 'warn' : 'good', short: waits, sentence: '', since };
  }
  const told = summary.acknowledged > 0 || summary.last_acknowledged_at !== null;
  return { tone: 'good', short: told ? 'Up to date' : 'Nothing to tell yet', sentence: '', since: null };
}

/** `0.2 s in half, 0.9 s in 99 of 100 · 1,204 in 7 days`. */
export function lagWords(
  { acknowledged, p50_lag_ms: half, p99_lag_ms: most }: TargetSummary,
  locale?: string,
): string {
  if (acknowledged === 0 || half === null || most === null) return 'nothing acknowledged in 7 days';
  return `p50 ${formatDuration(half, locale)} · p99 ${formatDuration(most, locale)} · ${formatCount(acknowledged, locale)} in 7 days`;
}

/** What became of a decision at one target. An instant that matters stands beside the words. */
export function receiptWords(
  receipt: Receipt,
  locale?: string,
): { tone: Tone; words: string; detail: string } {
  const { state, lag_ms, attempts, detail } = receipt;
  const tries = `${formatCount(attempts, locale)} ${attempts === 1 ? 'try' : 'tries'}`;
  switch (state) {
    case 'acknowledged':
      return {
        tone: 'good',
        words: lag_ms === null ? 'acknowledged' : `acknowledged after ${formatDuration(lag_ms, locale)}`,
        detail: attempts > 1 ? `at the ${ordinal(attempts)} try` : '',
      };
    case 'sent':
      return { tone: 'quiet', words: 'sent, not answered yet', detail: attempts > 1 ? tries : '' };
    case 'dead':
      return { tone: 'bad', words: `given up after ${tries}`, detail };
    case 'waiting':
      return attempts === 0
        ? { tone: 'quiet', words: 'waiting', detail: '' }
        : { tone: 'warn', words: 'waiting', detail: `${tries}, the last ${detail || 'without an answer'}` };
  }
}

/** What a target said to a call that changes nothing there. */
export function testOutcome({ ok, detail, milliseconds }: TargetTest, locale?: string): Outcome {
  const time = formatDuration(milliseconds, locale);
  return ok
    ? { taken: true, words: `It would take word: ${detail || 'it agreed'}, after ${time}.` }
    : { taken: false, words: `It would not take word: ${detail || 'no answer'}, after ${time}.` };
}

/** What became of a dead letter that was sent again. */
export function retryOutcome({ state, detail }: Pick<Receipt, 'state' | 'detail'>): Outcome {
  return state === 'acknowledged'
    ? { taken: true, words: 'Acknowledged.' }
    : { taken: false, words: `Not taken: ${detail || 'no answer'}. It stays here.` };
}

/** `Every one was taken` or how many were not, when several were sent again. */
export function retriesOutcome(outcomes: readonly Outcome[], locale?: string): Outcome {
  const taken = outcomes.filter((outcome) => outcome.taken).length;
  const rest = outcomes.length - taken;
  const words = `${formatCount(taken, locale)} acknowledged`;
  return rest === 0
    ? { taken: true, words: `${words}.` }
    : { taken: false, words: `${words}, ${formatCount(rest, locale)} not taken: they stay here.` };
}

function sentence(text: string): string {
  const begun = text.charAt(0).toLocaleUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

function ordinal(count: number): string {
  return ({ 2: 'second', 3: 'third' } as Record<number, string>)[count] ?? `${count}th`;
}
