import type { Match, PhraseIndex } from './patterns.js';
import type { Language, Phrase } from './phrase.js';
import { Break, type Tokens } from './tokens.js';

export type Certainty = 'keyword' | 'phrase' | 'uncertain';

/** A phrase of the table that counts. */
export interface Finding {
  phrase: Phrase;
  language: Language;
  wording: readonly string[];
  certainty: Certainty;
}

export interface Found {
  stops: Finding[];
  wider: Finding[];
}

/** A message of at most so many words is short: a single "stop" in it is likely meant. */
const shortMessage = 12;
/** A line of at most so many words may be a keyword and politeness. */
const shortSentence = 10;

/** "Melden Sie mich bitte nicht ab": inside a phrase, too, it is taken back. */
const negations: ReadonlySet<string> = new Set(['nicht', 'nie', 'niemals', 'pas', 'not', 'dont', 'never']);

/** What a word belongs to. Words of a footer, or of what is no stop, are no part of a stop. */
const Owner = { nobody: 0, stop: 1, noStop: 2 } as const;

/** Finds the phrases inside a text: of those that overlap, the one with the most words of its own. */
export class PhraseFinder {
  constructor(
    private readonly index: PhraseIndex,
    private readonly fillers: ReadonlyMap<Language, ReadonlySet<string>>,
  ) {}

  /**
   * @param allowed the likeliest language first
   * @param isKeyword the message is a keyword: it has no sentences, and what stands between its words says nothing
   */
  find({ words, breaks }: Tokens, allowed: readonly Language[], isKeyword: boolean): Found {
    const tokens = { words, breaks: isKeyword ? words.map(() => Break.none) : breaks };
    const matches = this.#matches(tokens, allowed);
    const owners = new Uint8Array(tokens.words.length);
    const stopAround = stopsAround(matches.longestFirst);
    const found: Found = { stops: [], wider: [] };
    for (const match of matches.footers) {
      // "I want to unsubscribe, please click …" is no "to unsubscribe, click …".
      const stop = stopAround[match.start];
      if (stop === undefined || owners[stop] === Owner.noStop) fill(owners, match, Owner.noStop);
    }
    if (!isKeyword) this.#sentences(tokens, allowed, owners, found);
    for (const match of matches.longestFirst) {
      if (owners.subarray(match.start, match.end).some((owner) => owner !== Owner.nobody)) continue;
      const isStop = match.phrase.says === 'stop';
      fill(owners, match, isStop ? Owner.stop : Owner.noStop);
      if (isStop) found.stops.push(findingOf(match));
    }
    for (const match of matches.wider) {
      if (!owners.subarray(match.start, match.end).includes(Owner.noStop)) found.wider.push(findingOf(match));
    }
    return found;
  }

  /** The keyword that these words are, politeness and repetition aside. */
  keyword(
    words: readonly string[],
    allowed: readonly Language[],
    mayBe: (phrase: Phrase) => boolean,
  ): Finding | null {
    const found = allowed.flatMap((language) => {
      const kept = words.filter((word) => !this.#isFiller(word, language));
      const once = kept.filter((word, at) => word !== kept[at - 1]);
      return this.exactly(once, [language], mayBe) ?? [];
    });
    return found.find(({ certainty }) => certainty === 'keyword') ?? found[0] ?? null;
  }

  /** The keyword that is these very words. */
  exactly(
    words: readonly string[],
    allowed: readonly Language[],
    mayBe: (phrase: Phrase) => boolean,
  ): Finding | null {
    const [first] = this.index
      .exactly(words)
      .filter(({ phrase, language }) => allowed.includes(language) && mayBe(phrase))
      .sort((a, b) => allowed.indexOf(a.language) - allowed.indexOf(b.language));
    return first === undefined
      ? null
      : { ...first, certainty: first.phrase.sure === false ? 'uncertain' : 'keyword' };
  }

  #isFiller(word: string, language: Language): boolean {
    return this.fillers.get(language)?.has(word) ?? false;
  }

  #matches({ words, breaks }: Tokens, allowed: readonly Language[]) {
    const footers: Match[] = [];
    const wider: Match[] = [];
    const byLength: Match[][] = [];
    const negated = new Set<string>();
    const at = (position: number, language: Language) => `${language} ${position}`;
    const isNegated = ({ start, language }: Match): boolean => {
      if ((breaks[start] ?? 0) > Break.wrap) return false;
      return (
        negated.has(at(start, language)) ||
        (this.#isFiller(words[start - 1] ?? '', language) && negated.has(at(start - 1, language)))
      );
    };
    const keep = (match: Match) => {
      const { says, sure } = match.phrase;
      // Of those that are as long, first what is no stop, then what is surely one.
      const length = match.wording.length * 3 + (says === 'nothing' ? 2 : sure === false ? 0 : 1);
      const others = byLength[length];
      if (others === undefined) byLength[length] = [match];
      else others.push(match);
    };
    const stops: Match[] = [];
    for (let start = 0; start < words.length; start++) {
      for (const match of this.index.from(words, start)) {
        const { phrase, language } = match;
        if (phrase.where !== 'anywhere' || !allowed.includes(language)) continue;
        if (phrase.short === true && words.length > shortMessage) continue;
        if (widestBreak(breaks, match) > reachOf(phrase)) continue;
        if (phrase.says === 'not') negated.add(at(match.end, language));
        else if (phrase.says === 'wider') wider.push(match);
        else if (phrase.says === 'stop') stops.push(match);
        else if (phrase.says === 'nothing') keep(match);
        else if (phrase.says === 'footer' && !(phrase.notFirst && start === 0)) footers.push(match);
      }
    }
    for (const match of stops) {
      const gap = words.slice(match.gapStart, match.gapEnd);
      const isTakenBack = isNegated(match) || gap.some((word) => negations.has(word));
      keep(isTakenBack ? { ...match, phrase: { ...match.phrase, says: 'nothing' } } : match);
    }
    return { footers, wider, longestFirst: byLength.reverse().flat() };
  }

  /** Lines and sentences that are a keyword and nothing else. */
  #sentences(
    { words, breaks }: Tokens,
    allowed: readonly Language[],
    owners: Uint8Array,
    found: Found,
  ): void {
    let start = 0;
    for (let end = 1; end <= words.length; end++) {
      const after = breaks[end] ?? Break.sentence;
      if (after < Break.comma) continue;
      const isFree = end - start <= shortSentence && !owners.subarray(start, end).includes(Owner.noStop);
      const isAlone = after >= Break.line && (breaks[start] ?? 0) >= Break.line;
      // "Quit", and below it a name.
      const isFirstLine = start === 0 && isAlone && words.length <= shortMessage;
      const mayBe = ({ says, where }: Phrase) =>
        says === 'stop' && (where === 'sentence' || (where === 'message' && isFirstLine));
      const keyword = isFree ? this.keyword(words.slice(start, end), allowed, mayBe) : null;
      if (keyword !== null) {
        const { sure, where } = keyword.phrase;
        const isSure = isAlone && sure !== false && where === 'sentence';
        found.stops.push({ ...keyword, certainty: isSure ? 'phrase' : 'uncertain' });
        owners.fill(Owner.stop, start, end);
      }
      start = end;
    }
  }
}

/** By word, where the earliest stop begins that the word goes on with. */
function stopsAround(matches: readonly Match[]): number[] {
  const around: number[] = [];
  for (const { phrase, start, end } of matches) {
    if (phrase.says !== 'stop') continue;
    for (let at = start + 1; at < end; at++) around[at] = Math.min(around[at] ?? start, start);
  }
  return around;
}

/** How far apart the words of a phrase may stand. "Don't, stop!" is not "don't stop". */
function reachOf({ says, across }: Phrase): Break {
  return says === 'stop' || says === 'wider' || across === true ? Break.line : Break.wrap;
}

function widestBreak(breaks: readonly Break[], { start, end }: Match): Break {
  let widest: Break = Break.none;
  for (let at = start + 1; at < end; at++) {
    const one = breaks[at] ?? Break.none;
    if (one > widest) widest = one;
  }
  return widest;
}

function fill(owners: Uint8Array, { start, end }: Match, owner: number): void {
  owners.fill(owner, start, end);
}

function findingOf({ phrase, language, wording }: Match): Finding {
  return { phrase, language, wording, certainty: phrase.sure === false ? 'uncertain' : 'phrase' };
}
