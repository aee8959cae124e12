import { fold } from './tokens.js';

/** Longer lines are no line that a mail program puts above a quotation. */
const longestHeading = 400;
/** Of more than anybody writes, quotations left out, the beginning and the end are read. */
const longestRead = 20_000;
/** Of more than that, not even quotations are looked for. */
const longest = 200_000;

/** `Am Fr., 20. Nov. 2026 um 09:16 schrieb Shop <shop@example.com>:`, on one line or two. */
const attribution = /^(?:on|am|le|el)\b.*\b(?:wrote|schrieb|a ecrit|escribio)\b.*:$/;
/** Programs write an address or the time of day; "on 5 May you wrote: …" is the person's own. */
const byProgram = /[@<]|\d[:h]\d\d/;
const ownAttribution = /\b(?:i wrote|schrieb ich)\b/;
const original =
  /^[-_* ]{2,}(?:original message|original appointment|forwarded message|ursprungliche nachricht|urspr\. nachricht|weitergeleitete nachricht|message d.origine|message original|message transfere|mensaje original|mensaje reenviado)\b|^begin forwarded message:|^anfang der weitergeleiteten/;
const beginsHeading = /^(?:on|am|le|el|from|von|de|desde)\b/;
const sender = /^(?:from|von|de|desde)\s?: /;
const sentAt = /^(?:sent|date|gesendet|datum|envoye|enviado|fecha)(?: el| le)?\s?: /;
/** The person's program, not the person. */
const advert =
  /^(?:sent (?:from|via|with) (?:my|outlook|yahoo|gmail|aol|proton|samsung|mail\b)|get outlook for|(?:von meinem|gesendet (?:von|mit|aus)) |(?:envoye (?:de|depuis|avec)|telecharge[zr]? outlook) |(?:enviado (?:desde|con)|obtener outlook) )/;
const longestAdvert = 80;
/** Prefixes of a subject that is an answer: what follows is the subject of the message that was answered. */
const answerPrefix = /^\s*(?:(?:re|aw|antw|sv|fwd?|wg|tr|rv|rif|ref)\s?(?:\[\d+\])?\s?:\s*)+/i;

/**
 * What the person wrote: without quoted messages, the lines above them, a signature (`-- `, RFC 3676 section 4.3), and
 * the line that a mail program adds.
 */
export function ownWords(text: string): string {
  const lines = endsOf(text, longest).split(/\r\n|[\n\r\u2028\u2029]/);
  const own: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line === '-- ') break;
    if (line.trimStart().startsWith('>')) continue;
    const heading = headingAt(lines, at);
    if (heading === null) {
      own.push(line);
      continue;
    }
    if (heading.hides === 'rest') break;
    at += heading.lines - 1;
    // Without quotation marks all that follows is the message that was answered.
    if (
      heading.hides === 'quoted' &&
      !nextText(lines, at + 1)
        .trimStart()
        .startsWith('>')
    )
      break;
  }
  return endsOf(own.join('\n'), longestRead);
}

function endsOf(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most / 2)}\n\n${text.slice(-most / 2)}`;
}

/** The person's part of a subject: nothing where the subject is that of the message they answered. */
export function ownSubject(subject: string): { text: string; isAnswer: boolean } {
  const text = subject.slice(0, longestHeading);
  const prefix = answerPrefix.exec(text)?.[0] ?? '';
  return { text: text.slice(prefix.length), isAnswer: prefix.trim() !== '' };
}

interface Heading {
  lines: number;
  /** line: itself alone. quoted: what is quoted below. rest: all that follows. */
  hides: 'line' | 'quoted' | 'rest';
}

function headingAt(lines: readonly string[], at: number): Heading | null {
  const line = lines[at] ?? '';
  if (line.length > longestHeading || line.trim() === '') return null;
  const text = fold(line).trim();
  if (text.length < longestAdvert && advert.test(text)) return { lines: 1, hides: 'line' };
  if (original.test(text)) return { lines: 1, hides: 'rest' };
  if (!beginsHeading.test(text)) return null;
  const next = fold((lines[at + 1] ?? '').slice(0, longestHeading)).trim();
  if (sender.test(`${text} `) && sentAt.test(`${next} `)) return { lines: 1, hides: 'rest' };
  if (isAttribution(text)) return { lines: 1, hides: 'quoted' };
  return isAttribution(`${text} ${next}`) && !isAttribution(next) ? { lines: 2, hides: 'quoted' } : null;
}

function isAttribution(text: string): boolean {
  return (
    text.length <= 2 * longestHeading &&
    text.endsWith(':') &&
    byProgram.test(text) &&
    attribution.test(text) &&
    !ownAttribution.test(text)
  );
}

function nextText(lines: readonly string[], from: number): string {
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line.trim() !== '') return line;
  }
  return '';
}
