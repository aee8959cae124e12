import { describe, expect, it } from 'vitest';
import { bounce, eventsOf, letter, mail, read, sentHeader, tokenOf } from './testing/mails.js';

const failed = (address: string, status: string, ...more: string[]) => [
  `Final-Recipient: rfc822; ${address}`,
  'Action: failed',
  `Status: ${status}`,
  ...more,
];

const bounced = async (...recipients: readonly (readonly string[])[]) =>
  eventsOf(await read(bounce({ recipients })));

describe('INV-DSN-1: each recipient is classified by itself', () => {
  it('hard, soft, refused and delayed in one report', async () => {
    const events = await bounced(
      failed('gone@pomona.example', '5.1.1', 'Diagnostic-Code: smtp; 550 5.1.1 no such user'),
      failed('full@pomona.example', '5.2.2 (mailbox full)'),
      failed('blocked@pomona.example', '5.7.1', 'Diagnostic-Code: smtp; 550 5.7.1 your host is on a list'),
      ['Final-Recipient: rfc822; slow@pomona.example', 'Action: delayed', 'Status: 4.4.7'],
      failed('timeout@pomona.example', '4.4.1'),
    );
    expect(
      events.map(({ subscriber, trigger, isBlock, scopeHint }) => [subscriber, trigger, isBlock, scopeHint]),
    ).toEqual([
      ['gone@pomona.example', 'hard_bounce', false, 'address'],
      ['full@pomona.example', 'soft_bounce', false, 'none'],
      ['blocked@pomona.example', 'soft_bounce', true, 'none'],
      ['slow@pomona.example', 'delivery_delayed', false, 'none'],
      ['timeout@pomona.example', 'soft_bounce', false, 'none'],
    ]);
    expect(new Set(events.map(({ identity }) => JSON.stringify(identity))).size).toBe(5);
  });

  it('what was delivered, relayed or passed on is no bounce', async () => {
    const blocks = ['delivered', 'relayed', 'Expanded'].map((action) => [
      'Final-Recipient: rfc822; ida@pomona.example',
      `Action: ${action}`,
      'Status: 2.1.5',
    ]);
    const { items } = await read(bounce({ recipients: blocks }));
    expect(items).toEqual(
      ['delivered', 'relayed', 'expanded'].map((word) => ({ kind: 'skipped', type: `dsn:${word}` })),
    );
  });

  it('the recipient is the one we sent to, whatever it was forwarded to', async () => {
    const [event] = await bounced([
      'Original-Recipient: rfc822;ida+2Bplums@pomona.example',
      ...failed('ida.private@elsewhere.example', '5.1.1'),
    ]);
    expect(event?.subscriber).toBe('ida+plums@pomona.example');
  });

  it('the time of the last attempt counts before that of the report', async () => {
    const at = 'Last-Attempt-Date: Wed, 04 Nov 2026 09:00:00 +0100';
    expect(await bounced(failed('ida@pomona.example', '4.4.1', at))).toMatchObject([
      { occurredAt: '2026-11-04T08:00:00.000Z' },
    ]);
    expect(await bounced(failed('ida@pomona.example', '4.4.1'))).toMatchObject([
      { occurredAt: '2026-11-04T08:30:00.000Z' },
    ]);
  });

  it('the reason quotes no address', async () => {
    const [event] = await bounced(
      failed('ida@pomona.example', '5.1.1', 'Diagnostic-Code: smtp; 550 <ida@pomona.example>: unknown'),
    );
    expect(event?.reason).toBe('5.1.1 smtp; 550 <…>: unknown');
  });

  it('Exim’s bounces have no status, only a field and words', async () => {
    const raw = mail(
      [
        'From: Mail Delivery System <Mailer-Daemon@mx.orchard.example>',
        'X-Failed-Recipients: ida@pomona.example',
        'Subject: Mail delivery failed',
      ],
      `  ida@pomona.example\n    550 5.1.1 No such user here\n\n------ This is a copy of your message, including all the headers. ------\n\n${sentHeader.join('\n')}\n\nPlums`,
    );
    expect(await read(raw)).toMatchObject({
      kind: 'dsn',
      items: [
        { trigger: 'hard_bounce', subscriber: 'ida@pomona.example', messageId: 'plums-77@orchard.example' },
      ],
    });
  });
});

it('INV-DSN-2: a bounce asks for nothing', async () => {
  const [event] = await bounced(failed('ida@pomona.example', '5.1.1'));
  expect(event).toMatchObject({ trigger: 'hard_bounce', madeBy: 'provider' });
  expect(event).not.toHaveProperty('asked');
});

it('INV-DSN-3: one failure for now is soft, however often the server repeats it in a report', async () => {
  const events = await bounced(failed('ida@pomona.example', '4.2.1'), failed('ida@pomona.example', '4.2.1'));
  expect(events.map(({ trigger }) => trigger)).toEqual(['soft_bounce', 'soft_bounce']);
  expect(events[0]?.identity).toEqual(events[1]?.identity);
});

describe('INV-DSN-4: counts only about what we sent', () => {
  it('every event says so, with the id of the message that came back', async () => {
    const events = await bounced(
      failed('ida@pomona.example', '5.1.1'),
      failed('otto@pomona.example', '5.2.2'),
    );
    for (const event of events)
      expect(event).toMatchObject({
        onlyIfSent: true,
        messageId: 'plums-77@orchard.example',
        trust: 'report',
      });
  });

  it('a bounce without the message has no id, and so is nobody’s', async () => {
    const raw = bounce({ recipients: [failed('ida@pomona.example', '5.1.1')], returned: null });
    expect(eventsOf(await read(raw))).toMatchObject([{ onlyIfSent: true, messageId: null }]);
  });

  it('a token in the header that came back, or in the address it came back to, proves that we did', async () => {
    const recipients = [failed('ida@pomona.example', '5.1.1')];
    const inHeader = bounce({
      recipients,
      returned: [`List-Unsubscribe: <https://orchard.example/u/${tokenOf()}>`],
    });
    const toSender = bounce({ recipients, returned: null });
    const recipient = { recipients: [`bounce+${tokenOf()}@orchard.example`] };
    for (const found of [await read(inHeader), await read(toSender, {}, recipient)]) {
      expect(eventsOf(found)[0]).toMatchObject({ trust: 'token', link: { messageId: 'plums-77' } });
    }
  });
});

it('a hard bounce of an Apple alias is marked: its owner switched it off', async () => {
  const events = await bounced(
    failed('x7@privaterelay.appleid.com', '5.1.1'),
    failed('y8@privaterelay.appleid.com', '4.2.2'),
  );
  expect(events.map(({ tags }) => tags)).toEqual([['private_relay_off'], []]);
});

it('a status that names no recipient is kept for a person', async () => {
  const { items } = await read(bounce({ recipients: [['Action: failed', 'Status: 5.1.1']] }));
  expect(items).toMatchObject([{ kind: 'unreadable', detail: expect.stringContaining('recipient') }]);
});

it('a bounce without a report asks for nothing, not even where it comes back to a token or quotes one', async () => {
  const quoted = `List-Unsubscribe: <mailto:box@orchard.example?subject=unsubscribe ${tokenOf()}>`;
  const raw = letter(`Hi. This is the program at mx. I could not deliver it.\n\n${quoted}\n\nunsubscribe`, [
    'From: MAILER-DAEMON@mx.pomona.example',
    'Subject: failure notice',
  ]);
  const { kind, items } = await read(
    raw,
    {},
    { recipients: [`bounce+${tokenOf()}@orchard.example`], sender: '' },
  );
  expect({ kind, items }).toEqual({ kind: 'dsn', items: [{ kind: 'skipped', type: 'dsn:without_report' }] });
});
