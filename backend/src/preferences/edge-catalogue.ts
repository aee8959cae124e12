import type { Catalogue } from '../streams/catalogue.js';
import type { CataloguedStream } from '../streams/stream.js';
import type { EdgeCatalogue } from './ports.js';
import { streamHash } from './token.js';

const views = new WeakMap<Catalogue, EdgeCatalogue>();

/** The catalogue as links look into it. Made once for each state of the catalogue, which never changes. */
export function edgeCatalogue(catalogue: Catalogue): EdgeCatalogue {
  const known = views.get(catalogue);
  if (known !== undefined) return known;
  const hashes = new Map<string, CataloguedStream>(
    catalogue.streams.map((stream) => [streamHash(stream.channel, stream.category, stream.origin), stream]),
  );
  const view: EdgeCatalogue = {
    byKey: (key) => catalogue.get(key),
    byTriple: (channel, category, origin) => catalogue.find(channel, category, origin),
    byHash: (channel, hash) => {
      const stream = hashes.get(hash);
      return stream?.channel === channel ? stream : undefined;
    },
  };
  views.set(catalogue, view);
  return view;
}
