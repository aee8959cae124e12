import type { Rule, Ruleset, RulesetEvent, RulesetState, Suggestion } from '@secateur/backend/contract';
import type { Tone } from './components/state-mark.js';
import { formatCount, formatInterval, formatRate } from './format.js';
import type { ReasonedStep } from './rules-queries.js';

const stateNames: Record<RulesetState, { words: string; tone: Tone }> = {
  draft: { words: 'Draft', tone: 'quiet' },
  checked: { words: 'Checked', tone: 'quiet' },
  approved: { words: 'Approved', tone: 'warn' },
  rollout: { words: 'Rolled out', tone: 'good' },
  published: { words: 'In force', tone: 'good' },
  superseded: { words: 'Replaced', tone: 'quiet' },
  rolled_back: { words: 'Rolled back', tone: 'bad' },
  discarded: { words: 'Discarded', tone: 'quiet' },
};

export function stateWords({ state, percent }: Pick<Ruleset, 'state' | 'percent'>): {
  words: string;
  tone: Tone;
} {
  const { words, tone } = stateNames[state];
  return state === 'rollout' ? { words: `${words} to ${percent ?? 0} %`, tone } : { words, tone };
}

/** What may be done next, in the order in which it usually is. */
export function stepsOf(state: RulesetState): readonly ('check' | ReasonedStep)[] {
  switch (state) {
    case 'draft':
      return ['check', 'discard'];
    case 'checked':
      return ['approve', 'check', 'discard'];
    case 'approved':
      return ['publish', 'discard'];
    case 'rollout':
      return ['publish', 'rollback'];
    case 'published':
      return ['rollback'];
    case 'superseded':
      return ['publish'];
    case 'rolled_back':
      return ['check'];
    default:
      return [];
  }
}

const scopes: Record<Exclude<Rule['then']['scope']['kind'], 'selectors'>, string> = {
  stream: 'the stream alone',
  category: 'its category on every channel',
  channel: 'all advertising on the channel',
  origin: 'everything from that system',
  brand: 'everything of that brand',
  audience: 'everything aimed at that audience',
  all_marketing: 'all advertising',
};

/** What a rule stops and offers: `stops the stream alone; offers a pause of 30 days`. */
export function effectWords({ scope, offers }: Rule['then']): string {
  const stops = scope.kind === 'selectors' ? scope.selectors.join(', ') : scopes[scope.kind];
  const pauses = offers?.pause ?? [];
  return [
    `stops ${stops}`,
    ...(pauses.length === 0 ? [] : [`offers a pause of ${pauses.join(' or ')} days`]),
    ...(offers?.cap === undefined ? [] : [`offers at most ${offers.cap.n} a ${offers.cap.per}`]),
  ].join('; ');
}

const eventNames: Record<RulesetEvent['event'], string> = {
  created: 'Made',
  checked: 'Checked',
  backtested: 'Tried out on the past',
  approved: 'Approved',
  published: 'Published',
  superseded: 'Replaced',
  rolled_back: 'Rolled back',
  discarded: 'Discarded',
};

export const eventWords = ({ event, percent }: Pick<RulesetEvent, 'event' | 'percent'>): string =>
  event === 'published' && percent !== undefined && percent < 100
    ? `Rolled out to ${percent} %`
    : eventNames[event];

/** What the log says of a suggestion, line by line. */
export function evidenceWords(
  { evidence, experiment, expected_kept_30d }: Suggestion,
  locale?: string,
): string[] {
  const { affected, decisions, streams_kept, repeated, others, complained } = evidence;
  const share = ({ value, lower, upper }: typeof repeated): string =>
    `${formatRate(value, locale)} (${formatInterval(lower, upper, locale)})`;
  const kept = Math.abs(streams_kept);
  return [
    `It would decide ${formatCount(affected, locale)} of ${formatCount(decisions, locale)} requests of the last 90 days.`,
    streams_kept === 0
      ? 'It stops no more and no less than the rules in force.'
      : `${formatCount(kept, locale)} streams would ${streams_kept > 0 ? 'have gone on beside' : 'have stopped beside'} what the rules in force leave.`,
    `Of these people ${share(repeated)} ended something else within 30 days; of all others ${share(others.repeated)}.`,
    `${share(complained)} complained; of all others ${share(others.complained)}.`,
    ...(experiment === null
      ? []
      : [`Version ${experiment.number} drew by lot whom it decides: what differed is its effect.`]),
    ...(expected_kept_30d > 0
      ? [`Ranked by ${formatCount(Math.round(expected_kept_30d), locale)} streams that may go on in 30 days.`]
      : []),
  ];
}
