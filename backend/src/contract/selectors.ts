import { z } from 'zod';
import { Channel, Name, StreamClass } from './vocabulary.js';

/**
 * What a statement speaks about: each key that is present must match, an absent key means any.
 * Essential mail is matched only by a selector that names its class.
 */
export const Selector = z.strictObject({
  class: StreamClass.optional(),
  brand: Name.optional(),
  channel: Channel.optional(),
  category: Name.optional(),
  origin: Name.optional(),
  audience: Name.optional(),
  campaign: Name.optional(),
});
export type Selector = z.infer<typeof Selector>;

/** The order of keys in the canonical string. */
export const selectorKeys = [
  'class',
  'brand',
  'channel',
  'category',
  'origin',
  'audience',
  'campaign',
] as const satisfies readonly (keyof Selector)[];

/**
 * The one string by which a selector is stored and compared: `class=commercial;channel=email`, `*` for any.
 * Values are percent-encoded, keys stand in the order of `selectorKeys`.
 *
 * @example canonicalSelector({ channel: 'email', class: 'commercial' }) // 'class=commercial;channel=email'
 */
export function canonicalSelector(selector: Selector): string {
  const parts: string[] = [];
  for (const key of selectorKeys) {
    const value = selector[key];
    if (value !== undefined) parts.push(`${key}=${encodeURIComponent(value.toWellFormed())}`);
  }
  return parts.length === 0 ? '*' : parts.join(';');
}

/** The inverse of `canonicalSelector`. @throws ZodError when the text is not a canonical selector */
export function parseSelector(text: string): Selector {
  if (text === '*') return {};
  const entries = text.split(';').map((part) => {
    const [key = '', value = ''] = part.split('=');
    return [key, decodeURIComponent(value)];
  });
  return Selector.parse(Object.fromEntries(entries));
}

/**
 * What the person asked for. `this`: the stream of the message. `all`: everything but essential mail on the
 * request's channel. `everything`: the same on every channel, and profiling. Selectors: the boxes they picked.
 */
export const Asked = z.union([z.enum(['this', 'all', 'everything']), z.array(Selector).min(1).max(100)]);
export type Asked = z.infer<typeof Asked>;
