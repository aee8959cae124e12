import { canonicalSelector, type Selector } from '../contract/selectors.js';
import type { StreamClass } from '../contract/vocabulary.js';
import { type Ancestor, heldSince } from '../streams/lineage.js';
import type { CataloguedStream, Held } from '../streams/stream.js';

/** A selector that covers a message, and how long ago a statement may have been made for that to hold. */
export interface Covering {
  /** Canonical selector. */
  selector: string;
  /** A statement with `order_at` T is covered if `until > T`. Infinity: whenever it was made. */
  until: number;
  /**
   * An opt-in with `order_at` T speaks through this selector only if `T >= from`. It must name the class and brand that
   * the stream has now (else Infinity) and be newer than the re-classing that gave it those: neither does an opt-in to
   * news lift an opt-out of advertising once the news turn into advertising, nor does one to advertising. Of parents, too,
   * only those that the stream has now count, for opt-ins newer than the re-parenting.
   */
  from: number;
}

export interface CoveredMessage {
  stream: CataloguedStream;
  audience?: string | null;
  campaign?: string | null;
}

/** Coverage of a stream by selectors without audience and campaign, under the canonical string. */
export type Coverage = ReadonlyMap<string, Covering>;

const cache = new WeakMap<CataloguedStream, { parents: readonly Ancestor[]; coverage: Coverage }>();

/**
 * What covers a stream, whatever the audience and campaign. Worked out once per version of a stream and its parents
 * (the objects are the versions: a catalogue never changes one).
 */
export function coverageOf(stream: CataloguedStream, parents: readonly Ancestor[]): Coverage {
  const known = cache.get(stream);
  if (known !== undefined && sameLineage(known.parents, parents)) return known.coverage;
  const coverage = work(stream, parents);
  cache.set(stream, { parents: [...parents], coverage });
  return coverage;
}

/**
 * Every canonical selector that covers a message on a stream, in the form in which the engine is asked.
 *
 * An absent key means any. A class or brand covers if the stream has had it at any time since the statement. Class-less
 * selectors cover while the stream has had a class other than essential since then: essential mail is covered only by
 * selectors that name its class. Statements on a parent count for its children: its triple, classes and brands too, of
 * any parent that the stream has had since the statement.
 *
 * Bound: with c classes, b brands and d distinct streams in the lineage at most (1 + c)(1 + b) · (7d + 1) · 4 selectors;
 * 2^7 = 128 for a stream that never changed and has no parent.
 */
export function covering(message: CoveredMessage, parents: readonly Ancestor[]): Covering[] {
  const base = coverageOf(message.stream, parents);
  const tails = [''];
  if (message.audience != null) tails.push(tail({ audience: message.audience }));
  if (message.campaign != null) {
    for (const text of [...tails]) {
      const campaign = tail({ campaign: message.campaign });
      tails.push(text === '' ? campaign : `${text};${campaign}`);
    }
  }
  const result: Covering[] = [];
  for (const entry of base.values()) {
    for (const text of tails)
      result.push(text === '' ? entry : { ...entry, selector: join(entry.selector, text) });
  }
  return result;
}

/**
 * The entry by which one canonical selector covers a message, or undefined. The same answer as looking the selector up
 * in `covering`, without building the four-fold list.
 */
export function coveredBy(coverage: Coverage, selector: string, tails: Tails): Covering | undefined {
  const direct = coverage.get(selector);
  if (direct !== undefined) return direct;
  if (tails === noTails) return undefined;
  let rest = selector;
  const campaignAt = rest.lastIndexOf('campaign=');
  if (campaignAt >= 0) {
    if (rest.slice(campaignAt) !== tails.campaign) return undefined;
    rest = rest.slice(0, Math.max(0, campaignAt - 1));
  }
  const audienceAt = rest.lastIndexOf('audience=');
  if (audienceAt >= 0) {
    if (rest.slice(audienceAt) !== tails.audience) return undefined;
    rest = rest.slice(0, Math.max(0, audienceAt - 1));
  }
  if (rest === selector) return undefined;
  return coverage.get(rest === '' ? '*' : rest);
}

/** The canonical ends of selectors that name this message's audience and campaign. */
export interface Tails {
  audience: string | null;
  campaign: string | null;
}

const noTails: Tails = { audience: null, campaign: null };

export function tailsOf(audience: string | null | undefined, campaign: string | null | undefined): Tails {
  if (audience == null && campaign == null) return noTails;
  return {
    audience: audience == null ? null : tail({ audience }),
    campaign: campaign == null ? null : tail({ campaign }),
  };
}

const tail = (selector: Selector): string => canonicalSelector(selector);
const join = (selector: string, text: string): string => (selector === '*' ? text : `${selector};${text}`);

function work(stream: CataloguedStream, parents: readonly Ancestor[]): Coverage {
  // Of two ways to one selector the first is kept: what holds longest, and among those what lets most opt-ins speak.
  const lineage = [{ stream, until: Infinity, from: -Infinity }, ...parents].sort(
    (a, b) => compare(b.until, a.until) || compare(a.from, b.from),
  );
  const classes = heldBy(lineage, (one) => [...one.classes, { value: one.class, until: Infinity }]);
  const brands = heldBy(lineage, (one) => [...one.brands, { value: one.brand, until: Infinity }]);
  const marketingUntil = nonEssentialUntil(stream);
  const classFrom = heldSince(stream.classes, stream.class);
  const brandFrom = heldSince(stream.brands, stream.brand);
  // Consent to a receipt is no consent to what the receipt was turned into.
  const openFrom = stream.class === 'essential' ? -Infinity : lastHeld(stream.classes, 'essential');
  const result = new Map<string, Covering>();

  const add = (selector: Selector, until: number, since: number) => {
    if (until === -Infinity) return;
    const text = canonicalSelector(selector);
    const known = result.get(text);
    if (known !== undefined && known.until >= until) return;
    const from = Math.max(
      since,
      fromOf(selector.class, stream.class, classFrom, openFrom),
      fromOf(selector.brand, stream.brand, brandFrom, -Infinity),
    );
    result.set(text, { selector: text, until, from });
  };

  for (const { stream: one, until, from } of lineage) {
    const guard = Math.min(until, marketingUntil);
    for (const place of subsets({ channel: one.channel, category: one.category, origin: one.origin })) {
      for (const [brand, brandUntil] of [[undefined, Infinity] as const, ...brands]) {
        const named = brand === undefined ? place : { ...place, brand };
        add(named, Math.min(guard, brandUntil), from);
        for (const [value, classUntil] of classes) {
          const held = value === 'essential' ? until : guard;
          add({ ...named, class: value }, Math.min(held, brandUntil, classUntil), from);
        }
      }
    }
  }
  return result;
}

function lastHeld<T>(history: readonly Held<T>[], value: T): number {
  let until = -Infinity;
  for (const held of history) if (held.value === value) until = Math.max(until, held.until);
  return until;
}

function fromOf<T>(named: T | undefined, now: T, since: number, open: number): number {
  if (named === undefined) return open;
  return named === now ? since : Infinity;
}

/** When the stream last was anything but essential; -Infinity if it never was. */
function nonEssentialUntil(stream: CataloguedStream): number {
  if (stream.class !== 'essential') return Infinity;
  return heldSince(stream.classes, 'essential');
}

function heldBy<T extends StreamClass | string>(
  lineage: readonly Ancestor[],
  of: (stream: CataloguedStream) => readonly Held<T>[],
): [T, number][] {
  const latest = new Map<T, number>();
  for (const { stream, until: inherited } of lineage) {
    for (const { value, until } of of(stream))
      latest.set(value, Math.max(latest.get(value) ?? -Infinity, Math.min(until, inherited)));
  }
  return [...latest];
}

function subsets(triple: Required<Pick<Selector, 'channel' | 'category' | 'origin'>>): Selector[] {
  let result: Selector[] = [{}];
  for (const key of ['channel', 'category', 'origin'] as const) {
    result = result.flatMap((selector) => [selector, { ...selector, [key]: triple[key] }]);
  }
  return result;
}

function sameLineage(a: readonly Ancestor[], b: readonly Ancestor[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  return a.every(({ stream, until, from }, index) => {
    const other = b[index];
    return other?.stream === stream && other.until === until && other.from === from;
  });
}

/** Not by subtraction: Infinity − Infinity is no number. */
const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
