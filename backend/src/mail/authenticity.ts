import { Resolver } from 'node:dns/promises';
import { domainOf } from './addresses.js';
import type { Envelope } from './message.js';
import { verifiable } from './verifiable.js';

/** What is proven about the author of a message. */
export interface Authenticity {
  /** The From, where its domain vouches for it by DMARC (RFC 7489); null: anybody could have written it. */
  dmarcFrom: string | null;
  /** The From, where a valid DKIM signature is aligned with its domain. */
  signedFrom: string | null;
  /** The DNS did not answer, and nobody can tell. */
  isUndecided: boolean;
}

export const nothingProven: Authenticity = { dmarcFrom: null, signedFrom: null, isUndecided: false };

/** Answers as `dns.promises.resolve` does; throws with code ENOTFOUND or ENODATA for what is not there. */
export type Resolve = (name: string, type: string) => Promise<string[][] | string[]>;

const wholeCheckMilliseconds = 15_000;

/** The DNS of this machine. */
export function systemResolve(): Resolve {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  return (name, type) => resolver.resolve(name, type) as Promise<string[][] | string[]>;
}

/**
 * DKIM (RFC 6376), SPF where the client is known (RFC 7208), and DMARC over both. What is not proven is not believed, and
 * nothing that a message holds makes this throw.
 */
export async function authenticityOf(
  raw: Buffer,
  envelope: Envelope,
  resolve: Resolve,
): Promise<Authenticity> {
  const message = verifiable(raw);
  // Without a signature or a client there is nothing that could pass, and nothing to ask the DNS.
  if (message === null || (!message.hasSignature && envelope.clientIp === null)) return nothingProven;
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<Authenticity>((settle) => {
    timer = setTimeout(() => settle({ ...nothingProven, isUndecided: true }), wholeCheckMilliseconds);
  });
  try {
    return await Promise.race([check(message.bytes, envelope, resolve), tooLong]);
  } catch {
    return { ...nothingProven, isUndecided: true };
  } finally {
    clearTimeout(timer);
  }
}

async function check(bytes: Buffer, envelope: Envelope, resolve: Resolve): Promise<Authenticity> {
  // Loaded with the first message that needs it: 35 MB, for a door that most installations never open.
  const { dkimVerify, dmarc, spf } = await import('mailauth');
  const { headerFrom, results } = await dkimVerify(bytes, { resolver: resolve });
  const [from, ...others] = headerFrom;
  if (from === undefined || others.length > 0) return nothingProven;
  const passed = results.filter(({ status }) => status.result === 'pass' && status.underSized === undefined);
  const sender = await senderDomain(envelope, resolve, spf);
  const policy = await dmarc({
    headerFrom,
    dkimDomains: passed.map(({ signingDomain }) => ({ domain: signingDomain })),
    spfDomains: sender === null ? [] : [sender],
    resolver: resolve,
  });
  const isSigned = passed.some(({ status }) => Boolean(status.aligned));
  const signers = passed.map(({ signingDomain }) => signingDomain.toLowerCase());
  const statuses = [...(policy === false ? [] : [policy.status]), ...results.map(({ status }) => status)];
  return {
    dmarcFrom: hasPassed(policy, domainOf(from), signers, sender) ? from : null,
    signedFrom: isSigned ? from : null,
    isUndecided: statuses.some(({ result }) => result === 'temperror'),
  };
}

/** The domain of the envelope's sender, where the client may send for it. */
async function senderDomain(
  { sender, clientIp, helo }: Envelope,
  resolve: Resolve,
  spf: typeof import('mailauth').spf,
): Promise<string | null> {
  if (sender === null || sender === '' || clientIp === null) return null;
  const found = await spf({
    sender,
    ip: clientIp,
    helo: helo ?? clientIp,
    mta: 'secateur',
    resolver: resolve,
  });
  return found.status.result === 'pass' ? domainOf(sender) : null;
}

/** Strict alignment (RFC 7489 section 3.1) is ours to enforce: mailauth 4 reports it, and takes relaxed all the same. */
function hasPassed(
  policy: Awaited<ReturnType<typeof import('mailauth').dmarc>>,
  domain: string,
  signers: readonly string[],
  sender: string | null,
): boolean {
  if (policy === false || policy.status.result !== 'pass') return false;
  const { dkim, spf } = policy.alignment;
  const bySignature = Boolean(dkim.result) && (!dkim.strict || signers.includes(domain));
  const bySender = Boolean(spf.result) && (!spf.strict || sender === domain);
  return bySignature || bySender;
}
