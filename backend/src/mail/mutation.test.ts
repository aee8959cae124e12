import { expect, it } from 'vitest';
import { mailKinds } from '../contract/mail.js';
import { triggers } from '../contract/vocabulary.js';
import { authenticityOf } from './authenticity.js';
import { noEnvelope } from './message.js';
import { bounce, complained, feedback, letter, read, sentHeader, tokenOf } from './testing/mails.js';
import { mutated, randomNumbers } from './testing/mutate.js';
import { dnsTable, keyRecord, signed } from './testing/signing.js';

const token = tokenOf();
const listed = [...sentHeader, `List-Unsubscribe: <https://orchard.example/u/${token}>`];
const failed = ['Final-Recipient: rfc822; ida@pomona.example', 'Action: failed', 'Status: 5.1.1'];
const dns = dnsTable({
  's1._domainkey.pomona.example': keyRecord,
  '_dmarc.pomona.example': 'v=DMARC1; p=reject',
});

/** One of each kind. */
async function corpus(): Promise<Buffer[]> {
  return [
    feedback({
      report: [...complained, 'Original-Rcpt-To: ida@pomona.example', 'Incidents: 3'],
      returned: listed,
    }),
    await signed(
      feedback({ report: complained, returned: [...listed, 'CFBL-Address: fbl@orchard.example'] }),
      'pomona.example',
    ),
    bounce({
      recipients: [failed, [...failed, 'Diagnostic-Code: smtp; 550 5.1.1 unknown'], ['Action: delayed']],
      returned: listed,
    }),
    letter('unsubscribe', [
      `To: leave+${token}@orchard.example`,
      'Auto-Submitted: auto-replied',
      'X-Apple-Unsubscribe: true',
    ]),
    letter('Please delete my data and never contact me again.', [
      'Content-Transfer-Encoding: quoted-printable',
    ]),
    letter('<p>Bitte abmelden, danke!</p>', ['Content-Type: text/html; charset=iso-8859-1']),
    letter('I am away.', ['Auto-Submitted: auto-replied'], 'Automatic reply'),
    await signed(letter('unsubscribe garden-letter'), 'pomona.example'),
  ];
}

const times = 3000;
/** Milliseconds of work, not of waiting for other processes. */
const slowest = 2000;

it(`reads ${times} broken and hostile mails without an error, each in bounded time`, async () => {
  const messages = await corpus();
  const random = randomNumbers(Number(process.env.SECATEUR_SEED));
  const kinds = new Map<string, number>();
  for (let at = 0; at < times; at++) {
    const raw = mutated(messages, random);
    const began = process.cpuUsage();
    const found = await read(raw, await authenticityOf(raw, noEnvelope, dns)).catch((error: unknown) => {
      throw new Error(`mail ${at} of this seed`, { cause: error });
    });
    const { user, system } = process.cpuUsage(began);
    expect((user + system) / 1000, `milliseconds for mail ${at}`).toBeLessThan(slowest);
    kinds.set(found.kind, (kinds.get(found.kind) ?? 0) + 1);
    expect(mailKinds).toContain(found.kind);
    expect(found.items.length).toBeGreaterThan(0);
    for (const item of found.items) {
      if (item.kind !== 'event') continue;
      expect(triggers).toContain(item.trigger);
      if (item.trust === 'token') expect(item.link?.person).toBeDefined();
      else expect(item.link).toBeUndefined();
      expect(JSON.stringify(item).length).toBeLessThan(20_000);
    }
  }
  // Every way through the code was taken, or the mutations say nothing.
  for (const kind of ['arf', 'cfbl', 'dsn', 'mailto', 'auto_reply', 'unreadable']) {
    expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(times / 200);
  }
}, 180_000);
