import type { Trigger } from '../contract/vocabulary.js';
import { type Item, type NormalisedEvent, plain } from '../intake/normalised-event.js';
import type { OpenLink } from '../preferences/token.js';
import { mailboxesIn, oneMailbox } from './addresses.js';
import { Fields, messageIdOf, readBlocks, withoutComments } from './header-block.js';
import { mailDate } from './mail-date.js';
import { keyOf, type Message, returnedHeader } from './message.js';
import type { TokenFinder } from './tokens.js';
import { unvouched } from './vouched.js';

/**
 * Feedback types (RFC 5965 section 7.3, RFC 6430, RFC 6591, and opt-out of the drafts before). Any other, and none, is read
 * as a complaint that somebody should look at (INV-FLOOR-4).
 */
const triggers: Readonly<Record<string, Trigger>> = {
  abuse: 'complaint',
  fraud: 'complaint',
  'opt-out': 'complaint_optout',
  'opt-out-list': 'complaint_optout',
  'not-spam': 'not_spam',
  'auth-failure': 'auth_failure',
};

export const isFeedbackReport = ({ parts }: Message): boolean =>
  parts.some(({ type }) => type === 'message/feedback-report');

/** A feedback report (RFC 5965): one event for each recipient that it is about. */
export function readArf(message: Message, finder: TokenFinder): Item[] {
  const report = reportOf(message);
  const returned = returnedHeader(message);
  const type = withoutComments(report.first('feedback-type') ?? '').toLowerCase();
  if (type === 'virus') return [{ kind: 'skipped', type: 'arf:virus' }];
  const trigger = triggers[type];
  const link = reportedLink(message, report, returned, finder);
  const occurredAt =
    mailDate(report.first('received-date')) ?? mailDate(report.first('arrival-date')) ?? message.date;
  const incidents = Number(/^\d{1,6}$/.exec(report.first('incidents')?.trim() ?? '')?.[0] ?? 1);
  const messageId = messageIdOf(returned.first('message-id'));
  const feedbackId = (returned.first('cfbl-feedback-id') ?? '').replace(/\s+/g, '');
  const common: Omit<NormalisedEvent, 'subscriber' | 'identity'> = {
    ...plain,
    trigger: trigger ?? 'complaint',
    messageId,
    occurredAt,
    reason: `Feedback-Type: ${type === '' ? '(none)' : type.slice(0, 50)}; User-Agent: ${(report.first('user-agent') ?? '(none)').slice(0, 200)}`,
    scopeHint: 'sender',
    ...(link === null && feedbackId !== '' ? { providerEventId: feedbackId.slice(0, 500) } : {}),
    ...(incidents > 1 ? { incidents } : {}),
    ...(trigger === undefined ? { review: true } : {}),
  };
  return reported(report, returned, link).map(({ subscriber, link: own }) => ({
    ...common,
    subscriber,
    ...(own === null ? unvouched : { trust: 'token' as const, link: own }),
    identity: ['arf', keyOf(message), messageId, type, subscriber, own?.id ?? null],
  }));
}

/** Whom it is about. A link stands for one message to one person; the others of several recipients by their address. */
function reported(
  report: Fields,
  returned: Fields,
  link: OpenLink | null,
): { subscriber: string | null; link: OpenLink | null }[] {
  const addresses = reportedAddresses(report, returned);
  if (link === null) {
    return (addresses.length === 0 ? [null] : addresses).map((subscriber) => ({ subscriber, link: null }));
  }
  if (addresses.length < 2) return [{ subscriber: addresses[0] ?? null, link }];
  return [{ subscriber: null, link }, ...addresses.map((subscriber) => ({ subscriber, link: null }))];
}

/** INV-ARF-3: our own token before any address: reporters redact addresses, and forwarding changes them. */
function reportedLink(
  { recipients }: Message,
  report: Fields,
  returned: Fields,
  finder: TokenFinder,
): OpenLink | null {
  const senders = [...report.all('original-mail-from'), ...returned.all('return-path')].flatMap(mailboxesIn);
  return (
    finder.inListHeaders(returned) ??
    finder.inAddresses([...senders, ...recipients]) ??
    finder.find((returned.first('cfbl-feedback-id') ?? '').replace(/\s+/g, ''))
  );
}

/**
 * The recipient as the reporter names it. The To of the message itself counts only where it names one mailbox and nothing
 * better is there; an address that was redacted (RFC 6590) is none.
 */
function reportedAddresses(report: Fields, returned: Fields): string[] {
  const named = report.has('redacted-address') ? [] : report.all('original-rcpt-to');
  const original = named.flatMap((value) => oneMailbox(value) ?? []);
  if (original.length > 0) return [...new Set(original)].slice(0, 1000);
  // Whatever stands in To, the reporter did not want to say who it was.
  const isRedacted = named.length > 0 || report.has('redacted-address');
  const better =
    oneMailbox(returned.first('x-hmxmroriginalrecipient')) ?? oneMailbox(report.first('removal-recipient'));
  const inMessage = isRedacted || returned.has('cc') ? null : oneMailbox(returned.first('to'));
  const found = better ?? inMessage;
  return found === null ? [] : [found];
}

/** All fields of the report: some reporters leave an empty line between them. */
function reportOf({ parts }: Message): Fields {
  const report = new Fields();
  const content = parts.find(({ type }) => type === 'message/feedback-report')?.content ?? '';
  for (const block of readBlocks(content)) block.copyTo(report);
  return report;
}
