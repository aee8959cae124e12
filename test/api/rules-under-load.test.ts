import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';
import { Random } from '../support/random.js';

const seed = Number(process.env.SECATEUR_SEED);
const random = new Random(seed);
const writers = 8;
const batch = 25;
const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };

let app: RunningApp;
const api = new Calls(() => app);

/** One version a scope, so that what stopped says by itself which one decided. */
const scopes = {
  category: 'category=promotions',
  origin: 'origin=shop',
  brand: 'brand=shop',
} as const;
type Kind = keyof typeof scopes;
const kinds = Object.keys(scopes) as Kind[];
const ids = new Map<Kind, string>();

beforeAll(async () => {
  app = await startApp({ markets: ['US'] });
  await api.stream('promotions', promotions);
  for (const kind of kinds) {
    const when = { combinator: 'and', rules: [] };
    // biome-ignore lint/suspicious/noThenProperty: the word of the product; rules are data and never awaited
    const rule = { id: kind, name: kind, priority: 1, when, then: { scope: { kind }, tag: kind } };
    const { body } = await api.post('/v1/rulesets', { rules: [rule] });
    const { id } = body as { id: string };
    ids.set(kind, id);
    for (const step of ['check', 'approve'])
      expect(
        await api.post(`/v1/rulesets/${id}/${step}`, step === 'check' ? {} : { why: 'a test' }),
      ).toMatchObject({
        status: 200,
      });
  }
}, 300_000);
afterAll(() => app.stop());

/** What was in force, from the answer of one change to the sending of the next. */
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

const stored = (): Promise<Stored[]> =>
  app.engine.rows<Stored>(
    'test: decisions',
    `SELECT event_id, toString(ruleset) AS ruleset, rule, tag, rollout, effective, toJSONString(tuple(*)) AS whole
     FROM decisions ORDER BY seq`,
  );

test('while versions are published every decision belongs to exactly one, and no past one changes', async () => {
  const epochs: Epoch[] = [{ versions: ['default'], sentAt: 0, answeredAt: 0 }];
  const asked: Asked[] = [];
  const snapshots: Stored[][] = [];
  let isOver = false;

  const publish = async (kind: Kind, percent: number): Promise<void> => {
    const id = ids.get(kind) ?? '';
    const sentAt = performance.now();
    const { status, body } = await api.post(`/v1/rulesets/${id}/publish`, { percent, why: 'a test' });
    expect({ status, body }).toMatchObject({ status: 200 });
    const before = epochs.at(-1)?.versions ?? [];
    const base = before.find((one) => one !== id) ?? 'default';
    epochs.push({ versions: percent === 100 ? [id] : [base, id], sentAt, answeredAt: performance.now() });
  };
  /** One by one and in batches, in turn. */
  const write = async (writer: number): Promise<void> => {
    for (let round = 0; !isOver; round++) {
      const events = Array.from(
        { length: round % 2 === 0 ? 1 : batch },
        (_, index) => `load-${writer}-${round}-${index}`,
      );
      const requests = events.map((id) => ({
        id,
        subscriber: id,
        email: `${id}@people.example`,
        ...promotions,
        trigger: 'link_unsubscribe',
      }));
      const sentAt = performance.now();
      const { status, body } =
        events.length === 1
          ? await api.post('/v1/opt-outs', requests[0])
          : await api.post(
              '/v1/events',
              requests.map((request) => ({ type: 'opted_out', ...request })),
            );
      expect({ status, body }).toMatchObject({ status: 200 });
      const answeredAt = performance.now();
      asked.push(...events.map((event) => ({ event, sentAt, answeredAt })));
    }
  };
  const govern = async (): Promise<void> => {
    let inForce: Kind | null = null;
    for (let round = 0; round < 30; round++) {
      await sleep(40 + random.below(120));
      const kind: Kind = random.pick(kinds.filter((one) => one !== inForce));
      if (inForce !== null && random.chance(0.4)) {
        await publish(kind, 10 + random.below(80));
        // Until somebody was decided in one of its arms.
        for (const answered = asked.length + writers; asked.length < answered; ) await sleep(20);
      }
      await publish(kind, 100);
      inForce = kind;
      if (round % 10 === 4) snapshots.push(await stored());
    }
    isOver = true;
  };
  const crowd = Array.from({ length: writers }, (_, writer) => write(writer));
  await Promise.all([govern().finally(() => (isOver = true)), ...crowd]);

  const rows = await stored();
  const byEvent = new Map(rows.map((row) => [row.event_id, row]));
  expect(byEvent.size).toBe(rows.length);
  expect(rows).toHaveLength(asked.length);
  const used = new Map<string, number>();
  for (const { event, sentAt, answeredAt } of asked) {
    const row = byEvent.get(event);
    if (row === undefined) throw new Error(`${event} has no decision`);
    // In force from when it may have begun to when it may have ended: the sending and the answer of either change.
    const possible = epochs.filter(
      ({ sentAt: from }, index) =>
        from <= answeredAt && (epochs[index + 1]?.answeredAt ?? Infinity) >= sentAt,
    );
    expect(
      possible.flatMap(({ versions }) => versions),
      event,
    ).toContain(row.ruleset);
    const kind = kinds.find((one) => ids.get(one) === row.ruleset);
    const expected = kind === undefined ? [] : [scopes[kind]];
    expect([row.rule, row.tag], event).toEqual([kind ?? '', kind ?? '']);
    expect(row.effective, event).toEqual(['channel=email;category=promotions;origin=shop', ...expected]);
    used.set(row.ruleset, (used.get(row.ruleset) ?? 0) + 1);
  }
  let compared = 0;
  for (const snapshot of snapshots)
    for (const { event_id, whole } of snapshot) {
      expect(byEvent.get(event_id)?.whole, event_id).toBe(whole);
      compared += 1;
    }
  const arms = rows.filter(({ rollout }) => rollout !== '').length;
  console.log(
    `seed ${seed}: ${rows.length} decisions by ${writers} writers, ${epochs.length - 1} publications, ` +
      `${used.size} versions used, ${arms} decided while one was rolled out; ${compared} past decisions unchanged`,
  );
  expect(used.size).toBeGreaterThanOrEqual(kinds.length);
  expect(arms).toBeGreaterThan(0);
  expect(compared).toBeGreaterThan(100);
}, 120_000);

test('rolled back, the version before it decides the next one, and says so', async () => {
  const category = ids.get('category') ?? '';
  const brand = ids.get('brand') ?? '';
  for (const id of [category, brand]) {
    const { body } = await api.get(`/v1/rulesets/${id}`);
    if ((body as { state: string }).state === 'published') continue;
    expect((await api.post(`/v1/rulesets/${id}/publish`, { why: 'a test' })).status).toBe(200);
  }
  const leave = (id: string) =>
    api.optOut({
      id,
      subscriber: id,
      email: `${id}@people.example`,
      ...promotions,
      trigger: 'link_unsubscribe',
    });
  expect(await leave('before')).toMatchObject({ ruleset: brand, rule: 'brand' });
  expect((await api.post(`/v1/rulesets/${brand}/rollback`, { why: 'a test' })).status).toBe(200);
  expect(await leave('after')).toMatchObject({ ruleset: category, rule: 'category' });
});
