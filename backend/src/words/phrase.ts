import type { Channel, Trigger } from '../contract/vocabulary.js';

export const languages = ['en', 'de', 'fr', 'es'] as const;
export type Language = (typeof languages)[number];

/** How much the words ask for: `asked` of a request, without picks. From narrow to wide. */
export const reaches = ['this', 'all', 'everything'] as const;
export type Reach = (typeof reaches)[number];

/**
 * - stop: asks for less
 * - start: asks to come back
 * - yes: asks to come back where the message that is answered asked for a yes
 * - help: asks a question and changes nothing
 * - wider: says how far a stop reaches, and nothing without one
 * - not: takes back the stop that follows at once ("do not …")
 * - nothing: sounds like a stop and is none ("can you stop by"), unless more of the same words are a stop
 * - footer: words of the sender's own messages ("to unsubscribe, click here"), whatever stands in them
 */
export type Meaning = 'stop' | 'start' | 'yes' | 'help' | 'wider' | 'not' | 'nothing' | 'footer';

/**
 * One line of the phrase table.
 *
 * A pattern is words in the form of `tokens.ts` (small letters, no apostrophes), accents as the language writes them.
 * `(a|b c|)` is one of these, or nothing; `…` is up to four words of any kind; `<link>` and `<number>` are what they say.
 */
export interface Phrase {
  says: Meaning;
  /** message: only as the whole message. sentence: also as a whole line or sentence. anywhere: inside one, too. */
  where: 'message' | 'sentence' | 'anywhere';
  patterns: readonly string[];
  /** Of a stop and of `wider`. Absent: `this`. */
  asked?: Reach;
  /** What it is beside a plain stop; then it is no plain stop unless `plain` says so. */
  triggers?: readonly Trigger[];
  plain?: true;
  /** The channel that the words name, whatever way they came. */
  channels?: readonly Channel[];
  /** false: may mean something else. Read as a stop all the same, and shown to a person. */
  sure?: false;
  /** Counts only in a message of few words. */
  short?: true;
  /** Of `footer`: at the very start of a message they are the person's own words. */
  notFirst?: true;
  /** Of `footer` and `nothing`: also across commas, colons and lines. */
  across?: true;
  /** Where it comes from: a rule, a provider's documentation, or plain usage. */
  source: string;
}

export interface PhraseTable {
  language: Language;
  /** Politeness: says nothing, and is left out before a message is compared with a keyword. */
  fillers: readonly string[];
  phrases: readonly Phrase[];
}

/** Keywords that must be honoured as they stand (per se). */
export const FCC = '47 CFR 64.1200(a)(10)';
/** Messages in normal language, in any case and punctuation. */
export const CTIA = 'CTIA Messaging Principles and Best Practices (May 2023) 5.1.3';
export const TWILIO = 'Twilio documentation: support for opt-out keywords, Advanced Opt-Out';
export const AWS = 'AWS End User Messaging SMS documentation: required opt-out keywords';
export const TELNYX = 'Telnyx documentation: advanced opt-in and opt-out';
export const USAGE = 'plain usage';
