import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { type Database, ENGINE } from '../database.module.js';
import { hashPassword, passwordFits } from './password.js';

export interface User {
  readonly name: string;
  /** As password.ts writes it; '' when none is set yet. */
  readonly password: string;
  readonly roles: readonly string[];
  /** Milliseconds: sessions issued before this are over. */
  readonly sessionsValidFrom: number;
  readonly version: number;
}

const refreshMilliseconds = 30_000;
const columns = ['name', 'password', 'roles', 'sessions_valid_from', 'version'] as const;

/** Dashboard users. Held in memory like the keys, with the engine as the source. */
@Injectable()
export class Users implements OnModuleInit, OnModuleDestroy {
  readonly #log = new Logger('Users');
  #users = new Map<string, User>();
  #timer: NodeJS.Timeout | undefined;

  constructor(@Inject(ENGINE) private readonly engine: Database) {}

  async onModuleInit(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => {
      this.refresh().catch(() => this.#log.warn('users not refreshed'));
    }, refreshMilliseconds).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  async refresh(): Promise<void> {
    const rows = await this.engine.query('auth/users', {});
    const users = new Map<string, User>();
    for (const { sessions_valid_from, ...row } of rows) {
      users.set(row.name, { ...row, sessionsValidFrom: Date.parse(sessions_valid_from) });
    }
    for (const [name, known] of this.#users)
      if (known.version > (users.get(name)?.version ?? 0)) users.set(name, known);
    this.#users = users;
  }

  find(name: string): User | undefined {
    return this.#users.get(name);
  }

  hasPassword(name: string): boolean {
    return (this.find(name)?.password ?? '') !== '';
  }

  /** Takes as long for a user who does not exist. */
  async passwordFits(name: string, password: string): Promise<boolean> {
    const hash = this.find(name)?.password;
    return passwordFits(password, hash === '' ? undefined : hash);
  }

  /** Sets the password and ends every session of the user. */
  async setPassword(
    name: string,
    password: string,
    roles: readonly string[],
    now = new Date(),
  ): Promise<User> {
    const user = this.#next(name, { password: await hashPassword(password), roles }, now);
    await this.#store(user);
    this.#users.set(name, user);
    return user;
  }

  /** Ends every session of the user: in this process at once, whether or not the engine can note it. */
  async endSessions(name: string, now = new Date()): Promise<void> {
    if (this.find(name) === undefined) return;
    const user = this.#next(name, {}, now);
    this.#users.set(name, user);
    await this.#store(user);
  }

  #next(name: string, change: Partial<User>, now: Date): User {
    const before = this.find(name) ?? { name, password: '', roles: [], sessionsValidFrom: 0, version: 0 };
    return {
      ...before,
      ...change,
      // One later than now: what was issued in this very millisecond is over too.
      sessionsValidFrom: Math.max(now.getTime(), before.sessionsValidFrom) + 1,
      version: Math.max(now.getTime(), before.version + 1),
    };
  }

  async #store({ name, password, roles, sessionsValidFrom, version }: User): Promise<void> {
    const line = JSON.stringify([name, password, roles, new Date(sessionsValidFrom).toISOString(), version]);
    await this.engine.insert('users', columns, line, null);
  }
}
