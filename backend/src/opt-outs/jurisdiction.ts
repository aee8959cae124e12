import { marketsOfBrand } from '../streams/catalogue-index.js';
import type { CataloguedStream } from '../streams/stream.js';

/** Where one body of opt-out law applies. */
export const regions = ['US', 'CA', 'EU', 'UK', 'AU', 'BR', 'IN', 'JP', 'OTHER'] as const;
export type Region = (typeof regions)[number];

/** Countries and territories by region; a country that is in no list is OTHER. EU stands for the EEA. */
const members: Readonly<Record<Exclude<Region, 'OTHER'>, string>> = {
  US: 'US AS GU MP PR UM VI',
  CA: 'CA',
  EU:
    'EU AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK ' +
    // European Economic Area
    'IS LI NO ' +
    // parts of member states with codes of their own, and the code that Greece uses in EU texts
    'AX GF GP MF MQ RE YT EL',
  // The Crown dependencies have laws of their own on the same pattern.
  UK: 'GB UK GG IM JE',
  AU: 'AU CC CX NF',
  BR: 'BR',
  IN: 'IN',
  JP: 'JP',
};

const byCountry = new Map<string, Region>();
for (const region of regions) {
  if (region === 'OTHER') continue;
  for (const country of members[region].split(' ')) byCountry.set(country, region);
}

/** One jurisdiction for each region: what "any of them may apply" means. `ZZ` is ISO 3166's unknown country. */
export const allJurisdictions: readonly string[] = ['AU', 'BR', 'CA', 'EU', 'GB', 'IN', 'JP', 'US', 'ZZ'];

/** @example regionOf('US-CA') // 'US' */
export function regionOf(jurisdiction: string): Region {
  const dash = jurisdiction.indexOf('-');
  return byCountry.get(dash < 0 ? jurisdiction : jurisdiction.slice(0, dash)) ?? 'OTHER';
}

/** The distinct regions of some jurisdictions, in the order of `regions`. */
export function regionsOf(jurisdictions: readonly string[]): Region[] {
  const found = new Set(jurisdictions.map(regionOf));
  return regions.filter((region) => found.has(region));
}

export type JurisdictionSource = 'subscriber' | 'phone' | 'stream' | 'brand' | 'markets' | 'all';

export interface Jurisdictions {
  /** Every jurisdiction that may apply, sorted. Never empty. */
  jurisdictions: readonly string[];
  from: JurisdictionSource;
}

export interface JurisdictionHints {
  /** Of the subscriber's profile. */
  subscriber: string | null;
  /** Country of the phone prefix. */
  phone: string | null;
  /** The stream of the message. */
  stream: CataloguedStream | null;
  /** All streams: those of the same brand say where the brand is sold. Looked up by the list, so it must never change. */
  streams: readonly CataloguedStream[];
  /** Where the organisation says it operates. */
  markets: readonly string[];
}

/** The jurisdictions that may apply: the subscriber's, else the best guess, else the union of all that may be meant. */
export function jurisdictionsOf(hints: JurisdictionHints): Jurisdictions {
  const { subscriber, phone, stream, streams, markets } = hints;
  if (subscriber !== null) return { jurisdictions: [subscriber], from: 'subscriber' };
  if (phone !== null) return { jurisdictions: [phone], from: 'phone' };
  if (stream !== null) {
    if (stream.markets.length > 0) return { jurisdictions: union(stream.markets), from: 'stream' };
    const brand = marketsOfBrand(stream.brand, streams);
    if (brand.length > 0) return { jurisdictions: brand, from: 'brand' };
  }
  if (markets.length > 0) return { jurisdictions: union(markets), from: 'markets' };
  return { jurisdictions: allJurisdictions, from: 'all' };
}

// Asked once for each stream of each decision, always of the same few lists.
const unions = new WeakMap<readonly string[], readonly string[]>();

function union(list: readonly string[]): readonly string[] {
  const known = unions.get(list) ?? [...new Set(list)].sort();
  unions.set(list, known);
  return known;
}
