/** Text that is HTML already. Made by `html` alone, so nothing reaches a page without being escaped. */
export class Html {
  constructor(readonly text: string) {}
}

export type Piece = string | number | Html | readonly Piece[] | null | false;

/** A template whose values are escaped, for text and for quoted attributes. `null` and `false` are nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Piece[]): Html {
  let text = strings[0] ?? '';
  values.forEach((value, index) => {
    text += rendered(value) + (strings[index + 1] ?? '');
  });
  return new Html(text);
}

function rendered(value: Piece): string {
  if (value === null || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(rendered).join('');
  return escaped(String(value));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  // Controls that turn the direction of the text around them could make a name read as another.
  '\u202a': '',
  '\u202b': '',
  '\u202c': '',
  '\u202d': '',
  '\u202e': '',
  '\u2066': '',
  '\u2067': '',
  '\u2068': '',
  '\u2069': '',
};

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[&<>"'\u202a-\u202e\u2066-\u2069]/g, (letter) => entities[letter] ?? letter);
}
