import { Resolver } from 'node:dns/promises';
import { domainOf } from './addresses.js';
import { type Coverage, coverageBy, everything, nothingCovered } from './coverage.js';
import type { Envelope } from './message.js';
import { type Verifiable, verifiable } from './verifiable.js';

/** What is proven about the author of a message. */
export interface Authenticity {
  /** The From, where its domain vouches for it by DMARC (RFC 7489); null: anybody could have written it. */
  dmarcFrom: string | null;
  /** The From, where a valid DKIM signature is aligned with its domain. */
  signedFrom: string | null;
  /** What of the message that by which DMARC passed speaks for. */
  covered: Coverage;
  /** The same of the aligned signatures. */
  signed: Coverage;
  /** The DNS did not answer, and nobody can tell. */
  isUndecided: boolean;
}

export const nothingProven: Authenticity = {
  dmarcFrom: null,
  signedFrom: null,
  covered: nothingCovered,
  signed: nothingCovered,
  isUndecided: false,
};

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
    return await Promise.race([check(message, envelope, resolve), tooLong]);
  } catch {
    return { ...nothingProven, isUndecided: true };
  } finally {
    clearTimeout(timer);
  }
}

async function check(message: Verifiable, envelope: Envelope, resolve: Resolve): Promise<Authenticity> {
  // Loaded with the first message that needs it: 35 MB, for a door that most installations never open.
  const { dkimVerify, dmarc, spf } = await import('mailauth');
  const { headerFrom, results } = await dkimVerify(message.bytes, { resolver: resolve });
  const [from, ...others] = headerFrom;
  if (from === undefined || others.length > 0) return nothingProven;
  const domain = domainOf(from);
  const aligned = results.filter(({ status }) => Boolean(status.aligned));
  const passed = aligned.filter(({ status }) => status.result === 'pass' && status.underSized === undefined);
  const sender = await senderDomain(envelope, resolve, spf);
  const policy = await dmarc({
    headerFrom,
    dkimDomains: passed.map(({ signingDomain }) => ({ domain: signingDomain })),
    spfDomains: sender.proven === null ? [] : [sender.proven],
    resolver: resolve,
  });
  // Of somebody else's signature nothing hangs on whether the DNS answers.
  const statuses = [...(policy === false ? [] : [policy.status]), ...aligned.map(({ status }) => status)];
  const covered = coverageOfPass(policy, domain, { message, passed, sender: sender.proven });
  return {
    dmarcFrom: covered === null ? null : from,
    signedFrom: passed.length > 0 ? from : null,
    covered: covered ?? nothingCovered,
    signed: passed.length > 0 ? coverageOfSignatures(message, passed) : nothingCovered,
    isUndecided:
      statuses.some(({ result }) => result === 'temperror') ||
      (sender.unknown !== null && isRelated(sender.unknown, domain)),
  };
}

/** Its types leave out the fields of which a signature is made. */
type Signature = Awaited<ReturnType<typeof import('mailauth').dkimVerify>>['results'][number] & {
  signingHeaders?: { headers: readonly string[] };
};

/** By what signatures are made of, and not by what they name: of two fields of a name they may mean either. */
function coverageOfSignatures({ fields }: Verifiable, signatures: readonly Signature[]): Coverage {
  const signed = signatures.flatMap(({ signingHeaders }) => signingHeaders?.headers ?? []);
  // The fields of `message` have a character for each byte, those of mailauth are UTF-8.
  const asSigned = new Map(fields.map((field) => [Buffer.from(field, 'latin1').toString(), field]));
  return coverageBy(fields, new Set(signed.flatMap((field) => asSigned.get(field) ?? [])));
}

/** The domain of the envelope's sender, where the client may send for it; `unknown` where the DNS did not answer. */
async function senderDomain(
  { sender, clientIp, helo }: Envelope,
  resolve: Resolve,
  spf: typeof import('mailauth').spf,
): Promise<{ proven: string | null; unknown: string | null }> {
  if (sender === null || sender === '' || clientIp === null) return { proven: null, unknown: null };
  const { status } = await spf({
    sender,
    ip: clientIp,
    helo: helo ?? clientIp,
    mta: 'secateur',
    resolver: resolve,
  });
  const domain = domainOf(sender);
  return {
    proven: status.result === 'pass' ? domain : null,
    unknown: status.result === 'temperror' ? domain : null,
  };
}

/** May one be aligned with the other? */
const isRelated = (one: string, other: string): boolean =>
  one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`);

/**
 * What of the message DMARC speaks for; null where it did not pass. Strict alignment (RFC 7489 section 3.1) is ours to
 * enforce: mailauth 4 reports it, and takes relaxed all the same.
 */
function coverageOfPass(
  policy: Awaited<ReturnType<typeof import('mailauth').dmarc>>,
  domain: string,
  { message, passed, sender }: { message: Verifiable; passed: readonly Signature[]; sender: string | null },
): Coverage | null {
  if (policy === false || policy.status.result !== 'pass') return null;
  const { dkim, spf } = policy.alignment;
  if (spf.result && (!spf.strict || sender === domain)) return everything;
  if (!dkim.result) return null;
  const counting = passed.filter(
    ({ signingDomain }) => !dkim.strict || signingDomain.toLowerCase() === domain,
  );
  return counting.length === 0 ? null : coverageOfSignatures(message, counting);
}
