/** Long words by which people leave, as they are often mistyped. */
const oftenMistyped = [
  ...['unsubscribe', 'unsubscribed', 'unsubscribing', 'newsletter', 'newsletters', 'messages', 'emailing'],
  ...[
    'contacting',
    'harassing',
    'spamming',
    'subscription',
    'subscriptions',
    'marketing',
    'personal',
    'information',
  ],
  ...['abmelden', 'abmeldung', 'abbestellen', 'abbestellung', 'austragen', 'widerspreche', 'widersprechen'],
  ...['widerspruch', 'widerrufe', 'einwilligung', 'nachrichten', 'verteiler', 'werbung', 'kontaktieren'],
  ...[
    'desabonner',
    'desabonnez',
    'desabonnement',
    'desinscrire',
    'desinscrivez',
    'desinscription',
    'consentement',
  ],
  ...['desuscribir', 'desuscribirme', 'suscripcion', 'cancelar', 'mensajes', 'publicidad', 'consentimiento'],
] as const;

/**
 * Words of the four languages that are one letter away from one of those and mean something else. Found by comparing
 * with dictionaries of 1.4 million word forms; other forms of the same word are left out.
 */
const rightWords: ReadonlySet<string> = new Set([
  ...[
    'anmelden',
    'anmeldung',
    'abmeldet',
    'auftragen',
    'verteilen',
    'verteile',
    'widersprach',
    'widersprachen',
  ],
  ...['contentement', 'contracting', 'infirmation', 'massages', 'messagers', 'remailing', 'kontraktieren'],
  ...['personae', 'personas', 'personan', 'personar', 'scamming', 'shamming', 'slamming', 'spasming'],
  ...['cancerar', 'cincelar', 'unsubscribes'],
]);

/** Shorter words have too many neighbours. */
const shortestMistyped = 7;
const longestWord = 30;

const digits = new Map([
  ['0', 'o'],
  ['1', 'i'],
  ['3', 'e'],
  ['4', 'a'],
  ['5', 's'],
]);

/** Recognises the words of a vocabulary as people type them. */
export class Spelling {
  readonly #near = new Map<string, string[]>();

  constructor(private readonly vocabulary: ReadonlySet<string>) {
    for (const word of oftenMistyped) {
      for (const key of [word, ...shortened(word)]) {
        const known = this.#near.get(key);
        if (known === undefined) this.#near.set(key, [word]);
        else known.push(word);
      }
    }
  }

  /** The word of the vocabulary that is meant, or the word as it is. */
  read(word: string): string {
    if (word.length > longestWord || this.vocabulary.has(word)) return word;
    return this.#stretched(word) ?? this.#withDigits(word) ?? this.#mistyped(word) ?? word;
  }

  /** `stooop`, `pleeease` */
  #stretched(word: string): string | null {
    if (!/(.)\1\1/u.test(word)) return null;
    for (const kept of ['$1', '$1$1']) {
      const shorter = word.replace(/(.)\1{2,}/gu, kept);
      if (this.vocabulary.has(shorter)) return shorter;
    }
    return null;
  }

  /** `st0p`, `un5ubscribe` */
  #withDigits(word: string): string | null {
    if (!/\d/.test(word) || !/[a-z]/.test(word)) return null;
    const letters = word.replace(/\d/g, (digit) => digits.get(digit) ?? digit);
    return this.vocabulary.has(letters) ? letters : null;
  }

  /** One letter too many, missing or wrong, or two neighbours changed places. */
  #mistyped(word: string): string | null {
    if (word.length < shortestMistyped || rightWords.has(word)) return null;
    for (const key of [word, ...shortened(word)]) {
      const meant = this.#near.get(key)?.find((one) => isOneEdit(word, one));
      if (meant !== undefined) return meant;
    }
    return null;
  }
}

function shortened(word: string): string[] {
  return Array.from({ length: word.length }, (_, at) => word.slice(0, at) + word.slice(at + 1));
}

/** @example isOneEdit('unsubcribe', 'unsubscribe') // true */
export function isOneEdit(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1 || a === b) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  if (long.length > short.length) return short.slice(at) === long.slice(at + 1);
  if (short.slice(at + 1) === long.slice(at + 1)) return true;
  return (
    short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2)
  );
}
