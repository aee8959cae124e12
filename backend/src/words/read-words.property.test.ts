import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { english } from './english.js';
import { french } from './french.js';
import { german } from './german.js';
import { PhraseIndex, partsOf } from './patterns.js';
import { languages, type Phrase } from './phrase.js';
import { readWords, together } from './read-words.js';
import { spanish } from './spanish.js';
import { fold, tokensOf } from './tokens.js';

const tables = [english, german, french, spanish];

/** The keywords of the table that are written out, with the phrase they belong to. */
const keywords = tables.flatMap(({ language, phrases }) =>
  phrases
    .filter(({ where }) => where !== 'anywhere')
    .flatMap((phrase) =>
      phrase.patterns
        .filter((pattern) => /^[\p{L} ]+$/u.test(pattern))
        .map((text) => ({ text, phrase, language })),
    ),
);
const keyword = fc.constantFrom(...keywords);
const options = { expectsYes: true };

const noise = fc.constantFrom(
  '',
  ' ',
  '  ',
  '.',
  '!',
  '!!!',
  '?',
  '…',
  '"',
  "'",
  ')',
  '(',
  '*',
  '🛑',
  ' 🙏🏽',
  '❤️',
  '\n',
  '\t',
  '\u200b',
  '\ufeff',
);
const spacing = fc.constantFrom(' ', '  ', '-', '_', '\t', ' \u200b', '\n');

describe('a keyword', () => {
  it('says the same in any case, punctuation, emoji, width and normal form', () => {
    const variant = fc.record({
      keyword,
      capital: fc.infiniteStream(fc.boolean()),
      form: fc.constantFrom('NFC', 'NFD', 'NFKC', 'NFKD', 'wide'),
      between: spacing,
      before: noise,
      after: fc.array(noise, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(variant, ({ keyword: { text }, capital, form, between, before, after }) => {
        const letters = [...text]
          .map((letter) => (capital.next().value ? letter.toUpperCase() : letter))
          .join('');
        const shaped = form === 'wide' ? wide(letters) : letters.normalize(form);
        const typed = `${before}${shaped.replaceAll(' ', between)}${after.join('')}`;
        expect(readWords(typed, options)).toEqual(readWords(text, options));
      }),
      { numRuns: 2000 },
    );
  });

  it('without its accents is the keyword', () => {
    for (const { text } of keywords) {
      const plain = text.normalize('NFD').replace(/\p{M}/gu, '');
      expect(readWords(plain, options)).toEqual(readWords(text, options));
    }
  });

  it('is found, whichever it is', () => {
    for (const { text, phrase, language } of keywords) {
      const reading = readWords(text, { languages: [language], expectsYes: true });
      const kind = phrase.says === 'yes' ? 'start' : phrase.says;
      expect([text, reading.kind, reading.certainty]).toEqual([
        text,
        kind,
        phrase.sure === false ? 'uncertain' : 'keyword',
      ]);
      expect(reading.triggers).toEqual(phrase.triggers ?? []);
    }
  });

  it('inside a longer word is none', () => {
    const letters = fc.stringMatching(/^[bdfghjkqvwxz]{3,6}$/);
    fc.assert(
      fc.property(
        keyword,
        letters,
        letters,
        fc.integer({ min: 0, max: 2 }),
        ({ text }, before, after, where) => {
          const word = text.replaceAll(' ', '');
          const longer = [`${before}${word}`, `${word}${after}`, `${before}${word}${after}`][where] ?? '';
          expect(readWords(longer, options).kind).toBe('none');
        },
      ),
    );
  });
});

describe('coming back', () => {
  const starts = keywords.filter(({ phrase }) => phrase.says === 'start');

  it('is never guessed: a word more, a letter wrong, or a keyword amid a sentence is no opt-in', () => {
    for (const { text } of starts) {
      for (const typed of [
        `${text} please`,
        `please ${text}`,
        `${text} ${text}`,
        `${text}x`,
        text.slice(1),
        `I will ${text} it`,
      ])
        expect([typed, readWords(typed).kind]).not.toEqual([typed, 'start']);
    }
  });

  it('by yes takes a question that asked for it', () => {
    for (const yes of ['yes', 'Ja!', 'OUI', 'sí']) {
      expect(readWords(yes).kind).toBe('none');
      expect(readWords(yes, options).kind).toBe('start');
    }
  });
});

it('reads only the languages that it is given', () => {
  expect(readWords('BAJA', { languages: ['en', 'de'] }).kind).toBe('none');
  expect(readWords('BAJA', { languages: ['es'] })).toMatchObject({ kind: 'stop', language: 'es' });
  expect(readWords('STOP', { languages: ['fr', 'en'] }).language).toBe('fr');
  expect(languages.map((language) => readWords('STOP', { languages: [language] }).kind)).toEqual(
    Array(4).fill('stop'),
  );
});

it('takes of the subject of an answer only a keyword for the person’s own', () => {
  const subject = (text: string) => readWords(text, { isSubject: true }).kind;
  expect(subject('unsubscribe')).toBe('stop');
  expect(subject('Please unsubscribe me')).toBe('stop');
  expect(subject('Re: unsubscribe')).toBe('stop');
  expect(subject('AW: Abmelden')).toBe('stop');
  expect(subject('Re: Stop paying too much: our newsletter')).toBe('none');
  expect(subject('Re: 20% off')).toBe('none');
});

it('of a subject and its body counts what is wider, and comes back only if neither asks for less', () => {
  const body = readWords('Please delete my data. How did you get my address?');
  const both = together([readWords('unsubscribe from all lists', { isSubject: true }), body]);
  expect(both).toMatchObject({ kind: 'stop', plain: true, asked: 'all', certainty: 'phrase', review: true });
  expect(both.triggers.sort()).toEqual(['complaint', 'erasure_request_art17']);
  expect(together([readWords('START'), readWords('STOP')]).kind).toBe('stop');
  expect(together([readWords(''), readWords('START')]).kind).toBe('start');
  expect(together([readWords(''), readWords('HELP')]).kind).toBe('help');
  expect(together([]).kind).toBe('none');
});

it('never names a word that is not in the table', () => {
  const vocabulary = new PhraseIndex(tables).vocabulary;
  const texts = [
    'Please remove Jane.Doe@example.com from your list',
    'unsubcribe me, Jane',
    'lösch mich, Müller',
  ];
  for (const text of texts) {
    const { matched, kind } = readWords(text);
    expect(kind).toBe('stop');
    for (const word of matched.join(' ').split(' ')) expect(vocabulary).toContain(word);
  }
});

describe('any text', () => {
  it('is read without throwing', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc
        .array(
          fc.constantFrom(
            ...new PhraseIndex(tables).vocabulary,
            '.',
            ',',
            '\n',
            '>',
            '-- ',
            'wrote:',
            '\ud800',
          ),
          { maxLength: 60 },
        )
        .map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(anything, fc.boolean(), (text, isSubject) => {
        const reading = readWords(text, { isSubject, expectsYes: true });
        expect(reading.review && reading.kind !== 'stop').toBe(false);
        expect(reading.kind === 'stop').toBe(reading.plain || reading.triggers.length > 0);
        expect(reading.matched.length > 0).toBe(reading.kind !== 'none');
      }),
      { numRuns: 1000 },
    );
  });

  const kilobytes = 100_000;
  const hostile: Record<string, string> = {
    'one keyword again and again': 'stop ',
    'the longest phrases, never finished': 'remove my email address from all of your ',
    'gaps without an end': 'mich bitte ',
    'more gaps': 'bestelle ich den newsletter hiermit ',
    footers: 'if you no longer wish ',
    'one long word': 'a',
    'single letters': 's t o p ',
    digits: '5t0p1 ',
    'accents in the wrong order': '\u0301\u0323',
    'half-width marks': '\uff9e\u0323',
    'characters that become many': '\ufdfa',
    'line ends': '\n',
    'attributions without an end': 'On 1 wrote wrote @ wrote\n',
    'rules of dashes': '- - - - -- -- __ **\n',
    'almost an address': 'a@a@.com.com.com.com',
    apostrophes: "'t'm's'd",
    'misspelt words': 'unsubscrieb ',
    quotations: '> stop\n',
    'lone surrogates': '\ud800\udc00\ud800 ',
  };

  it.each(Object.entries(hostile))('of 100 kB takes under 50 ms: %s', (_, part) => {
    const text = part.repeat(Math.ceil(kilobytes / Buffer.byteLength(part))).slice(0, kilobytes);
    readWords(text);
    expect(fastestOf(7, () => readWords(text))).toBeLessThan(50);
  });

  it('ten times as long takes no more time once it is longer than anybody writes', () => {
    const text = 'I want to be left alone by you. '.repeat(40_000);
    expect(fastestOf(3, () => readWords(text))).toBeLessThan(100);
  });
});

describe('the phrase table', () => {
  const all = tables.flatMap(({ phrases, language }) => phrases.map((phrase) => ({ phrase, language })));

  it('has a source for every entry', () => {
    for (const { phrase } of all) expect(phrase.source.trim()).not.toBe('');
  });

  it('is written in words as the text is', () => {
    for (const { phrase } of all) {
      for (const word of phrase.patterns.flatMap((pattern) => wordsIn(partsOf(pattern)))) {
        if (/^(?:\.\.\.|<link>|<number>)$/.test(word)) continue;
        expect([phrase.patterns[0], tokensOf(fold(word)).words]).toEqual([phrase.patterns[0], [fold(word)]]);
      }
    }
  });

  it('asks for a person’s eye wherever the words alone would destroy data or are not sure', () => {
    const unsure = all.filter(({ phrase }) => phrase.short === true);
    expect(unsure.every(({ phrase }) => phrase.sure === false)).toBe(true);
  });

  it('gives reach and triggers to stops alone', () => {
    const others = all.filter(({ phrase }) => phrase.says !== 'stop');
    for (const { phrase } of others) {
      expect(phrase.triggers).toBeUndefined();
      if (phrase.says !== 'wider') expect(phrase.asked).toBeUndefined();
      else expect(phrase.asked).not.toBe('this');
    }
  });

  it('has the per-se keywords of the FCC, each sure and each as a whole message', () => {
    const found: readonly Phrase[] = english.phrases.filter(({ source }) =>
      source.startsWith('47 CFR 64.1200(a)(10)'),
    );
    for (const word of ['stop', 'quit', 'end', 'revoke', 'opt out', 'cancel', 'unsubscribe']) {
      expect(found.flatMap(({ patterns }) => patterns)).toContain(word);
      expect(readWords(word)).toMatchObject({
        kind: 'stop',
        certainty: 'keyword',
        plain: true,
        triggers: [],
      });
    }
  });
});

function wordsIn(parts: ReturnType<typeof partsOf>): string[] {
  return parts.flatMap((part) => (typeof part === 'string' ? [part] : part.flatMap(wordsIn)));
}

function wide(text: string): string {
  return text.replace(/[!-~]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0));
}

/** Other work on the machine only ever makes a run slower. @returns milliseconds */
function fastestOf(runs: number, work: () => void): number {
  let fastest = Infinity;
  for (let run = 0; run < runs; run++) {
    const began = performance.now();
    work();
    fastest = Math.min(fastest, performance.now() - began);
  }
  return fastest;
}
