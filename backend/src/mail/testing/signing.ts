import { generateKeyPairSync } from 'node:crypto';
import { dkimSign } from 'mailauth';
import type { Resolve } from '../authenticity.js';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicKey = pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
const privateKey = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

export const headersToSign = ['From', 'To', 'Subject', 'Date', 'Message-ID', 'Content-Type'];

interface Signing {
  headers?: readonly string[];
  algorithm?: 'rsa-sha256' | 'rsa-sha1';
  /** `l=` */
  maxBodyLength?: number;
}

/** The message with a DKIM signature of `domain`, under the selector `s1`. */
export async function signed(
  message: Buffer,
  domain: string,
  { headers = headersToSign, algorithm = 'rsa-sha256', maxBodyLength }: Signing = {},
): Promise<Buffer> {
  const by = {
    signingDomain: domain,
    selector: 's1',
    privateKey,
    algorithm,
    canonicalization: 'relaxed/relaxed',
  };
  const signature = maxBodyLength === undefined ? by : { ...by, maxBodyLength };
  // Its types ask for a list; what it reads is text.
  const headerList = headers.join(':') as unknown as string[];
  const { signatures, errors } = await dkimSign(message, { ...by, headerList, signatureData: [signature] });
  if (errors.length > 0) throw new Error(`not signed: ${JSON.stringify(errors)}`);
  return Buffer.concat([Buffer.from(signatures), message]);
}

/** The DNS record of the key by which `signed` signs. */
export const keyRecord = `v=DKIM1; k=rsa; p=${publicKey}`;

/** A DNS that holds this table of TXT records and nothing else, and remembers what it was asked. */
export function dnsTable(records: Readonly<Record<string, string>>): Resolve & { asked: string[] } {
  const asked: string[] = [];
  const resolve = (name: string, type: string): Promise<string[][]> => {
    asked.push(`${name} ${type}`);
    const record = type === 'TXT' ? records[name.toLowerCase()] : undefined;
    if (record !== undefined) return Promise.resolve([[record]]);
    return Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }));
  };
  return Object.assign(resolve, { asked });
}
