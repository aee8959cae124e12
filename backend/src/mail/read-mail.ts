import type { MailKind } from '../contract/mail.js';
import type { Item } from '../intake/normalised-event.js';
import type { OpenLink } from '../preferences/token.js';
import { isFeedbackReport, readArf } from './arf.js';
import type { Authenticity } from './authenticity.js';
import { isFromMailer, readAutoReply } from './auto-reply.js';
import { asksForSignature, cfblRefusal, isSignedReport } from './cfbl.js';
import { isBounce, readDsn } from './dsn.js';
import { isJunkReport, readJmrp } from './jmrp.js';
import { mayWait } from './mail-age.js';
import { type Author, isAutoReply, isTo, linkOf, readMailto, type Signs, signsOf } from './mailto.js';
import { type Envelope, largestMessage, type Message, noEnvelope, readMessage } from './message.js';
import { provenPart } from './proven-part.js';
import { type OpenToken, TokenFinder } from './tokens.js';
import { believedByNobody, needVoucher, undecidedWithoutVoucher, vouchedByReporter } from './vouched.js';

export interface ReadMail {
  kind: MailKind;
  items: readonly Item[];
  /** Why nothing of it was taken. */
  refused?: string;
}

export interface MailContext {
  openToken: OpenToken;
  /** The address that our links name for unsubscribing; null where they name none. */
  unsubscribeMailbox: string | null;
  now(): number;
  /** Is it an address of the person whose link it is? Asked only of a link in a request. */
  isOwn(link: OpenLink, address: string): Promise<boolean>;
  /** Asked only where something hangs on it: whether the From passes DMARC, or is signed. */
  authenticate(message: Message, proof: 'dmarc' | 'signature'): Promise<Authenticity>;
}

/** Nobody could tell whether a message is genuine, and it may not be taken before: it has to be sent again. */
export class UndecidedMail extends Error {
  override readonly name = 'UndecidedMail';
}

/** Of what is no message a person sees so much. */
const mostKept = 64 * 1024;

/**
 * A raw message (RFC 5322) as items for the intake. What cannot be read becomes one item for a person; nothing that a
 * message holds makes this throw.
 *
 * @throws UndecidedMail where something hangs on the DNS and it does not answer, unless the message waited long already
 */
export async function readMail(
  raw: Buffer,
  context: MailContext,
  envelope: Envelope = noEnvelope,
): Promise<ReadMail> {
  const message = raw.length > largestMessage ? null : await readMessage(raw, envelope);
  if (message === null) {
    const detail = 'body: is no mail message (RFC 5322)';
    const value = raw.subarray(0, mostKept).toString('utf8');
    return { kind: 'unreadable', items: [{ kind: 'unreadable', detail, value }] };
  }
  const finder = new TokenFinder(context.openToken);
  if (isFeedbackReport(message)) return readReport(message, finder, context);
  if (isJunkReport(message)) {
    const items = await ofReporter(message, readJmrp(message, finder), context);
    return { kind: 'jmrp', items };
  }
  if (isBounce(message)) return { kind: 'dsn', items: readDsn(message, finder) };
  if (message.parts.some(({ type }) => type === 'message/disposition-notification')) {
    return { kind: 'receipt', items: [{ kind: 'skipped', type: 'mail:receipt' }] };
  }
  const signs = signsOf(message, finder, context.unsubscribeMailbox);
  if (isAutoReply(message, signs)) return { kind: 'auto_reply', items: readAutoReply(message) };
  if (isFromMailer(message) && !signs.isDirect) {
    return { kind: 'dsn', items: [{ kind: 'skipped', type: 'dsn:without_report' }] };
  }
  return { kind: 'mailto', items: await readRequest(message, signs, context) };
}

/** A token is better than any From: the domain of the From is asked where something is left that no token vouches for. */
async function readRequest(message: Message, signs: Signs, context: MailContext): Promise<Item[]> {
  const { unsubscribeMailbox, authenticate } = context;
  const link = linkOf(signs);
  const [from, ...others] = message.from;
  const isOne = from !== undefined && others.length === 0;
  const ownsLink = link !== null && isOne && (await context.isOwn(link, from));
  const nobody: Author = { dmarcFrom: null, proven: null, ownsLink };
  const items = readMailto(message, signs, nobody, unsubscribeMailbox);
  if (items.every((item) => item.kind === 'event' && item.trust === 'token')) return items;
  const { dmarcFrom, covered, isUndecided } = await authenticate(message, 'dmarc');
  const proven = dmarcFrom === null ? null : provenPart(message, covered);
  const author = { dmarcFrom, proven, ownsLink };
  const found = readMailto(message, signs, author, unsubscribeMailbox);
  const isDoubtful = found.some((item) => item.kind === 'event' && item.trust === 'none');
  if (isUndecided && isDoubtful && mayWait(message, context.now())) throw new UndecidedMail(noAnswer);
  return found;
}

const noAnswer = 'The DNS does not answer: the message has to be sent again.';

async function readReport(message: Message, finder: TokenFinder, context: MailContext): Promise<ReadMail> {
  if (!asksForSignature(message)) {
    return { kind: 'arf', items: await ofReporter(message, readArf(message, finder), context) };
  }
  const authenticity = await context.authenticate(message, 'signature');
  const refused = cfblRefusal(message, authenticity);
  if (refused === null) {
    const items = readArf(message, finder);
    return { kind: 'cfbl', items: isPublic(message, context) ? items : vouchedByReporter(items) };
  }
  if (authenticity.isUndecided) {
    if (mayWait(message, context.now())) throw new UndecidedMail(noAnswer);
    return { kind: 'cfbl', items: believedByNobody(readArf(message, finder)) };
  }
  return { kind: 'cfbl', items: [{ kind: 'skipped', type: 'cfbl:refused' }], refused };
}

/** Without a token anybody could have written a report: a valid signature says that its reporter did. */
async function ofReporter(
  message: Message,
  items: readonly Item[],
  context: MailContext,
): Promise<readonly Item[]> {
  if (!needVoucher(items) || isPublic(message, context)) return items;
  const authenticity = await context.authenticate(message, 'signature');
  if (isSignedReport(message, authenticity)) return vouchedByReporter(items);
  const isUndecided = authenticity.isUndecided && mayWait(message, context.now());
  return isUndecided ? undecidedWithoutVoucher(items) : items;
}

/** Our address for unsubscribing stands in every message, and no feedback loop is registered under it: anybody may sign. */
const isPublic = (message: Message, { unsubscribeMailbox }: MailContext): boolean =>
  isTo(message, unsubscribeMailbox);
