import { setTimeout as sleep } from 'node:timers/promises';
import { between, oneOf, type Random } from './faults-count.js';
import { Connection, type Tries } from './faults-http.js';

export const streams = {
  promotions: { channel: 'email', category: 'promotions', origin: 'shop' },
  newsletter: { channel: 'email', category: 'newsletter', origin: 'shop' },
  texts: { channel: 'sms', category: 'promotions', origin: 'shop' },
} as const;

export type StreamName = keyof typeof streams;

/** Registers the streams, so that whoever said nothing may be written to. */
export async function registerStreams(connection: Connection): Promise<void> {
  for (const [key, stream] of Object.entries(streams)) {
    const { status, body } = await connection.put(`/v1/streams/${key}`, {
      ...stream,
      class: 'commercial',
      brand: 'shop',
      list_id: `${key}.shop.example.com`,
      all_option_shown: true,
      legal_basis: 'consent',
      regime: 'opt_out',
    });
    if (status !== 200) throw new Error(`stream ${key}: ${status} ${JSON.stringify(body)}`);
  }
}

export const oneClick = {
  body: 'List-Unsubscribe=One-Click',
  headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: '' },
};

/** @returns the path of the link in that message */
export async function linkTo(
  connection: Connection,
  message: { id: string; subscriber: string; stream: StreamName },
  tries?: Tries,
): Promise<string> {
  const { id: message_id, subscriber, stream } = message;
  const { body } = await connection.deliver<{ url: string }>(
    '/v1/links',
    { subscriber, message: { ...streams[stream], campaign: 'c', message_id }, all_option_shown: true },
    tries,
  );
  return new URL(body.url).pathname;
}

interface BatchAnswer {
  accepted: number;
  duplicates: number;
  pending: number;
  rejected: { index: number; code: string; detail: string }[];
}

type Event = { readonly id: string; readonly type: string } & Record<string, unknown>;

/** What a service said it has taken. */
export class Acknowledged {
  /** Event id → subscriber, of what belongs into `events`. */
  readonly events = new Map<string, string>();
  /** Event id → subscriber, of what belongs into `decisions`. */
  readonly decisions = new Map<string, string>();
  /** Message ids whose one-click link was pressed. */
  readonly links = new Set<string>();
  /** Subscriber → the revision last written into the profile. */
  readonly profiles = new Map<string, number>();
  readonly rejected: string[] = [];
  readonly tries: Tries = { broken: 0, busy: 0, failed: 0 };

  note({ id, type, subscriber, ...rest }: Event): void {
    const isDecided = !['delivered', 'opened', 'clicked'].includes(type) && rest.bounce !== 'soft';
    (isDecided ? this.decisions : this.events).set(id, String(subscriber));
  }

  get size(): number {
    return this.events.size + this.decisions.size + this.links.size;
  }
}

/**
 * The systems of a shop, each on its own connection: deliveries and engagement in batches, mixed batches with opt-outs
 * in them, single opt-outs, profiles. What is not acknowledged is sent again under the same ids until it is.
 */
export class Senders {
  readonly acknowledged = new Acknowledged();
  #ended = false;
  #ids = 0;
  #tellAnswered: (() => void)[] = [];
  /** New people turn up all the time, and several senders meet them at once. */
  #people = 20;
  readonly #messages: { id: string; subscriber: string; stream: StreamName }[] = [];

  constructor(
    private readonly url: () => string,
    private readonly random: Random,
  ) {}

  /** Resolves after `end`, when everything that was begun is acknowledged. */
  async run(): Promise<void> {
    await Promise.all([
      this.#repeat(() => this.#batch(between(this.random, 20, 200), () => this.#engagement())),
      this.#repeat(() => this.#batch(between(this.random, 1, 60), () => this.#engagement())),
      this.#repeat(() =>
        this.#batch(between(this.random, 1, 30), () =>
          this.random() < 0.5 ? this.#engagement() : this.#decision(),
        ),
      ),
      ...Array.from({ length: 4 }, () => this.#repeat((connection) => this.#optOut(connection))),
      this.#repeat((connection) => this.#profile(connection)),
      this.#repeat((connection) => this.#press(connection)),
    ]);
  }

  end(): void {
    this.#ended = true;
  }

  /** Resolves when that many more requests are acknowledged. */
  async answered(times: number): Promise<void> {
    for (let time = 0; time < times; time++) {
      await new Promise<void>((resolve) => this.#tellAnswered.push(resolve));
    }
  }

  async #repeat(
    step: (connection: Connection) => Promise<void> | ((connection: Connection) => Promise<void>),
  ): Promise<void> {
    const connection = new Connection(this.url);
    while (!this.#ended) {
      const sending = step(connection);
      await (typeof sending === 'function' ? sending(connection) : sending);
      for (const tell of this.#tellAnswered.splice(0)) tell();
      await sleep(between(this.random, 0, 8));
    }
    connection.close();
  }

  #batch(size: number, make: () => Event): (connection: Connection) => Promise<void> {
    const events = Array.from({ length: size }, make);
    return async (connection) => {
      const { tries, rejected } = this.acknowledged;
      const { body } = await connection.deliver<BatchAnswer>('/v1/events', events, tries);
      const { accepted, duplicates, pending } = body;
      rejected.push(...body.rejected.map(({ index, code }) => `${events[index]?.id}: ${code}`));
      if (accepted + duplicates + pending + body.rejected.length !== events.length)
        rejected.push(`${events.length} sent, ${JSON.stringify(body)}`);
      for (const event of events) this.acknowledged.note(event);
    };
  }

  async #optOut(connection: Connection): Promise<void> {
    const { type, ...request } = this.#stop();
    const { body } = await connection.deliver<{ state: string }>(
      '/v1/opt-outs',
      request,
      this.acknowledged.tries,
    );
    if (body.state === 'quarantined') this.acknowledged.rejected.push(`${request.id}: quarantined`);
    this.acknowledged.note({ ...request, type } as Event);
  }

  /** A mailbox provider's button, pressed twice now and then. */
  async #press(connection: Connection): Promise<void> {
    const message = { id: `l-${this.#id()}`, subscriber: `p-${this.#id()}`, stream: 'promotions' } as const;
    const path = await linkTo(connection, message, this.acknowledged.tries);
    for (let press = this.random() < 0.2 ? 2 : 1; press > 0; press--)
      await connection.deliver(path, oneClick.body, this.acknowledged.tries, oneClick.headers);
    this.acknowledged.links.add(message.id);
  }

  async #profile(connection: Connection): Promise<void> {
    const id = this.#person();
    const revision = (this.acknowledged.profiles.get(id) ?? 0) + 1;
    const profile = {
      id,
      email: `${id}.${revision}@example.com`,
      jurisdiction: 'US',
      attributes: { revision },
    };
    await connection.deliver('/v1/subscribers', [profile], this.acknowledged.tries);
    this.acknowledged.profiles.set(id, revision);
  }

  #engagement(): Event {
    const type = oneOf(this.random, [
      'delivered',
      'delivered',
      'delivered',
      'opened',
      'clicked',
      'bounced',
    ] as const);
    const id = this.#id();
    const earlier = this.#messages.at(-between(this.random, 1, 200));
    if (type === 'delivered' || earlier === undefined) {
      const stream = oneOf(this.random, Object.keys(streams) as StreamName[]);
      const message = { id: `m-${id}`, subscriber: this.#person(), stream };
      this.#messages.push(message);
      return { id, type: 'delivered', ...this.#about(message) };
    }
    const metadata = this.random() < 0.2 ? { user_agent: 'GoogleImageProxy' } : { user_agent: 'Mozilla/5.0' };
    return { id, type, ...this.#about(earlier), metadata, ...(type === 'bounced' ? { bounce: 'soft' } : {}) };
  }

  /** Anything that changes permissions. */
  #decision(): Event {
    const kind = between(this.random, 0, 10);
    const base = this.#stop();
    if (kind < 5) return base;
    if (kind < 6) return { ...base, type: 'complained', trigger: 'complaint' };
    if (kind < 7) return { ...base, type: 'paused' };
    if (kind < 8) return { ...base, type: 'bounced', bounce: 'hard', trigger: 'hard_bounce' };
    return {
      ...base,
      type: 'opted_in',
      basis: 'double_opt_in',
      evidence: `form ${base.id}`,
      made_by: 'person',
    };
  }

  #stop(): Event {
    const message = this.#messages.at(-between(this.random, 1, 300));
    const id = this.#id();
    if (message === undefined || this.random() < 0.3) {
      const stream = oneOf(this.random, Object.keys(streams) as StreamName[]);
      return { id, type: 'opted_out', subscriber: this.#person(), ...streams[stream] };
    }
    return { id, type: 'opted_out', ...this.#about(message) };
  }

  #about(message: { id: string; subscriber: string; stream: StreamName }) {
    const { id, subscriber, stream } = message;
    return {
      subscriber,
      ...streams[stream],
      campaign: `c-${id.length % 3}`,
      message_type: 'offer',
      message_id: id,
    };
  }

  #person(): string {
    if (this.random() < 0.2) this.#people += 1;
    // Mostly the newest: the first messages about a person come from several sides at once.
    const back = this.random() < 0.6 ? between(this.random, 0, 4) : between(this.random, 0, this.#people);
    return `u-${this.#people - back}`;
  }

  #id(): string {
    this.#ids += 1;
    return `e-${this.#ids}`;
  }
}
