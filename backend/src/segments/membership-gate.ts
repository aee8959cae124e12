/** How long a group that nobody reported back counts as in hand: one that was set aside never is. */
const patience = 60_000;

interface InHand {
  readonly people: ReadonlySet<string>;
  readonly since: number;
}

/**
 * Keeps the two writers of memberships from deciding about one person on old facts. The decisions lane always goes first:
 * it says whom it is about before it reads the ledger. A look at people elsewhere (a profile, an event, a sweep) watches
 * meanwhile, and writes only about those whom the lane did not touch; the others it looks at again.
 *
 * Of this process alone: where several decide, the next sweep mends what two of them saw differently.
 */
export class MembershipGate {
  readonly #inHand = new Map<number, InHand>();
  #lastGroup = 0;
  #watched: Set<string> | null = null;
  #writing: Promise<void> | null = null;
  #looking: Promise<unknown> = Promise.resolve();

  /** The lane is about to read what is known of these people. @returns the group, for `settle` */
  async decide(people: ReadonlySet<string>): Promise<number> {
    this.#lastGroup += 1;
    const group = this.#lastGroup;
    this.#forget();
    this.#inHand.set(group, { people, since: performance.now() });
    for (const person of people) this.#watched?.add(person);
    while (this.#writing !== null) await this.#writing;
    return group;
  }

  /** What the group decided can be read. */
  settle(group: number): void {
    this.#inHand.delete(group);
  }

  /** One look at a time. */
  look<Result>(task: (watch: Watch) => Promise<Result>): Promise<Result> {
    const done = this.#looking.then(async () => {
      this.#forget();
      const watched = new Set([...this.#inHand.values()].flatMap(({ people }) => [...people]));
      this.#watched = watched;
      try {
        return await task({
          isTouched: (person) => watched.has(person),
          write: (insert) => this.#write(insert),
        });
      } finally {
        this.#watched = null;
      }
    });
    this.#looking = done.catch(() => undefined);
    return done;
  }

  /** From here until it is written the lane waits: it would read a ledger that is about to change. */
  async #write(insert: () => Promise<void>): Promise<void> {
    const writing = insert();
    this.#writing = writing.catch(() => undefined);
    try {
      await writing;
    } finally {
      this.#writing = null;
    }
  }

  #forget(): void {
    const oldest = performance.now() - patience;
    for (const [group, { since }] of this.#inHand) if (since < oldest) this.#inHand.delete(group);
  }
}

export interface Watch {
  /** Has the lane taken this person in hand since the look began? Asked without awaiting anything before `write`. */
  isTouched(person: string): boolean;
  /** Writes at once; the lane waits for it. */
  write(insert: () => Promise<void>): Promise<void>;
}
