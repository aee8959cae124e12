import type { Selector } from '../contract/selectors.js';
import type { Trigger } from '../contract/vocabulary.js';
import { type Item, type NormalisedEvent, plain, type ScopeHint } from '../intake/normalised-event.js';
import type { OpenLink } from '../preferences/token.js';
import { type Reading, readWords } from '../words/read-words.js';
import { isAutomatic } from './auto-reply.js';
import { keyOf, type Message } from './message.js';
import type { TokenFinder } from './tokens.js';

/** What shows that a mail is a request, whatever else it says. */
export interface Signs {
  /** A token where the List-Unsubscribe puts it: in an address, the subject, or alone in the body. */
  link: OpenLink | null;
  /** A link of ours in the body, as a quoted message has it: says who writes, and asks for nothing. */
  mentioned: OpenLink | null;
  /** The link stands in the body alone: whoever quotes a message of ours quotes its link, too. */
  isQuoted: boolean;
  command: Command | null;
  /** Apple Mail's button: the mail calls itself an automatic reply, and is the person's own opt-out. */
  isApple: boolean;
  /** Nobody but a person's button or hand writes so: it counts whoever sent it, and however. */
  isDirect: boolean;
}

export interface Command {
  /** `unsubscribe weekly-digest` names one (RFC 2369 section 3.2). */
  stream: string | null;
}

const linkPath = /\/u\/[A-Za-z0-9_-]{90,}/g;

/** @param mailbox the address that links of ours name for unsubscribing: mail to it asks for nothing else */
export function signsOf(message: Message, finder: TokenFinder, mailbox: string | null): Signs {
  const { recipients, subject, text } = message;
  const inSubject = finder.find(subject);
  const inAddress = finder.inAddresses(recipients);
  const said = saidSigns(message);
  const isAddressed = inAddress !== null && (isTo(message, mailbox) || isBare(message));
  return {
    link: inSubject ?? inAddress ?? finder.find(text.replace(linkPath, ' ')),
    mentioned: finder.find(text),
    isQuoted: inSubject === null && inAddress === null,
    ...said,
    isDirect: inSubject !== null || said.isDirect || isAddressed,
  };
}

/** What needs no link. */
function saidSigns({ fields, subject, text }: Message): Pick<Signs, 'command' | 'isApple' | 'isDirect'> {
  const command = commandOf(subject) ?? commandOf(firstLine(text));
  const isApple = (fields.first('x-apple-unsubscribe') ?? '').trim().toLowerCase() === 'true';
  return { command, isApple, isDirect: command !== null || isApple };
}

/**
 * An answer that a program wrote, and no request: what reads like words in it is not the person's. It comes back to the
 * sender of our own message, whose address may carry a token, and it may quote the message.
 */
export function isAutoReply(message: Message, { isDirect }: Signs): boolean {
  return isAutomatic(message) && !isDirect;
}

const isBare = ({ isWhole, text, subject }: Message): boolean =>
  isWhole && text.trim() === '' && subject.trim() === '';

/** What is known of who wrote it. */
export interface Author {
  /** The From, if it passed DMARC. */
  dmarcFrom: string | null;
  /** As much of the message as that speaks for. */
  proven: Message | null;
  /** The link is of the person whose address the From is. */
  ownsLink: boolean;
}

/** The link that says whose a mail is: one that asks before one that is quoted. */
export const linkOf = ({ link, mentioned }: Signs): OpenLink | null => link ?? mentioned;

/**
 * A request by mail (INV-2369-2). The widest that the words express counts, whatever stream the token names; without a
 * token the From counts only where its domain vouches for it, and for no more than it vouches for.
 */
export function readMailto(message: Message, signs: Signs, author: Author, mailbox: string | null): Item[] {
  const asked = askedIn(message, signs, mailbox);
  const vouched = vouchedFor(message, author, mailbox);
  if (!('said' in asked)) return vouched === null ? [asked] : requests(message, vouched, vouched);
  const link = linkOf(signs);
  if (link === null || author.ownsLink) return requests(message, asked, vouched);
  return requestsOfTwo(message, link, asked, vouched);
}

/** A mail as a request. */
interface Request {
  signs: Signs;
  said: Reading;
  /** Is there a plain unsubscribe, beside an objection or the like or alone? */
  isPlain: boolean;
  /** It says so itself: it does not only hold a link, or come to the address for it. */
  isSaid: boolean;
}

/** What it asks for; the item that it is where it asks for nothing. */
function askedIn(message: Message, signs: Signs, mailbox: string | null): Request | Item {
  const said = merged(readWords(message.subject, { isSubject: true }), readWords(message.text));
  const isPlain = said.plain || signs.command !== null || signs.isApple;
  const isSaid = said.kind === 'stop' || isPlain;
  if (isSaid || signs.link !== null) {
    return { signs, said, isPlain: isPlain || said.triggers.length === 0, isSaid };
  }
  if (said.kind !== 'none') return { kind: 'skipped', type: `mail:${said.kind}` };
  if (isBare(message) || isTo(message, mailbox))
    return { signs, said: { ...said, review: true }, isPlain: true, isSaid };
  // Somebody wrote to a door that is there for requests, in words that nobody here reads: a person should (INV-FLOOR-4).
  const { from, recipients, subject, text } = message;
  const fault = message.isWhole ? 'nobody could tell what it asks for' : 'is built in a way that is not read';
  return { kind: 'unreadable', detail: `body: ${fault}`, value: { from, to: recipients, subject, text } };
}

/** What the domain of the From vouches for; null: for nothing that is a request. */
function vouchedFor(
  { from }: Message,
  { dmarcFrom, proven }: Author,
  mailbox: string | null,
): Request | null {
  const isOne = from.length === 1 && from[0]?.toLowerCase() === dmarcFrom?.toLowerCase();
  if (!isOne || proven === null) return null;
  const signs = { ...saidSigns(proven), link: null, mentioned: null, isQuoted: false };
  const asked = isAutoReply(proven, signs) ? null : askedIn(proven, signs, mailbox);
  return asked !== null && 'said' in asked ? asked : null;
}

/** One thing that is asked for: whose it is, and what for. */
interface Wish extends Pick<NormalisedEvent, 'trigger' | 'scopeHint' | 'link' | 'asked'> {
  stream?: string | null;
}

const hints: Partial<Record<Trigger, ScopeHint>> = {
  gdpr_objection_art21: 'global',
  erasure_request_art17: 'person',
  complaint: 'sender',
};

function wishesOf({ signs: { link: asking, mentioned, command }, said, isPlain }: Request): Wish[] {
  const link = asking ?? mentioned;
  const whose = link === null ? {} : { link };
  const wishes = said.triggers.map(
    (trigger): Wish => ({ trigger, scopeHint: hints[trigger] ?? 'channel', ...whose }),
  );
  if (!isPlain) return wishes;
  const trigger = 'mailto_unsubscribe';
  const named = command?.stream ?? null;
  const picks = picksOf(said);
  if (picks !== null) wishes.push({ trigger, scopeHint: 'channel', asked: picks, ...whose });
  if (asking !== null || (picks === null && named === null)) {
    if (picks === null && said.asked !== 'this') {
      const scopeHint = said.asked === 'all' ? 'channel' : 'global';
      wishes.push({ trigger, scopeHint, asked: said.asked, ...whose });
    } else
      wishes.push({
        trigger,
        scopeHint: link === null ? 'channel' : 'stream',
        stream: streamOf(link),
        ...whose,
      });
  }
  if (named !== null && !isStreamOf(asking, named))
    wishes.push({ trigger, scopeHint: 'stream', stream: named });
  return wishes;
}

function requests(message: Message, asked: Request, vouched: Request | null): NormalisedEvent[] {
  const wishes = wishesOf(asked);
  const byLink = wishes.filter(hasLink);
  const own = wishes.filter((wish) => !hasLink(wish));
  return [
    ...byLink.map((wish) => eventOf(message, asked, wish, 'token')),
    ...ownRequests(message, asked, own, vouched),
    ...(byLink.length > 0 ? [] : hiddenRequests(message, own, vouched)),
  ];
}

/** What only the person may ask for, and nobody who holds a link of theirs: it reaches every channel, or cannot be undone. */
const personal: ReadonlySet<Trigger> = new Set(['gdpr_objection_art21', 'erasure_request_art17']);

/**
 * A mail with somebody's link that does not come from their address. Whoever holds the link may end what it ends. But of a
 * message that is quoted the link may be the first reader's and the words the second's: then they are both's. What only a
 * person may ask for is the writer's alone, and the link ends its own stream.
 */
function requestsOfTwo(
  message: Message,
  link: OpenLink,
  asked: Request,
  vouched: Request | null,
): NormalisedEvent[] {
  const { signs, isSaid } = asked;
  const byLink = wishesOf(asked).filter((wish) => hasLink(wish) && !personal.has(wish.trigger));
  const linkless = { ...asked, signs: { ...signs, link: null, mentioned: null } };
  const words = isSaid ? wishesOf(linkless) : [];
  const own = signs.isQuoted
    ? words
    : [
        ...wishesOf(asked).filter((wish) => !hasLink(wish)),
        ...words.filter(({ trigger }) => personal.has(trigger)),
      ];
  const [first, ...rest] = ownRequests(message, linkless, own, vouched);
  return [
    ...byLink.map((wish) => eventOf(message, asked, wish, 'token')),
    ...(first === undefined ? [] : [byLink.length > 0 ? first : { ...first, beside: link }, ...rest]),
    ...(signs.isQuoted ? hiddenRequests(message, own, vouched) : []),
  ];
}

const hasLink = ({ link }: Wish): boolean => link !== undefined;

/** @param vouched what the domain of the From vouches for: the rest waits for a person */
function ownRequests(
  message: Message,
  asked: Request,
  wishes: readonly Wish[],
  vouched: Request | null,
): NormalisedEvent[] {
  const proven = vouched === null ? [] : wishesOf(vouched);
  return wishes.map((wish) =>
    eventOf(message, asked, wish, proven.some((other) => isSame(wish, other)) ? 'dmarc' : 'none'),
  );
}

/** What is proven and not read of the whole: a field that somebody put beside it must not hide it. */
function hiddenRequests(message: Message, read: readonly Wish[], vouched: Request | null): NormalisedEvent[] {
  if (vouched === null) return [];
  const hidden = wishesOf(vouched).filter((wish) => !read.some((other) => isSame(wish, other)));
  return hidden.map((wish) => eventOf(message, vouched, wish, 'dmarc'));
}

/** Of wishes without a link. */
const isSame = (one: Wish, other: Wish): boolean =>
  one.trigger === other.trigger &&
  (one.stream ?? null) === (other.stream ?? null) &&
  JSON.stringify(one.asked) === JSON.stringify(other.asked);

function eventOf(
  message: Message,
  { signs, said }: Request,
  { stream = null, ...wish }: Wish,
  trust: 'token' | 'dmarc' | 'none',
): NormalisedEvent {
  const [from = null, ...others] = message.from;
  const subscriber = others.length === 0 ? from : null;
  // A token or a command leaves no doubt.
  const isDoubtful = said.review && signs.link === null && signs.command === null;
  return {
    ...plain,
    ...wish,
    subscriber,
    stream,
    messageId: message.messageId,
    occurredAt: message.date,
    reason: said.matched.length === 0 ? null : `words: ${said.matched.join('; ')}`.slice(0, 500),
    trust,
    identity: [
      ...['mailto', keyOf(message), wish.trigger, subscriber, wish.link?.id ?? null, stream],
      JSON.stringify(wish.asked ?? 'this'),
    ],
    ...(isDoubtful ? { review: true } : {}),
  };
}

/** As the catalogue names it, where the names fit into the link. */
function streamOf(link: OpenLink | null): string | null {
  return link === null || 'hash' in link.stream ? null : `${link.stream.origin}:${link.stream.category}`;
}

/** Other channels that the words name are picked; on each only advertising, unless they say all. */
function picksOf({ asked, channels }: Reading): Selector[] | null {
  if (asked === 'everything' || channels.length === 0) return null;
  return channels.map((channel) => (asked === 'this' ? { class: 'commercial', channel } : { channel }));
}

function isStreamOf(link: OpenLink | null, named: string): boolean {
  if (link === null || 'hash' in link.stream) return false;
  const { channel, category, origin } = link.stream;
  return [category, `${category}.${origin}`, `${channel}.${category}.${origin}`].includes(named);
}

const reaches: readonly Reading['asked'][] = ['this', 'all', 'everything'];

/** Subject and body together: what either says is said. */
function merged(subject: Reading, body: Reading): Reading {
  const [first, second] = subject.kind === 'stop' ? [subject, body] : [body, subject];
  if (first.kind !== 'stop') return first.kind === 'none' ? second : first;
  if (second.kind !== 'stop') return first;
  return {
    ...first,
    triggers: [...new Set([...first.triggers, ...second.triggers])],
    plain: first.plain || second.plain,
    asked: reaches[Math.max(reaches.indexOf(first.asked), reaches.indexOf(second.asked))] ?? 'this',
    channels: [...new Set([...first.channels, ...second.channels])],
    review: first.review && second.review,
    matched: [...new Set([...first.matched, ...second.matched])],
  };
}

export const isTo = ({ recipients }: Message, mailbox: string | null): boolean =>
  mailbox !== null && recipients.some((address) => withoutDetail(address) === withoutDetail(mailbox));

/** `box+detail@example.com` is delivered to `box@example.com`. */
function withoutDetail(address: string): string {
  return address.toLowerCase().replace(/\+[^@]*(?=@[^@]*$)/, '');
}

/** What is typed after the command and names nothing. */
const noStream =
  /^(?:me|us|please|pls|now|all|everything|everyone|immediately|asap|it|this|that|here|from|my|thanks|thank|today)$/i;

function commandOf(line: string): Command | null {
  const found = /^\s*(?:please\s+)?unsubscribe(?:[\s:]+(\S{1,300}))?\s*$/i.exec(line.slice(0, 500));
  if (found === null) return null;
  const name = (found[1] ?? '').replace(/[.,;!?"'<>]+$/, '').replace(/^["'<]+/, '');
  const isName = /^[\p{L}\p{N}][\p{L}\p{N}._:-]{0,127}$/u.test(name) && !noStream.test(name);
  return { stream: isName && name.length < 90 ? name : null };
}

/** The first line of the body that says anything: a command stands there, whatever a mail program adds below. */
function firstLine(text: string): string {
  return text.slice(0, 5000).trimStart().split(/\r?\n/, 1)[0] ?? '';
}
