import { MailListener } from '@secateur/backend/app';
import { MailAnswer, type StatementView } from '@secateur/backend/contract';
import { EngineAwayError } from '@secateur/sql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningApp, startApp } from '../support/app.js';
import { type Called, Calls } from '../support/calls.js';
import { MailClient } from '../support/mail-client.js';
import { dnsOf, letter, report, signed } from '../support/mails.js';

let app: RunningApp;
const api = new Calls(() => app);
const promotions = { channel: 'email', category: 'promotions', origin: 'shop' };
const newsletter = { channel: 'email', category: 'newsletter', origin: 'shop' };
const receipts = { channel: 'email', category: 'receipts', origin: 'shop' };

beforeAll(async () => {
  const environment = {
    SECATEUR_MAIL_LISTEN: 'lmtp://127.0.0.1:0',
    SECATEUR_UNSUBSCRIBE_MAILBOX: 'leave@shop.example',
    SECATEUR_MAIL_AUTHSERV_ID: 'mx.shop.example',
    SECATEUR_EXPLAIN: 'on',
  };
  app = await startApp({ markets: ['US'] }, environment, dnsOf('pomona.example', 'people.example'));
  await api.stream('promotions', promotions);
  await api.stream('newsletter', newsletter);
  await api.stream('receipts', receipts, { class: 'essential' });
});
afterAll(() => app.stop());

let people = 0;

interface Person {
  id: string;
  email: string;
  messageId: string;
  /** What List-Unsubscribe of a message to them says. */
  url: string;
  mailto: string;
  token: string;
}

/** Somebody new in the US, who has got one message. */
async function somebody(): Promise<Person> {
  const id = `mail-${++people}`;
  const email = `${id}@people.example`;
  const message = { ...promotions, campaign: 'plums', message_id: `m-${id}` };
  await api.profiles({ id, email, jurisdiction: 'US' });
  await api.events({ id: `d-${id}`, type: 'delivered', subscriber: id, ...message });
  const { body } = await api.post('/v1/links', { subscriber: id, message, all_option_shown: true });
  const { url, headers } = body as { url: string; headers: Record<string, string> };
  const mailto = /<(mailto:[^>]+)>/.exec(headers['List-Unsubscribe'] ?? '')?.[1] ?? '';
  return { id, email, messageId: message.message_id, url, mailto, token: url.split('/u/')[1] ?? '' };
}

const post = (message: string, headers: Record<string, string> = {}): Promise<Called> =>
  api.send('POST', '/v1/mail', message, { 'content-type': 'message/rfc822', ...headers });

async function taken(message: string, headers: Record<string, string> = {}): Promise<MailAnswer> {
  const { status, body } = await post(message, headers);
  expect({ status, body }).toMatchObject({ status: 200 });
  return MailAnswer.parse(body);
}

/** May promotions, the newsletter and receipts still go to them? */
async function standing({ id }: Pick<Person, 'id'>): Promise<boolean[]> {
  const answers = await Promise.all(
    [promotions, newsletter, receipts].map((message) => api.check(message, id)),
  );
  return answers.map(({ allowed }) => allowed);
}

const untouched = [true, true, true];
const streamGone = [false, true, true];
const marketingGone = [false, false, true];

const byMailto = (person: Person): string => {
  const { searchParams, pathname } = new URL(person.mailto);
  return letter(person.email, '', [`To: ${pathname}`, `Subject: ${searchParams.get('subject')}`]);
};

describe('INV-2369-1', () => {
  it('the mailto of a link and its web address end the same and nothing else', async () => {
    const [one, other] = [await somebody(), await somebody()];
    expect(await taken(byMailto(one))).toMatchObject({ kind: 'mailto', accepted: 1, rejected: [] });
    await fetch(other.url.replace(new URL(other.url).origin, app.url), {
      method: 'POST',
      body: 'List-Unsubscribe=One-Click',
    });
    expect([await standing(one), await standing(other)]).toEqual([streamGone, streamGone]);
  });

  it('sent again it counts once', async () => {
    const message = byMailto(await somebody());
    expect(await taken(message)).toMatchObject({ accepted: 1, duplicates: 0 });
    expect(await taken(`Received: by mx.shop.example\r\n${message}`)).toMatchObject({
      accepted: 0,
      duplicates: 1,
    });
  });
});

describe('INV-2369-2', () => {
  it('a From that anybody could have written waits for a person, and the address is paused meanwhile', async () => {
    const person = await somebody();
    const answer = await taken(letter(person.email, 'unsubscribe newsletter'));
    expect(answer).toMatchObject({
      accepted: 1,
      rejected: [{ code: 'untrusted', quarantine_id: expect.any(String) }],
    });
    expect(await standing(person)).toEqual(marketingGone);
    expect(await api.check(promotions, person.id)).toMatchObject({ reason: 'pause' });
  });

  it('one whose domain vouches for it counts at once, and for no more than it says', async () => {
    const person = await somebody();
    const message = await signed(letter(person.email, 'unsubscribe promotions'), 'people.example');
    expect(await taken(message)).toMatchObject({ accepted: 1, rejected: [] });
    expect(await standing(person)).toEqual(streamGone);
  });

  it('our own mail server’s word is believed, and nobody else’s', async () => {
    const [one, other] = [await somebody(), await somebody()];
    const said = (server: string) =>
      `Authentication-Results: ${server}; dmarc=pass header.from=people.example`;
    expect(await taken(letter(one.email, 'unsubscribe promotions', [said('mx.shop.example')]))).toMatchObject(
      { rejected: [] },
    );
    expect(
      await taken(letter(other.email, 'unsubscribe promotions', [said('mx.else.example')])),
    ).toMatchObject({
      rejected: [{ code: 'untrusted' }],
    });
    expect(await standing(one)).toEqual(streamGone);
  });

  it('a signed mail that somebody sends again with words of their own stops nothing for good', async () => {
    const people = [await somebody(), await somebody(), await somebody()] as const;
    const ask = 'Subject: unsubscribe\r\n';
    const said = 'Authentication-Results: mx.shop.example; dmarc=pass header.from=people.example\r\n';
    const chat = (email: string) => signed(letter(email, 'See you at lunch.'), 'people.example');
    for (const answer of [
      await taken(ask + (await chat(people[0].email))),
      await taken(said + ask + (await chat(people[1].email))),
      await taken(await chat(people[2].email), { 'x-envelope-to': 'leave@shop.example' }),
    ]) {
      expect(answer).toMatchObject({ accepted: 1, rejected: [{ code: 'untrusted' }] });
    }
    for (const person of people)
      expect(await api.check(promotions, person.id)).toMatchObject({ reason: 'pause' });
  });

  it('a stream that nobody knows is no stream: the widest reading counts (INV-FLOOR-4)', async () => {
    const person = await somebody();
    await taken(await signed(letter(person.email, 'unsubscribe weekly-plums'), 'people.example'));
    expect(await standing(person)).toEqual(marketingGone);
    const { body } = await api.get('/v1/streams');
    expect(JSON.stringify(body)).not.toContain('weekly-plums');
  });

  it('Apple Mail’s automatic opt-out counts; an out-of-office note does not', async () => {
    const [one, other] = [await somebody(), await somebody()];
    const automatic = 'Auto-Submitted: auto-replied';
    const apple = [
      'X-Apple-Unsubscribe: true',
      automatic,
      `To: out-${one.token}@shop.example`,
      'Subject: unsubscribe',
    ];
    expect(await taken(letter(one.email, 'Apple Mail sent this email.', apple))).toMatchObject({
      accepted: 1,
    });
    const away = [automatic, `To: bounce-${other.token}@shop.example`, 'Subject: Away'];
    expect(await taken(letter(other.email, 'I am away. Remove me.', away))).toMatchObject({
      kind: 'auto_reply',
      accepted: 0,
      skipped: { auto_reply: 1 },
    });
    expect([await standing(one), await standing(other)]).toEqual([streamGone, untouched]);
  });

  it('who answers a message that was passed on asks for themselves, too', async () => {
    const [first, second] = [await somebody(), await somebody()];
    const words = `Please stop sending me these.\n\n> ${first.url}`;
    const message = await signed(letter(second.email, words, ['Subject: Fwd: plums']), 'people.example');
    expect(await taken(message)).toMatchObject({ accepted: 2, rejected: [] });
    expect([await standing(first), await standing(second)]).toEqual([streamGone, marketingGone]);
  });

  it('nobody erases somebody else by a link of theirs, and the link ends no more than its stream', async () => {
    const [first, second, third] = [await somebody(), await somebody(), await somebody()];
    const words = 'Please delete my data and never contact me again for marketing on any channel.';
    const to = `To: leave+${first.token}@shop.example`;
    const quoted = `${words}\n\n> ${third.url}`;
    for (const message of [letter(second.email, words, [to]), letter(second.email, quoted)]) {
      expect(await taken(message)).toMatchObject({
        accepted: 3,
        rejected: [{ code: 'untrusted' }, { code: 'untrusted' }],
      });
    }
    expect([await standing(first), await standing(third)]).toEqual([streamGone, streamGone]);
    expect(await api.check(promotions, second.id)).toMatchObject({ reason: 'pause' });
    // At another address of theirs, or as a sender knows them, the link is their own.
    await api.profiles({ id: first.id, email: `new-${first.email}` });
    expect(await taken(letter(`new-${first.email}`, words, [to]))).toMatchObject({
      accepted: 2,
      rejected: [],
    });
  });

  it('an objection reaches every channel, and an erasure is one', async () => {
    const person = await somebody();
    const words = 'Please delete my data and never contact me again for marketing on any channel.';
    expect(
      await taken(letter(person.email, words, [`To: leave+${person.token}@shop.example`])),
    ).toMatchObject({ accepted: 2 });
    expect(await standing(person)).toEqual(marketingGone);
  });
});

describe('complaints', () => {
  const listed = ({ url }: Person) => [`List-Unsubscribe: <${url}>`, 'From: shop@shop.example'];

  it('INV-CMP-1: a complaint stops more than a plain unsubscribe, and INV-ARF-3 by our own token', async () => {
    const person = await somebody();
    const answer = await taken(
      report(
        'feedback-report',
        ['Feedback-Type: abuse', 'Original-Rcpt-To: redacted@pomona.example'],
        listed(person),
      ),
    );
    expect(answer).toMatchObject({ kind: 'arf', accepted: 1, rejected: [] });
    expect(await standing(person)).toEqual(marketingGone);
  });

  it('INV-ARF-1: not-spam, auth-failure and virus touch nobody', async () => {
    const person = await somebody();
    for (const type of ['not-spam', 'auth-failure', 'virus']) {
      const answer = await taken(
        report(
          'feedback-report',
          [`Feedback-Type: ${type}`, `Original-Rcpt-To: ${person.email}`],
          listed(person),
        ),
      );
      expect(answer).toMatchObject({ accepted: 0, rejected: [] });
      expect(Object.values(answer.skipped)).toEqual([1]);
    }
    expect(await standing(person)).toEqual(untouched);
  });

  it('INV-ARF-2: incidents are told, and suppress once', async () => {
    const person = await somebody();
    const fields = ['Feedback-Type: abuse', 'Incidents: 12', `Original-Rcpt-To: ${person.email}`];
    const message = report('feedback-report', fields, ['Subject: plums']);
    expect(await taken(await signed(message, 'pomona.example'))).toMatchObject({ accepted: 1, rejected: [] });
    expect(await standing(person)).toEqual(marketingGone);
    expect(await api.check(promotions, person.id)).toMatchObject({ reason: 'opt_out' });
  });

  it('one that anybody could have written waits for a person, unless we sent that message to that address', async () => {
    const [one, other, third] = [await somebody(), await somebody(), await somebody()];
    const complaint = ({ email }: Person, { messageId }: Pick<Person, 'messageId'>) =>
      report(
        'feedback-report',
        ['Feedback-Type: abuse', `Original-Rcpt-To: ${email}`],
        [`Message-ID: <${messageId}>`],
      );
    expect(await taken(complaint(one, one))).toMatchObject({ accepted: 1, rejected: [] });
    expect(await api.check(promotions, one.id)).toMatchObject({ reason: 'opt_out' });
    const outlook = (about: Person, { messageId }: Pick<Person, 'messageId'>) =>
      complaint(about, { messageId })
        .replace('message/feedback-report', 'text/plain')
        .replace('Message-ID: <m-', `X-HmXmrOriginalRecipient: <${about.email}>\r\nMessage-ID: <m-`);
    for (const [stranger, forged] of [
      [other, complaint(other, one)],
      [third, outlook(third, one)],
      [third, await signed(complaint(third, { messageId: 'm-never' }), 'people.example')],
    ] as const) {
      expect(await taken(forged, { 'x-envelope-to': 'leave@shop.example' })).toMatchObject({
        accepted: 1,
        rejected: [{ code: 'untrusted', quarantine_id: expect.any(String) }],
      });
      expect(await api.check(promotions, stranger.id)).toMatchObject({ reason: 'pause' });
    }
    const fourth = await somebody();
    expect(await taken(outlook(fourth, fourth))).toMatchObject({ kind: 'jmrp', accepted: 1, rejected: [] });
    expect(await standing(fourth)).toEqual(marketingGone);
  });

  it('INV-ARF-3: one that names nobody waits in quarantine', async () => {
    const answer = await taken(
      report('feedback-report', ['Feedback-Type: abuse'], ['To: <Undisclosed Recipients>']),
    );
    expect(answer).toMatchObject({
      accepted: 0,
      rejected: [{ code: 'unidentified', quarantine_id: expect.any(String) }],
    });
  });

  it('INV-CFBL-1: without a signature of its From it has no effect, with one it does', async () => {
    const person = await somebody();
    const message = report(
      'feedback-report',
      ['Feedback-Type: abuse', `Original-Rcpt-To: ${person.email}`],
      [...listed(person), 'CFBL-Address: fbl@shop.example; report=arf'],
    );
    for (const forged of [message, await signed(message, 'people.example')]) {
      expect(await taken(forged)).toMatchObject({
        kind: 'cfbl',
        accepted: 0,
        rejected: [],
        refused: expect.stringContaining('DKIM'),
      });
    }
    expect(await standing(person)).toEqual(untouched);
    expect(await taken(await signed(message, 'pomona.example'))).toMatchObject({ kind: 'cfbl', accepted: 1 });
    expect(await standing(person)).toEqual(marketingGone);
  });

  it('INV-CFBL-1: while the DNS does not answer it has to be sent again', async () => {
    const message = report(
      'feedback-report',
      ['Feedback-Type: abuse'],
      ['CFBL-Address: fbl@shop.example; report=arf'],
    );
    const broken = await signed(message.replace('@pomona.example', '@broken.example'), 'broken.example');
    const { status, headers } = await post(broken);
    expect([status, Number(headers.get('retry-after')) > 0]).toEqual([429, true]);
  });
});

describe('bounces', () => {
  const status = (email: string, code: string) => [
    'Reporting-MTA: dns; mx.pomona.example',
    '',
    `Final-Recipient: rfc822; ${email}`,
    'Action: failed',
    `Status: ${code}`,
  ];

  it('INV-DSN-2: a hard one holds the address and opts nobody out', async () => {
    const person = await somebody();
    const answer = await taken(
      report('delivery-status', status(person.email, '5.1.1'), [`Message-ID: <${person.messageId}>`]),
    );
    expect(answer).toMatchObject({ kind: 'dsn', accepted: 1 });
    expect(await standing(person)).toEqual([false, false, false]);
    expect(await api.check(promotions, person.id)).toMatchObject({ reason: 'hold' });
  });

  it('INV-DSN-1, INV-DSN-3: a soft one, and a refusal of the sender, hold nothing', async () => {
    const person = await somebody();
    for (const code of ['4.2.2', '5.7.26']) {
      await taken(
        report('delivery-status', status(person.email, code), [`Message-ID: <${person.messageId}>`]),
      );
    }
    expect(await standing(person)).toEqual(untouched);
  });

  it('INV-DSN-4: about a message that we never sent it is ignored, and a token proves that we did', async () => {
    const person = await somebody();
    const forged = report('delivery-status', status(person.email, '5.1.1'), [
      'Message-ID: <never@shop.example>',
    ]);
    expect(await taken(forged)).toMatchObject({ accepted: 0, skipped: { not_ours: 1 } });
    expect(await standing(person)).toEqual(untouched);
    // Whoever got one message knows its id, and may name anybody beside it.
    const other = await somebody();
    const misused = report('delivery-status', status(person.email, '5.1.1'), [
      `Message-ID: <${other.messageId}>`,
    ]);
    expect(await taken(misused)).toMatchObject({ accepted: 0, skipped: { not_ours: 1 } });
    expect([await standing(person), await standing(other)]).toEqual([untouched, untouched]);
    const ours = report('delivery-status', status(person.email, '5.1.1'), ['Subject: plums']);
    expect(await taken(ours, { 'x-envelope-to': `<bounce+${person.token}@shop.example>` })).toMatchObject({
      accepted: 1,
    });
    expect(await standing(person)).toEqual([false, false, false]);
  });
});

describe('what anybody could have written', () => {
  const far = new Date('2290-01-01T00:00:00Z').getTime();
  const rowOf = ({ rejected }: MailAnswer): string => rejected[0]?.quarantine_id ?? '';
  const open = async () =>
    ((await api.get('/v1/quarantine')).body as { rows: { id: string }[] }).rows.map(({ id }) => id);
  const dismiss = (row: string, body: unknown, headers: Record<string, string> = {}) =>
    api.send('POST', `/v1/quarantine/${row}/dismiss`, body, headers);

  it('pauses until somebody has looked, and goes on where nobody had asked', async () => {
    const person = await somebody();
    const row = rowOf(await taken(letter(person.email, 'unsubscribe')));
    const { body } = await api.get(`/v1/permissions/${person.id}`);
    const { statements } = body as { statements: StatementView[] };
    const pause = statements.find(({ effect }) => effect === 'pause');
    expect(Date.parse(pause?.expires_at ?? '')).toBeGreaterThan(far);
    expect(await dismiss(row, {})).toMatchObject({ status: 400 });
    expect(await dismiss(row, { reason: 'x' }, await api.key('edit'))).toMatchObject({ status: 403 });
    expect(await standing(person)).toEqual(marketingGone);
    expect(await dismiss(row, { reason: 'she says that it was not her' })).toMatchObject({ status: 204 });
    expect(await standing(person)).toEqual(untouched);
    expect(await open()).not.toContain(row);
    expect(await dismiss(row, { reason: 'again' })).toMatchObject({ status: 404 });
  });

  it('replayed it stops what it says, and no more: the pause is over', async () => {
    const person = await somebody();
    const row = rowOf(await taken(letter(person.email, 'unsubscribe promotions')));
    expect(await standing(person)).toEqual(marketingGone);
    expect(await api.send('POST', `/v1/quarantine/${row}/replay`)).toMatchObject({ status: 200 });
    expect(await standing(person)).toEqual(streamGone);
    expect(await api.check(promotions, person.id)).toMatchObject({ reason: 'opt_out' });
  });

  it('pauses for each mail of it, and until the last is looked at', async () => {
    const person = await somebody();
    const rows = [
      rowOf(await taken(letter(person.email, 'unsubscribe'))),
      rowOf(await taken(letter(person.email, 'unsubscribe'))),
    ];
    await dismiss(rows[0] ?? '', { reason: 'spam' });
    expect(await standing(person)).toEqual(marketingGone);
    await dismiss(rows[1] ?? '', { reason: 'spam' });
    expect(await standing(person)).toEqual(untouched);
  });

  it('refused again as corrected it waits on, and the address pauses on', async () => {
    const person = await somebody();
    const row = rowOf(await taken(letter(person.email, 'unsubscribe')));
    const nobody = { id: `c-${row}`, type: 'opted_out', channel: 'email' };
    expect(await api.post(`/v1/quarantine/${row}/replay`, nobody)).toMatchObject({ status: 422 });
    expect(await standing(person)).toEqual(marketingGone);
    expect(await open()).toContain(row);
  });

  it('only that can be dismissed: what could not be read may be a wish', async () => {
    const row = rowOf(await taken('Subject: Zdravím vás\n\nNashledanou'));
    expect(await dismiss(row, { reason: 'spam' })).toMatchObject({ status: 409 });
    expect(await open()).toContain(row);
  });
});

describe('while the DNS does not answer', () => {
  const from = 'vera@broken.example';
  const hasWaited = (hours: number) =>
    `Received: from x by mx.shop.example; ${new Date(Date.now() - hours * 3_600_000).toUTCString()}\r\n`;

  it('a request has to be sent again, until it has waited for two days', async () => {
    const message = await signed(letter(from, 'unsubscribe'), 'broken.example');
    const { status, headers } = await post(message);
    expect([status, Number(headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect(await post(hasWaited(47) + message)).toMatchObject({ status: 429 });
    expect(await taken(hasWaited(49) + message)).toMatchObject({ rejected: [{ code: 'untrusted' }] });
  });

  it('a complaint has to be sent again, unless it is about what we sent', async () => {
    const person = await somebody();
    const complaint = async (messageId: string) => {
      const fields = ['Feedback-Type: abuse', `Original-Rcpt-To: ${person.email}`];
      const message = report('feedback-report', fields, [`Message-ID: <${messageId}>`]);
      return signed(message.replace('@pomona.example', '@broken.example'), 'broken.example');
    };
    expect(await post(await complaint('m-never'))).toMatchObject({ status: 429 });
    expect(await standing(person)).toEqual(untouched);
    expect(await taken(hasWaited(49) + (await complaint('m-never')))).toMatchObject({
      rejected: [{ code: 'untrusted' }],
    });
    expect(await taken(await complaint(person.messageId))).toMatchObject({ accepted: 1, rejected: [] });
  });
});

describe('while nobody can tell what was sent', () => {
  const named = (email: string) => ['Feedback-Type: abuse', `Original-Rcpt-To: ${email}`];
  const failed = (email: string) => [
    '',
    `Final-Recipient: rfc822; ${email}`,
    'Action: failed',
    'Status: 5.1.1',
  ];

  it('with the database away a bounce has to come again, and a complaint pauses at once', async () => {
    const person = await somebody();
    const about = [`Message-ID: <${person.messageId}>`];
    const bounce = report('delivery-status', failed(person.email), about);
    const query = app.engine.query.bind(app.engine);
    const away = vi.spyOn(app.engine, 'query').mockImplementation((name, params) => {
      if (name === 'events/messages_of_people') throw new EngineAwayError('query', null, 'TIMEOUT');
      return query(name, params);
    });
    const { status, headers } = await post(bounce);
    expect([status, Number(headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect(await standing(person)).toEqual(untouched);
    expect(await taken(report('feedback-report', named(person.email), about))).toMatchObject({
      rejected: [{ code: 'untrusted' }],
    });
    away.mockRestore();
    expect(await api.check(promotions, person.id)).toMatchObject({ reason: 'pause' });
    expect(await taken(bounce)).toMatchObject({ accepted: 1, skipped: {} });
  });

  it('a delivery that waits in the journal may be the one: its bounce has to come again', async () => {
    const person = await somebody();
    const insert = app.engine.insert.bind(app.engine);
    const late = vi.spyOn(app.engine, 'insert').mockImplementation(async (table, ...rest) => {
      if (table === 'events') throw new EngineAwayError('insert events', null, 'TIMEOUT');
      return insert(table, ...rest);
    });
    const messageId = `late-${person.messageId}`;
    const delivered = { ...promotions, id: messageId, type: 'delivered', subscriber: person.id };
    expect((await api.post('/v1/events', [{ ...delivered, message_id: messageId }])).status).toBe(202);
    const bounce = report('delivery-status', failed(person.email), [`Message-ID: <${messageId}>`]);
    expect((await post(bounce)).status).toBe(429);
    late.mockRestore();
    await expect
      .poll(async () => (await post(bounce)).body, { timeout: 20_000, interval: 100 })
      .toMatchObject({ accepted: 1 });
  });
});

describe('POST /v1/mail', () => {
  it('refuses what is no message by name, and never with 5xx', async () => {
    const cases: [string | Uint8Array, Record<string, string>, number, string][] = [
      ['{}', { 'content-type': 'application/json' }, 415, 'Content-Type'],
      ['{', { 'content-type': 'application/vnd.x+json; charset=utf-8' }, 415, 'Content-Type'],
      ['', {}, 400, 'body'],
      ['Subject: x\n\n', { 'x-client-ip': 'not an address' }, 400, 'X-Client-IP'],
      ['Subject: x\n\n', { 'x-envelope-to': 'nobody' }, 400, 'X-Envelope-To'],
      ['Subject: x\n\n', { 'x-envelope-from': 'a b' }, 400, 'X-Envelope-From'],
      [`Subject: x\n\n${'a'.repeat(8 * 1024 * 1024)}`, {}, 413, '8 MiB'],
    ];
    for (const [message, headers, status, word] of cases) {
      const answer = await api.send('POST', '/v1/mail', message, {
        'content-type': 'text/plain',
        ...headers,
      });
      expect([answer.status, JSON.stringify(answer.body)], word).toEqual([
        status,
        expect.stringContaining(word),
      ]);
    }
  });

  it('keeps what it cannot read for a person', async () => {
    for (const message of [
      'hello',
      'X: y\n\nz',
      '\0'.repeat(8 * 1024 * 1024),
      'Subject: Zdravím vás\n\nNashledanou',
    ]) {
      expect(await taken(message)).toMatchObject({
        accepted: 0,
        rejected: [{ code: 'invalid', quarantine_id: expect.any(String) }],
      });
    }
  });

  it('needs the scope ingest', async () => {
    const message = byMailto(await somebody());
    for (const scope of ['send', 'read', 'edit', 'privacy']) {
      expect(await post(message, await api.key(scope)), scope).toMatchObject({ status: 403 });
    }
    expect(await post(message, { authorization: '' })).toMatchObject({ status: 401 });
    expect(await post(message, await api.key('ingest'))).toMatchObject({ status: 200 });
  });

  it('tells how it read a message, where that is asked for and allowed', async () => {
    const person = await somebody();
    const { headers } = await post(byMailto(person), { 'x-secateur-explain': '1' });
    const explained = JSON.parse(Buffer.from(headers.get('x-secateur-events') ?? '', 'base64url').toString());
    expect(explained).toMatchObject({
      events: [{ trigger: 'mailto_unsubscribe', subscriber: person.email, scope_hint: 'stream' }],
    });
  });

  it('SPF counts where the client is named', async () => {
    const [one, other] = [await somebody(), await somebody()];
    const from = (email: string, ip: string) => ({ 'x-client-ip': ip, 'x-envelope-from': email });
    const asking = ({ email }: Person) => letter(email, 'unsubscribe promotions');
    expect(await taken(asking(one), from(one.email, '192.0.2.7'))).toMatchObject({ rejected: [] });
    expect(await taken(asking(other), from(other.email, '192.0.2.8'))).toMatchObject({
      rejected: [{ code: 'untrusted' }],
    });
    expect(await standing(one)).toEqual(streamGone);
  });
});

describe('the LMTP listener', () => {
  const port = (): number => app.app.get(MailListener).port ?? 0;
  const lmtp = async (): Promise<MailClient> => {
    const client = await MailClient.open(port());
    expect(await client.say('LHLO mx.shop.example')).toContain('250');
    return client;
  };

  it('offers its size, and neither TLS nor passwords', async () => {
    const client = await MailClient.open(port());
    const offered = await client.say('LHLO mx.shop.example');
    expect(offered).toContain(`SIZE ${8 * 1024 * 1024}`);
    expect(offered).not.toMatch(/STARTTLS|AUTH/);
    expect(await client.say('EHLO x')).toMatch(/^50\d/);
    client.close();
  });

  it('answers 250 for every recipient when what was asked for is durable', async () => {
    const [one, other] = [await somebody(), await somebody()];
    const client = await lmtp();
    expect(await client.send(byMailto(one), ['leave@shop.example', 'fbl@shop.example'])).toEqual([
      '250 taken',
      '250 taken',
    ]);
    expect(await standing(one)).toEqual(streamGone);
    const long = `leave+${other.token}@shop.example`;
    expect(await client.send(letter(other.email, ''), [long])).toEqual(['250 taken']);
    expect(await standing(other)).toEqual(streamGone);
    client.close();
  });

  it('takes the client that brought the message from a mail server on this machine (XFORWARD)', async () => {
    const person = await somebody();
    const client = await lmtp();
    expect(await client.say('XFORWARD ADDR=192.0.2.7 HELO=mx.people.example')).toMatch(/^250/);
    const message = letter(person.email, 'unsubscribe promotions');
    expect(await client.send(message, ['leave@shop.example'], 1, person.email)).toEqual(['250 taken']);
    expect(await standing(person)).toEqual(streamGone);
    client.close();
  });

  it('takes what is no message, for a person to look at', async () => {
    const client = await lmtp();
    expect(await client.send('\0 hello', ['leave@shop.example'])).toEqual(['250 taken']);
    client.close();
  });

  it('answers 552 to what is too large, and goes on', async () => {
    const client = await lmtp();
    const [answer] = await client.send(letter('a@b.example', 'a'.repeat(78).concat('\r\n').repeat(110_000)), [
      'leave@shop.example',
    ]);
    expect(answer).toMatch(/^552/);
    expect(await client.send(byMailto(await somebody()), ['leave@shop.example'])).toEqual(['250 taken']);
    client.close();
  });

  it('answers 451 to what cannot be taken now', async () => {
    const message = report(
      'feedback-report',
      ['Feedback-Type: abuse'],
      ['CFBL-Address: fbl@shop.example; report=arf'],
    );
    const broken = await signed(message.replace('@pomona.example', '@broken.example'), 'broken.example');
    const client = await lmtp();
    expect(await client.send(broken, ['a@shop.example', 'b@shop.example'])).toEqual([
      expect.stringMatching(/^451/),
      expect.stringMatching(/^451/),
    ]);
    client.close();
  });

  it('survives clients that break off, talk nonsense or send many at once', async () => {
    for (const said of [
      'LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\nFrom: a',
      '\0\xff\r\n'.repeat(50),
      'DATA\r\n',
    ]) {
      const client = await MailClient.open(port());
      await client.say(said).catch(() => '');
      client.close();
    }
    const all = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const client = await lmtp();
        const answers = await client.send(byMailto(await somebody()), ['leave@shop.example']);
        client.close();
        return answers;
      }),
    );
    expect(all.flat()).toEqual(Array(30).fill('250 taken'));
  });
});
