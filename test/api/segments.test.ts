import { randomUUID } from 'node:crypto';
import { SweepsService } from '@secateur/backend/app';
import {
  ConditionCatalogue,
  MembershipLag,
  SegmentMembers,
  SegmentSizes,
  SegmentVersion,
} from '@secateur/backend/contract';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls } from '../support/calls.js';
import { all, leaf, none, SegmentCalls } from '../support/segment-calls.js';

const email = (category: string) => ({ channel: 'email', category, origin: 'shop' });
const day = 86_400_000;

describe('segments, over HTTP', () => {
  let app: RunningApp;
  const call = new Calls(() => app);
  const segments = new SegmentCalls(call);
  const sweeps = (): SweepsService => app.app.get(SweepsService);

  beforeAll(async () => {
    app = await startApp();
    await call.stream('offers', email('offers'));
    await call.stream('news', email('news'));
  });
  afterAll(async () => {
    await app.stop();
  });

  const archive = async (key: string): Promise<void> => {
    expect(await call.send('DELETE', `/v1/segments/${key}`)).toMatchObject({ status: 200 });
    await segments.settled(key);
  };
  /** Those that use others first. */
  afterEach(async () => {
    for (const key of (await segments.activeKeys()).reverse()) await archive(key);
  });

  test('an opt-out moves the subscriber at once, and says why', async () => {
    await call.profiles({ id: 'ada', email: 'ada@example.com', jurisdiction: 'DE' });
    await segments.define('reachable', all(leaf('permission.allowed[stream=offers]', '=', true)));
    await segments.define('left-offers', all(leaf('permission.reason[stream=offers]', '=', 'opt_out')));
    expect(await segments.keysOf('ada')).toEqual(['reachable']);
    const decision = await call.optOut({ subscriber: 'ada', ...email('offers') });
    expect(await segments.of('ada')).toMatchObject({
      pending: false,
      segments: [{ segment: 'left-offers', version: 1, why: { cause: 'decision', id: decision.id } }],
      built_in: ['country:DE', 'engagement:new'],
    });
  });

  test('an opt-in and a complaint move the subscriber at once, and only whom they are about', async () => {
    await call.profiles(
      { id: 'bob', email: 'bob@example.com', jurisdiction: 'US' },
      { id: 'eve', email: 'eve@example.com', jurisdiction: 'US' },
    );
    await segments.define('gone', all(leaf('permission.allowed[channel=email]', '=', false)));
    await segments.define('leavers', all(leaf('engagement.past_opt_outs', '>=', 2)));
    await call.events({ id: randomUUID(), type: 'complained', subscriber: 'bob', ...email('offers') });
    expect(await segments.keysOf('bob')).toEqual(['gone']);
    await call.optOut({ subscriber: 'bob', ...email('news') });
    expect(await segments.keysOf('bob')).toEqual(['gone', 'leavers']);
    await call.optIn({
      subscriber: 'bob',
      ...email('offers'),
      asked: [{ class: 'commercial', channel: 'email' }],
      basis: 'double_opt_in',
      evidence: 'form 7',
      made_by: 'person',
    });
    expect(await segments.keysOf('eve')).toEqual([]);
  });

  test('requests of one person in one group chain: each sees what the one before changed', async () => {
    await call.profiles({ id: 'fay', email: 'fay@example.com' });
    await segments.define('no-offers', all(leaf('permission.allowed[stream=offers]', '=', false)));
    const optedOut = { type: 'opted_out', subscriber: 'fay', ...email('offers') };
    const optedIn = {
      type: 'opted_in',
      subscriber: 'fay',
      ...email('offers'),
      basis: 'explicit_consent',
      evidence: 'form',
      made_by: 'person',
    };
    const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    await call.events(
      { ...optedOut, id: randomUUID(), occurred_at: at(50) },
      { ...optedIn, id: randomUUID(), occurred_at: at(40) },
      { ...optedOut, id: randomUUID(), occurred_at: at(30) },
    );
    expect(await segments.keysOf('fay')).toEqual(['no-offers']);
    const edges = await app.engine.rows<{ edge: string }>(
      'edges',
      "SELECT edge FROM memberships WHERE segment = 'no-offers' AND cause = 'decision' ORDER BY seq",
    );
    expect(edges.map(({ edge }) => edge)).toEqual(['entered', 'left', 'entered']);
  });

  test('a profile change moves the subscriber before it is answered', async () => {
    await segments.define(
      'german-pros',
      all(leaf('segment', 'contains', 'country:DE'), leaf('segment', 'contains', 'plan:pro')),
    );
    await call.profiles({ id: 'gil', attributes: { country: 'DE', plan: 'pro' } });
    expect(await segments.of('gil')).toMatchObject({
      segments: [{ segment: 'german-pros', why: { cause: 'profile' } }],
    });
    await call.profiles({ id: 'gil', attributes: { plan: 'free' } });
    expect(await segments.keysOf('gil')).toEqual([]);
  });

  test('an event moves the subscriber with the next look at new events, a machine does not', async () => {
    await call.profiles({ id: 'hal' }, { id: 'ida' });
    await segments.define('openers', all(leaf('engagement.opens_7d[stream=news]', '>=', 1)));
    const opened = { type: 'opened', ...email('news') };
    await call.events(
      { ...opened, id: 'hal opened', subscriber: 'hal' },
      { ...opened, id: 'ida opened', subscriber: 'ida', metadata: { machine: true } },
      { id: randomUUID(), type: 'delivered', subscriber: 'ida', ...email('news') },
    );
    await sweeps().follow(new Date());
    expect(await segments.of('hal')).toMatchObject({
      segments: [{ segment: 'openers', why: { cause: 'event', id: 'hal opened' } }],
    });
  });

  test('time moves the subscriber with the sweep', async () => {
    await call.profiles({ id: 'jan' });
    await call.events({ id: randomUUID(), type: 'clicked', subscriber: 'jan', ...email('news') });
    await segments.define('sleepers', all(leaf('engagement.days_since_click', '>=', 30)));
    expect(await segments.keysOf('jan')).toEqual([]);
    const later = new Date(Date.now() + 31 * day);
    await sweeps().sweep(later);
    expect(await segments.of('jan')).toMatchObject({
      segments: [{ segment: 'sleepers', since: later.toISOString(), why: { cause: 'sweep' } }],
    });
    expect(await sweeps().sweep(later)).toEqual({ looked_at: 0, edges: 0 });
  });

  test('a pause that ends, and an opt-out by another who shares the address, are noticed', async () => {
    await call.profiles(
      { id: 'kim', email: 'shared@example.com' },
      { id: 'lou', email: 'shared@example.com' },
    );
    await segments.define('reached', all(leaf('permission.allowed[stream=offers]', '=', true)));
    await call.send('POST', '/v1/events', [
      {
        id: randomUUID(),
        type: 'paused',
        subscriber: 'kim',
        ...email('offers'),
        until: new Date(Date.now() + day).toISOString(),
      },
    ]);
    expect(await segments.keysOf('kim')).toEqual([]);
    expect(await segments.keysOf('lou')).toEqual(['reached']);
    await sweeps().follow(new Date());
    expect(await segments.keysOf('lou')).toEqual([]);
    await sweeps().follow(new Date(Date.now() + 2 * day));
    expect([await segments.keysOf('kim'), await segments.keysOf('lou')]).toEqual([['reached'], ['reached']]);
  });

  test('deliveries carry the segments their subscriber was in when they occurred', async () => {
    await call.profiles({ id: 'mia', attributes: { plan: 'free' } });
    const before = new Date(Date.now() - 60_000).toISOString();
    await segments.define('frees', all(leaf('segment', 'contains', 'plan:free')));
    const delivered = { type: 'delivered', subscriber: 'mia', ...email('news') };
    await call.events({ ...delivered, id: 'mia late', occurred_at: before }, { ...delivered, id: 'mia now' });
    const rows = await app.engine.rows<{ id: string; segments: string[] }>(
      'carried',
      "SELECT id, segments FROM events WHERE startsWith(id, 'mia') ORDER BY id",
    );
    expect(rows).toEqual([
      { id: 'mia late', segments: ['plan:free', 'engagement:new'] },
      { id: 'mia now', segments: ['plan:free', 'engagement:new', 'frees'] },
    ]);
  });

  test('a decision names the defined segments its person was in before it', async () => {
    await call.profiles({ id: 'ned', email: 'ned@example.com', attributes: { plan: 'free' } });
    await segments.define('frees', all(leaf('segment', 'contains', 'plan:free')));
    const decision = await call.optOut({ subscriber: 'ned', ...email('offers') });
    const [row] = await app.engine.rows<{ segments: string[] }>(
      'decision',
      'SELECT segments FROM decisions WHERE id = {id:UUID}',
      { id: decision.id },
    );
    expect(row?.segments).toEqual(['engagement:new', 'frees', 'plan:free']);
  });

  test('versions are kept, an unchanged definition makes none, and archiving lets everybody go', async () => {
    await call.profiles({ id: 'oda', attributes: { tier: 'gold' } });
    const gold = all(leaf('subscriber.attributes.tier', '=', 'gold'));
    expect(await segments.define('tiers', gold, { why: 'a start' })).toMatchObject({
      version: 1,
      size: 1,
      state: 'active',
      reads: 'attribute tier is gold',
      why: 'a start',
    });
    expect(await segments.define('tiers', gold, { why: 'again' })).toMatchObject({
      version: 1,
      why: 'a start',
    });
    await segments.define('tiers', all(leaf('subscriber.attributes.tier', '=', 'silver')));
    expect(await segments.keysOf('oda')).toEqual([]);
    await segments.define('tiers', gold);
    expect(await segments.of('oda')).toMatchObject({
      segments: [{ version: 3, why: { cause: 'definition', id: 'tiers@3' } }],
    });
    await archive('tiers');
    expect(await segments.keysOf('oda')).toEqual([]);
    const { body } = await call.get('/v1/segments/tiers/versions');
    const { versions } = z.object({ versions: z.array(SegmentVersion) }).parse(body);
    expect(versions.map(({ version, state }) => `${version} ${state}`)).toEqual([
      '1 active',
      '2 active',
      '3 active',
      '4 archived',
    ]);
    expect(await call.send('DELETE', '/v1/segments/tiers')).toMatchObject({ status: 404 });
  });

  test('a segment may use others; a circle is refused with its path, and what is used is not archived', async () => {
    await segments.define('a', all(leaf('segment', 'contains', 'plan:free')));
    await segments.define('b', none(leaf('segment', 'contains', 'a')));
    await segments.define('c', all(leaf('segment', 'in', ['b', 'plan:none'])));
    expect(await segments.put('a', all(leaf('segment', 'contains', 'c')))).toMatchObject({
      status: 400,
      body: {
        errors: [{ field: 'condition', reason: 'would make a circle: a → c → b → a' }],
      },
    });
    expect(await segments.put('itself', all(leaf('segment', 'contains', 'itself')))).toMatchObject({
      body: { errors: [{ reason: 'would make a circle: itself → itself' }] },
    });
    expect(await call.send('DELETE', '/v1/segments/a')).toMatchObject({ status: 409 });
    await call.profiles({ id: 'pia', attributes: { plan: 'pro' } });
    expect(await segments.keysOf('pia')).toEqual(['b', 'c']);
    await call.profiles({ id: 'pia', attributes: { plan: 'free' } });
    expect(await segments.keysOf('pia')).toEqual(['a']);
  });

  test('faults of a condition are named by their paths', async () => {
    const condition = all(
      leaf('subscriber.shoe_size', '=', 1),
      all(leaf('engagement.opens_7d', '<', 'many')),
    );
    for (const answer of [
      await segments.put('faulty', condition),
      await call.post('/v1/segments/preview', { condition }),
    ]) {
      expect(answer).toMatchObject({
        status: 400,
        body: {
          errors: [
            { field: 'condition.rules[0].field', reason: 'is not a field of the catalogue' },
            { field: 'condition.rules[1].rules[0].value', reason: 'must be a number' },
          ],
        },
      });
    }
    expect(await segments.put('faulty', all(leaf('request.trigger', '=', 'complaint')))).toMatchObject({
      body: { errors: [{ reason: 'is known only while a request is decided' }] },
    });
    expect(await call.get('/v1/segments/faulty')).toMatchObject({ status: 404 });
    for (const key of ['fields', 'preview', 'with:colon', 'at@sign', '-dash', 'x'.repeat(65)])
      expect((await segments.put(key, all())).status, key).toBe(400);
    for (const more of [
      { name: ' ' },
      { name: '\ud800' },
      { why: '\ud800' },
      { colour: 'red' },
      { condition: [] },
    ])
      expect((await segments.put('faulty', all(), more)).status, JSON.stringify(more)).toBe(400);
  });

  test('a preview counts before anything is saved, and shows people only to those who may see them', async () => {
    await call.profiles(
      { id: 'quin', jurisdiction: 'JP', email: 'quin@example.com' },
      { id: 'ray', jurisdiction: 'JP', email: 'ray@example.com' },
    );
    const inSql = all(leaf('subscriber.jurisdiction', '=', 'JP'));
    const byClosure = all(
      leaf('subscriber.jurisdiction', '=', 'JP'),
      leaf('permission.allowed[channel=email]', 'notNull'),
    );
    for (const condition of [inSql, byClosure]) {
      const { sample, ...preview } = await segments.preview(condition);
      expect(preview).toMatchObject({ count: 2 });
      expect(preview.share).toBeGreaterThan(0);
      expect(sample?.sort()).toEqual(['quin', 'ray']);
      const reader = await call.key('read');
      expect(await segments.preview(condition, reader)).not.toHaveProperty('sample');
    }
    expect(await call.get('/v1/segments')).toMatchObject({ status: 200 });
  });

  test('defining and archiving need the scope edit', async () => {
    const reader = await call.key('read');
    const body = { name: 'x', condition: all() };
    expect(await call.send('PUT', '/v1/segments/refused', body, reader)).toMatchObject({ status: 403 });
    expect(await call.send('DELETE', '/v1/segments/refused', undefined, reader)).toMatchObject({
      status: 403,
    });
    const editor = await call.key('edit');
    expect(await call.send('PUT', '/v1/segments/edited', body, editor)).toMatchObject({ status: 200 });
    await segments.settled('edited');
    expect(await call.send('DELETE', '/v1/segments/edited', undefined, editor)).toMatchObject({
      status: 200,
    });
    await segments.settled('edited');
  });

  test('the catalogue holds what profiles hold, and no field that only a request knows', async () => {
    await call.profiles({ id: 'sue', attributes: { visits: 12, vip: true, née: 'X' } });
    const { fields, parameters } = ConditionCatalogue.parse((await call.get('/v1/segments/fields')).body);
    const types = new Map(fields.map(({ id, type }) => [id, type]));
    expect(types.get('subscriber.attributes.visits')).toBe('number');
    expect(types.get('subscriber.attributes.vip')).toBe('boolean');
    expect(types.get('subscriber.attributes.née')).toBe('text');
    expect(fields.filter(({ used_in }) => !used_in.includes('sweep'))).toEqual([]);
    expect(parameters.stream.map(({ value }) => value)).toEqual(['news', 'offers']);
    const segment = fields.find(({ id }) => id === 'segment');
    expect(segment?.choices?.map(({ value }) => value)).toContain('country:DE');
  });

  test('a declared attribute keeps its type while a segment asks for it', async () => {
    const declare = (type: string) =>
      call.send('PUT', '/v1/segments/attributes', { attributes: [{ name: 'joined', type }] });
    expect(await declare('instant')).toMatchObject({ status: 200 });
    await call.profiles({ id: 'tom', attributes: { joined: '2026-11-01' } });
    await segments.define('joiners', all(leaf('subscriber.attributes.joined', '>=', '2026-11-01')));
    expect(await segments.keysOf('tom')).toEqual(['joiners']);
    expect(await declare('text')).toMatchObject({ status: 409 });
    expect(await call.send('PUT', '/v1/segments/attributes', { attributes: [] })).toMatchObject({
      status: 409,
    });
    expect(await call.get('/v1/segments/attributes')).toMatchObject({
      body: { attributes: [{ name: 'joined', type: 'instant' }] },
    });
    await archive('joiners');
    expect(await call.send('PUT', '/v1/segments/attributes', { attributes: [] })).toMatchObject({
      status: 200,
    });
  });

  test('what nobody declared keeps the type with which a segment first asked for it', async () => {
    await call.profiles({ id: 'uma', attributes: { shoe: 41 } });
    await segments.define('feet', all(leaf('subscriber.attributes.shoe', '>', 40)));
    await call.profiles(
      { id: 'uma', attributes: { shoe: 'large' } },
      { id: 'vic', attributes: { shoe: 'small' } },
    );
    expect((await call.get('/v1/segments/attributes')).body).toMatchObject({
      attributes: [{ name: 'shoe', type: 'number' }],
    });
    expect(await segments.keysOf('uma')).toEqual([]);
  });

  test('members are paged, and sizes tell who came and went', async () => {
    await call.profiles(...[1, 2, 3, 4, 5].map((n) => ({ id: `t-${n}`, attributes: { team: 'red' } })));
    await segments.define('reds', all(leaf('subscriber.attributes.team', '=', 'red')));
    await call.profiles({ id: 't-5', attributes: { team: 'blue' } });
    const seen: string[] = [];
    let path: string | undefined = '/v1/segments/reds/members?limit=2';
    for (let pages = 0; path !== undefined && pages < 5; pages++) {
      const { members, next } = SegmentMembers.parse((await call.get(path)).body);
      expect(members.length).toBeLessThanOrEqual(2);
      seen.push(...members.map(({ subscriber }) => subscriber));
      path = next === undefined ? undefined : `/v1/segments/reds/members?limit=2&after=${next}`;
    }
    expect(seen.sort()).toEqual(['t-1', 't-2', 't-3', 't-4']);
    const { body } = await call.get('/v1/segments/reds/sizes?interval=hour');
    const { buckets } = SegmentSizes.parse(body);
    expect(buckets).toHaveLength(48);
    const sum = (name: 'entered' | 'left') => buckets.reduce((total, bucket) => total + bucket[name], 0);
    expect([sum('entered'), sum('left'), buckets.at(-1)?.size]).toEqual([5, 1, 4]);
    expect(buckets[0]?.size).toBe(0);
    for (const query of ['from=2026-01-01T00:00:00Z&to=2025-01-01T00:00:00Z', 'interval=week', 'from=soon'])
      expect((await call.get(`/v1/segments/reds/sizes?${query}`)).status, query).toBe(400);
  });

  test('the lag of memberships is told by cause', async () => {
    const lag = MembershipLag.parse((await call.get('/v1/segments/lag')).body);
    const decisions = lag.causes.find(({ cause }) => cause === 'decision');
    expect(decisions?.edges).toBeGreaterThan(0);
    expect(decisions?.p99_ms).toBeGreaterThanOrEqual(decisions?.p50_ms ?? Number.NaN);
    expect(lag.causes.map(({ cause }) => cause)).toEqual([
      'decision',
      'profile',
      'event',
      'sweep',
      'definition',
    ]);
  });

  test('a subscriber nobody knows is not found', async () => {
    expect(await call.get('/v1/subscribers/nobody/segments')).toMatchObject({ status: 404 });
    expect(await call.get('/v1/segments/nothing/members')).toMatchObject({ status: 404 });
    expect(await call.get('/v1/segments/nothing/sizes')).toMatchObject({ status: 404 });
  });
});
