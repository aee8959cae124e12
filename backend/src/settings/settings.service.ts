import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Database, ENGINE } from '../database.module.js';

const columns = ['key', 'value', 'version', 'changed_at', 'changed_by'] as const;

/** What the organisation set, as JSON by key. Held in memory, so that it is known while the engine is away. */
@Injectable()
export class Settings implements OnModuleInit {
  readonly #values = new Map<string, { value: unknown; version: number }>();
  /** Changes, one after the other: each is made from what the one before left. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(@Inject(ENGINE) private readonly engine: Database) {}

  async onModuleInit(): Promise<void> {
    for (const { key, value, version } of await this.engine.query('settings/settings_all', {})) {
      this.#values.set(key, { value: JSON.parse(value), version });
    }
  }

  /** undefined when nobody set it. */
  get(key: string): unknown {
    return this.#values.get(key)?.value;
  }

  /**
   * Stores what `change` makes of the present value.
   * @returns the new value, when it is in the engine
   * @throws EngineAwayError
   */
  change<Value>(key: string, by: string, change: (now: unknown) => Value): Promise<Value> {
    const done = this.#last.then(async () => {
      const known = this.#values.get(key);
      const value = change(known?.value);
      const now = Date.now();
      const version = Math.max(now, (known?.version ?? 0) + 1);
      const line = JSON.stringify([key, JSON.stringify(value), version, new Date(now).toISOString(), by]);
      await this.engine.insert('settings', columns, line, null);
      this.#values.set(key, { value, version });
      return value;
    });
    this.#last = done.catch(() => undefined);
    return done;
  }
}
