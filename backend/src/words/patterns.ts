import type { Language, Phrase, PhraseTable } from './phrase.js';
import { fold } from './tokens.js';

/** In a pattern, after `fold`: up to four words of any kind. */
const GAP = '...';
const longestGap = 4;
/** In a pattern, any number. */
const NUMBER = '<number>';
const isNumber = /^\d+$/;

/** A place in a pattern: what may come next there. Ways that part at a bracket meet again after it. */
interface Place {
  next: Map<string, Place[]>;
  afterGap: Place[];
  isEnd: boolean;
}

interface Start {
  place: Place;
  phrase: Phrase;
  language: Language;
}

/** A phrase found in a text: words `start` to `end`, the latter not included. */
export interface Match {
  phrase: Phrase;
  language: Language;
  /** The words of the table, without what a gap let pass. */
  wording: readonly string[];
  start: number;
  end: number;
  /** What the last gap let pass; both 0 where there is none. */
  gapStart: number;
  gapEnd: number;
}

/** All phrases of all languages by their first word, and by their second where that must follow at once. */
export class PhraseIndex {
  readonly #starts = new Map<string, { short: Start[]; bySecond: Map<string, Start[]> }>();
  /** Every word of the table. */
  readonly vocabulary = new Set<string>();

  constructor(tables: readonly PhraseTable[]) {
    for (const { language, phrases } of tables) {
      for (const phrase of phrases)
        for (const pattern of phrase.patterns) this.#add(phrase, language, pattern);
    }
  }

  #add(phrase: Phrase, language: Language, pattern: string): void {
    const place = placesOf(pattern, language, this.vocabulary);
    if (place.isEnd || place.afterGap.length > 0) throw new Error(`pattern "${pattern}" begins with no word`);
    const start: Start = { place, phrase, language };
    for (const [first, after] of place.next) {
      const starts = this.#starts.get(first) ?? { short: [], bySecond: new Map<string, Start[]>() };
      this.#starts.set(first, starts);
      const isShort = after.some((one) => one.isEnd || one.afterGap.length > 0 || one.next.has(NUMBER));
      if (isShort) starts.short.push(start);
      else {
        for (const second of new Set(after.flatMap((one) => [...one.next.keys()])))
          starts.bySecond.set(second, [...(starts.bySecond.get(second) ?? []), start]);
      }
    }
  }

  /** Phrases that begin at one word. Patterns are short and have two gaps at most: the work for a word is bounded. */
  from(words: readonly string[], start: number): Match[] {
    const starts = this.#starts.get(words[start] ?? '');
    if (starts === undefined) return [];
    const found: Match[] = [];
    for (const one of starts.short) matchesOf(one, words, start, found);
    for (const one of starts.bySecond.get(words[start + 1] ?? '') ?? []) matchesOf(one, words, start, found);
    return found;
  }

  /** Phrases that are exactly these words. */
  exactly(words: readonly string[]): Match[] {
    return this.from(words, 0).filter(({ end, wording }) => end === words.length && wording.length === end);
  }
}

function matchesOf(
  { place, phrase, language }: Start,
  words: readonly string[],
  start: number,
  found: Match[],
): void {
  const first = found.length;
  const wording: string[] = [];
  const end = (at: number, gapStart: number, gapEnd: number): void => {
    // One match for each end: of two ways there, the one with more words of the pattern.
    let known = first;
    while (known < found.length && found[known]?.end !== at) known++;
    if ((found[known]?.wording.length ?? 0) >= wording.length) return;
    found[known] = { phrase, language, wording: [...wording], start, end: at, gapStart, gapEnd };
  };
  const walk = (here: Place, at: number, gapStart: number, gapEnd: number): void => {
    if (here.isEnd) end(at, gapStart, gapEnd);
    const word = words[at];
    if (word === undefined) return;
    const nexts = here.next.get(word) ?? (isNumber.test(word) ? here.next.get(NUMBER) : undefined);
    for (const next of nexts ?? []) {
      wording.push(word);
      walk(next, at + 1, gapStart, gapEnd);
      wording.pop();
    }
    for (const next of here.afterGap) {
      for (let passed = 0; passed <= longestGap && at + passed < words.length; passed++)
        walk(next, at + passed, at, at + passed);
    }
  };
  walk(place, start, 0, 0);
}

type Part = string | readonly (readonly Part[])[];

/** The first place of a pattern. Built from its end, so that what follows a bracket is built once. */
function placesOf(pattern: string, language: Language, vocabulary: Set<string>): Place {
  const build = (parts: readonly Part[], end: Place): Place =>
    parts.reduceRight((after: Place, part) => {
      if (typeof part !== 'string') return together(part.map((choice) => build(choice, after)));
      if (part === GAP) return { next: new Map(), afterGap: [after], isEnd: false };
      const spellings = spellingsOf(part, language);
      for (const spelling of spellings) vocabulary.add(spelling);
      return { next: new Map(spellings.map((spelling) => [spelling, [after]])), afterGap: [], isEnd: false };
    }, end);
  return build(partsOf(pattern), { next: new Map(), afterGap: [], isEnd: true });
}

function together(places: readonly Place[]): Place {
  const next = new Map<string, Place[]>();
  for (const place of places) {
    for (const [word, after] of place.next)
      next.set(word, [...new Set([...(next.get(word) ?? []), ...after])]);
  }
  return {
    next,
    afterGap: [...new Set(places.flatMap((place) => place.afterGap))],
    isEnd: places.some((place) => place.isEnd),
  };
}

/** A word as `tokens.ts` makes it. German umlauts are also written ae, oe, ue. */
export function spellingsOf(word: string, language: Language): string[] {
  const umlauts: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue' };
  const other = language === 'de' ? word.replace(/[äöü]/g, (letter) => umlauts[letter] ?? letter) : word;
  return [...new Set([fold(word), fold(other)])];
}

/** @example partsOf('stop (all|)') // ['stop', [['all'], []]] */
export function partsOf(pattern: string): readonly Part[] {
  const signs = pattern.replaceAll('…', ` ${GAP} `).match(/[()|]|[^\s()|]+/g) ?? [];
  let at = 0;
  const choices = (): Part[][] => {
    const all: Part[][] = [[]];
    for (; at < signs.length; at++) {
      const sign = signs[at];
      if (sign === ')') return all;
      if (sign === '|') all.push([]);
      else if (sign !== '(') all.at(-1)?.push(sign ?? '');
      else {
        at++;
        all.at(-1)?.push(choices());
        if (signs[at] !== ')') throw new Error(`a bracket of "${pattern}" is open`);
      }
    }
    return all;
  };
  const [parts = [], ...others] = choices();
  if (others.length > 0 || at < signs.length) throw new Error(`"${pattern}" has a sign outside of brackets`);
  return parts;
}
