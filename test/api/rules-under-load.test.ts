import { setTimeout as sleep } from 'node:timers/promises';
import { Ruleset } from '@secateur/backend/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';
import { Random } from '../support/random.js';

const seed = Number(process.env.SECATEUR_SEED);
const random = new Random(seed);
const writers = 8;
const batch = 8;
const rounds = 3;
/** Decisions that are let in around each change, so that each is made while some are under way. */
const perChange = 63;
const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };
const stream = 'channel=email;category=promotions;origin=shop';

let app: RunningApp;
const api = new Calls(() => app);

/** One version a scope, so that what stopped says by itself which one decided. */
const scopes = {
  category: 'category=promotions',
  channel: 'class=commercial;channel=email',
  origin: 'origin=shop',
  all_marketing: 'class=commercial',
} as const;
type Kind = keyof typeof scopes;
const kinds = Object.keys(scopes) as Kind[];
const ids = new Map<Kind, string>();
const idOf = (kind: Kind | undefined): string => (kind === undefined ? 'default' : (ids.get(kind) ?? ''));

/** What was in force, by version and arm, from one change to the next. */
interface Epoch {
  versions: readonly string[];
  sentAt: number;
  answeredAt: number;
}
interface Asked {
  event: string;
  sentAt: number;
  answeredAt: number;
}
interface Stored {
  event_id: string;
  ruleset: string;
  rule: string;
  tag: string;
  rollout: string;
  effective: string[];
  whole: string;
}

const request = (id: string) => ({
  id,
  subscriber: id,
  email: `${id}@people.example`,
  ...promotions,
  trigger: 'link_unsubscribe',
});

async function step(kind: Kind, what: string, body: object = { why: 'a test' }): Promise<unknown> {
  const answer = await api.post(`/v1/rulesets/${idOf(kind)}/${what}`, body);
  expect(answer, `${what} ${kind}`).toMatchObject({ status: 200 });
  return answer.body;
}

/** What was rolled back needs this again. */
async function approve(kind: Kind): Promise<void> {
  expect(await step(kind, 'check', {})).toMatchObject({ passed: true });
  await step(kind, 'approve');
}

const stored = (): Promise<Stored[]> =>
  app.engine.rows<Stored>(
    'test: decisions',
    `SELECT event_id, toString(ruleset) AS ruleset, rule, tag, rollout, effective, toJSONString(tuple(*)) AS whole
     FROM decisions ORDER BY seq`,
  );

/** Opt-outs by many at once, one by one and in batches in turn, and never more than were let in. */
class Crowd {
  readonly asked: Asked[] = [];
  #letIn = 0;
  #sent = 0;
  #isOver = false;

  async write(writer: number): Promise<void> {
    for (let round = 0; !this.#isOver || this.#sent < this.#letIn; round++) {
      const size = Math.min((round + writer) % 2 === 0 ? 1 : batch, this.#letIn - this.#sent);
      if (size === 0) {
        await sleep(2);
        continue;
      }
      this.#sent += size;
      const requests = Array.from({ length: size }, (_, index) =>
        request(`load-${writer}-${round}-${index}`),
      );
      const sentAt = performance.now();
      if (size === 1) await api.optOut(requests[0] ?? {});
      else await api.events(...requests.map((one) => ({ type: 'opted_out', ...one })));
      const answeredAt = performance.now();
      this.asked.push(...requests.map(({ id }) => ({ event: id, sentAt, answeredAt })));
    }
  }

  /** Lets some in and returns when half of them are answered, while the others are sent. */
  async letIn(count: number): Promise<void> {
    this.#letIn += count;
    while (this.asked.length < this.#letIn - count / 2 && !this.#isOver) await sleep(1);
  }

  close(): void {
    this.#isOver = true;
  }
}

/** Changes what is in force, and keeps its own account of what that is: a stack, and a rollout beside it. */
class Publisher {
  readonly epochs: Epoch[] = [{ versions: [`${idOf(undefined)}/`], sentAt: 0, answeredAt: 0 }];
  #stack: Kind[] = [];
  #rollout: Kind | null = null;

  constructor(private readonly crowd: Crowd) {}

  get inForce(): Kind | undefined {
    return this.#stack.at(-1);
  }

  pick(...but: readonly Kind[]): Kind {
    return random.pick(kinds.filter((kind) => kind !== this.inForce && !but.includes(kind)));
  }

  publish(kind: Kind, percent = 100): Promise<void> {
    return this.#change(kind, 'publish', { percent, why: 'a test' }, () => {
      this.#rollout = percent === 100 ? null : kind;
      if (percent === 100) this.#stack = [...this.#stack.filter((one) => one !== kind), kind];
    });
  }

  rollBack(kind: Kind): Promise<void> {
    return this.#change(kind, 'rollback', { why: 'a test' }, () => {
      if (this.#rollout === kind) this.#rollout = null;
      this.#stack = this.#stack.filter((one) => one !== kind);
    });
  }

  async #change(kind: Kind, what: string, body: object, becomes: () => void): Promise<void> {
    await this.crowd.letIn(perChange);
    const sentAt = performance.now();
    await step(kind, what, body);
    const answeredAt = performance.now();
    becomes();
    const base = idOf(this.inForce);
    const versions = this.#rollout === null ? [`${base}/`] : [`${base}/old`, `${idOf(this.#rollout)}/new`];
    this.epochs.push({ versions, sentAt, answeredAt });
  }
}

beforeAll(async () => {
  app = await startApp({ markets: ['US'] });
  await api.stream('promotions', promotions);
  for (const kind of kinds) {
    const when = { combinator: 'and', rules: [] };
    // biome-ignore lint/suspicious/noThenProperty: the word of the product; rules are data and never awaited
    const rule = { id: kind, name: kind, priority: 1, when, then: { scope: { kind }, tag: `v-${kind}` } };
    const { body } = await api.post('/v1/rulesets', { rules: [rule] });
    ids.set(kind, Ruleset.parse(body).id);
    await approve(kind);
  }
}, 300_000);
afterAll(() => app.stop());

test('while versions are published and rolled back every decision belongs to exactly one, and no past one changes', async () => {
  const crowd = new Crowd();
  const publisher = new Publisher(crowd);
  const snapshots: { rows: Stored[]; answered: Asked[] }[] = [];
  const snapshot = async () => {
    const answered = [...crowd.asked];
    snapshots.push({ rows: await stored(), answered });
  };
  let rolledBack: Kind | undefined;
  const govern = async (): Promise<void> => {
    for (let round = 1; round <= rounds; round++) {
      await publisher.publish(publisher.pick());
      const grown = publisher.pick();
      await publisher.publish(grown, 20 + random.below(60));
      await publisher.publish(grown);
      const tried = publisher.pick();
      await publisher.publish(tried, 30);
      await publisher.rollBack(tried);
      await snapshot();
      const withdrawn = publisher.pick(tried);
      await publisher.publish(withdrawn);
      await publisher.rollBack(withdrawn);
      rolledBack = withdrawn;
      expect(publisher.inForce).toBe(grown);
      await crowd.letIn(perChange);
      if (round < rounds) await Promise.all([approve(tried), approve(withdrawn)]);
    }
  };
  const writing = Array.from({ length: writers }, (_, writer) => crowd.write(writer));
  await Promise.all([govern().finally(() => crowd.close()), ...writing]);

  const { asked } = crowd;
  const { epochs } = publisher;
  const rows = await stored();
  const byEvent = new Map(rows.map((row) => [row.event_id, row]));
  expect(byEvent.size).toBe(rows.length);
  expect(rows).toHaveLength(asked.length);
  const used = new Set<string>();
  let certain = 0;
  for (const { event, sentAt, answeredAt } of asked) {
    const row = byEvent.get(event);
    if (row === undefined) throw new Error(`${event} has no decision`);
    // In force from when it may have begun to when it may have ended: the sending and the answer of either change.
    const possible = epochs.filter(
      ({ sentAt: from }, index) =>
        from <= answeredAt && (epochs[index + 1]?.answeredAt ?? Infinity) >= sentAt,
    );
    if (possible.length === 1) certain += 1;
    expect(
      possible.flatMap(({ versions }) => versions),
      event,
    ).toContain(`${row.ruleset}/${row.rollout}`);
    const kind = kinds.find((one) => ids.get(one) === row.ruleset);
    const expected = kind === undefined ? ['', '', [stream]] : [kind, `v-${kind}`, [stream, scopes[kind]]];
    expect([row.rule, row.tag, row.effective], event).toEqual(expected);
    used.add(row.ruleset);
  }
  let compared = 0;
  for (const { rows: past, answered } of snapshots) {
    const had = new Set(past.map(({ event_id }) => event_id));
    expect(answered.filter(({ event }) => !had.has(event))).toEqual([]);
    for (const { event_id, whole } of past) {
      expect(byEvent.get(event_id)?.whole, event_id).toBe(whole);
      compared += 1;
    }
  }
  const arms = rows.filter(({ rollout }) => rollout !== '');
  const fresh = arms.filter(({ rollout }) => rollout === 'new').length;
  console.log(
    `seed ${seed}: ${rows.length} decisions by ${writers} writers, ${epochs.length - 1} changes of what is in force ` +
      `(${2 * rounds} of them rolled back), ${used.size} versions used; ${certain} decisions could be of one epoch alone; ` +
      `${fresh} of ${arms.length} in the new arm; ${compared} past decisions unchanged`,
  );
  expect(rows).toHaveLength(rounds * 8 * perChange);
  // A random pick may leave one of the four out, never two.
  expect([...used].filter((id) => id !== 'default').length).toBeGreaterThanOrEqual(3);
  expect(certain).toBeGreaterThan(100);
  expect(fresh).toBeGreaterThan(0);
  expect(fresh).toBeLessThan(arms.length);
  expect(compared).toBeGreaterThan(rows.length / 2);

  // After the last change, which rolled a version back.
  const restored = publisher.inForce;
  const next = await api.optOut(request('next'));
  expect(next).toMatchObject({ ruleset: idOf(restored), rule: restored });
  const stateOf = async (id: string) => Ruleset.parse((await api.get(`/v1/rulesets/${id}`)).body).state;
  expect(await stateOf(idOf(restored))).toBe('published');
  expect(await stateOf(idOf(rolledBack))).toBe('rolled_back');
}, 180_000);
