import { describe, expect, it } from 'vitest';
import { type Authenticity, authenticityOf, nothingProven } from './authenticity.js';
import { everything, isCovered, leastCoverage, nothingCovered } from './coverage.js';
import { type Envelope, noEnvelope } from './message.js';
import { letter } from './testing/mails.js';
import { dnsTable, headersToSign, keyRecord, signed } from './testing/signing.js';

const vera = 'vera@pomona.example';
const dns = {
  's1._domainkey.pomona.example': keyRecord,
  's1._domainkey.mail.pomona.example': keyRecord,
  's1._domainkey.forger.example': keyRecord,
  '_dmarc.pomona.example': 'v=DMARC1; p=reject',
  '_dmarc.forger.example': 'v=DMARC1; p=none',
  'pomona.example': 'v=spf1 ip4:192.0.2.25 -all',
};

const checked = (
  raw: Buffer,
  records: Record<string, string> = dns,
  envelope: Partial<Envelope> = {},
): Promise<Authenticity> => authenticityOf(raw, { ...noEnvelope, ...envelope }, dnsTable(records));

/** Without what it covers. */
const proof = async (...asked: Parameters<typeof checked>) => {
  const { covered, signed: _, ...found } = await checked(...asked);
  expect(found.dmarcFrom === null).toBe(covered === nothingCovered);
  return found;
};

const { covered: _, signed: __, ...unproven } = nothingProven;
const proven = { dmarcFrom: vera, signedFrom: vera, isUndecided: false };

describe('a DKIM signature', () => {
  it('of the From’s own domain proves it, in CRLF, in LF, and below an mbox line', async () => {
    const raw = await signed(letter('unsubscribe'), 'pomona.example');
    const unix = Buffer.from(raw.toString('latin1').replace(/\r\n/g, '\n'), 'latin1');
    expect(await proof(raw)).toEqual(proven);
    expect(await proof(unix)).toEqual(proven);
    expect(await proof(Buffer.concat([Buffer.from('From vera Thu Nov  5 18:20:00 2026\n'), unix]))).toEqual(
      proven,
    );
  });

  it('of a domain below or beside it in the same organisation proves it, unless alignment is strict', async () => {
    const raw = await signed(letter('unsubscribe'), 'mail.pomona.example');
    expect(await proof(raw)).toEqual(proven);
    const strict = { ...dns, '_dmarc.pomona.example': 'v=DMARC1; p=reject; adkim=s' };
    expect((await proof(raw, strict)).dmarcFrom).toBeNull();
    expect((await proof(await signed(letter('x'), 'pomona.example'), strict)).dmarcFrom).toBe(vera);
  });

  it('of somebody else proves nothing', async () => {
    expect(await proof(await signed(letter('unsubscribe'), 'forger.example'))).toEqual(unproven);
  });

  it('proves nothing where the message was changed, the key is gone or DMARC has no record', async () => {
    const raw = await signed(letter('unsubscribe'), 'pomona.example');
    const changed = Buffer.from(raw.toString('latin1').replace('unsubscribe', 'unsubscribx'), 'latin1');
    const forged = Buffer.from(raw.toString('latin1').replace('vera@', 'otto@'), 'latin1');
    expect(await proof(changed)).toEqual(unproven);
    expect(await proof(forged)).toEqual(unproven);
    expect(await proof(raw, { '_dmarc.pomona.example': 'v=DMARC1; p=none' })).toEqual(unproven);
    const { '_dmarc.pomona.example': _, ...noPolicy } = dns;
    expect(await proof(raw, noPolicy)).toEqual({ ...proven, dmarcFrom: null });
  });

  it('proves nothing with l=, with SHA-1, without From in h=, or beside a second From', async () => {
    const raw = letter('unsubscribe');
    expect(await proof(await signed(raw, 'pomona.example', { maxBodyLength: 3 }))).toEqual(unproven);
    const whole = 'unsubscribe\r\n'.length;
    expect(await proof(await signed(raw, 'pomona.example', { maxBodyLength: whole }))).toEqual(unproven);
    expect(await proof(await signed(raw, 'pomona.example', { algorithm: 'rsa-sha1' }))).toEqual(unproven);
    const unsigned = headersToSign.filter((name) => name !== 'From');
    expect(await proof(await signed(raw, 'pomona.example', { headers: unsigned }))).toEqual(unproven);
    const second = Buffer.concat([
      Buffer.from('From: otto@pomona.example\r\n'),
      await signed(raw, 'pomona.example'),
    ]);
    expect(await proof(second)).toEqual(unproven);
    const several = await signed(letter('x', [`From: ${vera}, otto@pomona.example`]), 'pomona.example');
    expect(await proof(several)).toEqual(unproven);
  });

  it('counts among others, and beyond five that could count nobody looks', async () => {
    const bad =
      'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=forger.example; s=s9; h=from; bh=x; b=y\r\n';
    const raw = await signed(letter('unsubscribe'), 'pomona.example');
    expect(await proof(Buffer.concat([Buffer.from(bad.repeat(4)), raw]))).toEqual(proven);
    const resolve = dnsTable(dns);
    const flood = Buffer.concat([Buffer.from(bad.repeat(400)), raw]);
    expect(await authenticityOf(flood, noEnvelope, resolve)).toEqual(nothingProven);
    expect(resolve.asked.length).toBeLessThan(10);
  });
});

describe('SPF', () => {
  const unsigned = letter('unsubscribe');
  const from = (clientIp: string | null, sender: string | null): Partial<Envelope> => ({
    clientIp,
    sender,
    helo: 'mx.pomona.example',
  });

  it('proves the From where the client may send for its domain', async () => {
    expect(await proof(unsigned, dns, from('192.0.2.25', vera))).toEqual({
      ...unproven,
      dmarcFrom: vera,
    });
  });

  it.each([
    ['another client', '192.0.2.26', vera],
    ['another sender', '192.0.2.25', 'x@forger.example'],
    ['a bounce', '192.0.2.25', ''],
    ['a sender that nobody knows', '192.0.2.25', null],
    ['a client that nobody knows', null, vera],
  ])('proves nothing of %s', async (_, clientIp, sender) => {
    expect(await proof(unsigned, dns, from(clientIp, sender))).toEqual(unproven);
  });
});

describe('what a proof speaks for', () => {
  const coverage = async (raw: Buffer, names = headersToSign) =>
    (await checked(await signed(raw, 'pomona.example', { headers: names }))).covered;
  const before = (line: string, raw: Buffer) => Buffer.concat([Buffer.from(`${line}\r\n`), raw]);

  it('a signature: the fields that it names and that stand there, and the body', async () => {
    expect(await coverage(letter('unsubscribe'))).toEqual({
      fields: new Set(['from', 'to', 'date', 'subject', 'message-id', 'content-type']),
      body: true,
    });
    expect(await coverage(letter('unsubscribe'), ['From', 'Date', 'Reply-To'])).toEqual({
      fields: new Set(['from', 'date']),
      body: true,
    });
  });

  it.each([
    'Subject: unsubscribe',
    'Subject : unsubscribe',
    'To: leave@orchard.example',
    'Date: x',
    'Content-Type: x',
  ])('a field that was put in front of a signed one (%s) makes it unproven', async (line) => {
    const raw = await signed(letter('unsubscribe'), 'pomona.example');
    const { dmarcFrom, covered, signed: bySignature } = await checked(before(line, raw));
    const name = line.split(':')[0]?.trim().toLowerCase() ?? '';
    expect(dmarcFrom).toBe(vera);
    expect([isCovered(covered, name), isCovered(bySignature, name)]).toEqual([false, false]);
    expect(isCovered(covered, 'from')).toBe(true);
  });

  it('somebody else’s signature covers nothing, nor one that DMARC does not count', async () => {
    const own = await signed(letter('unsubscribe'), 'pomona.example', { headers: ['From', 'Date'] });
    for (const domain of ['forger.example', 'mail.pomona.example']) {
      const both = await signed(own, domain);
      const strict = { ...dns, '_dmarc.pomona.example': 'v=DMARC1; p=reject; adkim=s' };
      const { covered } = await checked(both, strict);
      expect(covered.fields, domain).toEqual(new Set(['from', 'date']));
    }
  });

  it('SPF: all of it, and that it was sent to us', async () => {
    const envelope = { clientIp: '192.0.2.25', sender: vera, helo: 'mx.pomona.example' };
    const { covered, signed: bySignature } = await checked(letter('unsubscribe'), dns, envelope);
    expect([covered, bySignature]).toEqual([everything, nothingCovered]);
  });

  it('the word of another server: what every signature covers that it may mean', () => {
    const from = 'From: vera@pomona.example';
    const subject = 'Subject: unsubscribe';
    const signature = (names: string, more = '') =>
      `DKIM-Signature: v=1; d=pomona.example; h=${names};${more} b=x`;
    expect(leastCoverage([from, subject])).toEqual(everything);
    expect(leastCoverage([signature('from:subject'), from, subject])).toEqual({
      fields: new Set(['from', 'subject']),
      body: true,
    });
    expect(leastCoverage([signature('from:subject'), signature('from', ' l=0;'), from, subject])).toEqual({
      fields: new Set(['from']),
      body: false,
    });
    expect(leastCoverage([signature('from:subject'), from, subject, subject]).fields).toEqual(
      new Set(['from']),
    );
    expect(leastCoverage([signature('from', ' h=from:subject;'), from, subject])).toEqual(nothingCovered);
  });
});

it('asks the DNS nothing about a message that nothing could prove', async () => {
  const resolve = dnsTable(dns);
  expect(await authenticityOf(letter('unsubscribe'), noEnvelope, resolve)).toEqual(nothingProven);
  expect(await authenticityOf(Buffer.alloc(5 * 1024 * 1024, 'a'), noEnvelope, resolve)).toEqual(
    nothingProven,
  );
  expect(resolve.asked).toEqual([]);
});

it('says that nobody knows where the DNS fails', async () => {
  const raw = await signed(letter('unsubscribe'), 'pomona.example');
  const failing = () => Promise.reject(Object.assign(new Error('timeout'), { code: 'ETIMEOUT' }));
  expect(await authenticityOf(raw, noEnvelope, failing)).toEqual({ ...nothingProven, isUndecided: true });
});

it('does not care whether the DNS of a stranger’s signature answers', async () => {
  const raw = await signed(await signed(letter('x'), 'pomona.example'), 'forger.example');
  const failing = (name: string, type: string) =>
    name.endsWith('forger.example')
      ? Promise.reject(Object.assign(new Error('timeout'), { code: 'ETIMEOUT' }))
      : dnsTable(dns)(name, type);
  expect(await authenticityOf(raw, noEnvelope, failing)).toMatchObject(proven);
});

it('says that nobody knows where SPF could have proven it and the DNS fails', async () => {
  const failing = (name: string, type: string) =>
    name === 'pomona.example'
      ? Promise.reject(Object.assign(new Error('timeout'), { code: 'ETIMEOUT' }))
      : dnsTable(dns)(name, type);
  const from = (sender: string): Envelope => ({ ...noEnvelope, sender, clientIp: '192.0.2.25' });
  expect(await authenticityOf(letter('x'), from(vera), failing)).toEqual({
    ...nothingProven,
    isUndecided: true,
  });
});
