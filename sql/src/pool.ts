/** Connections of which each runs one statement at a time; who waits is served in order. */
export class Pool<Connection> {
  readonly #idle: Connection[];
  readonly #waiting: ((connection: Connection) => void)[] = [];
  #lent = 0;
  #emptied: (() => void) | undefined;

  constructor(connections: readonly Connection[]) {
    this.#idle = [...connections];
  }

  async run<Result>(task: (connection: Connection) => Promise<Result>): Promise<Result> {
    const connection = await this.#borrow();
    try {
      return await task(connection);
    } finally {
      this.#giveBack(connection);
    }
  }

  /** Takes all connections out, once nothing runs or waits any more. */
  async drain(): Promise<Connection[]> {
    if (this.#lent > 0) {
      await new Promise<void>((resolve) => {
        this.#emptied = resolve;
      });
    }
    return this.#idle.splice(0);
  }

  #borrow(): Connection | Promise<Connection> {
    const connection = this.#idle.shift();
    if (connection === undefined) return new Promise((serve) => this.#waiting.push(serve));
    this.#lent++;
    return connection;
  }

  #giveBack(connection: Connection): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next(connection);
      return;
    }
    this.#idle.push(connection);
    this.#lent--;
    if (this.#lent === 0) this.#emptied?.();
  }
}
