import type { Trigger } from '../contract/vocabulary.js';
import type { NormalisedEvent } from './normalised-event.js';

export interface BounceReport {
  /** Enhanced status code (RFC 3463), with or without a comment, or an SMTP reply code. */
  status: string | null;
  /** Of a DSN (RFC 3464 2.3.3): `failed`, `delayed`. The other actions report no bounce: do not ask. */
  action?: string | null;
  /** What the receiving server said. */
  text?: string | null;
}

export interface BounceClass {
  trigger: Extract<Trigger, 'hard_bounce' | 'soft_bounce' | 'bounce_unclassified' | 'delivery_delayed'>;
  /** Refused for the sender's reputation, policy or content: says nothing about the address. */
  isBlock: boolean;
}

const hard: BounceClass = { trigger: 'hard_bounce', isBlock: false };
const soft: BounceClass = { trigger: 'soft_bounce', isBlock: false };
const block: BounceClass = { trigger: 'soft_bounce', isBlock: true };
const unclassified: BounceClass = { trigger: 'bounce_unclassified', isBlock: false };

/**
 * Is the address dead, busy, or the sender not welcome? (INV-DSN-1) Only a permanent failure that speaks of the address
 * is hard. Where the code says no more than "failed" (`5.0.0`, `550`), the server's words decide; where they say
 * nothing either, nobody knows.
 */
export function classifyBounce({ status, action, text }: BounceReport): BounceClass {
  if (action?.trim().toLowerCase() === 'delayed') return { trigger: 'delivery_delayed', isBlock: false };
  const words = text ?? '';
  const code = enhancedCode(status ?? '', words);
  const severity = code?.severity ?? replyCode(status ?? '')?.[0] ?? replyCode(words)?.[0];
  if (code?.subject === 7) return block;
  if (severity === '4') return senderWords.test(words) ? block : soft;
  if (code === null || code.subject === 0) return byWords(words, replyCode(status ?? '') ?? replyCode(words));
  return byCode(code, words);
}

/** With the verdict of a provider that knows more than it passes on: it settles what code and words leave open. */
export function weighBounce(report: BounceReport, verdict: 'hard' | 'soft' | null): BounceClass {
  const found = classifyBounce(report);
  if (found.isBlock || found.trigger === 'delivery_delayed') return found;
  if (verdict === 'soft') return soft;
  return verdict === 'hard' && found.trigger === 'bounce_unclassified' ? hard : found;
}

/** A bounce in the words of an event: nobody's wish, and about the address only when it is hard. */
export function bounced(
  found: BounceClass,
): Pick<NormalisedEvent, 'trigger' | 'scopeHint' | 'madeBy' | 'isBlock'> {
  const scopeHint = found.trigger === 'hard_bounce' ? 'address' : 'none';
  return { trigger: found.trigger, scopeHint, madeBy: 'provider', isBlock: found.isBlock };
}

interface Code {
  severity: '4' | '5';
  subject: number;
  detail: number;
}

// Not a part of an IP address, which has one number more.
const enhanced = /(?<![\d.])([45])\.([0-7])\.(\d{1,3})(?!\d|\.\d)/;
const reply = /(?<![\d.])[45][0-5]\d(?![\d.])/;

/** The status; that of the server's words where the status says no more than the class. */
function enhancedCode(status: string, words: string): Code | null {
  const own = parseCode(status);
  if (own !== null && own.subject !== 0) return own;
  const said = parseCode(words);
  return said !== null && said.subject !== 0 && (own === null || own.severity === said.severity) ? said : own;
}

function parseCode(text: string): Code | null {
  const [, severity, subject, detail] = enhanced.exec(text) ?? [];
  if (severity === undefined) return null;
  return { severity: severity === '4' ? '4' : '5', subject: Number(subject), detail: Number(detail) };
}

const replyCode = (text: string): string | undefined => reply.exec(text)?.[0];

/** A permanent failure with a code that says what about. */
function byCode({ subject, detail }: Code, words: string): BounceClass {
  switch (subject) {
    case 1:
      // 7 and 8 are about the sender's address.
      if (detail === 7 || detail === 8) return block;
      if (detail === 0) return senderWords.test(words) ? block : hard;
      return [1, 2, 3, 6, 10].includes(detail) ? hard : byWords(words, undefined);
    case 2:
      // Gmail answers 5.2.1 also for "receiving mail too quickly".
      if (detail === 1) return busyWords.test(words) ? soft : hard;
      return detail === 0 ? byWords(words, undefined) : soft;
    case 4:
      return detail === 4 ? hard : soft;
    case 5:
      return byWords(words, undefined);
    case 6:
      return block;
    default:
      return soft;
  }
}

// In this order: "mailbox unavailable, rejected for policy reasons" is a refusal of the sender.
function byWords(words: string, code: string | undefined): BounceClass {
  if (senderWords.test(words)) return block;
  if (fullWords.test(words) || busyWords.test(words)) return soft;
  if (deadWords.test(words)) return hard;
  // RFC 5321 4.2.2: exceeded storage; user not local.
  if (code === '552') return soft;
  return code === '551' ? hard : unclassified;
}

const senderWords =
  /\b(?:spam(?:haus|cop)?|unsolicited|(?:black|block|deny)[- ]?list(?:ed|ing)?|blocked|reputation|polic(?:y|ies)|dmarc|dkim|spf|dnsbl|rbl|virus|malware|phishing|reverse dns|rdns|relay(?:ing)? (?:access )?(?:denied|not (?:permitted|allowed))|unable to relay|(?:invalid|bad|unknown|unverified) sender|sender\b.{0,60}?\b(?:rejected|denied|refused|not exist|invalid|verify|unknown)|content (?:rejected|denied)|message (?:content )?rejected)\b/i;
const busyWords =
  /\b(?:at a rate|too (?:quickly|fast|many)|rate.?limit\w*|try again|temporar(?:y|ily)|deferred|greylist\w*|timed? ?out)\b/i;
const fullWords = /\b(?:over ?quota|quota|(?:mailbox|inbox|account|storage) (?:is )?full|out of storage)\b/i;
const deadWords =
  /\b(?:(?:no such|unknown|invalid|bad|non-?existent|not a registered \w*) ?(?:local |e-?mail |gateway |virtual )?(?:user|recipient|mailbox|address|account|domain|destination|host)|(?:user|recipient|mailbox|address|account|host|domain)\b.{0,80}?\b(?:unknown|not (?:found|exist|known|available|registered)|(?:does|did) ?n[o']t exist|doesn't exist|disabled|inactive|deactivated|unavailable|suspended|discontinued|no longer|invalid|undeliverable|doesn't have)|is not a (?:registered|valid)|no mailbox)\b/i;
