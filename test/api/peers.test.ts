import { RatesAnswer } from '@secateur/backend/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { Calls, minutesAgo } from '../support/calls.js';

/* What other systems were seen to do to the people they write to. Each test says who, and what is done here. */

const email = (category: string) => ({ channel: 'email', category, origin: 'shop' });
const topics = ['promotions', 'newsletter', 'events'];
const texts = { channel: 'sms', category: 'promotions', origin: 'shop' };
const proof = { basis: 'explicit_consent', evidence: 'form 7, confirmed by click' };

let app: RunningApp;
const call = new Calls(() => app);
let count = 0;
const fresh = (prefix: string) => `${prefix}-${++count}`;

async function somebody(): Promise<string> {
  const id = fresh('u');
  await call.profiles({
    id,
    email: `${id}@example.com`,
    phone: `+1202555${7000 + count}`,
    jurisdiction: 'US',
  });
  return id;
}

const allowedTopics = async (id: string) => {
  const answers = await Promise.all(topics.map((topic) => call.check(email(topic), id)));
  return topics.filter((_, index) => answers[index]?.allowed);
};

beforeAll(async () => {
  app = await startApp();
  for (const topic of topics) await call.stream(topic, email(topic));
  await call.stream('texts', texts);
});
afterAll(() => app.stop());

describe('listmonk', () => {
  test('loses which campaign drove a person out: here the opt-out stands in the campaign and hour of its delivery', async () => {
    const id = await somebody();
    const occurred_at = new Date(Date.now() - 3 * 3_600_000).toISOString();
    const message = { campaign: 'bf-2026', message_id: fresh('m'), message_type: 'offer' };
    await call.events({
      id: fresh('d'),
      type: 'delivered',
      subscriber: id,
      ...email('promotions'),
      ...message,
      occurred_at,
    });
    const decision = await call.optOut({
      subscriber: id,
      ...email('promotions'),
      message_id: message.message_id,
    });
    expect(decision.attributed).toMatchObject({
      campaign: 'bf-2026',
      message_id: message.message_id,
      delivered_at: occurred_at,
    });
    const [row] = await app.engine.rows<object>(
      'rates of the campaign',
      `SELECT toString(toStartOfHour(quarter_hour)) AS hour, sum(delivered) AS delivered, sum(opt_outs) AS opt_outs
       FROM rates WHERE segment = '' AND campaign = 'bf-2026' GROUP BY hour`,
    );
    expect(row).toEqual({
      hour: `${occurred_at.slice(0, 13).replace('T', ' ')}:00:00`,
      delivered: 1,
      opt_outs: 1,
    });
  });

  test('takes all three lists from whoever leaves a campaign that went to three: here the one list that was left ends', async () => {
    const id = await somebody();
    const sent = topics.map((topic) => ({ ...email(topic), campaign: 'sale', message_id: `${id} ${topic}` }));
    await call.events(
      ...sent.map((message) => ({ id: fresh('d'), type: 'delivered', subscriber: id, ...message })),
    );
    const decision = await call.optOut({ subscriber: id, ...sent[0], trigger: 'one_click_unsubscribe' });
    expect(decision).toMatchObject({ streams_stopped: ['promotions'], attributed: { campaign: 'sale' } });
    expect(await allowedTopics(id)).toEqual(['newsletter', 'events']);
  });
});

describe('PostHog', () => {
  test('lifts the global opt-out when one category is taken up again: here the rest stays closed', async () => {
    const id = await somebody();
    await call.optOut({ subscriber: id, channel: 'email', asked: 'everything', occurred_at: minutesAgo(9) });
    await call.optIn({ subscriber: id, ...email('newsletter'), ...proof, occurred_at: minutesAgo(5) });
    expect(await allowedTopics(id)).toEqual(['newsletter']);
    expect(await call.check(texts, id)).toMatchObject({ allowed: false, reason: 'opt_out' });
    const listed = (await call.suppressions('channel=email')).filter(({ subscriber }) => subscriber === id);
    expect(listed.map(({ selector }) => selector)).toContain('channel=email');
  });
});

describe('SendGrid', () => {
  test('forgets the suppressions of a group that is deleted: here no stream can be deleted, and none is forgotten', async () => {
    const id = await somebody();
    await call.optOut({ subscriber: id, ...email('events') });
    const answer = await call.send('DELETE', '/v1/streams/events');
    expect(answer).toMatchObject({ status: 405, body: { type: 'urn:secateur:problem:method-not-allowed' } });
    await call.stream('events', email('events'), { title: 'Another name', class: 'informational' });
    expect(await call.check(email('events'), id)).toMatchObject({ allowed: false, reason: 'opt_out' });
    // The place belongs to its stream for ever: it cannot come back under another key, free of its opt-outs.
    expect(
      await call.send('PUT', '/v1/streams/events-2', {
        ...email('events'),
        class: 'commercial',
        brand: 'shop',
      }),
    ).toMatchObject({ status: 409 });
    await call.stream('events', email('events'));
  });

  test('makes the link of an unknown group a global one: here it stops its channel at most, and says why', async () => {
    const id = await somebody();
    const decision = await call.optOut({ subscriber: id, ...email('a group that is gone'), asked: 'this' });
    expect(decision.widened_for).toContain('stream');
    expect(decision.streams_stopped).not.toContain('texts');
    expect(await call.check(email('a group that is gone'), id)).toMatchObject({ allowed: false });
    expect(await call.check(texts, id)).toMatchObject({ allowed: true });
  });
});

describe('Customer.io', () => {
  test('counts topics over deliveries and shows more than 100 %: here a delivery bears one opt-out at most', async () => {
    const id = await somebody();
    const message = { campaign: 'topics', message_id: fresh('m') };
    await call.events({
      id: fresh('d'),
      type: 'delivered',
      subscriber: id,
      ...email('promotions'),
      ...message,
    });
    const decisions = [];
    for (const topic of topics) {
      decisions.push(
        await call.optOut({
          subscriber: id,
          ...email(topic),
          message_id: message.message_id,
          asked: [email(topic)],
        }),
      );
    }
    expect(await allowedTopics(id)).toEqual([]);
    expect(decisions.map(({ attributed }) => attributed?.message_id ?? null)).toEqual([
      message.message_id,
      null,
      null,
    ]);
    for (const dimension of ['campaign', 'stream', 'category', 'channel', 'segment']) {
      const { body } = await call.get(`/v1/analytics/rates?dimension=${dimension}`);
      const { rows } = RatesAnswer.parse(body);
      expect(
        rows.some(({ delivered }) => delivered > 0),
        dimension,
      ).toBe(true);
      for (const { key, opt_out_rate } of rows) {
        expect(opt_out_rate.value, `${dimension} ${key}`).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe('mautic', () => {
  test('closes the whole channel to whoever left one segment: here the stream of that mail ends', async () => {
    const id = await somebody();
    const message = { ...email('promotions'), audience: 'lapsed-de', campaign: 'win-back' };
    await call.optOut({ subscriber: id, ...message, trigger: 'one_click_unsubscribe', asked: 'this' });
    expect(await allowedTopics(id)).toEqual(['newsletter', 'events']);
  });

  test('deletes the row when somebody comes back: here both lines stay, and who said what when', async () => {
    const id = await somebody();
    const out = await call.optOut({ subscriber: id, ...email('promotions'), occurred_at: minutesAgo(9) });
    const back = await call.optIn({
      subscriber: id,
      ...email('promotions'),
      ...proof,
      occurred_at: minutesAgo(5),
    });
    expect(await call.check(email('promotions'), id)).toMatchObject({ allowed: true, reason: 'opt_in' });
    const { body } = await call.get(`/v1/permissions/${id}`);
    const { statements } = body as { statements: { effect: string; decision: string; evidence: string }[] };
    const told = statements.map(({ effect, decision, evidence }) => [effect, decision, evidence]);
    expect(told[0]).toEqual(['opt_out', out.id, '']);
    expect(told.slice(1)).toContainEqual(['opt_in', back.id, proof.evidence]);
    expect(await call.get(`/v1/decisions/${out.id}`)).toMatchObject({ status: 200 });
  });
});

describe('dittofeed', () => {
  test('sets every group of a channel to false for one of them: here the others are kept, and counted', async () => {
    const id = await somebody();
    const decision = await call.optOut({ subscriber: id, ...email('promotions') });
    expect(decision).toMatchObject({ streams_stopped: ['promotions'] });
    // Of those on the channel that somebody set up: one that registered itself counts for whom it was written to.
    expect(decision.kept_by_scoping).toBe(2);
    expect(decision.streams_kept).toEqual(expect.arrayContaining(['newsletter', 'events', 'texts']));
  });

  test('writes when a page is fetched: here no question changes anything', async () => {
    const id = await somebody();
    const { next } = await call.changes('0');
    const paths = [
      `/v1/permissions/${id}`,
      '/v1/suppressions',
      '/v1/permissions/changes',
      '/v1/decisions',
      '/v1/streams',
      '/v1/quarantine',
    ];
    for (const path of paths) {
      for (const method of ['GET', 'HEAD']) expect((await call.send(method, path)).status, path).toBe(200);
    }
    await call.check(email('a stream nobody made'), id);
    expect(await call.changes(next)).toEqual({ changes: [], next });
  });
});

describe('notifuse', () => {
  test('answers success to a user agent it takes for a robot and does nothing: here an opt-out is an opt-out', async () => {
    const id = await somebody();
    const metadata = { user_agent: 'Googlebot/2.1 (+http://www.google.com/bot.html)', machine: true };
    await call.events({
      id: fresh('o'),
      type: 'opted_out',
      trigger: 'one_click_unsubscribe',
      subscriber: id,
      ...email('promotions'),
      metadata,
    });
    expect(await call.check(email('promotions'), id)).toMatchObject({ allowed: false, reason: 'opt_out' });
  });

  test('refuses a body of the wrong type: here the request is read all the same', async () => {
    const id = await somebody();
    const body = Buffer.from(JSON.stringify({ subscriber: id, ...email('promotions') }));
    const answer = await call.post('/v1/opt-outs', body, {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(answer).toMatchObject({ status: 200, body: { state: 'decided' } });
    expect(await call.check(email('promotions'), id)).toMatchObject({ allowed: false });
  });
});
