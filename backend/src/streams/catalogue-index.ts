import { GrownMap } from './grown-map.js';
import { type Ancestor, ancestors } from './lineage.js';
import type { CataloguedStream } from './stream.js';

/** Streams that wait to be sorted in, until somebody reads the list or as many have come. */
const waiting = 64;

/** What is looked up in one list of streams. Neither ever changes: `with` makes a list and an index of their own. */
export class StreamIndex {
  readonly #lineages = new Map<string, readonly Ancestor[]>();
  #markets: ReadonlyMap<string, readonly string[]> | undefined;
  #streams: readonly CataloguedStream[] | undefined;

  private constructor(
    private readonly sorted: readonly CataloguedStream[],
    private readonly added: readonly CataloguedStream[],
    readonly byKey: GrownMap<CataloguedStream>,
    private readonly byPlace: GrownMap<CataloguedStream>,
    /** The brand of all of them; null when they have none or several. */
    readonly onlyBrand: string | null,
    readonly unreviewed: number,
  ) {}

  /** @param streams in key order: of two streams on one place the first is meant */
  static of(streams: readonly CataloguedStream[]): StreamIndex {
    const byPlace = new Map<string, CataloguedStream>();
    for (const stream of streams) {
      const place = placeOf(stream.channel, stream.category, stream.origin);
      if (!byPlace.has(place)) byPlace.set(place, stream);
    }
    const [brand, ...others] = new Set(streams.map((stream) => stream.brand));
    const index = new StreamIndex(
      streams,
      [],
      new GrownMap(new Map(streams.map((stream) => [stream.key, stream]))),
      new GrownMap(byPlace),
      others.length === 0 ? (brand ?? null) : null,
      streams.filter((stream) => !stream.reviewed).length,
    );
    indexes.set(streams, index);
    return index;
  }

  /** Every stream, in key order. */
  get streams(): readonly CataloguedStream[] {
    if (this.#streams === undefined) {
      this.#streams = merged(this.sorted, this.added);
      indexes.set(this.#streams, this);
    }
    return this.#streams;
  }

  /** With one more stream, whose key is new. Takes microseconds, however many there are. */
  with(stream: CataloguedStream): StreamIndex {
    const place = placeOf(stream.channel, stream.category, stream.origin);
    const first = this.byPlace.get(place);
    const isFirst = first === undefined || stream.key < first.key;
    const [sorted, added] =
      this.#streams === undefined ? [this.sorted, this.added] : ([this.#streams, []] as const);
    const isFull = added.length >= waiting;
    const isAlone = sorted.length + added.length === 0;
    const next = new StreamIndex(
      isFull ? merged(sorted, added) : sorted,
      isFull ? [stream] : [...added, stream],
      this.byKey.with(stream.key, stream),
      isFirst ? this.byPlace.with(place, stream) : this.byPlace,
      isAlone || this.onlyBrand === stream.brand ? stream.brand : null,
      this.unreviewed + (stream.reviewed ? 0 : 1),
    );
    // A stream that is first seen has no markets, so it adds none to its brand.
    if (stream.markets.length === 0) next.#markets = this.#markets;
    return next;
  }

  at(channel: string, category: string, origin: string): CataloguedStream | undefined {
    return this.byPlace.get(placeOf(channel, category, origin));
  }

  parents(stream: CataloguedStream): readonly Ancestor[] {
    const known = this.#lineages.get(stream.key);
    if (known !== undefined) return known;
    const found = ancestors(stream, (key) => this.byKey.get(key));
    this.#lineages.set(stream.key, found);
    return found;
  }

  /** Where a brand is sold, by its streams: each market once, sorted. */
  marketsOf(brand: string): readonly string[] {
    this.#markets ??= marketsByBrand(this.streams);
    return this.#markets.get(brand) ?? none;
  }
}

const indexes = new WeakMap<readonly CataloguedStream[], StreamIndex>();
const none: readonly string[] = [];

/** The index of a list: the catalogue's own list has one already, any other gets one. */
const indexOf = (streams: readonly CataloguedStream[]): StreamIndex =>
  indexes.get(streams) ?? StreamIndex.of(streams);

export const parentsOf = (
  stream: CataloguedStream,
  streams: readonly CataloguedStream[],
): readonly Ancestor[] => indexOf(streams).parents(stream);

export const marketsOfBrand = (brand: string, streams: readonly CataloguedStream[]): readonly string[] =>
  indexOf(streams).marketsOf(brand);

export const streamAt = (
  streams: readonly CataloguedStream[],
  channel: string,
  category: string,
  origin: string,
): CataloguedStream | null => indexOf(streams).at(channel, category, origin) ?? null;

export const streamByKey = (streams: readonly CataloguedStream[], key: string): CataloguedStream | null =>
  indexOf(streams).byKey.get(key) ?? null;

function marketsByBrand(streams: readonly CataloguedStream[]): Map<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const { brand, markets } of streams) {
    if (markets.length === 0) continue;
    const known = found.get(brand) ?? new Set();
    for (const market of markets) known.add(market);
    found.set(brand, known);
  }
  return new Map([...found].map(([brand, markets]) => [brand, [...markets].sort()]));
}

const merged = (
  sorted: readonly CataloguedStream[],
  added: readonly CataloguedStream[],
): readonly CataloguedStream[] =>
  added.length === 0 ? sorted : [...sorted, ...added].sort((a, b) => (a.key < b.key ? -1 : 1));

const placeOf = (channel: string, category: string, origin: string): string =>
  `${channel}\u0000${category}\u0000${origin}`;
