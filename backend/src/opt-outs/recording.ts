import { createHash } from 'node:crypto';
import { consentOf } from '../rules/request-facts.js';
import type { PersonSnapshot } from '../segments/person-facts.js';
import { streamByKey } from '../streams/catalogue-index.js';
import type { CataloguedStream } from '../streams/stream.js';
import type { Decision, Facts, OptOutRequest } from './request.js';
import { isReachOpen } from './scope.js';
import { subjectsOf } from './scope-binding.js';
import { effects, stoppable } from './spells.js';

/**
 * What a decision leaves behind so that another set of rules can be asked later what it would have decided: what
 * conditions asked, and which streams more selectors would have ended.
 */
export interface Recording {
  /** Did the person leave the reach open, so that rules were looked at? Where not, only the streams are said. */
  reachOpen: boolean;
  /** Names the versions of all streams that the decision knew. */
  catalogue: string;
  stoppedWithoutRules: readonly string[];
  /** Streams that an opt-out of this request ends if a selector with a channel reaches them … */
  stoppableOnChannel: readonly string[];
  /** … or one without: that binds the person, so another opt-in may lift it. */
  stoppableAnywhere: readonly string[];
  consent: { basis: string; ageDays: number | null; source: string };
  /** What conditions could ask of the person; null where it, or the segments in it, was not known then. */
  snapshot: PersonSnapshot | null;
}

export function recordingOf(
  request: OptOutRequest,
  facts: Facts,
  decision: Decision,
  now: number = request.receivedAt,
): Recording {
  const catalogue = catalogueName(facts.streams);
  const snapshot = facts.missing?.memberships === true ? null : (facts.snapshot ?? null);
  if (!isReachOpen(request)) {
    return {
      reachOpen: false,
      catalogue,
      stoppedWithoutRules: decision.streamsStopped,
      stoppableOnChannel: [],
      stoppableAnywhere: [],
      consent: { basis: '', ageDays: null, source: '' },
      snapshot,
    };
  }
  const isOfRule = ({ basis }: { basis: string }) => basis.startsWith('rule:');
  const own = { request, facts, statements: decision.statements.filter((one) => !isOfRule(one)), now };
  const strength = decision.floor.some((finding) => finding.strength === 'strong') ? 'strong' : 'plain';
  const anywhere = subjectsOf({}, request, facts);
  return {
    reachOpen: true,
    catalogue,
    stoppedWithoutRules: decision.statements.some(isOfRule)
      ? effects(own).streamsStopped
      : decision.streamsStopped,
    stoppableOnChannel: stoppable(own, strength, ({ channel }) => subjectsOf({ channel }, request, facts)),
    stoppableAnywhere: stoppable(own, strength, () => anywhere),
    consent: consentOf({ request, facts, stream: streamByKey(facts.streams, decision.stream) }),
    snapshot,
  };
}

const names = new WeakMap<readonly CataloguedStream[], string>();

/** First 16 hex digits of SHA-256 over `key@version` of every stream, in key order. */
export function catalogueName(streams: readonly CataloguedStream[]): string {
  let name = names.get(streams);
  if (name === undefined) {
    const text = streams.map(({ key, version }) => `${key}@${version}`).join('\n');
    name = createHash('sha256').update(text).digest('hex').slice(0, 16);
    names.set(streams, name);
  }
  return name;
}
