import type { Channel } from '../contract/vocabulary.js';
import type { Catalogue } from '../streams/catalogue.js';
import type { CataloguedStream } from '../streams/stream.js';

/** Where an event belongs: the place of a stream, catalogued or about to be. */
export interface Place {
  channel: Channel;
  category: string;
  origin: string;
}

/** Keys of streams by the provider's word for them (`canonicalRef`). */
export type StreamMap = Readonly<Record<string, readonly string[]>>;

/**
 * The streams that a provider's group, list or topic stands for: those it was mapped to, else the stream of that key or
 * List-Id, else one of its own, which registers itself at first sight and waits to be looked at.
 *
 * @param source the provider, or `mail`: the origin of a stream that registers itself
 */
export function placesOf(
  ref: string,
  channel: Channel,
  source: string,
  mapped: StreamMap,
  catalogue: Pick<Catalogue, 'get' | 'findByListId'>,
): Place[] {
  const canonical = canonicalRef(ref, source);
  const named = Object.hasOwn(mapped, canonical) ? (mapped[canonical] ?? []) : [];
  const known = named.flatMap((key) => catalogue.get(key) ?? []);
  if (known.length > 0) return known.map(placeOf);
  const found = catalogue.get(ref) ?? catalogue.findByListId(ref);
  return [found?.channel === channel ? placeOf(found) : ownPlace(ref, channel, source)];
}

/** Where a group registers itself: `sendgrid:asm:10` is category `asm:10` of origin `sendgrid`. */
export function ownPlace(ref: string, channel: Channel, source: string): Place {
  const category = canonicalRef(ref, source).slice(source.length + 1, source.length + 129);
  return { channel, category: category === '' ? 'unknown' : category, origin: source };
}

/**
 * One spelling for a provider's word, with the provider in front.
 * @example canonicalRef('weekly-digest', 'mailgun') // 'mailgun:weekly-digest'
 */
export function canonicalRef(ref: string, source: string): string {
  return ref.startsWith(`${source}:`) ? ref : `${source}:${ref}`;
}

function placeOf({ channel, category, origin }: CataloguedStream): Place {
  return { channel, category, origin };
}
