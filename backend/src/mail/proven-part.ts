import { mailboxesIn } from './addresses.js';
import { type Coverage, isCovered } from './coverage.js';
import type { Message } from './message.js';

/**
 * The message with nothing in it but what the proof speaks for: whoever sends a signed message again may put a subject, a
 * recipient or Apple Mail's field beside it. null: not even its time is proven, by which a later opt-in is told from an
 * earlier one.
 */
export function provenPart(message: Message, coverage: Coverage): Message | null {
  if (coverage.fields === 'all') return message;
  if (!isCovered(coverage, 'date')) return null;
  const { fields } = message;
  const named = ['to', 'cc'].filter((name) => isCovered(coverage, name));
  const hasSubject = isCovered(coverage, 'subject');
  const hasBody = isBodyCovered(message, coverage);
  return {
    ...message,
    fields: fields.without(isCovered(coverage, 'x-apple-unsubscribe') ? [] : ['x-apple-unsubscribe']),
    recipients: named.flatMap((name) => fields.all(name).flatMap(mailboxesIn)),
    subject: hasSubject ? message.subject : '',
    text: hasBody ? message.text : '',
    parts: hasBody ? message.parts : [],
    // What may have been taken away is not known to be empty.
    isWhole: message.isWhole && hasSubject && hasBody,
  };
}

/**
 * Is all of the body proven as it is read? Another Content-Type makes parts, or another beginning, of the same bytes; but
 * plain text is read from its first line to its last, whatever it was meant for.
 */
export function isBodyCovered({ fields }: Message, coverage: Coverage): boolean {
  const [type, ...others] = fields.all('content-type');
  const isPlain = type === undefined || /^\s*text\/plain\s*(?:;|$)/i.test(type);
  return coverage.body && (isCovered(coverage, 'content-type') || (isPlain && others.length === 0));
}
