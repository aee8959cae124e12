import { bounced, classifyBounce } from '../intake/bounce-class.js';
import { type Item, type NormalisedEvent, plain } from '../intake/normalised-event.js';
import { domainOf, mailboxesIn, oneMailbox } from './addresses.js';
import { type Fields, messageIdOf, readBlocks, readFields, withoutComments } from './header-block.js';
import { mailDate } from './mail-date.js';
import { keyOf, type Message, returnedHeader } from './message.js';
import type { TokenFinder } from './tokens.js';

const statusTypes: ReadonlySet<string> = new Set([
  'message/delivery-status',
  'message/global-delivery-status',
]);
/** RFC 3464 section 2.3.3: what reports no bounce. */
const fine: ReadonlySet<string> = new Set(['delivered', 'relayed', 'expanded']);
const mostRecipients = 1000;
/** Servers quote them; a reason is kept longer than an address may be. */
const addresses = /[^\s<>@]{1,256}@[^\s<>@]{1,256}/g;

/** A bounce: a delivery status (RFC 3464), or the field by which Exim says the same without one. */
export const isBounce = ({ parts, fields }: Message): boolean =>
  parts.some(({ type }) => statusTypes.has(type)) || fields.has('x-failed-recipients');

/**
 * One event for each recipient (INV-DSN-1). A bounce speaks of the address and is nobody's wish (INV-DSN-2); one about a
 * message that we never sent is nobody's business (INV-DSN-4): the intake compares message id or link.
 */
export function readDsn(message: Message, finder: TokenFinder): Item[] {
  const blocks = message.parts
    .filter(({ type }) => statusTypes.has(type))
    .flatMap(({ content }) => readBlocks(content));
  const recipients = blocks.filter(
    (block) => block.has('final-recipient') || block.has('original-recipient'),
  );
  const common = commonOf(message, finder);
  if (recipients.length > 0) {
    return recipients.slice(0, mostRecipients).map((block) => recipientEvent(block, message, common));
  }
  const failed = message.fields.all('x-failed-recipients').flatMap(mailboxesIn);
  if (failed.length === 0)
    return [
      { kind: 'unreadable', detail: 'delivery-status: names no recipient', value: statusText(message) },
    ];
  return failed
    .slice(0, mostRecipients)
    .map((subscriber) =>
      bounce(
        { subscriber, status: null, action: 'failed', text: message.text, at: message.date },
        message,
        common,
      ),
    );
}

type Common = Pick<NormalisedEvent, 'messageId' | 'trust' | 'onlyIfSent' | 'link'>;

function commonOf(message: Message, finder: TokenFinder): Common {
  const attached = returnedHeader(message);
  const returned = attached.isEmpty ? readFields(copyIn(message.text)) : attached;
  const sentBy = returned.all('return-path').flatMap(mailboxesIn);
  // A bounce comes back to the sender in the envelope: where that was made for the recipient, it says whose it is.
  const link = finder.inListHeaders(returned) ?? finder.inAddresses([...sentBy, ...message.recipients]);
  return {
    messageId: messageIdOf(returned.first('message-id')),
    onlyIfSent: true,
    trust: link === null ? 'report' : 'token',
    ...(link === null ? {} : { link }),
  };
}

function recipientEvent(block: Fields, message: Message, common: Common): Item {
  const action = withoutComments(block.first('action') ?? 'failed').toLowerCase();
  if (fine.has(action)) return { kind: 'skipped', type: `dsn:${action}` };
  return bounce(
    {
      // The one we sent to: after forwarding the other is somebody else's.
      subscriber: oneMailbox(block.first('original-recipient')) ?? oneMailbox(block.first('final-recipient')),
      status: block.first('status'),
      action,
      text: block.first('diagnostic-code'),
      at: mailDate(block.first('last-attempt-date')) ?? message.date,
    },
    message,
    common,
  );
}

interface Failure {
  subscriber: string | null;
  status: string | null;
  action: string;
  text: string | null;
  at: string | null;
}

function bounce(
  { subscriber, status, action, text, at }: Failure,
  message: Message,
  common: Common,
): NormalisedEvent {
  const found = bounced(classifyBounce({ status, action, text: text?.slice(0, 5000) ?? null }));
  const isHard = found.trigger === 'hard_bounce';
  return {
    ...plain,
    ...common,
    ...found,
    subscriber,
    occurredAt: at,
    reason: [status, text]
      .flatMap((part) => part ?? [])
      .join(' ')
      .replace(addresses, '…')
      .replace(/\s+/g, ' ')
      .slice(0, 500),
    // The person switched this alias off: no reason to look for another address of theirs.
    tags:
      isHard && subscriber !== null && domainOf(subscriber) === 'privaterelay.appleid.com'
        ? ['private_relay_off']
        : [],
    identity: ['dsn', keyOf(message), common.messageId, subscriber, action, status],
  };
}

/** Exim returns the message below a line of its own in the text. */
function copyIn(text: string): string {
  const [, copy = ''] = text.split(/^-{3,} This is a copy of .*$/m, 2);
  return copy.trimStart();
}

function statusText({ parts }: Message): string {
  return parts
    .filter(({ type }) => statusTypes.has(type))
    .map(({ content }) => content)
    .join('\n')
    .slice(0, 64 * 1024);
}
