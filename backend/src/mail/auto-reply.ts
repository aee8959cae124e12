import { type Item, plain } from '../intake/normalised-event.js';
import { withoutComments } from './header-block.js';
import { keyOf, type Message } from './message.js';

/** Was it sent by a program (RFC 3834 section 5, and what mailers wrote before)? */
export function isAutomatic({ fields }: Message): boolean {
  const submitted = withoutComments(fields.first('auto-submitted') ?? 'no')
    .split(/[;\s]/)[0]
    ?.toLowerCase();
  const precedence = (fields.first('precedence') ?? '').trim().toLowerCase();
  return (
    (submitted !== 'no' && submitted !== '') ||
    fields.has('x-autoreply') ||
    fields.has('x-autorespond') ||
    precedence === 'auto_reply'
  );
}

/** Does it come from the mail system, which has no wishes? */
export function isFromMailer({ from, fields, envelope }: Message): boolean {
  const nobody = envelope.sender === '' || /^\s*<\s*>\s*$/.test(fields.first('return-path') ?? '');
  return nobody || from.some((mailbox) => /^mailer-daemon@/i.test(mailbox));
}

/** An out-of-office note and the like: counted, and without effect. */
export function readAutoReply(message: Message): Item[] {
  return [
    {
      ...plain,
      trigger: 'auto_reply',
      subscriber: message.from.length === 1 ? (message.from[0] ?? null) : null,
      messageId: message.messageId,
      occurredAt: message.date,
      scopeHint: 'none',
      identity: ['auto_reply', keyOf(message)],
    },
  ];
}
