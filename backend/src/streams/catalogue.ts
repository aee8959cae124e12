import { createHash } from 'node:crypto';
import { StreamKey } from '../contract/streams.js';
import type { Channel, LegalBasis, Regime, StreamClass } from '../contract/vocabulary.js';
import { StreamIndex } from './catalogue-index.js';
import { GrownMap } from './grown-map.js';
import type { Ancestor } from './lineage.js';
import type { CataloguedStream, Held } from './stream.js';

/** One version of a stream, as a row holds it. */
export interface StreamVersion {
  key: string;
  version: number;
  channel: Channel;
  category: string;
  origin: string;
  class: StreamClass;
  brand: string;
  listId: string | null;
  title: string;
  allOptionShown: boolean;
  legalBasis: LegalBasis | null;
  regime: Regime | null;
  markets: readonly string[];
  parent: string | null;
  reviewed: boolean;
  /** Milliseconds since the epoch. */
  changedAt: number;
}

/** Why a version cannot be stored: the field at fault and what is wrong with it. */
export interface StreamConflict {
  field: 'channel' | 'category' | 'origin' | 'list_id' | 'parent';
  detail: string;
}

/**
 * All streams with their histories, in memory. Never changed: `with` makes a new catalogue, which keeps the streams that
 * did not change, so whatever is cached per stream stays good.
 */
export class Catalogue {
  private readonly index: StreamIndex;
  private readonly versions: GrownMap<readonly StreamVersion[]>;
  private readonly byList: GrownMap<CataloguedStream>;

  /** @param versions rows in any order; of the same key and version the last one wins */
  constructor(versions: Iterable<StreamVersion> = [], before?: Catalogue) {
    const grouped = new Map<string, Map<number, StreamVersion>>();
    for (const version of versions) {
      const known = grouped.get(version.key) ?? new Map<number, StreamVersion>();
      if (known.size === 0)
        for (const old of before?.versions.get(version.key) ?? []) known.set(old.version, old);
      known.set(version.version, version);
      grouped.set(version.key, known);
    }
    const histories = [...grouped].map(
      ([key, known]) => [key, [...known.values()].sort((a, b) => a.version - b.version)] as const,
    );
    const isGrown = before !== undefined && histories.every(([key]) => before.get(key) === undefined);
    const parts = isGrown ? grown(before.parts, histories) : rebuilt(before?.parts, histories);
    this.index = parts.index;
    this.versions = parts.versions;
    this.byList = parts.byList;
  }

  /** A new catalogue that knows these versions too. Cheap for streams that are new: a batch may bring thousands. */
  with(...versions: StreamVersion[]): Catalogue {
    return new Catalogue(versions, this);
  }

  /** Every stream, in key order. */
  get streams(): readonly CataloguedStream[] {
    return this.index.streams;
  }

  /** How many registered themselves and wait for somebody to look at them. */
  get unreviewed(): number {
    return this.index.unreviewed;
  }

  get(key: string): CataloguedStream | undefined {
    return this.index.byKey.get(key);
  }

  find(channel: Channel, category: string, origin: string): CataloguedStream | undefined {
    return this.index.at(channel, category, origin);
  }

  /** By List-Id header or identifier, of today or of any earlier version. Compared as RFC 2919 section 6 says. */
  findByListId(listId: string): CataloguedStream | undefined {
    return this.byList.get(normaliseListId(listId));
  }

  /** From whom the stream inherits: parents of today, nearest first, then those of the past. */
  parents(stream: CataloguedStream): readonly Ancestor[] {
    return this.index.parents(stream);
  }

  /** The latest version of a stream, to make the next one from. */
  latest(key: string): StreamVersion | undefined {
    return this.versions.get(key)?.at(-1);
  }

  /** As it was when these were the latest versions: streams that are not named are left out. */
  asOf(latest: ReadonlyMap<string, number>): Catalogue {
    return new Catalogue(
      [...latest].flatMap(([key, last]) =>
        (this.versions.get(key) ?? []).filter(({ version }) => version <= last),
      ),
    );
  }

  /** When a stream was given another class, brand, parent or the like: ms since the epoch, sorted. */
  get changes(): number[] {
    const instants = this.streams.flatMap(({ key }) =>
      (this.versions.get(key) ?? []).slice(1).map(({ changedAt }) => changedAt),
    );
    return [...new Set(instants)].sort((a, b) => a - b);
  }

  /**
   * What keeps a version from being stored (INV-2919-1): a stream keeps its place and its List-Id for ever, and shares
   * neither with another stream; otherwise opt-outs that name them would be orphaned.
   */
  conflicts(next: StreamVersion): StreamConflict[] {
    const found: StreamConflict[] = [];
    const known = this.versions.get(next.key) ?? [];
    const first = known[0];
    for (const field of ['channel', 'category', 'origin'] as const) {
      if (first !== undefined && first[field] !== next[field]) {
        found.push({
          field,
          detail: `is ${first[field]} for ever: register a new stream with this one as parent`,
        });
      }
    }
    const other = this.find(next.channel, next.category, next.origin);
    if (other !== undefined && other.key !== next.key) {
      found.push({ field: 'origin', detail: `channel, category and origin belong to stream ${other.key}` });
    }
    const listId = known.find((version) => version.listId !== null)?.listId ?? null;
    if (
      listId !== null &&
      (next.listId === null || normaliseListId(next.listId) !== normaliseListId(listId))
    ) {
      found.push({ field: 'list_id', detail: `is ${listId} for ever` });
    }
    const owner = next.listId === null ? undefined : this.findByListId(next.listId);
    if (owner !== undefined && owner.key !== next.key) {
      found.push({ field: 'list_id', detail: `belongs to stream ${owner.key}` });
    }
    if (next.parent !== null) {
      const parent = this.get(next.parent);
      if (parent === undefined) found.push({ field: 'parent', detail: `there is no stream ${next.parent}` });
      else if (parent.key === next.key || this.parents(parent).some(isToday(next.key))) {
        found.push({ field: 'parent', detail: `${next.parent} descends from ${next.key}` });
      }
    }
    return found;
  }

  /**
   * The first version of a stream that nobody registered: commercial and not reviewed, so that every floor and every
   * wide opt-out covers it.
   */
  firstSeen(channel: Channel, category: string, origin: string, at: number): StreamVersion {
    return {
      key: this.freeKey(channel, category, origin),
      version: 1,
      channel,
      category,
      origin,
      class: 'commercial',
      brand: this.index.onlyBrand ?? 'default',
      listId: null,
      title: category,
      allOptionShown: false,
      legalBasis: null,
      regime: null,
      markets: [],
      parent: null,
      reviewed: false,
      changedAt: at,
    };
  }

  /** `channel.category.origin` where that is a key and says it all; else a readable part and a hash, after a colon. */
  private freeKey(channel: Channel, category: string, origin: string): string {
    const plain = `${channel}.${category}.${origin}`;
    const says = /^[A-Za-z0-9_-]+$/;
    if (says.test(category) && says.test(origin) && this.isFree(plain)) return plain;
    const hash = createHash('sha256')
      .update(JSON.stringify([channel, category, origin]))
      .digest('hex');
    const readable = plain.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 90);
    for (let length = 16; length <= 32; length += 4) {
      const key = `${readable}:${hash.slice(0, length)}`;
      if (this.isFree(key)) return key;
    }
    return `${channel}:${hash}`;
  }

  private isFree(key: string): boolean {
    return StreamKey.safeParse(key).success && this.get(key) === undefined;
  }

  private get parts(): Parts {
    return { index: this.index, versions: this.versions, byList: this.byList };
  }
}

interface Parts {
  index: StreamIndex;
  versions: GrownMap<readonly StreamVersion[]>;
  byList: GrownMap<CataloguedStream>;
}

/** The versions of one stream, in version order. */
type History = readonly [key: string, versions: readonly StreamVersion[]];

/** What new streams add: nothing that was there moves. */
function grown(before: Parts, histories: readonly History[]): Parts {
  let { index, versions, byList } = before;
  for (const [key, list] of histories) {
    const stream = catalogued(list);
    if (stream === undefined) continue;
    index = index.with(stream);
    versions = versions.with(key, list);
    for (const listId of listIdsOf(list)) {
      const first = byList.get(listId);
      if (first === undefined || key < first.key) byList = byList.with(listId, stream);
    }
  }
  return { index, versions, byList };
}

/** All over again, but for the streams that did not change. Of two streams with one List-Id the first by key is meant. */
function rebuilt(before: Parts | undefined, changed: readonly History[]): Parts {
  const versions = new Map<string, readonly StreamVersion[]>();
  for (const { key } of before?.index.streams ?? []) versions.set(key, before?.versions.get(key) ?? []);
  for (const [key, list] of changed) versions.set(key, list);
  const isChanged = new Set(changed.map(([key]) => key));

  const streams: CataloguedStream[] = [];
  const byList = new Map<string, CataloguedStream>();
  for (const key of [...versions.keys()].sort()) {
    const list = versions.get(key) ?? [];
    const stream = (isChanged.has(key) ? undefined : before?.index.byKey.get(key)) ?? catalogued(list);
    if (stream === undefined) continue;
    streams.push(stream);
    for (const listId of listIdsOf(list)) if (!byList.has(listId)) byList.set(listId, stream);
  }
  return { index: StreamIndex.of(streams), versions: new GrownMap(versions), byList: new GrownMap(byList) };
}

const listIdsOf = (versions: readonly StreamVersion[]): string[] =>
  versions.flatMap(({ listId }) => (listId === null ? [] : [normaliseListId(listId)]));

/** The identifier inside the angle brackets, in lower case: `Deals <Promos.Shop.example>` → `promos.shop.example`. */
export function normaliseListId(listId: string): string {
  const inside = /<([^<>]*)>\s*$/.exec(listId)?.[1] ?? listId;
  return inside.trim().toLowerCase();
}

/** @param versions of one stream, in version order */
function catalogued(versions: readonly StreamVersion[]): CataloguedStream | undefined {
  const now = versions.at(-1);
  if (now === undefined) return undefined;
  const { changedAt: _, ...stream } = now;
  return {
    ...stream,
    classes: history(versions, (version) => version.class),
    brands: history(versions, (version) => version.brand),
    parents: history(versions, (version) => version.parent),
    // A List-Id once given stays, even if a later version leaves it out.
    listId: now.listId ?? versions.find((version) => version.listId !== null)?.listId ?? null,
  };
}

function history<T>(versions: readonly StreamVersion[], of: (version: StreamVersion) => T): Held<T>[] {
  const until = new Map<T, number>();
  versions.forEach((version, index) => {
    const end = versions[index + 1]?.changedAt ?? Infinity;
    until.set(of(version), Math.max(until.get(of(version)) ?? -Infinity, end));
  });
  return [...until].map(([value, end]) => ({ value, until: end }));
}

const isToday =
  (key: string) =>
  ({ stream, until }: Ancestor): boolean =>
    stream.key === key && until === Infinity;
