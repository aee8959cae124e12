import type { NormalisedEvent } from '../../intake/normalised-event.js';
import { type LinkContent, linkSeal, openLink, sealLink } from '../../preferences/token.js';
import { type Authenticity, nothingProven } from '../authenticity.js';
import { everything } from '../coverage.js';
import { type Envelope, noEnvelope } from '../message.js';
import { type ReadMail, readMail } from '../read-mail.js';

const seal = linkSeal(['a secret of the mail tests, long enough']);

/** What the links of these tests say, but for what a test changes. */
export const sampleLink: LinkContent = {
  person: '00000000-0000-4000-8000-00000000000a',
  externalId: '00000000-0000-5000-8000-00000000000b',
  identifier: '00000000-0000-5000-8000-00000000000c',
  stream: { channel: 'email', category: 'harvest', origin: 'orchard' },
  audience: null,
  campaign: 'plums-2026',
  messageId: 'plums-77',
  allOptionShown: true,
  legalBasis: 'consent',
  issuedAt: 29_500_000,
};

/** Of the person whose link it is. */
export const linkedAddress = 'vera@pomona.example';

export const tokenOf = (changes: Partial<LinkContent> = {}): string =>
  sealLink(seal, { ...sampleLink, ...changes });

/** A message of these header lines and this body, with CRLF as it travels. */
export function mail(headers: readonly string[], body = ''): Buffer {
  return Buffer.from(`${headers.join('\n')}\n\n${body}`.replace(/\r?\n/g, '\r\n'));
}

/** Parts of a multipart message: each its header lines and its content. */
export function multipart(
  type: string,
  headers: readonly string[],
  parts: readonly (readonly [headers: readonly string[], content: string])[],
): Buffer {
  const boundary = 'plum=_tree';
  const body = parts.map(([lines, content]) => `--${boundary}\n${lines.join('\n')}\n\n${content}\n`).join('');
  return mail(
    [...headers, 'MIME-Version: 1.0', `Content-Type: ${type}; boundary="${boundary}"`],
    `${body}--${boundary}--\n`,
  );
}

interface Complaint {
  /** Fields of the report. */
  report?: readonly string[];
  /** Header of the message that is complained about. */
  returned?: readonly string[];
  headers?: readonly string[];
}

/** A feedback report (RFC 5965) by a mailbox provider. */
export function feedback({ report = [], returned = [], headers = [] }: Complaint = {}): Buffer {
  const head = [
    'From: "Pomona feedback" <loop@fbl.pomona.example>',
    'To: fbl@orchard.example',
    'Date: Tue, 03 Nov 2026 10:00:00 +0000',
    'Message-ID: <report-1@fbl.pomona.example>',
    'Subject: complaint',
    ...headers,
  ];
  return multipart('multipart/report; report-type=feedback-report', head, [
    [['Content-Type: text/plain'], 'Somebody pressed a button.'],
    [['Content-Type: message/feedback-report'], ['User-Agent: Pomona/2', 'Version: 1', ...report].join('\n')],
    [['Content-Type: message/rfc822'], [...returned, '', 'Plums, half price.'].join('\n')],
  ]);
}

export const complained = ['Feedback-Type: abuse'];

/** The header of one of our own messages, as it comes back. */
export const sentHeader = [
  'From: Orchard <plums@orchard.example>',
  'Message-ID: <plums-77@orchard.example>',
  'Subject: Plums, half price',
];

interface Bounce {
  recipients: readonly (readonly string[])[];
  returned?: readonly string[] | null;
  headers?: readonly string[];
}

/** A delivery status (RFC 3464) with a block for each recipient. */
export function bounce({ recipients, returned = sentHeader, headers = [] }: Bounce): Buffer {
  const head = [
    'From: MAILER-DAEMON@mx.orchard.example',
    'To: bounces@orchard.example',
    'Date: Wed, 04 Nov 2026 08:30:00 +0000',
    'Message-ID: <status-1@mx.orchard.example>',
    'Subject: Undelivered Mail Returned to Sender',
    ...headers,
  ];
  const status = [
    'Reporting-MTA: dns; mx.orchard.example',
    ...recipients.map((block) => `\n${block.join('\n')}`),
  ];
  return multipart('multipart/report; report-type=delivery-status', head, [
    [['Content-Type: text/plain'], 'It could not be delivered.'],
    [['Content-Type: message/delivery-status'], status.join('\n')],
    ...(returned === null
      ? []
      : [[['Content-Type: message/rfc822'], [...returned, '', 'Plums.'].join('\n')] as const]),
  ]);
}

/** What a person writes to us. */
export function letter(body: string, headers: readonly string[] = [], subject = 'Plums, half price'): Buffer {
  const head = [
    'From: Vera <vera@pomona.example>',
    'To: Orchard <hello@orchard.example>',
    'Date: Thu, 05 Nov 2026 18:20:00 +0100',
    'Message-ID: <letter-1@pomona.example>',
    `Subject: ${subject}`,
    'Content-Type: text/plain; charset=utf-8',
  ];
  const named = new Set(headers.map((line) => line.split(':', 1)[0]));
  return mail([...head.filter((line) => !named.has(line.split(':', 1)[0])), ...headers], body);
}

/** None of these mails is older than two days then. */
export const dayOfReading = Date.parse('2026-11-05T08:00:00Z');

/** Reads a message where the DNS vouches for `proven`, by all of the message unless it says otherwise, and for nobody else. */
export function read(
  raw: Buffer,
  proven: Partial<Authenticity> = {},
  envelope: Partial<Envelope> = {},
  unsubscribeMailbox: string | null = null,
  now = dayOfReading,
): Promise<ReadMail> {
  const context = {
    openToken: (token: string) => openLink(seal, token),
    unsubscribeMailbox,
    now: () => now,
    isOwn: ({ identifier }: LinkContent, address: string) =>
      Promise.resolve(identifier === sampleLink.identifier && address === linkedAddress),
    authenticate: () =>
      Promise.resolve({ ...nothingProven, covered: everything, signed: everything, ...proven }),
  };
  return readMail(raw, context, { ...noEnvelope, ...envelope });
}

export function eventsOf({ items }: ReadMail): NormalisedEvent[] {
  return items.flatMap((item) => (item.kind === 'event' ? [item] : []));
}
