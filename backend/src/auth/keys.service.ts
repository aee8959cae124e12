import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { scopes as allScopes, type Scope } from '../contract/auth.js';
import { type Database, ENGINE } from '../database.module.js';
import { NotFoundError } from '../errors.js';
import type { Principal } from './access.js';
import { newSecret, partsOf, sameText } from './api-key.js';
import { knownScopes } from './roles.js';

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly hash: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly version: number;
  readonly revoked: boolean;
}

/** How long another process's new or revoked key may go unnoticed here. */
const refreshMilliseconds = 30_000;
const columns = ['id', 'name', 'hash', 'scopes', 'created_at', 'version', 'revoked'] as const;

/** API keys. Held in memory so that who may ask is known while the engine is away; the engine is the source. */
@Injectable()
export class Keys implements OnModuleInit, OnModuleDestroy {
  readonly #log = new Logger('Keys');
  #keys = new Map<string, ApiKey>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => {
      this.refresh().catch(() => this.#log.warn('keys not refreshed'));
    }, refreshMilliseconds).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  async refresh(): Promise<void> {
    const rows = await this.engine.query('auth/api_keys', {});
    const keys = new Map<string, ApiKey>();
    for (const { created_at, ...row } of rows) keys.set(row.id, { ...row, createdAt: created_at });
    // A write of this process may have passed the query.
    for (const [id, known] of this.#keys)
      if (known.version > (keys.get(id)?.version ?? 0)) keys.set(id, known);
    this.#keys = keys;
  }

  list(): ApiKey[] {
    return [...this.#keys.values()];
  }

  /** Is there a key that may do everything, stored or preset? */
  hasAdmin(): boolean {
    return (
      this.config.adminKey !== null || this.list().some((key) => !key.revoked && key.scopes.includes('admin'))
    );
  }

  /** Who a key stands for; undefined when it is wrong, revoked or none of ours. */
  principal(text: string): Principal | undefined {
    if (this.config.adminKey !== null && sameText(text, this.config.adminKey)) {
      return { kind: 'key', id: 'preset', scopes: new Set(allScopes), roles: [] };
    }
    const parts = partsOf(text);
    const key = parts === undefined ? undefined : this.#keys.get(parts.id);
    if (parts === undefined || key === undefined || key.revoked || !sameText(parts.hash, key.hash))
      return undefined;
    return { kind: 'key', id: key.id, scopes: knownScopes(key.scopes), roles: [] };
  }

  /** Makes a key. Its text is in the answer and nowhere else. */
  async create(
    name: string,
    scopes: readonly Scope[],
    now = new Date(),
  ): Promise<{ key: ApiKey; text: string }> {
    const { id, text, hash } = newSecret();
    const createdAt = now.toISOString();
    const key = {
      id,
      name,
      hash,
      scopes: [...new Set(scopes)],
      createdAt,
      version: now.getTime(),
      revoked: false,
    };
    await this.#store(key);
    this.#keys.set(id, key);
    return { key, text };
  }

  /** From this moment the key opens nothing in this process, whether or not the engine can note it. */
  async revoke(id: string, now = new Date()): Promise<ApiKey> {
    const key = this.#keys.get(id);
    if (key === undefined) throw new NotFoundError('There is no such key');
    const revoked = { ...key, revoked: true, version: Math.max(now.getTime(), key.version + 1) };
    this.#keys.set(id, revoked);
    await this.#store(revoked);
    return revoked;
  }

  async #store(key: ApiKey): Promise<void> {
    const { id, name, hash, scopes, createdAt, version, revoked } = key;
    const line = JSON.stringify([id, name, hash, scopes, createdAt, version, revoked]);
    await this.engine.insert('api_keys', columns, line, null);
  }
}
