import { EngineAwayError } from '@secateur/sql';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls, minutesAgo, nextOf } from '../support/calls.js';

const email = (category: string) => ({ channel: 'email', category, origin: 'shop' });
const promotions = email('promotions');
const newsletter = email('newsletter');
const updates = email('product_updates');
const receipts = email('receipts');
const texts = { channel: 'sms', category: 'promotions', origin: 'shop' };
const places = [promotions, newsletter, updates, receipts, texts];
const proof = { basis: 'explicit_consent', evidence: 'form 7, confirmed by click' };

let app: RunningApp;
const call = new Calls(() => app);
/** Everybody whom a test made, to compare the doors with one another at the end. */
const subscribers: string[] = [];

/** A new subscriber with an address and a number of their own, unless the test says otherwise. */
async function somebody(profile: object = {}): Promise<string> {
  const id = `u-${subscribers.length}`;
  subscribers.push(id);
  const phone = `+1202555${String(1000 + subscribers.length)}`;
  await call.profiles({ id, email: `${id}@example.com`, phone, jurisdiction: 'US', ...profile });
  return id;
}

beforeAll(async () => {
  app = await startApp();
  await call.stream('promotions', promotions);
  await call.stream('newsletter', newsletter);
  await call.stream('updates', updates, { class: 'informational' });
  await call.stream('receipts', receipts, { class: 'essential', legal_basis: 'contract' });
  await call.stream('texts', texts);
});
afterAll(() => app.stop());

describe('what decides', () => {
  test('a narrow opt-in lifts a wide opt-out for its own stream and no other', async () => {
    const id = await somebody();
    await call.optOut({ subscriber: id, channel: 'email', asked: 'all', occurred_at: minutesAgo(9) });
    await call.optIn({ subscriber: id, ...newsletter, ...proof, occurred_at: minutesAgo(5) });
    expect(await call.check(newsletter, id)).toMatchObject({ allowed: true, reason: 'opt_in' });
    expect(await call.check(promotions, id)).toMatchObject({ allowed: false, reason: 'opt_out' });
    expect(await call.check(updates, id)).toMatchObject({ allowed: false, reason: 'opt_out' });
  });

  test('an opt-out that came late but happened later than an opt-in wins, and an older one does not', async () => {
    const [later, older] = [await somebody(), await somebody()];
    for (const [id, minutes] of [
      [later, 5],
      [older, 20],
    ] as const) {
      await call.optIn({ subscriber: id, ...promotions, ...proof, occurred_at: minutesAgo(10) });
      await call.optOut({ subscriber: id, ...promotions, occurred_at: minutesAgo(minutes) });
    }
    expect(await call.check(promotions, later)).toMatchObject({ allowed: false, reason: 'opt_out' });
    expect(await call.check(promotions, older)).toMatchObject({ allowed: true, reason: 'opt_in' });
  });

  test('a soft opt-in never lifts a complaint; fresh explicit consent does, for its stream', async () => {
    const id = await somebody();
    await call.events({
      id: `c-${id}`,
      type: 'complained',
      subscriber: id,
      ...promotions,
      occurred_at: minutesAgo(9),
    });
    await call.optIn({
      subscriber: id,
      ...promotions,
      basis: 'soft_opt_in',
      evidence: 'order 5',
      occurred_at: minutesAgo(7),
    });
    expect(await call.check(promotions, id)).toMatchObject({ allowed: false, reason: 'opt_out' });
    await call.optIn({ subscriber: id, ...promotions, ...proof, occurred_at: minutesAgo(5) });
    expect(await call.check(promotions, id)).toMatchObject({ allowed: true, reason: 'opt_in' });
    expect(await call.check(newsletter, id)).toMatchObject({ allowed: false, reason: 'opt_out' });
  });

  test.each([
    ['an import', { made_by: 'import', ...proof }],
    ['an administrator', { made_by: 'admin', ...proof }],
    ['an agent', { made_by: 'agent', ...proof }],
    ['a sender without evidence', { basis: 'explicit_consent' }],
    ['a sender with blank evidence', { basis: 'explicit_consent', evidence: '  ' }],
  ])('%s resubscribes nobody', async (_, claim) => {
    const id = await somebody();
    await call.optOut({ subscriber: id, ...promotions, occurred_at: minutesAgo(9) });
    const decision = await call.optIn({
      subscriber: id,
      ...promotions,
      ...claim,
      occurred_at: minutesAgo(5),
    });
    expect(decision.flags).toContain('opt_in_without_evidence');
    expect(await call.check(promotions, id)).toMatchObject({ allowed: false, reason: 'opt_out' });
  });

  test('a pause denies until its end, and not a moment longer', async () => {
    const [paused, resumed] = [await somebody(), await somebody()];
    const pause = { type: 'paused', ...promotions, occurred_at: minutesAgo(60) };
    await call.events(
      { ...pause, id: 'p-1', subscriber: paused, until: minutesAgo(-60) },
      { ...pause, id: 'p-2', subscriber: resumed, until: minutesAgo(1) },
    );
    expect(await call.check(promotions, paused)).toMatchObject({ allowed: false, reason: 'pause' });
    expect(await call.check(newsletter, paused)).toMatchObject({ allowed: true });
    expect(await call.check(promotions, resumed)).toMatchObject({ allowed: true, reason: 'regime_opt_out' });
  });

  test('a cap travels with the answer and decides nothing', async () => {
    const id = await somebody();
    await call.events({
      id: 'cap-1',
      type: 'capped',
      subscriber: id,
      ...promotions,
      cap: { n: 2, per: 'week' },
    });
    expect(await call.check(promotions, id)).toMatchObject({ allowed: true, cap: { n: 2, per: 'week' } });
    expect(await call.check(newsletter, id)).not.toHaveProperty('cap');
    await call.optOut({ subscriber: id, ...promotions });
    expect(await call.check(promotions, id)).toMatchObject({ allowed: false, cap: { n: 2, per: 'week' } });
  });

  test('a hard bounce holds the address for every stream on it, and no other channel', async () => {
    const id = await somebody();
    await call.events({ id: 'b-1', type: 'bounced', bounce: 'hard', subscriber: id, ...promotions });
    for (const place of [promotions, newsletter, receipts]) {
      expect(await call.check(place, id)).toMatchObject({ allowed: false, reason: 'hold' });
    }
    expect(await call.check(texts, id)).toMatchObject({ allowed: true });
    await call.profiles({ id, email: 'a-new-address@example.com' });
    expect(await call.check(promotions, id)).toMatchObject({ allowed: true });
  });

  test('a soft bounce denies nothing', async () => {
    const id = await somebody();
    await call.events({ id: 'b-2', type: 'bounced', bounce: 'soft', subscriber: id, ...promotions });
    expect(await call.check(promotions, id)).toMatchObject({ allowed: true });
  });

  test('re-classing a stream by PUT re-opens nobody', async () => {
    const deals = email('deals');
    await call.stream('deals', deals);
    const id = await somebody();
    await call.optOut({
      subscriber: id,
      channel: 'email',
      asked: [{ class: 'commercial', channel: 'email' }],
    });
    expect(await call.check(updates, id)).toMatchObject({ allowed: true });
    await call.stream('deals', deals, { class: 'informational' });
    expect(await call.check(deals, id)).toMatchObject({ allowed: false, reason: 'opt_out' });
    await call.stream('deals', deals, { class: 'informational', brand: 'another' });
    expect(await call.check(deals, id)).toMatchObject({ allowed: false, reason: 'opt_out' });
  });

  test('a child stream inherits what was said about its parent, and not the other way round', async () => {
    const [left, leftChild] = [await somebody(), await somebody()];
    await call.stream('offers', email('offers'));
    await call.optOut({ subscriber: left, ...email('offers') });
    await call.stream('flash', email('flash'), { parent: 'offers' });
    await call.optOut({ subscriber: leftChild, ...email('flash') });
    expect(await call.check(email('flash'), left)).toMatchObject({ allowed: false, reason: 'opt_out' });
    expect(await call.check(email('offers'), leftChild)).toMatchObject({ allowed: true });
  });

  test('a stream that nobody registered is judged as advertising, and asking registers nothing', async () => {
    const [id, other] = [await somebody(), await somebody()];
    const unknown = email('never-seen');
    await call.optOut({
      subscriber: id,
      channel: 'email',
      asked: [{ class: 'commercial', channel: 'email' }],
    });
    expect(await call.check(unknown, id)).toMatchObject({ allowed: false, reason: 'opt_out' });
    expect(await call.check({ ...unknown, channel: 'push' }, other)).toMatchObject({
      reason: 'regime_opt_in',
    });
    const { body } = await call.get('/v1/streams');
    expect(JSON.stringify(body)).not.toContain('never-seen');
  });

  test('essential mail survives "everything", and ends only by its name', async () => {
    const id = await somebody();
    await call.optOut({ subscriber: id, channel: 'email', asked: 'everything' });
    for (const place of [promotions, newsletter, updates, texts]) {
      expect(await call.check(place, id)).toMatchObject({ allowed: false, reason: 'opt_out' });
    }
    expect(await call.check(receipts, id)).toMatchObject({ allowed: true });
    await call.optOut({ subscriber: id, channel: 'email', asked: [{ class: 'essential', ...receipts }] });
    expect(await call.check(receipts, id)).toMatchObject({ allowed: false, reason: 'opt_out' });
  });

  test('an e-mail opt-out binds the address: another subscriber who has it is not mailed either', async () => {
    const shared = { email: 'shared@example.com' };
    const [first, second] = [await somebody(shared), await somebody({ email: ' Shared@Example.com'.trim() })];
    await call.optOut({ subscriber: first, ...promotions, occurred_at: minutesAgo(9) });
    expect(await call.check(promotions, second)).toMatchObject({ allowed: false, reason: 'opt_out' });
    expect(await call.check(newsletter, second)).toMatchObject({ allowed: true });
    await call.optIn({ subscriber: first, ...promotions, ...proof, occurred_at: minutesAgo(5) });
    expect(await call.check(promotions, first)).toMatchObject({ allowed: true, reason: 'opt_in' });
    // Consent counts for the one who gave it.
    expect(await call.check(promotions, second)).toMatchObject({ allowed: false, reason: 'opt_out' });
  });

  test('an audience or a campaign that was left stops that part of a stream and not the rest', async () => {
    const id = await somebody();
    await call.optOut({ subscriber: id, ...promotions, asked: [{ channel: 'email', audience: 'lapsed' }] });
    expect(await call.check({ ...promotions, audience: 'lapsed' }, id)).toMatchObject({ allowed: false });
    expect(await call.check({ ...promotions, audience: 'vip' }, id)).toMatchObject({ allowed: true });
    expect(await call.check(promotions, id)).toMatchObject({ allowed: true });
  });
});

describe('GET /v1/permissions/:subscriber', () => {
  test('shows every stream with its reason, and the ledger behind it', async () => {
    const id = await somebody();
    const decision = await call.optOut({ subscriber: id, ...promotions });
    const { body } = await call.get(`/v1/permissions/${id}`);
    const { streams, statements } = body as { streams: { stream: string }[]; statements: object[] };
    expect(streams.find(({ stream }) => stream === 'promotions')).toMatchObject({
      allowed: false,
      reason: 'opt_out',
    });
    expect(streams.find(({ stream }) => stream === 'newsletter')).toMatchObject({ allowed: true });
    const line = {
      selector: 'channel=email;category=promotions;origin=shop',
      effect: 'opt_out',
      decision: decision.id,
      live: true,
    };
    // The request names the person alone: their address is bound, and they are, whatever their address becomes.
    expect(statements).toHaveLength(2);
    for (const binds of ['identifier', 'person'])
      expect(statements).toContainEqual(expect.objectContaining({ ...line, binds }));
  });

  test('answers 404 for nobody, and 403 to a key that may not ask', async () => {
    expect(await call.get('/v1/permissions/nobody')).toMatchObject({ status: 404 });
    const ingest = await call.key('ingest');
    expect(await call.get('/v1/permissions/u-0', ingest)).toMatchObject({ status: 403 });
  });
});

describe('GET /v1/permissions/changes', () => {
  test('tells each decision once, in order, with who, what stopped and the lines written', async () => {
    const start = (await call.changes('0')).next;
    const id = await somebody();
    const out = await call.optOut({ subscriber: id, ...promotions });
    await call.events({
      id: 'b-3',
      type: 'bounced',
      bounce: 'hard',
      subscriber: id,
      ...promotions,
      occurred_at: minutesAgo(9),
    });
    await call.optIn({ subscriber: id, ...newsletter, ...proof, basis: 'double_opt_in' });
    const { changes, next } = await call.changes(start);
    expect(changes.map(({ type }) => type)).toEqual(['opted_out', 'bounced', 'opted_in']);
    expect(changes[0]).toMatchObject({
      seq: out.seq,
      decision: out.id,
      subscriber: id,
      channel: 'email',
      effective: ['channel=email;category=promotions;origin=shop'],
      streams_stopped: ['promotions'],
      statements: [
        { binds: 'identifier', effect: 'opt_out', expires_at: null },
        { binds: 'person', effect: 'opt_out', expires_at: null },
      ],
      voids: [],
    });
    expect(changes[1]).toMatchObject({ statements: [{ selector: '*', effect: 'hold' }] });
    // A double opt-in is answered from the address, so the hold is taken back.
    expect(changes[2]).toMatchObject({ voids: [changes[1]?.decision] });
    expect(next).toBe(changes[2]?.seq);
    expect(await call.changes(next)).toEqual({ changes: [], next });
    expect(await call.check(promotions, id)).toMatchObject({ allowed: false, reason: 'opt_out' });
  });

  test('names no subscriber where only an address is known, but says which line binds it', async () => {
    const start = (await call.changes('0')).next;
    await call.optOut({ email: 'stranger@example.com', ...promotions });
    const { changes } = await call.changes(start);
    expect(changes).toMatchObject([{ subscriber: null, person: null }]);
    expect(new Set(changes[0]?.statements.map(({ binds }) => binds))).toEqual(new Set(['identifier']));
  });

  test('a reader that follows eight writers misses nothing and reads nothing twice', async () => {
    const start = (await call.changes('0')).next;
    const acknowledged: string[] = [];
    let writing = true;
    const writer = async (number: number) => {
      for (let index = 0; index < 6; index++) {
        const request = { email: `w${number}-${index}@example.com`, ...promotions };
        acknowledged.push((await call.optOut(request)).id);
      }
    };
    const seen: { seq: string; decision: string }[] = [];
    const reader = async () => {
      let since = start;
      for (;;) {
        const wasWriting = writing;
        const page = await call.changes(since, 7);
        seen.push(...page.changes);
        since = page.next;
        if (page.changes.length === 0 && !wasWriting) return;
      }
    };
    const reading = reader();
    await Promise.all(Array.from({ length: 8 }, (_, number) => writer(number)));
    writing = false;
    await reading;
    expect(seen.map(({ decision }) => decision).sort()).toEqual(acknowledged.sort());
    const order = seen.map(({ seq }) => Number(seq));
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  test('tells nothing of an insert that is not at its end: its other parts may hold lower numbers', async () => {
    const { next } = await call.changes('0');
    await call.optOut({ email: 'in-hand@example.com', ...promotions });
    const order: string[] = [];
    const insert = app.engine.command('SELECT sleep(1) FORMAT Null').then(() => order.push('insert'));
    const told = call.changes(next).then(({ changes }) => order.push(`told ${changes.length}`));
    await Promise.all([insert, told]);
    expect(order).toEqual(['insert', 'told 1']);
  });

  test('what was accepted while the engine was away follows in order once it is back', async () => {
    const start = (await call.changes('0')).next;
    const [before, first, second] = [await somebody(), await somebody(), await somebody()];
    await call.optOut({ id: 'away-0', subscriber: before, ...promotions });
    const away = new EngineAwayError('insert', null, 'a test took it away');
    const insert = vi.spyOn(app.engine, 'insert').mockRejectedValue(away);
    const ping = vi.spyOn(app.engine, 'ping').mockRejectedValue(away);
    for (const [id, subscriber] of [
      ['away-1', first],
      ['away-2', second],
    ] as const) {
      expect(await call.post('/v1/opt-outs', { id, subscriber, ...promotions })).toMatchObject({
        status: 202,
      });
    }
    expect(await call.check(promotions, first)).toMatchObject({ allowed: false, reason: 'pending' });
    expect((await call.changes(start)).changes).toHaveLength(1);
    insert.mockRestore();
    ping.mockRestore();
    await vi.waitFor(async () => expect((await call.changes(start)).changes).toHaveLength(3), 10_000);
    const { changes } = await call.changes(start);
    expect(changes.map(({ subscriber }) => subscriber)).toEqual([before, first, second]);
    expect(await call.check(promotions, first)).toMatchObject({ allowed: false, reason: 'opt_out' });
  });

  test.each(['abc', '-1', '1.5', '9999999999999999', '1e3'])(
    'refuses the cursor %s by name',
    async (since) => {
      const { status, body } = await call.get(`/v1/permissions/changes?since=${since}`);
      expect({ status, body }).toMatchObject({ status: 400, body: { errors: [{ field: 'since' }] } });
    },
  );

  test('is open to senders and readers only', async () => {
    expect(await call.get('/v1/permissions/changes', await call.key('send'))).toMatchObject({ status: 200 });
    expect(await call.get('/v1/permissions/changes', await call.key('read'))).toMatchObject({ status: 200 });
    expect(await call.get('/v1/permissions/changes', await call.key('ingest'))).toMatchObject({
      status: 403,
    });
  });
});

describe('GET /v1/suppressions', () => {
  const of = (category: string) =>
    `selector=${encodeURIComponent(`channel=email;category=${category};origin=shop`)}`;

  test('lists what stands: not what was lifted, has expired or was taken back', async () => {
    const [left, returned, pausedOnce] = [await somebody(), await somebody(), await somebody()];
    await call.optOut({ subscriber: left, ...promotions, occurred_at: minutesAgo(9) });
    await call.optOut({ subscriber: returned, ...promotions, occurred_at: minutesAgo(9) });
    await call.optIn({ subscriber: returned, ...promotions, ...proof, occurred_at: minutesAgo(5) });
    const pause = { type: 'paused', ...promotions, occurred_at: minutesAgo(60), until: minutesAgo(1) };
    await call.events({ ...pause, id: 'p-3', subscriber: pausedOnce });
    const rows = await call.suppressions(of('promotions'));
    const lines = rows.filter(({ subscriber }) => subscriber === left);
    expect(lines.map(({ binds }) => binds).sort()).toEqual(['identifier', 'person']);
    for (const line of lines) {
      expect(line).toMatchObject({
        selector: 'channel=email;category=promotions;origin=shop',
        effect: 'opt_out',
        strength: 'plain',
        expires_at: null,
      });
    }
    expect(rows.filter(({ subscriber }) => subscriber === returned || subscriber === pausedOnce)).toEqual([]);
    const elsewhere = await call.suppressions(of('newsletter'));
    expect(elsewhere.filter(({ subscriber }) => subscriber === left)).toEqual([]);
  });

  test('a wide opt-out stands beside the narrow opt-in that lifts a part of it', async () => {
    const id = await somebody();
    await call.optOut({ subscriber: id, channel: 'email', asked: 'all', occurred_at: minutesAgo(9) });
    await call.optIn({ subscriber: id, ...newsletter, ...proof, occurred_at: minutesAgo(5) });
    const mine = async (query: string) =>
      (await call.suppressions(query))
        .filter(({ subscriber }) => subscriber === id)
        .map(({ selector }) => selector);
    expect(await mine('channel=email')).toContain('channel=email');
    expect(await mine(of('promotions'))).toContain('channel=email');
    expect(await mine(of('newsletter'))).toEqual([]);
    expect(await mine('channel=sms')).toEqual([]);
  });

  test('an address that two subscribers share has a line for each, one that nobody has a line for whoever gets it', async () => {
    const shared = { email: 'two@example.com' };
    const [first, second] = [await somebody(shared), await somebody(shared)];
    await call.optOut({ subscriber: first, ...shared, ...promotions });
    await call.optOut({ email: 'nobody-yet@example.com', ...promotions, reason: 'unknown address' });
    const rows = await call.suppressions(of('promotions'));
    const both = rows.filter(({ subscriber }) => subscriber === first || subscriber === second);
    expect(new Set(both.map(({ subscriber }) => subscriber))).toEqual(new Set([first, second]));
    expect(new Set(both.map(({ statement_id }) => statement_id)).size).toBe(1);
    expect(rows.some(({ person }) => person === null)).toBe(true);
  });

  test.each([...places, email('never-seen')])(
    'agrees with the send check for $channel $category',
    async (place) => {
      const selector = `channel=${place.channel};category=${place.category};origin=${place.origin}`;
      // A line about one audience or campaign keeps only that part of the stream back.
      const rows = (await call.suppressions(`selector=${encodeURIComponent(selector)}`)).filter(
        (row) => !/audience=|campaign=/.test(row.selector),
      );
      const denied = (await call.checks(place, subscribers)).filter(({ reason }) =>
        /^(opt_out|pause|hold)$/.test(reason),
      );
      const listed = new Set(rows.flatMap(({ subscriber }) => subscriber ?? []));
      expect([...listed].filter((id) => subscribers.includes(id)).sort()).toEqual(
        denied.map(({ subscriber }) => subscriber).sort(),
      );
      for (const { subscriber, statement_id } of denied) {
        const lines = rows.filter((row) => row.subscriber === subscriber).map((row) => row.statement_id);
        expect(lines, subscriber).toContain(statement_id);
      }
    },
  );

  test('pages neither skip nor repeat while the table grows', async () => {
    const whole = await call.suppressions('limit=10000');
    const seen: string[] = [];
    let path: string | undefined = '/v1/suppressions?limit=15';
    while (path !== undefined) {
      const { headers, body } = await call.get(path);
      for (const line of String(body).split('\n')) {
        if (line === '') continue;
        const { statement_id, person } = JSON.parse(line) as { statement_id: string; person: string | null };
        seen.push(`${statement_id} ${person}`);
      }
      await call.optOut({ email: `grows-${seen.length}@example.com`, ...promotions });
      path = nextOf(headers);
    }
    expect(new Set(seen).size).toBe(seen.length);
    for (const { statement_id, person } of whole) expect(seen).toContain(`${statement_id} ${person}`);
  });

  test('shows addresses only to the scope privacy that asks for them', async () => {
    const id = await somebody({ email: 'clear@example.com' });
    await call.optOut({ subscriber: id, ...promotions });
    const [send, privacy, read] = [await call.key('send'), await call.key('privacy'), await call.key('read')];
    expect(String((await call.get('/v1/suppressions', send)).body)).not.toContain('@example.com');
    expect(String((await call.get('/v1/suppressions', privacy)).body)).not.toContain('@example.com');
    expect(await call.get('/v1/suppressions?addresses=clear', send)).toMatchObject({ status: 403 });
    expect(await call.get('/v1/suppressions', read)).toMatchObject({ status: 403 });
    const clear = await call.get('/v1/suppressions?addresses=clear&limit=10000', privacy);
    expect(String(clear.body)).toContain('"email":"clear@example.com"');
  });

  test('writes RFC 4180, and leaves values as they are', async () => {
    const id = '=1+2, "quoted"\u00a0';
    subscribers.push(id);
    await call.profiles({ id, phone: '+12025550199', jurisdiction: 'US' });
    await call.optOut({ subscriber: id, ...texts });
    const { headers, body } = await call.get(
      '/v1/suppressions?format=csv&channel=sms&limit=10000&addresses=clear',
    );
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    const [header, ...lines] = String(body).split('\r\n');
    expect(header).toBe(
      'subject,binds,person,subscriber,selector,effect,since,strength,basis,statement_id,expires_at,email,phone',
    );
    const line = lines.find((text) => text.includes('quoted'));
    expect(line).toContain(',"=1+2, ""quoted""\u00a0",');
    expect(line).toMatch(/,,\+12025550199$/);
    expect(lines.at(-1)).toBe('');
  });

  test.each([
    ['selector=chanel%3Demail', 'selector'],
    ['selector=channel%3Demail%3Bchannel', 'selector'],
    ['selector=category%3D%25', 'selector'],
    ['selector=channel%3Demail&channel=sms', 'channel'],
    ['channel=pigeon', 'channel'],
    ['limit=0', 'limit'],
    ['after=x', 'after'],
    ['format=xml', 'format'],
    ['chanel=email', 'chanel'],
  ])('refuses %s and names the field', async (query, field) => {
    const { status, body } = await call.get(`/v1/suppressions?${query}`);
    expect({ status, body }).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });
});
