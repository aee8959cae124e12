import { type Ancestor, ancestors } from './lineage.js';
import type { CataloguedStream } from './stream.js';

interface StreamIndex {
  byKey: ReadonlyMap<string, CataloguedStream>;
  byPlace: ReadonlyMap<string, CataloguedStream>;
  parents: Map<CataloguedStream, readonly Ancestor[]>;
}

// The list of streams is the catalogue's own and never changes, so its index is made once.
const indexes = new WeakMap<readonly CataloguedStream[], StreamIndex>();

function indexOf(streams: readonly CataloguedStream[]): StreamIndex {
  const known = indexes.get(streams);
  if (known !== undefined) return known;
  const index: StreamIndex = {
    byKey: new Map(streams.map((stream) => [stream.key, stream])),
    byPlace: new Map(
      // Of two streams on one place the first by key is meant, as in the catalogue.
      [...streams]
        .reverse()
        .map((stream) => [placeOf(stream.channel, stream.category, stream.origin), stream]),
    ),
    parents: new Map(),
  };
  indexes.set(streams, index);
  return index;
}

export function parentsOf(
  stream: CataloguedStream,
  streams: readonly CataloguedStream[],
): readonly Ancestor[] {
  const { byKey, parents } = indexOf(streams);
  const known = parents.get(stream);
  if (known !== undefined) return known;
  const found = ancestors(stream, (key) => byKey.get(key));
  parents.set(stream, found);
  return found;
}

export function streamAt(
  streams: readonly CataloguedStream[],
  channel: string,
  category: string,
  origin: string,
): CataloguedStream | null {
  return indexOf(streams).byPlace.get(placeOf(channel, category, origin)) ?? null;
}

export function streamByKey(streams: readonly CataloguedStream[], key: string): CataloguedStream | null {
  return indexOf(streams).byKey.get(key) ?? null;
}

const placeOf = (channel: string, category: string, origin: string): string =>
  `${channel}\u0000${category}\u0000${origin}`;
