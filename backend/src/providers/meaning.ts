import { z } from 'zod';
import { bounced } from '../intake/bounce-class.js';
import type { Item, NormalisedEvent } from '../intake/normalised-event.js';
import { eachItem } from './adapter.js';

/** What an event means: the rest are circumstances, of which it may settle some as well. */
export type Meaning = Pick<NormalisedEvent, 'trigger' | 'scopeHint'> & Partial<NormalisedEvent>;

/** What an event tells whatever it means. */
export type Circumstances = Omit<NormalisedEvent, 'trigger' | 'scopeHint'>;

/** By the provider's word for a type. A type that depends on its details may turn out to be one that we skip. */
export type Meanings<Event> = Readonly<
  Record<string, Meaning | ((event: Event) => Meaning | readonly Meaning[] | string)>
>;

/**
 * Reads each element by what its type means. One of a type without a meaning here is skipped whatever its shape
 * (INV-WH-4).
 * @param key where the type stands
 */
export function eachMeaning<Event>(
  values: readonly unknown[],
  key: string,
  meanings: Meanings<Event>,
  schema: z.ZodType<Event>,
  circumstances: (event: Event) => Circumstances,
): Item[] {
  return eachItem(values, z.looseObject({ [key]: z.string() }), (value) => {
    const type = String(value[key]);
    const meaning = Object.hasOwn(meanings, type) ? meanings[type] : undefined;
    if (meaning === undefined) return type;
    return eachItem([value], schema, (event) => {
      const found = typeof meaning === 'function' ? meaning(event) : meaning;
      if (typeof found === 'string') return found;
      const shared = circumstances(event);
      if (!isSeveral(found)) return { ...shared, ...found };
      // What they mean is all that tells the events of one element apart.
      return found.map((one) => ({
        ...shared,
        ...one,
        identity: [...shared.identity, one.trigger, one.stream ?? null],
      }));
    });
  });
}

const isSeveral = (found: Meaning | readonly Meaning[]): found is readonly Meaning[] => Array.isArray(found);

export const delivered: Meaning = { trigger: 'delivered', scopeHint: 'none' };
export const delayed: Meaning = { trigger: 'delivery_delayed', scopeHint: 'none' };
export const opened: Meaning = { trigger: 'opened', scopeHint: 'none' };
export const clicked: Meaning = { trigger: 'clicked', scopeHint: 'none' };
export const complaint: Meaning = { trigger: 'complaint', scopeHint: 'sender' };

export const hardBounce: Meaning = bounced({ trigger: 'hard_bounce', isBlock: false });
export const softBounce: Meaning = bounced({ trigger: 'soft_bounce', isBlock: false });
export const blockedBounce: Meaning = bounced({ trigger: 'soft_bounce', isBlock: true });
export const unclassifiedBounce: Meaning = bounced({ trigger: 'bounce_unclassified', isBlock: false });

/** The provider refused to send. */
export const suppressed = (suppressedFor: NonNullable<NormalisedEvent['suppressedFor']>): Meaning => ({
  trigger: 'provider_suppressed',
  suppressedFor,
  madeBy: 'provider',
  scopeHint: 'none',
});
