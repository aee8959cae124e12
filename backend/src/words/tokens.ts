/** Words in the form in which they are compared, and what stood between them. */
export interface Tokens {
  words: string[];
  /** `breaks[i]` stands before word i. */
  breaks: Break[];
}

/** How much two words are apart, from not at all to the end of a sentence. */
export const Break = {
  none: 0,
  /** A line that a mail program may have broken, or a picture. */
  wrap: 1,
  comma: 2,
  /** A colon, or the end of a short line. */
  line: 3,
  sentence: 4,
} as const;
export type Break = (typeof Break)[keyof typeof Break];

/** Stands for an address of the web or of a mailbox. */
const LINK = '<link>';

/** Lines at least this long may have been broken by a mail program, in the middle of a phrase. */
const wrapped = 40;

// Letters that look like Latin ones, small capitals, and those that Unicode does not take apart.
const lookalikes = new Map(
  [
    ['аạ', 'a'],
    ['вʙ', 'b'],
    ['сᴄϲ', 'c'],
    ['ԁᴅđð', 'd'],
    ['еᴇєε', 'e'],
    ['ɢ', 'g'],
    ['нһʜ', 'h'],
    ['іɪıιӏ', 'i'],
    ['јᴊ', 'j'],
    ['кᴋκ', 'k'],
    ['ʟł', 'l'],
    ['мᴍ', 'm'],
    ['ɴ', 'n'],
    ['оᴏοøσ', 'o'],
    ['рᴘρ', 'p'],
    ['ԛ', 'q'],
    ['ʀ', 'r'],
    ['ѕꜱ', 's'],
    ['тᴛτ', 't'],
    ['ᴜυ', 'u'],
    ['ᴠν', 'v'],
    ['ԝᴡ', 'w'],
    ['хχ', 'x'],
    ['уʏγ', 'y'],
    ['ᴢ', 'z'],
    ['αᴀ', 'a'],
    ['æ', 'ae'],
    ['œ', 'oe'],
    ['ß', 'ss'],
  ].flatMap(([letters = '', latin = '']) => [...letters].map((letter) => [letter, latin] as const)),
);
const anyLookalike = new RegExp(`[${[...lookalikes.keys()].join('')}]`, 'gu');

/**
 * NFKD, without accents and invisible characters, in small letters, with look-alikes as the letters they pass for.
 * Runs of accents are cut first: putting thousands of them in order would take quadratic time (UAX #15, section 13).
 */
export function fold(text: string): string {
  return (
    text
      .replace(/([\p{M}\uff9e\uff9f]{4})[\p{M}\uff9e\uff9f]+/gu, '$1')
      .normalize('NFKD')
      .replace(/[\p{M}\p{Cf}]/gu, '')
      .toLowerCase()
      .replace(anyLookalike, (letter) => lookalikes.get(letter) ?? letter)
      // One character may become eighteen.
      .slice(0, 2 * text.length + 100)
  );
}

/** Every pass looks at each character a bounded number of times. @param text after `fold` */
export function tokensOf(text: string): Tokens {
  const tokens = new Tokenizer();
  let lineBefore = Infinity;
  for (const line of text.split('\n')) {
    if (line.trim() === '') tokens.apart(Break.sentence);
    else {
      tokens.apart(lineBefore < wrapped ? Break.line : Break.wrap);
      for (const chunk of line.split(/\s+/)) tokens.take(chunk);
      lineBefore = line.length;
    }
  }
  return tokens;
}

/** An address of the web or of a mailbox. Chunks are short: longer ones are words. */
const link =
  /^[<("]*(?:https?:|www\.)|:\/\/|^[^@]+@[^@]+\.[^@]+$|\.[a-z]{2,6}\/|\.(?:com|net|org|eu)[.,;:!)>"]*$/;
const longestLink = 2000;
/** After these a full stop ends no sentence. */
const abbreviations = new Set([
  'art',
  'abs',
  'lit',
  'nr',
  'mr',
  'mrs',
  'ms',
  'dr',
  'sr',
  'sra',
  'bzgl',
  'vgl',
]);
/** What follows the apostrophe of an English contraction: don't, I'm, you've. */
const contracted = new Set(['t', 'm', 're', 've', 'll', 's', 'd']);

class Tokenizer implements Tokens {
  readonly words: string[] = [];
  readonly breaks: Break[] = [];
  #break: Break = Break.sentence;
  /** The last separator was one apostrophe, and nothing else stood before it. */
  #contracts = false;

  apart(by: Break): void {
    if (by > this.#break) this.#break = by;
    this.#contracts = false;
  }

  /** Something without white space in it. */
  take(chunk: string): void {
    if (chunk.length <= longestLink && link.test(chunk)) {
      this.#word(LINK);
      if (/[.!?]$/.test(chunk)) this.apart(Break.sentence);
      return;
    }
    for (const { 0: piece, index } of chunk.matchAll(/[\p{L}\p{N}]+|[^\p{L}\p{N}]+/gu)) {
      if (/^[\p{L}\p{N}]/u.test(piece)) this.#letters(piece);
      else this.#separator(piece, index + piece.length === chunk.length);
    }
    this.#contracts = false;
  }

  #letters(piece: string): void {
    const last = this.words.length - 1;
    const before = this.words[last] ?? '';
    if (this.#contracts && contracted.has(piece)) {
      this.words[last] = before + piece;
      this.#contracts = false;
    } else if (before === 'e' && this.#break < Break.comma && /^mail/.test(piece)) {
      this.words[last] = before + piece;
    } else this.#word(piece);
  }

  #word(word: string): void {
    this.words.push(word);
    this.breaks.push(this.#break);
    this.#break = Break.none;
    this.#contracts = false;
  }

  #separator(piece: string, isEnd: boolean): void {
    if (/^['’‘`´]$/.test(piece)) {
      this.#contracts = this.#break === Break.none;
    } else if (piece === '.' && abbreviations.has(this.words.at(-1) ?? '')) {
      this.apart(Break.none);
    } else if (/[!?]/.test(piece) || (piece.includes('.') && isEnd)) this.apart(Break.sentence);
    else if (/[:;.]/.test(piece)) this.apart(Break.line);
    else if (/[,()[\]"«»“”„–—]/.test(piece)) this.apart(Break.comma);
    else if (!/^[-_/*~+&]+$/.test(piece)) this.apart(Break.wrap);
  }
}
