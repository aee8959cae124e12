import { coverageOf } from '../permissions/covering.js';
import type { Catalogue } from '../streams/catalogue.js';
import type { CataloguedStream } from '../streams/stream.js';
import { identifierKind } from '../subscribers/named-identifiers.js';

/** Which selectors speak of which streams, as the statements about spells take it: one place in each list a pair. */
export interface SpellCover {
  cover_selectors: string[];
  cover_streams: string[];
  /** In ms since the epoch: from then on a line that was said before holds no more. */
  cover_until: number[];
  /** In ms since the epoch: what begins a spell must have been said then or later. */
  cover_since: number[];
}

/** Beyond every instant that the engine has room for. */
const always = 8_640_000_000_000_000;

/**
 * The cover of streams by the selectors that the ledger of spells has. `@email` in it is an address that bounced, and is
 * about all that goes to addresses of its kind; `@` is an erasure, and about everything.
 *
 * @param asked keys of streams; `''` stands for all of them
 */
export function spellCoverOf(
  selectors: readonly string[],
  catalogue: Pick<Catalogue, 'streams' | 'parents'>,
  asked: readonly string[] = [''],
): SpellCover {
  const said = new Set(selectors);
  const cover: SpellCover = { cover_selectors: [], cover_streams: [], cover_until: [], cover_since: [] };
  const add = (selector: string, stream: string, until: number, since: number) => {
    cover.cover_selectors.push(selector);
    cover.cover_streams.push(stream);
    cover.cover_until.push(Math.min(until, always));
    cover.cover_since.push(Math.min(Math.max(since, -always), always));
  };
  for (const stream of catalogue.streams) {
    if (!asked.includes('') && !asked.includes(stream.key)) continue;
    for (const selector of addressesOf(stream)) {
      if (said.has(selector)) add(selector, stream.key, always, -always);
    }
    for (const { selector, until, from } of coverageOf(stream, catalogue.parents(stream)).values()) {
      if (said.has(selector)) add(selector, stream.key, until, from);
    }
  }
  return cover;
}

function addressesOf(stream: CataloguedStream): string[] {
  const kind = identifierKind[stream.channel];
  const channels = kind === null ? [] : Object.entries(identifierKind).filter(([, other]) => other === kind);
  return ['@', ...channels.map(([channel]) => `@${channel}`)];
}
