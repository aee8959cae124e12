import { mailDate } from './mail-date.js';
import type { Message } from './message.js';

const hour = 3_600_000;
/** So long a mail server may try again, of the five days after which most give up (RFC 5321 section 4.5.4.1). */
const longestWait = 48 * hour;
/** Clocks, and times without a zone, may be off by so much. */
const tolerance = 24 * hour;

/**
 * May it be sent back to wait for the DNS? By the time at which the mail server before us took it, else by its own. Of one
 * that is old, or from no time that can be, nobody knows how often it will still be tried.
 */
export function mayWait({ fields }: Message, now: number): boolean {
  const [received = ''] = fields.all('received');
  const found =
    mailDate(received.slice(received.lastIndexOf(';') + 1).trim()) ?? mailDate(fields.first('date'));
  if (found === null) return false;
  const age = now - Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(found) ? found : `${found}Z`);
  return age > -tolerance && age < longestWait;
}
