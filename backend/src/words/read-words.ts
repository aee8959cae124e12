import type { Channel, Trigger } from '../contract/vocabulary.js';
import { english } from './english.js';
import { type Certainty, type Finding, type Found, PhraseFinder } from './find-phrases.js';
import { french } from './french.js';
import { german } from './german.js';
import { ownSubject, ownWords } from './own-words.js';
import { PhraseIndex } from './patterns.js';
import { type Language, languages, type Phrase, type PhraseTable, type Reach, reaches } from './phrase.js';
import { spanish } from './spanish.js';
import { Spelling } from './spelling.js';
import { Break, fold, type Tokens, tokensOf } from './tokens.js';

/** What a person's words ask for. */
export interface Reading {
  kind: 'stop' | 'start' | 'help' | 'none';
  /**
   * What they are beside a plain stop: an objection, an erasure, a complaint, "do not sell". Each is a request of its
   * own. The trigger of a plain stop is the door's.
   */
  triggers: Trigger[];
  /** Is there a plain stop, beside the triggers or alone? */
  plain: boolean;
  asked: Reach;
  /** Channels that the words name ("stop calling me", in a mail); empty: the one they came by. */
  channels: Channel[];
  /** keyword: the whole message is one. phrase: the words say it. uncertain: they may say it. */
  certainty: Certainty;
  /** A person should look: part of it is the widest reading of words that may mean less. */
  review: boolean;
  language: Language | null;
  /** Phrases of the table, never the person's own words. */
  matched: string[];
}

export interface ReadOptions {
  /** Languages to read, the likeliest first. Absent: all. */
  languages?: readonly Language[];
  /** The text is the subject of a mail. */
  isSubject?: boolean;
  /** The message that is answered asked for a yes: only then is "yes" an opt-in. */
  expectsYes?: boolean;
}

const tables: readonly PhraseTable[] = [english, german, french, spanish];
const index = new PhraseIndex(tables);
const spelling = new Spelling(index.vocabulary);
const finder = new PhraseFinder(
  index,
  new Map(tables.map(({ language, fillers }) => [language, new Set(fillers.map(fold))])),
);

/** A longer message is no keyword with politeness around it. */
const longestKeyword = 24;

/**
 * Reads what a person wrote: a text message, a mail's subject or body, a chat line. Pure, and linear in the length of
 * the text. Unsure readings are the widest (INV-FLOOR-4) and are marked for review (INV-SMS-1); coming back is never
 * guessed: only a keyword that is the whole message asks for it.
 */
export function readWords(text: string, options: ReadOptions = {}): Reading {
  const allowed = options.languages ?? languages;
  const subject = options.isSubject === true ? ownSubject(text) : null;
  const typed = tokensOf(fold(subject?.text ?? ownWords(text)));
  const read = spelled(typed);
  const whole = wholeMessage(typed, read, allowed, options.expectsYes === true);
  if (whole !== null && whole.phrase.says !== 'stop') return plainReading(whole);
  // Of an answer's subject only a keyword is the person's: the rest is the subject that we gave the message.
  if (subject?.isAnswer === true && whole === null) return none();
  return reading(whole === null ? [] : [whole], finder.find(read, allowed, whole !== null));
}

/** What several readings come to, such as those of a subject and its body: the widest of them. */
export function together(readings: readonly Reading[]): Reading {
  const stops = readings.filter(({ kind }) => kind === 'stop');
  const [first] = [...stops].sort((a, b) => order.indexOf(a.certainty) - order.indexOf(b.certainty));
  if (first === undefined) return readings.find(({ kind }) => kind !== 'none') ?? none();
  const all = <T>(of: (reading: Reading) => readonly T[]): T[] => [...new Set(stops.flatMap(of))];
  return {
    ...first,
    triggers: all(({ triggers }) => triggers),
    plain: stops.some(({ plain }) => plain),
    asked: stops.map(({ asked }) => asked).reduce(wider),
    channels: all(({ channels }) => channels),
    review: stops.some(({ review }) => review),
    matched: all(({ matched }) => matched),
  };
}

function none(): Reading {
  return {
    kind: 'none',
    triggers: [],
    plain: false,
    asked: 'this',
    channels: [],
    certainty: 'phrase',
    review: false,
    language: null,
    matched: [],
  };
}

function plainReading({ phrase, language, wording }: Finding): Reading {
  const kind = phrase.says === 'help' ? 'help' : 'start';
  return { ...none(), kind, certainty: 'keyword', language, matched: [wording.join(' ')] };
}

function reading(whole: readonly Finding[], found: Found): Reading {
  const stops = [...whole, ...found.stops];
  const [surest] = [...stops].sort(surestFirst);
  if (surest === undefined) return none();
  const said = [...stops, ...found.wider];
  return {
    kind: 'stop',
    triggers: [...new Set(stops.flatMap(({ phrase }) => phrase.triggers ?? []))],
    plain: stops.some(({ phrase }) => phrase.triggers === undefined || phrase.plain === true),
    asked: said.map(({ phrase }) => phrase.asked ?? 'this').reduce(wider),
    channels: [...new Set(stops.flatMap(({ phrase }) => phrase.channels ?? []))],
    certainty: surest.certainty,
    review: stops.some(({ certainty }) => certainty === 'uncertain'),
    language: surest.language,
    matched: [...new Set(said.map(({ wording }) => wording.join(' ')))],
  };
}

const wider = (a: Reach, b: Reach): Reach => (reaches.indexOf(a) >= reaches.indexOf(b) ? a : b);

const order: readonly Certainty[] = ['keyword', 'phrase', 'uncertain'];
const surestFirst = (a: Finding, b: Finding): number =>
  order.indexOf(a.certainty) - order.indexOf(b.certainty) || b.wording.length - a.wording.length;

/** Words as the table spells them; letters that stand alone ("s t o p") are joined where they make a word of it. */
function spelled({ words, breaks }: Tokens): Tokens {
  const known = new Map<string, string>();
  const result: Tokens = { words: [], breaks: [] };
  const push = (word: string, at: number) => {
    result.words.push(word);
    result.breaks.push(breaks[at] ?? Break.none);
  };
  for (let at = 0; at < words.length; at++) {
    let end = at;
    while (words[end]?.length === 1) end++;
    const joined = end - at >= 3 ? words.slice(at, end).join('') : '';
    if (index.vocabulary.has(joined)) push(joined, at);
    else {
      for (let each = at; each < Math.max(end, at + 1); each++) {
        const word = words[each] ?? '';
        const spelt = known.get(word) ?? spelling.read(word);
        known.set(word, spelt);
        push(spelt, each);
      }
    }
    at = Math.max(at, end - 1);
  }
  return result;
}

/** The keyword that the message consists of, if it does. Coming back takes the very word: no typing error, no "please". */
function wholeMessage(
  typed: Tokens,
  read: Tokens,
  allowed: readonly Language[],
  expectsYes: boolean,
): Finding | null {
  if (typed.words.length > longestKeyword) return null;
  const exact = finder.exactly(typed.words, allowed, isKeyword);
  if (exact !== null) return exact.phrase.says === 'yes' && !expectsYes ? null : exact;
  // "S.T.O.P."
  const joined =
    read.words.length < typed.words.length ? finder.exactly(read.words, allowed, isNoStart) : null;
  if (joined !== null) return joined;
  const near = finder.keyword(read.words, allowed, isNoStart);
  return near?.certainty === 'keyword' ? { ...near, certainty: 'phrase' } : near;
}

const isKeyword = ({ where }: Phrase): boolean => where !== 'anywhere';
const isNoStart = (phrase: Phrase): boolean =>
  isKeyword(phrase) && (phrase.says === 'stop' || phrase.says === 'help');
