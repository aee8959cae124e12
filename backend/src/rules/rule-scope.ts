import type { RuleScope } from '../contract/rules.js';
import type { Selector } from '../contract/selectors.js';
import type { Channel } from '../contract/vocabulary.js';

/** The message that was answered, as far as the request tells. */
export interface AnsweredMessage {
  channel: Channel;
  category: string | null;
  origin: string | null;
  audience: string | null;
  /** Of its stream; null where that is not known. */
  brand: string | null;
}

/**
 * What a rule stops beside the stream of the message. What the request does not name cannot be stopped by it: a rule for
 * the brand stops nothing more where nobody knows the brand, and the floor has widened for that already.
 */
export function scopeSelectors(scope: RuleScope, message: AnsweredMessage): Selector[] {
  switch (scope.kind) {
    case 'stream':
      return [];
    case 'category':
      return message.category === null ? [] : [{ category: message.category }];
    case 'channel':
      return [{ class: 'commercial', channel: message.channel }];
    case 'origin':
      return message.origin === null ? [] : [{ origin: message.origin }];
    case 'brand':
      return message.brand === null ? [] : [{ brand: message.brand }];
    case 'audience':
      return message.audience === null ? [] : [{ audience: message.audience }];
    case 'all_marketing':
      return [{ class: 'commercial' }];
    case 'selectors':
      return scope.selectors;
  }
}

/** A scope in words, for reviews and exports. */
export function scopeText(scope: RuleScope): string {
  switch (scope.kind) {
    case 'stream':
      return 'stop the stream alone';
    case 'category':
      return 'stop its category on every channel';
    case 'channel':
      return 'stop all advertising on the channel';
    case 'origin':
      return 'stop everything from its system';
    case 'brand':
      return 'stop everything of its brand';
    case 'audience':
      return 'stop everything aimed at its audience';
    case 'all_marketing':
      return 'stop all advertising everywhere';
    case 'selectors':
      return `stop ${scope.selectors.map(selectorText).join('; ')}`;
  }
}

function selectorText(selector: Selector): string {
  const parts = Object.entries(selector).map(([key, value]) => `${key} ${value}`);
  return parts.length === 0 ? 'everything' : parts.join(', ');
}
