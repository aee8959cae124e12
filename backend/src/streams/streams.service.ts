import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Logger } from '@nestjs/common';
import type { Engine, Queries } from '@secateur/sql';
import type { StreamDefinition } from '../contract/streams.js';
import type { Channel } from '../contract/vocabulary.js';
import { ConflictError } from '../errors.js';
import type { Insert } from '../journal/group.js';
import { Catalogue, type StreamVersion } from './catalogue.js';
import type { CataloguedStream } from './stream.js';
import { streamInsert, versionOf } from './stream-row.js';

/** Unreviewed streams from which on somebody should look: most likely a sender writes an id into the category. */
const manyUnreviewed = 1_000;

/**
 * The catalogue of streams in memory, so that decisions need no query for it and go on while the engine is away.
 * Streams that nobody registered are registered at first sight, never refused.
 */
export class StreamsService {
  #catalogue = new Catalogue();
  /** Streams registered at first sight that no confirmed group holds yet. */
  readonly #unconfirmed = new Map<string, Registration>();
  readonly #log = new Logger(StreamsService.name);
  #hasWarned = false;
  /** Registrations and definitions, one after the other: each looks at the catalogue that the one before has made. */
  #last: Promise<unknown> = Promise.resolve();
  /**
   * The new stream that is on its way to the engine. An event on its place takes it as it is and carries its row, so it
   * then stays, even if its own insert fails and the caller has to ask again.
   */
  #defining: Registration | null = null;

  constructor(private readonly engine: Engine<Queries>) {}

  /** @throws EngineAwayError */
  async load(): Promise<void> {
    const rows = await this.engine.query('streams/stream_versions', {});
    this.#catalogue = new Catalogue([
      ...rows.map(versionOf),
      ...[...this.#unconfirmed.values()].map((one) => one.version),
    ]);
    this.#warnOfMany();
  }

  get catalogue(): Catalogue {
    return this.#catalogue;
  }

  all(): readonly CataloguedStream[] {
    return this.#catalogue.streams;
  }

  /** The stream of a message, registered now when it is new; null when the message does not say which stream it is. */
  seen(channel: Channel, category: string, origin: string, at: number): CataloguedStream;
  seen(channel: Channel, category: string | null, origin: string | null, at: number): CataloguedStream | null;
  seen(
    channel: Channel,
    category: string | null,
    origin: string | null,
    at: number,
  ): CataloguedStream | null {
    if (category === null || origin === null) return null;
    const known = this.#catalogue.find(channel, category, origin);
    if (known !== undefined) return known;
    // A stream that is being defined has its key and its place already: nothing else is registered on either.
    const defining = this.#defining;
    const catalogue = defining === null ? this.#catalogue : this.#catalogue.with(defining.version);
    const isDefining = catalogue.find(channel, category, origin) !== undefined;
    const registration =
      isDefining && defining !== null
        ? defining
        : { version: catalogue.firstSeen(channel, category, origin, at), by: 'first seen' };
    this.#unconfirmed.set(registration.version.key, registration);
    this.#catalogue = this.#catalogue.with(registration.version);
    this.#warnOfMany();
    return this.#catalogue.find(channel, category, origin) ?? null;
  }

  #warnOfMany(): void {
    if (this.#hasWarned || this.#catalogue.unreviewed < manyUnreviewed) return;
    this.#hasWarned = true;
    this.#log.warn('many streams that nobody reviewed: does a sender put an id into category or origin?', {
      unreviewed: this.#catalogue.unreviewed,
    });
  }

  /** The stream, registered durably before the promise resolves. @throws EngineAwayError */
  async register(channel: Channel, category: string, origin: string, at: number): Promise<CataloguedStream> {
    const known = this.#catalogue.find(channel, category, origin);
    if (known !== undefined && !this.#unconfirmed.has(known.key)) return known;
    return this.#inTurn(async () => {
      const stream = this.seen(channel, category, origin, at);
      for (const { table, columns, lines } of this.inserts([stream.key])) {
        await this.engine.insert(table, columns, lines, `first seen:${stream.key}`);
      }
      this.confirm([stream.key]);
      return stream;
    });
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Rows of first-seen streams that no confirmed group holds yet, to be put first into the group that mentions them. */
  inserts(keys: Iterable<string>): Insert[] {
    const found = [...new Set(keys)].flatMap((key) => this.#unconfirmed.get(key) ?? []);
    return found.length === 0 ? [] : [streamInsert(found)];
  }

  /** A group that held these streams is in the engine. */
  confirm(keys: Iterable<string>): void {
    for (const key of keys) this.#unconfirmed.delete(key);
  }

  /**
   * A new version of a stream. Changing its class, brand or parent releases nobody: permissions know every one it has had.
   *
   * An absent List-Id, title or parent stays as it is. Whatever else is absent falls back to the default, and the default
   * is the cautious one: without `all_option_shown` floors widen, without `markets` more jurisdictions may apply. Without
   * `regime` and `legal_basis` they are derived, which may turn opt-in into opt-out: a change of policy for those who
   * said nothing, never a release of somebody who said no.
   *
   * @throws ConflictError when its place or List-Id is taken, or would change
   * @throws EngineAwayError
   */
  define(key: string, definition: StreamDefinition, by: string, now: number): Promise<StreamVersion> {
    return this.#inTurn(() => this.#define(key, definition, by, now));
  }

  async #define(key: string, definition: StreamDefinition, by: string, now: number): Promise<StreamVersion> {
    const latest = this.#catalogue.latest(key);
    const next: StreamVersion = {
      key,
      version: (latest?.version ?? 0) + 1,
      channel: definition.channel,
      category: definition.category,
      origin: definition.origin,
      class: definition.class,
      brand: definition.brand,
      listId: definition.list_id ?? latest?.listId ?? null,
      title: definition.title ?? latest?.title ?? definition.category,
      allOptionShown: definition.all_option_shown ?? false,
      legalBasis: definition.legal_basis ?? null,
      regime: definition.regime ?? null,
      markets: definition.markets ?? [],
      parent: definition.parent ?? latest?.parent ?? null,
      reviewed: true,
      changedAt: Math.max(now, (latest?.changedAt ?? 0) + 1),
    };
    if (latest !== undefined && isDeepStrictEqual(withoutHistory(latest), withoutHistory(next)))
      return latest;
    const conflicts = this.#catalogue.conflicts(next);
    if (conflicts.length > 0) {
      throw new ConflictError(
        conflicts.map((conflict) => `${conflict.field}: ${conflict.detail}`).join('; '),
      );
    }
    const { table, columns, lines } = streamInsert([{ version: next, by }]);
    if (latest === undefined) this.#defining = { version: next, by };
    try {
      await this.engine.insert(table, columns, lines, `stream:${key}:${next.version}:${randomUUID()}`);
    } finally {
      this.#defining = null;
    }
    this.#catalogue = this.#catalogue.with(next);
    return next;
  }
}

/** A version and who made it. */
interface Registration {
  version: StreamVersion;
  by: string;
}

const withoutHistory = ({ version: _, changedAt: __, ...rest }: StreamVersion) => rest;
