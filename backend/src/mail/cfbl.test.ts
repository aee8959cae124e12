import { describe, expect, it } from 'vitest';
import { authenticityOf } from './authenticity.js';
import { noEnvelope } from './message.js';
import { UndecidedMail } from './read-mail.js';
import {
  complained,
  dayOfReading,
  eventsOf,
  feedback,
  read,
  sampleLink,
  sentHeader,
  tokenOf,
} from './testing/mails.js';
import { dnsTable, keyRecord, signed } from './testing/signing.js';

const token = tokenOf();
const asking = [...sentHeader, 'CFBL-Address: fbl@orchard.example; report=arf'];
const reporter = 'loop@fbl.pomona.example';
const dns = dnsTable({
  's1._domainkey.pomona.example': keyRecord,
  's1._domainkey.fbl.pomona.example': keyRecord,
  's1._domainkey.forger.example': keyRecord,
});

/** As the service does it: the signatures are checked against this DNS. */
const readSigned = async (raw: Buffer) => read(raw, await authenticityOf(raw, noEnvelope, dns));

const reportType = 'multipart/report; report-type=feedback-report; boundary="plum=_tree"';
const report = (returned: readonly string[]) =>
  feedback({ report: [...complained, 'Original-Rcpt-To: ida@pomona.example'], returned });

describe('INV-CFBL-1: a report that anybody could send counts only with a DKIM signature of its From', () => {
  it.each(['fbl.pomona.example', 'pomona.example'])('signed by %s it counts', async (domain) => {
    const found = await readSigned(await signed(report(asking), domain));
    expect(found).toMatchObject({
      kind: 'cfbl',
      items: [{ trigger: 'complaint', subscriber: 'ida@pomona.example' }],
    });
    expect(found).not.toHaveProperty('refused');
  });

  it.each([
    ['unsigned', async (raw: Buffer) => raw],
    ['signed by somebody else', (raw: Buffer) => signed(raw, 'forger.example')],
    [
      'changed after signing',
      async (raw: Buffer) =>
        Buffer.from((await signed(raw, 'pomona.example')).toString().replace('ida@', 'otto@')),
    ],
    [
      'signed with another Content-Type put in front',
      async (raw: Buffer) =>
        Buffer.concat([Buffer.from(`Content-Type: ${reportType}\r\n`), await signed(raw, 'pomona.example')]),
    ],
    [
      'signed without its Content-Type, by which anybody could make a report of it',
      (raw: Buffer) => signed(raw, 'pomona.example', { headers: ['From', 'Date', 'Subject'] }),
    ],
    ['signed in a part only', (raw: Buffer) => signed(raw, 'pomona.example', { maxBodyLength: 10 })],
  ])('%s it is refused, and nothing of it is taken', async (_, forge) => {
    for (const returned of [
      asking,
      [...sentHeader, `CFBL-Feedback-ID: ${token}`],
      [`List-Unsubscribe: <https://o.example/u/${token}>`, ...asking],
    ]) {
      const { kind, items, refused } = await readSigned(await forge(report(returned)));
      expect({ kind, items }).toEqual({ kind: 'cfbl', items: [{ kind: 'skipped', type: 'cfbl:refused' }] });
      expect(refused).toContain('DKIM');
    }
  });

  it('DMARC by SPF is not enough, nor a signature for another From', async () => {
    expect((await read(report(asking), { dmarcFrom: reporter })).refused).toContain('DKIM');
    expect((await read(report(asking), { signedFrom: 'x@fbl.pomona.example' })).refused).toContain('DKIM');
    expect((await read(report(asking), { signedFrom: reporter.toUpperCase() })).refused).toBeUndefined();
  });

  it('where the DNS does not answer it has to be sent again', async () => {
    await expect(read(report(asking), { isUndecided: true })).rejects.toThrow(UndecidedMail);
    await expect(read(report(sentHeader), { isUndecided: true })).resolves.toMatchObject({
      kind: 'arf',
      items: [{ trust: 'none', sentVouches: true, isUndecided: true }],
    });
  });

  it('where it has waited for two days a person looks at it, whatever token it holds', async () => {
    const late = dayOfReading + 48 * 3_600_000;
    const listed = [`List-Unsubscribe: <https://o.example/u/${token}>`, ...asking];
    const found = await read(report(listed), { isUndecided: true }, {}, null, late);
    const [event] = eventsOf(found);
    expect([found.kind, event?.trust, event?.link, event?.isUndecided]).toEqual([
      'cfbl',
      'none',
      undefined,
      undefined,
    ]);
    const [plain] = eventsOf(await read(report(sentHeader), { isUndecided: true }, {}, null, late));
    expect([plain?.trust, plain?.isUndecided]).toEqual(['none', undefined]);
  });
});

it('the feedback id may be all that came back, folded anywhere: a token of ours says whose it is', async () => {
  const folded = `CFBL-Feedback-ID: ${token.slice(0, 50)}\n  ${token.slice(50)}`;
  const raw = await signed(feedback({ report: complained, returned: [folded] }), 'pomona.example');
  const [event] = eventsOf(await readSigned(raw));
  expect(event).toMatchObject({ link: { person: sampleLink.person }, trust: 'token', providerEventId: null });
});

it('a feedback id that is not ours is kept as the reporter’s own', async () => {
  const raw = await signed(
    feedback({ report: complained, returned: ['CFBL-Feedback-ID: 77:\n plums:4'] }),
    'pomona.example',
  );
  expect(eventsOf(await readSigned(raw))).toMatchObject([{ providerEventId: '77:plums:4', trust: 'report' }]);
});
