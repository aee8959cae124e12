import { z } from 'zod';
import { formatCount } from './format.js';
import { type NameOfStream, readable, segmentTitle } from './plain-words.js';

export interface FactLine {
  name: string;
  lines: string[];
}

/** Ids, versions and what the page tells elsewhere: they stand in the record. */
const silent = new Set([
  'person',
  'identifier',
  'identifiers',
  'statements',
  'rules',
  'stream_versions',
  'request',
  'jurisdiction_from',
]);

const Spells = z.array(z.object({ stream: z.string(), openedAt: z.number() }));
const Deliveries = z.array(z.object({ stream: z.string(), campaign: z.string(), deliveredAt: z.number() }));
const Settings = z.object({ markets: z.array(z.string()) });
const Names = z.array(z.string());

const mostLines = 4;

/** What a decision knew, in words. Facts of a shape that is not known here are shown as they are, never dropped. */
export function factLines(
  facts: Readonly<Record<string, unknown>>,
  nameOf: NameOfStream,
  locale?: string,
  timeZone?: string,
): FactLine[] {
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone });
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  const special: Record<string, (value: unknown) => FactLine | null> = {
    jurisdiction: (value) => ('jurisdictions' in facts ? null : plain('jurisdiction', value)),
    jurisdictions: known(Names, 'Jurisdiction', (names) => [placesText(names, facts.jurisdiction_from)]),
    phoneJurisdiction: (value) =>
      value === null ? null : { name: 'Country of the phone number', lines: [String(value)] },
    statement_ids: known(Names, 'Earlier statements', (ids) =>
      ids.length === 0 ? [] : [formatCount(ids.length, locale)],
    ),
    spells: known(Spells, 'Open subscriptions', (spells) =>
      spells.map(({ stream, openedAt }) => `${nameOf(stream)}, since ${day.format(openedAt)}`),
    ),
    deliveries: known(Deliveries, 'Recent deliveries', (deliveries) =>
      deliveries
        .toSorted((a, b) => b.deliveredAt - a.deliveredAt)
        .map(({ stream, deliveredAt }) => `${nameOf(stream)}, ${time.format(deliveredAt)}`),
    ),
    attributed: known(Names, 'Answered before', (messages) => messages),
    segments: known(Names, 'Segments', (segments) =>
      segments.length === 0 ? [] : [segments.map(segmentTitle).join(', ')],
    ),
    settings: known(Settings, 'Markets', ({ markets }) => [markets.join(', ') || 'none set: all count']),
  };
  return Object.entries(facts).flatMap(([name, value]) => {
    if (silent.has(name)) return [];
    const line = special[name] === undefined ? plain(name, value) : special[name](value);
    return line === null || line.lines.length === 0 ? [] : [shortened(line)];
  });
}

function known<Value>(shape: z.ZodType<Value>, name: string, words: (value: Value) => string[]) {
  return (value: unknown): FactLine => {
    const parsed = shape.safeParse(value);
    return parsed.success ? { name, lines: words(parsed.data) } : plain(name, value);
  };
}

const mostPlaces = 8;

/** `DE, FR (by the stream)`: whose laws counted, and who said so. */
function placesText(names: readonly string[], from: unknown): string {
  const rest = names.length - mostPlaces;
  const shown = names.slice(0, mostPlaces).join(', ') || 'not known';
  const by = typeof from === 'string' && from !== 'all' ? ` (by the ${readable(from).toLowerCase()})` : '';
  return `${shown}${rest > 0 ? ` and ${rest} more` : ''}${by}`;
}

function plain(name: string, value: unknown): FactLine {
  return { name: readable(name), lines: [text(value)] };
}

function text(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'not known';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return formatCount(value);
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(text).join(', ');
  return JSON.stringify(value);
}

function shortened({ name, lines }: FactLine): FactLine {
  const rest = lines.length - mostLines;
  return rest > 1 ? { name, lines: [...lines.slice(0, mostLines), `and ${rest} more`] } : { name, lines };
}
