import { z } from 'zod';
import { BatchResult } from './events.js';

/**
 * What a mail is. `arf`: a spam complaint (RFC 5965). `cfbl`: one that the message itself asked for (RFC 9477). `jmrp`: Outlook's.
 * `dsn`: a bounce (RFC 3464). `receipt`: a note that it was read (RFC 8098). `auto_reply`: an out-of-office note (RFC 3834).
 * `mailto`: somebody's request.
 */
export const mailKinds = [
  'arf',
  'cfbl',
  'jmrp',
  'dsn',
  'receipt',
  'auto_reply',
  'mailto',
  'unreadable',
] as const;
export const MailKind = z.enum(mailKinds);
export type MailKind = z.infer<typeof MailKind>;

/** Answer to `POST /v1/mail`. */
export const MailAnswer = BatchResult.extend({
  kind: MailKind,
  /** By our word for them: what was understood and changes nothing. */
  skipped: z.record(z.string(), z.int()),
  /** Why nothing of it was taken: it could have been written by anybody. */
  refused: z.string().optional(),
});
export type MailAnswer = z.infer<typeof MailAnswer>;
