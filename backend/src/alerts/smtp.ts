import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { createTransport } from 'nodemailer';
import type { Outbound } from '../outbound.js';
import type { Verdict } from '../targets/verdict.js';
import type { EmailPlace } from './alert-settings.js';

export interface MailText {
  readonly subject: string;
  readonly text: string;
}

const connectMs = 10_000;
const answerMs = 20_000;

/**
 * One mail to one address by SMTP. The server's addresses are judged as those of any outbound call, and the connection is
 * opened to the very one that was judged; its certificate must be of the name. Details hold no address and no password.
 *
 * @param id makes the Message-ID, so that a mail sent twice can be known
 */
export async function sendMail(
  { host, port, security, user, password, from }: EmailPlace,
  to: string,
  id: string,
  { subject, text }: MailText,
  outbound: Outbound,
): Promise<Verdict> {
  const found = await addressOf(host, security === 'none', outbound);
  if (typeof found !== 'string') return found;
  const transport = createTransport({
    host: found,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: isIP(host) === 0 ? { servername: host } : {},
    ...(user === undefined || password === null ? {} : { auth: { user, pass: password } }),
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: answerMs,
    dnsTimeout: connectMs,
    name: 'secateur',
    // What we write is text of our own: nothing is read from files or addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  });
  try {
    const messageId = `<${id}@${from.split('@')[1] ?? 'secateur'}>`;
    const headers = { 'Auto-Submitted': 'auto-generated' };
    const { accepted } = await transport.sendMail({ from, to, subject, text, messageId, headers });
    if (accepted.length === 1) return { kind: 'acknowledged', status: 250, detail: 'accepted' };
    return { kind: 'refused', status: null, detail: 'not accepted' };
  } catch (error) {
    return verdictOf(error);
  } finally {
    transport.close();
  }
}

/** The address to connect to, or why there is none. */
async function addressOf(host: string, isPlain: boolean, outbound: Outbound): Promise<string | Verdict> {
  let addresses: string[];
  try {
    addresses = isIP(host) === 0 ? (await lookup(host, { all: true })).map(({ address }) => address) : [host];
  } catch {
    return { kind: 'away', status: null, detail: 'no such host' };
  }
  const judged = addresses.map((address) => outbound.judge(address));
  const [first] = addresses;
  if (first === undefined || judged.includes('blocked'))
    return { kind: 'away', status: null, detail: 'its address is not one that may be called' };
  if (isPlain && judged.includes('public'))
    return {
      kind: 'away',
      status: null,
      detail: 'without TLS only an allowed private address may be called',
    };
  return first;
}

/** By the reply's code, else by the library's word: the text of an answer may quote addresses. */
function verdictOf(error: unknown): Verdict {
  const { responseCode, code } = error as { responseCode?: unknown; code?: unknown };
  if (code === 'EAUTH')
    return { kind: 'away', status: numberOf(responseCode), detail: 'it does not accept our credentials' };
  if (typeof responseCode === 'number')
    return {
      kind: responseCode >= 500 ? 'refused' : 'away',
      status: responseCode,
      detail: `answered ${responseCode}`,
    };
  const word = typeof code === 'string' && /^[A-Z]{1,20}$/.test(code) ? code : 'unknown';
  return { kind: 'away', status: null, detail: `no delivery: ${word}` };
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
