import { describe, expect, it } from 'vitest';
import type { Authenticity } from './authenticity.js';
import { complained, eventsOf, feedback, read, sampleLink, sentHeader, tokenOf } from './testing/mails.js';

const reported = async (report: readonly string[], returned: readonly string[] = sentHeader) =>
  eventsOf(await read(feedback({ report, returned })));

describe('INV-ARF-1: what a feedback type means', () => {
  it.each([
    ['abuse', 'complaint'],
    ['fraud', 'complaint'],
    ['Abuse (by hand)', 'complaint'],
    ['opt-out', 'complaint_optout'],
    ['opt-out-list', 'complaint_optout'],
    ['not-spam', 'not_spam'],
    ['auth-failure', 'auth_failure'],
  ])('%s is %s, and needs nobody to look', async (type, trigger) => {
    const [event, ...others] = await reported([
      `Feedback-Type: ${type}`,
      'Original-Rcpt-To: ida@pomona.example',
    ]);
    expect(others).toEqual([]);
    expect(event).toMatchObject({ trigger, subscriber: 'ida@pomona.example', scopeHint: 'sender' });
    expect(event).not.toHaveProperty('review');
  });

  it('a virus is the sending system’s affair, and nobody’s wish', async () => {
    const { items } = await read(feedback({ report: ['Feedback-Type: virus'] }));
    expect(items).toEqual([{ kind: 'skipped', type: 'arf:virus' }]);
  });

  it('a type that nobody knows, or none, is read as a complaint and shown to a person', async () => {
    for (const report of [['Feedback-Type: other'], ['Feedback-Type: nonsense'], []]) {
      expect(await reported(report)).toMatchObject([{ trigger: 'complaint', review: true }]);
    }
  });
});

it('INV-ARF-2: incidents are counted, and make one event', async () => {
  const events = await reported([...complained, 'Incidents: 12', 'Original-Rcpt-To: ida@pomona.example']);
  expect(events).toMatchObject([{ incidents: 12 }]);
  for (const value of ['1', '-3', 'many', '1e9', '99999999999']) {
    const [event] = await reported([...complained, `Incidents: ${value}`]);
    expect(event?.incidents ?? 1, value).toBeLessThanOrEqual(999_999);
  }
});

describe('INV-ARF-3: whose complaint it is', () => {
  const token = tokenOf();
  const rcpt = 'Original-Rcpt-To: <ida@pomona.example>';

  it.each([
    [
      'List-Unsubscribe, folded',
      [...complained, rcpt],
      [`List-Unsubscribe: <mailto:x@orchard.example>,\n <https://orchard.example/u/${token}>`],
    ],
    [
      'List-Unsubscribe, mailto',
      [...complained, rcpt],
      [`List-Unsubscribe: <mailto:box@orchard.example?subject=unsubscribe%20${token}>`],
    ],
    [
      'Original-Mail-From',
      [...complained, rcpt, `Original-Mail-From: <bounce+${token}@orchard.example>`],
      [],
    ],
    ['Return-Path', [...complained, rcpt], [`Return-Path: <bounce-${token}@orchard.example>`]],
  ])('a token in %s says it before any address', async (_, report, returned) => {
    const [event, ...others] = await reported(report, [...sentHeader, ...returned]);
    expect(others).toEqual([]);
    expect(event?.link).toMatchObject({ person: sampleLink.person, messageId: 'plums-77' });
    expect(event).toMatchObject({ trust: 'token', subscriber: 'ida@pomona.example' });
  });

  it('a token in the address that the report was sent to says it, too', async () => {
    const raw = feedback({ report: complained });
    const [event] = eventsOf(await read(raw, {}, { recipients: [`fbl+${token}@orchard.example`] }));
    expect(event?.link?.person).toBe(sampleLink.person);
  });

  it('a token that we did not make says nothing', async () => {
    const forged = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    const [event] = await reported(
      [...complained, rcpt],
      [`List-Unsubscribe: <https://x.example/u/${forged}>`],
    );
    expect(event).not.toHaveProperty('link');
    expect(event).toMatchObject({ trust: 'none', subscriber: 'ida@pomona.example' });
  });

  it('a token in the body of the message says nothing: it may be quoted from somebody else’s', async () => {
    const raw = Buffer.from(
      feedback({ report: complained }).toString().replace('Plums, half', `https://o.example/u/${token} half`),
    );
    expect(eventsOf(await read(raw))[0]).not.toHaveProperty('link');
  });

  it('each recipient that is named makes an event of its own', async () => {
    const events = await reported([...complained, rcpt, 'Original-Rcpt-To: otto@pomona.example', rcpt]);
    expect(events.map(({ subscriber }) => subscriber)).toEqual(['ida@pomona.example', 'otto@pomona.example']);
    expect(new Set(events.map(({ identity }) => JSON.stringify(identity))).size).toBe(2);
  });

  it('beside a token several recipients are taken by their addresses, and the link by itself', async () => {
    const events = await reported(
      [...complained, rcpt, 'Original-Rcpt-To: otto@pomona.example'],
      [`List-Unsubscribe: <https://orchard.example/u/${token}>`],
    );
    expect(events.map(({ subscriber, link }) => [subscriber, link !== undefined])).toEqual([
      [null, true],
      ['ida@pomona.example', false],
      ['otto@pomona.example', false],
    ]);
  });

  it.each([
    [
      'the reporter’s word before the To, which forwarding changes',
      [rcpt],
      ['To: other@pomona.example'],
      'ida@pomona.example',
    ],
    ['the To where nothing better is there', [], ['To: "Ida" <ida@pomona.example>'], 'ida@pomona.example'],
    ['nobody, where To names several', [], ['To: ida@pomona.example, otto@pomona.example'], null],
    [
      'nobody, where a copy went to somebody',
      [],
      ['To: ida@pomona.example', 'Cc: otto@pomona.example'],
      null,
    ],
    ['nobody, where To is a phrase', [], ['To: <Undisclosed Recipients>'], null],
    ['nobody, where To is a group', [], ['To: undisclosed-recipients:;'], null],
    [
      'nobody, where the address was redacted',
      ['Original-Rcpt-To: redacted@pomona.example'],
      ['To: ida@pomona.example'],
      null,
    ],
    [
      'nobody, where a field says that it was',
      ['Redacted-Address: x', rcpt],
      ['To: ida@pomona.example'],
      null,
    ],
    ['the field of Outlook', [], ['X-HmXmrOriginalRecipient: ida@pomona.example'], 'ida@pomona.example'],
    [
      'the field for removals',
      ['Removal-Recipient: ida@pomona.example'],
      ['To: hello@orchard.example'],
      'ida@pomona.example',
    ],
  ])('is of %s', async (_, report, returned, subscriber) => {
    expect(await reported([...complained, ...report], returned)).toMatchObject([{ subscriber }]);
  });

  it('one that names nobody is an event all the same: it waits in quarantine', async () => {
    expect(await reported(complained, [])).toMatchObject([
      { subscriber: null, messageId: null, trust: 'none' },
    ]);
  });
});

describe('whose word it is', () => {
  const raw = feedback({
    report: [...complained, 'Original-Rcpt-To: ida@pomona.example'],
    returned: sentHeader,
  });
  const reporter = 'loop@fbl.pomona.example';
  const trusted = async (proven: Partial<Authenticity>, recipients: string[] = []) => {
    const mailbox = 'leave@orchard.example';
    return eventsOf(await read(raw, proven, { recipients }, mailbox)).map(({ trust, sentVouches }) => [
      trust,
      sentVouches,
    ]);
  };

  it('the reporter’s, where its signature covers the report', async () => {
    expect(await trusted({ signedFrom: reporter })).toEqual([['report', undefined]]);
    const part = { fields: new Set(['from', 'date']), body: true };
    for (const proven of [
      {},
      { dmarcFrom: reporter },
      { signedFrom: 'loop@pomona.example' },
      { signedFrom: reporter, signed: { ...part, body: false } },
      // Without its Content-Type any signed text could be made a report.
      { signedFrom: reporter, signed: part },
    ]) {
      expect(await trusted(proven), JSON.stringify(proven)).toEqual([['none', true]]);
    }
  });

  it('nobody’s at the address that stands in every message of ours: anybody may sign what they send there', async () => {
    expect(await trusted({ signedFrom: reporter }, ['leave+x@orchard.example'])).toEqual([['none', true]]);
  });

  it('ours, where a token says whose it is: no reporter is asked for', async () => {
    const listed = [...sentHeader, `List-Unsubscribe: <https://o.example/u/${tokenOf()}>`];
    const several = [
      ...complained,
      'Original-Rcpt-To: ida@pomona.example',
      'Original-Rcpt-To: otto@pomona.example',
    ];
    const [own, ...others] = await reported(several, listed);
    expect([own, ...others].map((event) => event?.trust)).toEqual(['token', 'none', 'none']);
    expect(own).not.toHaveProperty('sentVouches');
  });
});

it('INV-CMP-1: a complaint with a token needs no proof of who reports it, and reaches further than a link', async () => {
  const raw = feedback({
    report: complained,
    returned: [`List-Unsubscribe: <https://o.example/u/${tokenOf()}>`],
  });
  const { kind, refused, items } = await read(raw);
  expect({ kind, refused }).toEqual({ kind: 'arf', refused: undefined });
  expect(items).toMatchObject([{ trigger: 'complaint', scopeHint: 'sender' }]);
});

it('takes the message id with or without brackets, and the time from the report before the mail', async () => {
  const date = 'Received-Date: Mon, 02 Nov 2026 09:00:00 EST';
  const events = await reported([...complained, date], ['Message-ID: plums-78@orchard.example']);
  expect(events).toMatchObject([
    { messageId: 'plums-78@orchard.example', occurredAt: '2026-11-02T14:00:00.000Z' },
  ]);
  expect(await reported(complained)).toMatchObject([{ occurredAt: '2026-11-03T10:00:00.000Z' }]);
});

it('is one event when it is sent again, and two when somebody else complains', async () => {
  const [first] = await reported([...complained, 'Original-Rcpt-To: ida@pomona.example']);
  const again = feedback({
    report: [...complained, 'Original-Rcpt-To: ida@pomona.example'],
    returned: sentHeader,
    headers: ['Received: by another.example'],
  });
  expect(eventsOf(await read(again))[0]?.identity).toEqual(first?.identity);
  const [other] = await reported([...complained, 'Original-Rcpt-To: otto@pomona.example']);
  expect(other?.identity).not.toEqual(first?.identity);
});

it('reads Outlook’s junk reports, which are no feedback reports', async () => {
  const raw = Buffer.from(
    [
      'From: <staff@hotmail.com>',
      'Date: Fri, 6 Nov 2026 07:00:00 -0800',
      'Subject: complaint about message from 192.0.2.9',
      'Content-Type: multipart/mixed; boundary=jj',
      '',
      '--jj',
      'Content-Type: message/rfc822',
      '',
      'X-HmXmrOriginalRecipient: <ida@outlook.example>',
      'Message-ID: <plums-79@orchard.example>',
      'To: ida@outlook.example',
      '',
      'Plums',
      '--jj--',
      '',
    ].join('\n'),
  );
  expect(await read(raw)).toMatchObject({
    kind: 'jmrp',
    items: [
      {
        trigger: 'complaint',
        subscriber: 'ida@outlook.example',
        messageId: 'plums-79@orchard.example',
        occurredAt: '2026-11-06T15:00:00.000Z',
        scopeHint: 'sender',
        trust: 'none',
        sentVouches: true,
      },
    ],
  });
  expect(await read(raw, { signedFrom: 'staff@hotmail.com' })).toMatchObject({
    kind: 'jmrp',
    items: [{ trust: 'report', subscriber: 'ida@outlook.example' }],
  });
});
