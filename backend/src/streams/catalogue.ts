import { createHash } from 'node:crypto';
import { StreamKey } from '../contract/streams.js';
import type { Channel, LegalBasis, Regime, StreamClass } from '../contract/vocabulary.js';
import { type Ancestor, ancestors } from './lineage.js';
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
  /** Every stream, in key order. */
  readonly streams: readonly CataloguedStream[];
  private readonly versions = new Map<string, readonly StreamVersion[]>();
  private readonly byKey = new Map<string, CataloguedStream>();
  private readonly byPlace = new Map<string, CataloguedStream>();
  private readonly byList = new Map<string, CataloguedStream>();
  private readonly lineages = new Map<string, readonly Ancestor[]>();

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
    for (const [key, list] of before?.versions ?? []) this.versions.set(key, list);
    for (const [key, known] of grouped) {
      this.versions.set(
        key,
        [...known.values()].sort((a, b) => a.version - b.version),
      );
    }

    const streams: CataloguedStream[] = [];
    for (const key of [...this.versions.keys()].sort()) {
      const list = this.versions.get(key) ?? [];
      const stream = (grouped.has(key) ? undefined : before?.byKey.get(key)) ?? catalogued(list);
      if (stream === undefined) continue;
      streams.push(stream);
      this.byKey.set(key, stream);
      setOnce(this.byPlace, place(stream.channel, stream.category, stream.origin), stream);
      for (const { listId } of list)
        if (listId !== null) setOnce(this.byList, normaliseListId(listId), stream);
    }
    this.streams = streams;
  }

  /** A new catalogue that knows these versions too. */
  with(...versions: StreamVersion[]): Catalogue {
    return new Catalogue(versions, this);
  }

  get(key: string): CataloguedStream | undefined {
    return this.byKey.get(key);
  }

  find(channel: Channel, category: string, origin: string): CataloguedStream | undefined {
    return this.byPlace.get(place(channel, category, origin));
  }

  /** By List-Id header or identifier, of today or of any earlier version. Compared as RFC 2919 section 6 says. */
  findByListId(listId: string): CataloguedStream | undefined {
    return this.byList.get(normaliseListId(listId));
  }

  /** From whom the stream inherits: parents of today, nearest first, then those of the past. */
  parents(stream: CataloguedStream): readonly Ancestor[] {
    const known = this.lineages.get(stream.key);
    if (known !== undefined) return known;
    const result = ancestors(stream, (key) => this.byKey.get(key));
    this.lineages.set(stream.key, result);
    return result;
  }

  /** The latest version of a stream, to make the next one from. */
  latest(key: string): StreamVersion | undefined {
    return this.versions.get(key)?.at(-1);
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
      const parent = this.byKey.get(next.parent);
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
    const brands = new Set(this.streams.map((stream) => stream.brand));
    const [onlyBrand] = brands;
    return {
      key: this.freeKey(channel, category, origin),
      version: 1,
      channel,
      category,
      origin,
      class: 'commercial',
      brand: brands.size === 1 && onlyBrand !== undefined ? onlyBrand : 'default',
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
    return StreamKey.safeParse(key).success && !this.byKey.has(key);
  }
}

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

const place = (channel: Channel, category: string, origin: string): string =>
  `${channel}\u0000${category}\u0000${origin}`;

const isToday =
  (key: string) =>
  ({ stream, until }: Ancestor): boolean =>
    stream.key === key && until === Infinity;

function setOnce<K, V>(map: Map<K, V>, key: K, value: V): void {
  if (!map.has(key)) map.set(key, value);
}
