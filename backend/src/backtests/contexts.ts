import type { Queries } from '@secateur/sql';
import { canonicalSelector } from '../contract/selectors.js';
import type { Channel } from '../contract/vocabulary.js';
import { coverageOf, coveredBy, tailsOf } from '../permissions/covering.js';
import type { AnsweredMessage } from '../rules/rule-scope.js';
import { scopeSelectors } from '../rules/rule-scope.js';
import type { Catalogue } from '../streams/catalogue.js';
import type { ReplayedRule } from './draft.js';

export type ContextRow = Queries['backtests/contexts']['row'];

/** How far one rule reaches from one place: which streams its selectors cover. */
interface Reach {
  /** By a selector that names the stream's own channel. */
  onChannel: string[];
  /** By a selector without a channel. */
  anywhere: string[];
  /** By one that names another channel, through a parent there: what that binds is not recorded. */
  isUnknown: boolean;
}

/**
 * A place from which rules were looked at, with what each rule would cover from there. Sets of streams are named by their
 * number in `sets`, 1 for none; numbers stand by rule, the first place for no rule.
 */
export interface Context
  extends Pick<ContextRow, 'catalogue' | 'channel' | 'stream' | 'category' | 'origin' | 'epoch'> {
  context_category: string;
  context_origin: string;
  context_class: string;
  context_brand: string;
  on_channel: number[];
  anywhere: number[];
  is_unknown: number[];
}

export interface Contexts {
  contexts: Context[];
  sets: string[][];
}

/** @param catalogues by the name that the row bears */
export function contextsOf(
  rows: readonly ContextRow[],
  rules: readonly ReplayedRule[],
  catalogues: ReadonlyMap<string, Catalogue>,
): Contexts {
  const sets: string[][] = [[]];
  const numbers = new Map<string, number>([['', 1]]);
  const numberOf = (streams: readonly string[]): number => {
    const name = streams.join('\n');
    let number = numbers.get(name);
    if (number === undefined) {
      number = sets.push([...streams]);
      numbers.set(name, number);
    }
    return number;
  };
  const contexts = rows.map(
    ({ catalogue, channel, stream: key, category, origin, epoch, first_order_at }) => {
      const streams = catalogues.get(catalogue);
      const stream = streams?.get(key);
      const message: AnsweredMessage = {
        channel: channel as Channel,
        category: stream?.category ?? (category === '' ? null : category),
        origin: stream?.origin ?? (origin === '' ? null : origin),
        // Whom a send was aimed at covers no stream as a whole.
        audience: null,
        brand: stream?.brand ?? null,
      };
      const orderAt = Date.parse(first_order_at);
      const reaches = rules.map(({ rule }) =>
        streams === undefined ? nowhere : reachOf(rule, message, streams, orderAt),
      );
      return {
        catalogue,
        channel,
        stream: key,
        category,
        origin,
        epoch,
        context_category: message.category ?? '',
        context_origin: message.origin ?? '',
        context_class: stream?.class ?? '',
        context_brand: stream?.brand ?? '',
        on_channel: [1, ...reaches.map(({ onChannel }) => numberOf(onChannel))],
        anywhere: [1, ...reaches.map(({ anywhere }) => numberOf(anywhere))],
        is_unknown: [0, ...reaches.map(({ isUnknown }) => Number(isUnknown))],
      };
    },
  );
  return { contexts, sets };
}

const nowhere: Reach = { onChannel: [], anywhere: [], isUnknown: true };

function reachOf(
  rule: ReplayedRule['rule'],
  message: AnsweredMessage,
  catalogue: Catalogue,
  orderAt: number,
): Reach {
  const selectors = scopeSelectors(rule.then.scope, message).filter(
    ({ class: named }) => named !== 'essential',
  );
  const reach: Reach = { onChannel: [], anywhere: [], isUnknown: false };
  for (const stream of catalogue.streams) {
    const coverage = coverageOf(stream, catalogue.parents(stream));
    for (const selector of selectors) {
      const cover = coveredBy(coverage, canonicalSelector(selector), tailsOf(null, null));
      if (cover === undefined || cover.until <= orderAt) continue;
      if (selector.channel === undefined) reach.anywhere.push(stream.key);
      else if (selector.channel === stream.channel) reach.onChannel.push(stream.key);
      else reach.isUnknown = true;
    }
  }
  return { ...reach, onChannel: [...new Set(reach.onChannel)], anywhere: [...new Set(reach.anywhere)] };
}
