import type { RuleOffers } from '../contract/rules.js';
import { canonicalSelector, type Selector } from '../contract/selectors.js';
import type { CataloguedStream } from '../streams/stream.js';
import { askedKind, selectorsOf, signalOf, streamSelector } from './floor.js';
import type { Signal } from './floor-table.js';
import type { Facts, OptOutRequest, RuleMatch, TracedRule } from './request.js';
import { readSelector } from './scope-binding.js';

/** Signals whose reach the words "this" or "all" do not describe: the signal itself says what it is about. */
const absolute: readonly Signal[] = [
  'opt_out_preference_signal',
  'gdpr_objection_art21',
  'erasure_request_art17',
];

/**
 * What the person asked for, as selectors. Picks are taken as they stand; "all" is the request's channel but essential
 * mail; "everything" is every channel and profiling.
 */
export function askedSelectors(request: OptOutRequest, stream: CataloguedStream | null): Selector[] {
  if (request.type === 'opted_in') return optInSelectors(request, stream);
  if (request.type === 'bounced') return [];
  const signal = signalOf(request);
  const kind = askedKind(request);
  if (signal === 'complaint' || signal === 'complaint_optout') {
    // Not chosen by the person: never essential mail, which a junk button may hit by mistake.
    return [
      ...selectorsOf('CHAN', request, stream),
      ...namedPlace(request, stream),
      ...chosen(request, kind === 'this' ? 'none' : kind),
    ];
  }
  if (signal === 'not_spam' || signal === 'auth_failure') return [];
  if (signal === 'opt_out_preference_signal' && kind === 'this')
    return [...selectorsOf('GPC', request, stream)];
  if (signal !== null && absolute.includes(signal)) {
    return [...selectorsOf('DM', request, stream), ...chosen(request, kind === 'this' ? 'none' : kind)];
  }
  if (signal === 'global_unsubscribe' && kind === 'this') return chosen(request, 'all');
  if (kind !== 'this') return chosen(request, kind);
  if (stream !== null) return [ownSelector(stream)];
  return [...selectorsOf('CHAN', request, null), ...namedPlace(request, null)];
}

/** Did the person leave the reach open? Only then may a rule add to it. */
export function isReachOpen(request: OptOutRequest): boolean {
  const signal = signalOf(request);
  if (signal === 'complaint' || signal === 'complaint_optout') return true;
  if (request.type !== 'opted_out' || request.asked !== 'this') return false;
  return signal !== null && signal !== 'global_unsubscribe' && !absolute.includes(signal);
}

/**
 * The stream that the person clicked always ends, even an essential one: by its name, so no wider selector ever takes
 * essential mail with it.
 */
export function ownSelector(stream: CataloguedStream): Selector {
  const place = streamSelector(stream);
  return stream.class === 'essential' ? { class: 'essential', ...place } : place;
}

function chosen(request: OptOutRequest, kind: 'picks' | 'all' | 'everything' | 'none'): Selector[] {
  switch (kind) {
    case 'none':
      return [];
    case 'picks':
      return Array.isArray(request.asked) ? request.asked : [];
    case 'all':
      return [{ channel: request.channel }];
    case 'everything':
      return [
        { class: 'commercial' },
        { class: 'informational' },
        { class: 'profiling' },
        { channel: request.channel },
      ];
  }
}

/** The place that the request names, catalogued or not. */
function namedPlace(request: OptOutRequest, stream: CataloguedStream | null): Selector[] {
  if (stream !== null) return [streamSelector(stream)];
  const { channel, category, origin } = request;
  return category === null || origin === null ? [] : [{ channel, category, origin }];
}

/** A pick that names neither channel nor category would bring back more than "everything" may. */
const isTooWide = (pick: Selector): boolean => pick.channel === undefined && pick.category === undefined;

/** Does an opt-in say more than it may, so that it is read as its channel? */
export function isOptInNarrowed({ asked }: OptOutRequest): boolean {
  return Array.isArray(asked) ? asked.some(isTooWide) : asked === 'everything';
}

/** An opt-in is never guessed wider than it was said: without a stream and without picks there is none. */
function optInSelectors(request: OptOutRequest, stream: CataloguedStream | null): Selector[] {
  if (Array.isArray(request.asked))
    return request.asked.map((pick) => (isTooWide(pick) ? { ...pick, channel: request.channel } : pick));
  if (request.asked !== 'this') return [{ channel: request.channel }];
  if (stream === null) return namedPlace(request, null);
  const place = streamSelector(stream);
  // The place covers what an essential stream was before, its name what it is now.
  return stream.class === 'essential' ? [place, { class: 'essential', ...place }] : [place];
}

export interface RuleOutcome {
  /** Id of the rule that matched; '' when none did. */
  rule: string;
  selectors: string[];
  offers: RuleOffers | null;
  tag: string;
  trace: TracedRule[];
  flags: string[];
}

export const noRule = (): RuleOutcome => ({
  rule: '',
  selectors: [],
  offers: null,
  tag: '',
  trace: [],
  flags: [],
});

/**
 * The first rule that matches decides, where the person left the reach open; the trace tells of all. If one that is looked
 * at before any matched throws, or the one that matched returns what is no selector, the floor stands alone. No rule
 * stops essential mail.
 */
export function ruleOutcome(request: OptOutRequest, facts: Facts): RuleOutcome {
  const outcome = noRule();
  if (!isReachOpen(request)) return outcome;
  let isSettled = false;
  for (const rule of facts.rules.rules) {
    try {
      const match = rule.evaluate(request, facts);
      if (match !== null && !isSettled) {
        apply(match, rule.id, outcome);
        isSettled = true;
      }
      outcome.trace.push({ rule: rule.id, matched: match !== null, detail: match?.detail ?? '' });
    } catch (error) {
      const reason = error instanceof Error ? error.name : 'unknown error';
      const what = isSettled ? 'another had matched before' : 'the floor stands alone';
      const detail = `failed (${reason}): ${what}`;
      outcome.trace.push({ rule: rule.id, matched: false, detail, failed: reason });
      outcome.flags.push('rule_failed');
      if (!isSettled) return outcome;
    }
  }
  return outcome;
}

/** @throws when a selector is none */
function apply({ selectors, offers, tag }: RuleMatch, rule: string, outcome: RuleOutcome): void {
  const read = selectors.map((text) => readSelector(text));
  const lawful = read.filter((selector) => selector.class !== 'essential');
  if (lawful.length < read.length) outcome.flags.push('rule_essential_dropped');
  outcome.rule = rule;
  outcome.selectors = lawful.map(canonicalSelector);
  outcome.offers = offers ?? null;
  outcome.tag = tag ?? '';
}
