import { describe, expect, it } from 'vitest';
import type { Authenticity } from './authenticity.js';
import { UndecidedMail } from './read-mail.js';
import { dayOfReading, eventsOf, letter, mail, read, sampleLink, tokenOf } from './testing/mails.js';

const token = tokenOf();
const mailbox = 'leave@orchard.example';
const vera = 'vera@pomona.example';
/** RFC 2047. */
const encoded = (text: string): string => `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;

describe('INV-2369-1: the mailto of a link asks for the same as its web address', () => {
  it.each([
    ['in the subject', letter('', [], `unsubscribe ${token}`)],
    [
      'in a subject in encoded words',
      letter('', [], `${encoded(`unsubscribe ${token.slice(0, 33)}`)}\n ${encoded(token.slice(33))}`),
    ],
    ['in the local part, behind a plus', letter('', [`To: leave+${token}@orchard.example`], '')],
    ['in the local part, behind a name', letter('', [`To: opt-out-${token}@orchard.example`], 'unsubscribe')],
    ['in the body', letter(`unsubscribe ${token}\n`, [], '')],
    [
      'in a body in quoted-printable',
      letter(
        `unsubscribe ${token.slice(0, 60)}=\n${token.slice(60)}`,
        ['Content-Transfer-Encoding: quoted-printable'],
        'unsubscribe',
      ),
    ],
    ['in a body of HTML alone', letter(`<p>unsubscribe<br>${token}</p>`, ['Content-Type: text/html'], '')],
  ])('with the token %s', async (_, raw) => {
    const { kind, items } = await read(raw);
    expect(kind).toBe('mailto');
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      trigger: 'mailto_unsubscribe',
      trust: 'token',
      scopeHint: 'stream',
      link: { person: sampleLink.person, stream: sampleLink.stream, messageId: 'plums-77' },
    });
    expect(items[0]).not.toHaveProperty('asked');
    expect(items[0]).not.toHaveProperty('review');
  });

  it('with the token in the envelope alone', async () => {
    const found = await read(letter(''), {}, { recipients: [`leave+${token}@orchard.example`] }, mailbox);
    expect(eventsOf(found)).toMatchObject([{ trust: 'token', trigger: 'mailto_unsubscribe' }]);
  });
});

describe('INV-2369-2: nothing is dropped for being automatic but real automatic replies', () => {
  const automatic = 'Auto-Submitted: auto-replied';

  it('Apple Mail’s button counts, with a token or without', async () => {
    const text = 'Apple Mail sent this email to unsubscribe from the message “Plums”.';
    const apple = [automatic, 'X-Apple-Unsubscribe: true'];
    const withToken = await read(letter(text, [...apple, `To: out-${token}@orchard.example`], 'unsubscribe'));
    expect(eventsOf(withToken)).toMatchObject([
      { trigger: 'mailto_unsubscribe', trust: 'token', subscriber: vera },
    ]);
    const without = await read(letter(text, apple, 'unsubscribe'), { dmarcFrom: vera });
    expect(eventsOf(without)).toMatchObject([{ trigger: 'mailto_unsubscribe', trust: 'dmarc' }]);
  });

  it.each([
    ['a token in the subject', `unsubscribe ${token}`, []],
    ['a command', 'Unsubscribe', []],
    ['a token in the address of the mailbox for it', 'gone fishing', [`To: leave+${token}@orchard.example`]],
    ['a token in an address, and nothing else', '', [`To: x+${token}@orchard.example`]],
  ])('an automatic mail with %s counts', async (_, subject, headers) => {
    const found = await read(letter('', [automatic, ...headers], subject), {}, {}, mailbox);
    expect(found.kind).toBe('mailto');
    expect(eventsOf(found)).toMatchObject([{ trigger: 'mailto_unsubscribe' }]);
  });

  it.each([
    ['Auto-Submitted', [automatic]],
    ['Auto-Submitted with a comment', ['Auto-Submitted: (away) auto-generated; x=y']],
    ['X-Autoreply', ['X-Autoreply: yes']],
    ['Precedence', ['Precedence: auto_reply']],
  ])(
    'an out-of-office note (%s) is ignored, whatever its words, its address and what it quotes',
    async (_, headers) => {
      const body = `I have left the company. Please remove me from your list.\n\n> https://orchard.example/u/${token}`;
      const raw = letter(body, [...headers, `To: bounce+${token}@orchard.example`], 'Automatic reply: Plums');
      expect(await read(raw, {}, {}, mailbox)).toMatchObject({
        kind: 'auto_reply',
        items: [{ trigger: 'auto_reply', scopeHint: 'none' }],
      });
    },
  );

  it('Auto-Submitted: no is a person', async () => {
    expect((await read(letter('unsubscribe', ['Auto-Submitted: no']))).kind).toBe('mailto');
  });

  it('a person whose address is a role of mail systems is heard', async () => {
    const raw = letter('Please take me off your list.', ['From: postmaster@pomona.example']);
    expect(eventsOf(await read(raw))).toMatchObject([{ subscriber: 'postmaster@pomona.example' }]);
  });

  it('a note that a mail was read is none', async () => {
    const raw = mail(
      [
        'From: vera@pomona.example',
        'Content-Type: multipart/report; report-type=disposition-notification; boundary=b',
      ],
      '--b\n\nRead.\n--b\nContent-Type: message/disposition-notification\n\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--',
    );
    expect(await read(raw)).toEqual({ kind: 'receipt', items: [{ kind: 'skipped', type: 'mail:receipt' }] });
  });

  it('without a token the From counts only if it passed DMARC', async () => {
    const raw = letter('Please unsubscribe me from this list.');
    for (const [dmarcFrom, trust] of [
      [vera, 'dmarc'],
      [vera.toUpperCase(), 'dmarc'],
      ['other@pomona.example', 'none'],
      [null, 'none'],
    ] as const) {
      const [event] = eventsOf(await read(raw, { dmarcFrom }));
      expect(event, String(dmarcFrom)).toMatchObject({ trust, subscriber: vera, scopeHint: 'channel' });
    }
  });

  it('a From of several people is nobody’s, whatever DMARC says', async () => {
    const raw = letter('unsubscribe', ['From: vera@pomona.example, otto@pomona.example']);
    expect(eventsOf(await read(raw, { dmarcFrom: vera }))).toMatchObject([
      { subscriber: null, trust: 'none' },
    ]);
  });
});

describe('a proof speaks for what it covers, and the rest waits for a person', () => {
  const covered = (...fields: string[]): Partial<Authenticity> => ({
    dmarcFrom: vera,
    covered: { fields: new Set(['from', 'date', ...fields]), body: true },
  });
  const asked = async (raw: Buffer, proven: Partial<Authenticity>, recipients: string[] = []) => {
    const found = await read(raw, proven, { recipients }, mailbox);
    return eventsOf(found).map(({ trigger, stream, trust }) => [trigger, stream, trust]);
  };
  const to = 'To: leave@orchard.example';

  it.each([
    ['a subject', letter('Lovely plums!', [], 'unsubscribe'), []],
    ['words in the subject', letter('Lovely plums!', [], 'Delete all my data'), ['to']],
    ['Apple Mail’s field', letter('Lovely plums!', ['X-Apple-Unsubscribe: true']), ['subject']],
    [
      'Apple Mail’s field beside an automatic answer',
      letter('I am away. Remove me from your list.', [
        'X-Apple-Unsubscribe: true',
        'Auto-Submitted: auto-replied',
      ]),
      ['subject'],
    ],
    ['the recipient', letter('Lovely plums!', [to]), ['subject']],
    ['the emptiness', letter('', [], ''), []],
    ['the kind of the body', letter('<p>Delete all my data</p>', ['Content-Type: text/html']), ['subject']],
  ])('%s that is not covered', async (_, raw, fields) => {
    const events = await asked(raw, covered(...fields));
    expect(events).not.toEqual([]);
    for (const [, , trust] of events) expect(trust).toBe('none');
    for (const [, , trust] of await asked(raw, { dmarcFrom: vera })) expect(trust).toBe('dmarc');
  });

  it('the recipient of the envelope alone: a signed mail can be sent to anybody again', async () => {
    const raw = letter('Lovely plums!', ['To: Otto <otto@pomona.example>']);
    const mailboxes = [mailbox];
    expect(await asked(raw, covered('subject', 'to'), mailboxes)).toEqual([
      ['mailto_unsubscribe', null, 'none'],
    ]);
    expect(await asked(raw, { dmarcFrom: vera }, mailboxes)).toEqual([['mailto_unsubscribe', null, 'dmarc']]);
    expect(await asked(letter('Lovely plums!', [to]), covered('subject', 'to'), mailboxes)).toEqual([
      ['mailto_unsubscribe', null, 'dmarc'],
    ]);
  });

  it('a time that is not covered: a mail of last year would undo what was said since', async () => {
    const raw = letter('unsubscribe');
    const undated = { dmarcFrom: vera, covered: { fields: new Set(['from', 'subject']), body: true } };
    expect(await asked(raw, undated)).toEqual([['mailto_unsubscribe', null, 'none']]);
  });

  it('a body that is not covered', async () => {
    const raw = letter('unsubscribe');
    const bodyless = { dmarcFrom: vera, covered: { fields: new Set(['from', 'date']), body: false } };
    expect(await asked(raw, bodyless)).toEqual([['mailto_unsubscribe', null, 'none']]);
  });

  it('what is covered counts at once, whatever stands beside it', async () => {
    expect(await asked(letter('unsubscribe garden-letter'), covered())).toEqual([
      ['mailto_unsubscribe', 'garden-letter', 'dmarc'],
    ]);
    const beside = letter('unsubscribe garden-letter', [], 'unsubscribe');
    expect(await asked(beside, covered())).toEqual([
      ['mailto_unsubscribe', null, 'none'],
      ['mailto_unsubscribe', 'garden-letter', 'dmarc'],
    ]);
    const hidden = letter('unsubscribe garden-letter', [], 'HELP');
    expect(await asked(hidden, covered())).toEqual([['mailto_unsubscribe', 'garden-letter', 'dmarc']]);
  });

  it('plain text is read the same whatever it is called', async () => {
    const plain = letter('unsubscribe', ['Content-Type: text/plain; charset=utf-8']);
    expect(await asked(plain, covered())).toEqual([['mailto_unsubscribe', null, 'dmarc']]);
    const twice = letter('unsubscribe', ['Content-Type: text/plain', 'Content-Type: text/html']);
    expect(await asked(twice, covered())).toEqual([['mailto_unsubscribe', null, 'none']]);
  });
});

describe('while the DNS does not answer', () => {
  const raw = letter('Please unsubscribe me from this list.');
  const undecided = { isUndecided: true };

  it('a request that hangs on it has to be sent again, until it has waited for two days', async () => {
    await expect(read(raw, undecided)).rejects.toThrow(UndecidedMail);
    const late = dayOfReading + 72 * 3_600_000;
    expect(eventsOf(await read(raw, undecided, {}, null, late))).toMatchObject([{ trust: 'none' }]);
    expect(eventsOf(await read(letter('unsubscribe', ['Date: x']), undecided))).toMatchObject([
      { trust: 'none' },
    ]);
  });

  it('what does not hang on it is read', async () => {
    expect(eventsOf(await read(raw, { ...undecided, dmarcFrom: vera }))).toMatchObject([{ trust: 'dmarc' }]);
    expect(eventsOf(await read(letter('', [], `unsubscribe ${token}`), undecided))).toMatchObject([
      { trust: 'token' },
    ]);
    expect((await read(letter('Kérem, ne írjanak többet.'), undecided)).items).toMatchObject([
      { kind: 'unreadable' },
    ]);
  });
});

describe('a link that is not the writer’s', () => {
  const otto = 'otto@pomona.example';
  const quoted = `\n\nOn 4 Nov 2026 Orchard <hello@orchard.example> wrote:\n> https://orchard.example/u/${token}`;
  const by = async (raw: Buffer, proven: Partial<Authenticity> = {}) =>
    eventsOf(await read(raw, proven, {}, mailbox)).map(({ trigger, link, trust, scopeHint, beside }) => [
      trigger,
      link === undefined ? otto : '(link)',
      trust,
      scopeHint,
      ...(beside === undefined ? [] : ['beside a link']),
    ]);
  const from = `From: ${otto}`;

  it('and is quoted: the words are the writer’s, too', async () => {
    const raw = letter(`Please stop sending me these.${quoted}`, [from], 'Fwd: Plums');
    expect(await by(raw)).toEqual([
      ['mailto_unsubscribe', '(link)', 'token', 'stream'],
      ['mailto_unsubscribe', otto, 'none', 'channel'],
    ]);
    expect(await by(raw, { dmarcFrom: otto })).toEqual([
      ['mailto_unsubscribe', '(link)', 'token', 'stream'],
      ['mailto_unsubscribe', otto, 'dmarc', 'channel'],
    ]);
    const written = eventsOf(await read(raw))[1];
    expect(written).toMatchObject({ subscriber: otto, stream: null });
    expect(written?.identity).not.toEqual(eventsOf(await read(raw))[0]?.identity);
  });

  it('and is quoted without any words: nobody but its holder asks for anything', async () => {
    const raw = letter(`Plums.\n\nList-Unsubscribe: <mailto:x@orchard.example?subject=${token}>`, [from]);
    expect(await by(raw, { dmarcFrom: otto })).toEqual([['mailto_unsubscribe', '(link)', 'token', 'stream']]);
  });

  it('and stands where our mailto puts it: whoever holds it may use it', async () => {
    for (const raw of [
      letter('', [from], `unsubscribe ${token}`),
      letter('Please unsubscribe me.', [from, `To: leave+${token}@orchard.example`]),
    ]) {
      expect(await by(raw)).toEqual([['mailto_unsubscribe', '(link)', 'token', 'stream']]);
    }
  });

  it.each([
    ['quoted', letter(`Please delete my data.${quoted}`, [from], 'Fwd: Plums')],
    ['in the address', letter('Please delete my data.', [from, `To: leave+${token}@orchard.example`])],
    ['in the subject', letter('Please delete my data.', [from], token)],
  ])(
    'and is %s beside words of erasure: they are the writer’s alone, and the link ends its stream',
    async (_, raw) => {
      expect(await by(raw)).toEqual([['erasure_request_art17', otto, 'none', 'person', 'beside a link']]);
      expect(await by(raw, { dmarcFrom: otto })).toEqual([
        ['erasure_request_art17', otto, 'dmarc', 'person', 'beside a link'],
      ]);
    },
  );

  it('and stands beside an objection and a plain unsubscribe: only the latter is the link’s', async () => {
    const words = 'Please unsubscribe me. I object to direct marketing.';
    const events = await by(letter(words, [from, `To: leave+${token}@orchard.example`]));
    expect(events).toContainEqual(['gdpr_objection_art21', otto, 'none', 'global']);
    expect(events.filter(([, whose]) => whose === '(link)').map(([trigger]) => trigger)).toEqual([
      'mailto_unsubscribe',
    ]);
  });

  it('is one that a From of several people stands beside', async () => {
    const raw = letter('Please delete my data.', [
      'From: vera@pomona.example, otto@pomona.example',
      `To: leave+${token}@orchard.example`,
    ]);
    expect(eventsOf(await read(raw))).toMatchObject([{ trust: 'none', subscriber: null }]);
  });
});

describe('what is asked for', () => {
  const asked = async (raw: Buffer) =>
    eventsOf(await read(raw, { dmarcFrom: vera })).map(({ trigger, stream, scopeHint, link }) => [
      trigger,
      link === undefined ? stream : '(link)',
      scopeHint,
    ]);

  it('a command names a stream, in body or subject', async () => {
    for (const raw of [
      letter('unsubscribe garden-letter'),
      letter('', [], 'Please unsubscribe garden-letter'),
      letter('\nUNSUBSCRIBE: garden-letter\n-- \nVera', [], ''),
    ]) {
      expect(await asked(raw)).toEqual([['mailto_unsubscribe', 'garden-letter', 'stream']]);
    }
  });

  it('what follows the command and names nothing is no stream', async () => {
    for (const word of [
      '',
      ' me',
      ' please',
      ' now!',
      ' vera@pomona.example',
      ' =(',
      ` ${'x'.repeat(200)}`,
    ]) {
      expect(await asked(letter(`unsubscribe${word}`)), word).toEqual([
        ['mailto_unsubscribe', null, 'channel'],
      ]);
    }
  });

  it('a stream that is named beside a token ends as well; the token’s own by its name is the same', async () => {
    expect(await asked(letter('unsubscribe garden-letter', [], `unsubscribe ${token}`))).toEqual([
      ['mailto_unsubscribe', '(link)', 'stream'],
    ]);
    expect(await asked(letter('unsubscribe garden-letter', [`To: leave+${token}@orchard.example`]))).toEqual([
      ['mailto_unsubscribe', '(link)', 'stream'],
      ['mailto_unsubscribe', 'garden-letter', 'stream'],
    ]);
    expect(await asked(letter('unsubscribe harvest', [`To: leave+${token}@orchard.example`]))).toEqual([
      ['mailto_unsubscribe', '(link)', 'stream'],
    ]);
  });

  it('the widest that the words say counts, whatever the token names', async () => {
    const words = 'Please delete my data and never contact me again for marketing on any channel.';
    expect(await asked(letter(words, [`To: leave+${token}@orchard.example`]))).toEqual([
      ['gdpr_objection_art21', '(link)', 'global'],
      ['erasure_request_art17', '(link)', 'person'],
    ]);
  });

  it('of a mail that answers ours only what is new counts', async () => {
    const reply = `Thank you, lovely!\n\nOn 4 Nov 2026 Orchard <hello@orchard.example> wrote:\n> To unsubscribe, open https://orchard.example/u/${token}`;
    const { items } = await read(letter(reply, [], 'Re: Plums'));
    expect(items).toMatchObject([{ kind: 'unreadable' }]);
  });

  it('a link that is quoted says who writes, and the words what for', async () => {
    const reply = `Please stop sending me these.\n\nOn 4 Nov 2026 Orchard <hello@orchard.example> wrote:\n> https://orchard.example/u/${token}`;
    expect(await asked(letter(reply, [], 'Re: Plums'))).toEqual([['mailto_unsubscribe', '(link)', 'stream']]);
  });

  it('mail to the mailbox for it, and an empty mail, ask for it without words; a person looks', async () => {
    for (const raw of [letter('Zrušit prosím', [`To: <LEAVE+x@orchard.example>`]), letter('', [], '')]) {
      const events = eventsOf(await read(raw, {}, {}, mailbox));
      expect(events).toMatchObject([
        { trigger: 'mailto_unsubscribe', scopeHint: 'channel', review: true, trust: 'none' },
      ]);
    }
  });

  it('words that nobody here reads are kept for a person', async () => {
    const { items } = await read(letter('Kérem, ne írjanak többet.'));
    expect(items).toEqual([
      {
        kind: 'unreadable',
        detail: 'body: nobody could tell what it asks for',
        value: expect.objectContaining({ from: [vera], text: expect.stringContaining('Kérem') }),
      },
    ]);
  });

  it('a wish to come back, or a question, is no opt-out', async () => {
    for (const word of ['START', 'HELP']) {
      const { items } = await read(letter(word, [], ''), { dmarcFrom: vera });
      expect(items).toEqual([{ kind: 'skipped', type: `mail:${word.toLowerCase()}` }]);
    }
  });

  it('the reason names the phrases that were found, and nothing that the person wrote', async () => {
    const [event] = eventsOf(await read(letter('My name is Vera Plum, stop sending me emails!')));
    expect(event?.reason).toMatch(/^words: /);
    expect(event?.reason).not.toContain('Plum');
  });
});
