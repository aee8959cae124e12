/** Whole numbers from 0 to below `n`, the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}

type Mutation = (raw: Buffer, random: (n: number) => number, others: readonly Buffer[]) => Buffer;

const pieces = [
  ...[
    '\r\n',
    '\n\n',
    '\r\n\r\n',
    '--',
    '\0',
    '\t',
    '=?utf-8?q?',
    '?=',
    '"',
    '<',
    '>',
    '(',
    ')',
    ';',
    ':',
    '@',
    '\\',
  ],
  ...[
    'Content-Type: multipart/mixed; boundary="',
    'Content-Transfer-Encoding: base64\r\n',
    '--plum=_tree\r\n',
  ],
  ...[
    'Content-Type: message/rfc822\r\n\r\n',
    'Auto-Submitted: auto-replied\r\n',
    'From: \r\n',
    'é',
    '\u202e',
    '__proto__: 1\r\n',
  ],
];

/** Mostly few, now and then nearly `n`. */
const few = (random: (n: number) => number, n: number): number => random(random(random(n) + 1) + 1);

const cutAt = (raw: Buffer, random: (n: number) => number) => random(raw.length + 1);

const mutations: readonly Mutation[] = [
  // Bytes that flip.
  (raw, random) => {
    const changed = Buffer.from(raw);
    for (let times = 1 + random(20); times > 0 && changed.length > 0; times--)
      changed[random(changed.length)] = random(256);
    return changed;
  },
  // A message that is cut off, at either end.
  (raw, random) => (random(2) === 0 ? raw.subarray(0, cutAt(raw, random)) : raw.subarray(cutAt(raw, random))),
  // A stretch that is missing, doubled, or stands somewhere else.
  (raw, random) => {
    const [from, to] = [cutAt(raw, random), cutAt(raw, random)].sort((a, b) => a - b) as [number, number];
    const stretch = raw.subarray(from, to);
    const at = cutAt(raw, random);
    if (random(2) === 0) return Buffer.concat([raw.subarray(0, from), raw.subarray(to)]);
    return Buffer.concat([raw.subarray(0, at), stretch, raw.subarray(at)]);
  },
  // Parts that are repeated, many times.
  (raw, random) => {
    const parts = raw.toString('latin1').split('--plum=_tree');
    const part = parts[random(parts.length)] ?? '';
    return Buffer.from(
      [...parts.slice(0, -1), ...Array(few(random, 700)).fill(part), parts.at(-1)].join('--plum=_tree'),
      'latin1',
    );
  },
  // A flood of header fields, or of one.
  (raw, random) => {
    const line = [
      'To: a@b.example',
      'X: y',
      ' folded',
      'DKIM-Signature: v=1; l=1',
      'List-Unsubscribe: <https://x.example/u/a>',
    ][random(5)];
    return Buffer.concat([Buffer.from(`${line}\r\n`.repeat(few(random, 3000))), raw]);
  },
  // Pieces of syntax in the wrong place.
  (raw, random) => {
    let text = raw.toString('latin1');
    for (let times = 1 + random(8); times > 0; times--) {
      const at = random(text.length + 1);
      text = text.slice(0, at) + (pieces[random(pieces.length)] ?? '').repeat(1 + random(3)) + text.slice(at);
    }
    return Buffer.from(text, 'latin1');
  },
  // One message that ends as another.
  (raw, random, others) => {
    const other = others[random(others.length)] ?? raw;
    return Buffer.concat([raw.subarray(0, cutAt(raw, random)), other.subarray(cutAt(other, random))]);
  },
];

/** One of the messages, changed once or several times. */
export function mutated(corpus: readonly Buffer[], random: (n: number) => number): Buffer {
  let raw = corpus[random(corpus.length)] ?? Buffer.alloc(0);
  for (let times = 1 + random(3); times > 0; times--) {
    raw = (mutations[random(mutations.length)] ?? ((same: Buffer) => same))(raw, random, corpus).subarray(
      0,
      1024 * 1024,
    );
  }
  return raw;
}
