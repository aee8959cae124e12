import type { Channel } from '../contract/vocabulary.js';
import type { Catalogue } from '../streams/catalogue.js';
import type { CataloguedStream } from '../streams/stream.js';
import { streamHash } from './token.js';

const hashes = new WeakMap<Catalogue, Map<string, CataloguedStream>>();

/** The stream of a link whose names did not fit into it. */
export function streamByHash(
  catalogue: Catalogue,
  channel: Channel,
  hash: string,
): CataloguedStream | undefined {
  let known = hashes.get(catalogue);
  if (known === undefined) {
    known = new Map(
      catalogue.streams.map((stream) => [
        `${stream.channel}:${streamHash(stream.channel, stream.category, stream.origin)}`,
        stream,
      ]),
    );
    hashes.set(catalogue, known);
  }
  return known.get(`${channel}:${hash}`);
}
