import { generateKeyPairSync } from 'node:crypto';
import type { Resolve } from '@secateur/backend/app';
import { dkimSign } from 'mailauth';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const record = `v=DKIM1; k=rsa; p=${pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')}`;
const privateKey = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

/**
 * A DNS in which each of these domains signs by the key of `signed`, sends from 192.0.2.7 and has a DMARC policy. That of
 * broken.example does not answer.
 */
export function dnsOf(...domains: readonly string[]): Resolve {
  const records = new Map<string, string>(
    domains.flatMap((domain) => [
      [`s1._domainkey.${domain}`, record] as const,
      [`_dmarc.${domain}`, 'v=DMARC1; p=reject'] as const,
      [domain, 'v=spf1 ip4:192.0.2.7 -all'] as const,
    ]),
  );
  return (name) => {
    const found = records.get(name.toLowerCase());
    if (found !== undefined) return Promise.resolve([[found]]);
    const code = name.endsWith('broken.example') ? 'ETIMEOUT' : 'ENOTFOUND';
    return Promise.reject(Object.assign(new Error('no answer'), { code }));
  };
}

/** The message with a DKIM signature of this domain. */
export async function signed(message: string, domain: string): Promise<string> {
  const by = { signingDomain: domain, selector: 's1', privateKey, algorithm: 'rsa-sha256' };
  const signature = { ...by, canonicalization: 'relaxed/relaxed' };
  const { signatures } = await dkimSign(message, { ...by, signatureData: [signature] });
  return signatures + message;
}

let letters = 0;

/** What somebody writes to us, now. */
export function letter(from: string, body: string, headers: readonly string[] = []): string {
  const head = [
    `From: ${from}`,
    `Date: ${new Date(Date.now() - 60_000).toUTCString()}`,
    `Message-ID: <letter-${++letters}@mail.example>`,
    ...headers,
  ];
  return crlf(`${head.join('\n')}\n\n${body}\n`);
}

/** A multipart report: its fields in the middle, the header of our message at the end. */
export function report(
  type: 'feedback-report' | 'delivery-status',
  fields: readonly string[],
  returned: readonly string[],
): string {
  const head = [
    'From: reports@pomona.example',
    `Date: ${new Date(Date.now() - 60_000).toUTCString()}`,
    `Message-ID: <report-${++letters}@pomona.example>`,
    'Subject: report',
    `Content-Type: multipart/report; report-type=${type}; boundary=tree`,
  ];
  const parts = [
    ['text/plain', 'A report.'],
    [`message/${type}`, fields.join('\n')],
    ['message/rfc822', `${returned.join('\n')}\n\nPlums.`],
  ];
  const body = parts.map(([kind, content]) => `--tree\nContent-Type: ${kind}\n\n${content}\n`).join('');
  return crlf(`${head.join('\n')}\n\n${body}--tree--\n`);
}

const crlf = (text: string): string => text.replace(/\r?\n/g, '\r\n');
