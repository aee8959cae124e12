import { parseSelector } from '../contract/selectors.js';
import { channels } from '../contract/vocabulary.js';
import type { Incoming, Outcome } from '../opt-outs/request.js';
import type { CataloguedStream } from '../streams/stream.js';
import { maySwitchOn, type Visit } from './choices.js';
import type { Box, Result, StopResult, StreamName } from './page-view.js';
import type { EdgeCatalogue, PersonalStream } from './ports.js';
import type { OpenLink } from './token.js';

/** A stream in words: its title, or its category made readable. */
export function nameOf({ title, category, channel, brand }: CataloguedStream): StreamName {
  const given = title.trim() === '' || title === category ? readable(category) : title;
  // `default` is the brand of streams that registered themselves: no name that anybody knows.
  return { title: given, channel, brand: brand === 'default' ? '' : brand };
}

/** @example readable('product_updates') // 'Product updates' */
function readable(category: string): string {
  const words = category.replace(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * The check boxes: the streams the person was ever subscribed to, and the one of the message (`own`). Messages they need
 * have none.
 */
export function boxesOf(link: OpenLink, listed: readonly PersonalStream[], own: string | undefined): Box[] {
  return listed
    .filter(({ stream, subscribed }) => stream.class !== 'essential' && (subscribed || stream.key === own))
    .map(({ stream, allowed }) => ({
      key: stream.key,
      ...nameOf(stream),
      ticked: allowed,
      locked: !allowed && !maySwitchOn(link, stream, listed, own),
    }))
    .sort(
      (a, b) => channels.indexOf(a.channel) - channels.indexOf(b.channel) || a.title.localeCompare(b.title),
    );
}

/** What stopped and what goes on, in words; from the decisions where they are made, else from what was asked. */
export function stopResult(
  { link, stream }: Visit,
  stops: readonly Incoming[],
  outcomes: readonly Outcome[],
  ticked: readonly string[],
  listed: readonly PersonalStream[] | null,
  catalogue: EdgeCatalogue,
): StopResult {
  const pending = outcomes.some(isWaiting);
  const asked = stops[0]?.request.asked ?? [];
  const decisions = outcomes.flatMap((outcome) => (outcome.state === 'decided' ? [outcome.decision] : []));
  const allowed = new Set(
    listed?.filter((line) => line.allowed && line.subscribed).map((line) => line.stream.key),
  );
  const wanted =
    typeof asked === 'object' ? pickedStreams(stops, catalogue) : asked === 'this' && stream ? [stream] : [];
  const stoppedKeys = decisions.flatMap((decision) => decision.streamsStopped);
  const keptKeys = decisions.flatMap((decision) => decision.streamsKept);
  const isThere = (one: CataloguedStream | undefined) => one !== undefined && one.class !== 'essential';
  const byKeys = (keys: readonly string[]) =>
    [...new Set(keys)].map((key) => catalogue.byKey(key)).filter(isThere);
  const theirs = new Set([
    stream?.key,
    ...(listed ?? []).filter((line) => line.subscribed).map((line) => line.stream.key),
  ]);
  // A decision names every stream it closes. Those that the person never had are nobody's business on this page.
  // And only those that were allowed before: what was asked for by name is stopped for good also where it was not.
  const named = wanted.flatMap((one) => (one === undefined ? [] : [one.key]));
  const stopped =
    decisions.length > 0 ? byKeys([...stoppedKeys.filter((key) => theirs.has(key)), ...named]) : wanted;
  const shown = (streams: readonly (CataloguedStream | undefined)[]) =>
    streams.filter((one) => one !== undefined).map(nameOf);
  // A stream that is catalogued but that this person never gets is kept, too; it is not what goes on for them.
  const goesOn =
    decisions.length > 0 ? byKeys(keptKeys).filter((one) => one && allowed.has(one.key)) : allowedStreams();
  function allowedStreams() {
    const gone = new Set(stopped.map((one) => one?.key));
    return byKeys([...allowed]).filter((one) => !gone.has(one?.key));
  }
  return {
    kind: 'stopped',
    asked: typeof asked === 'object' ? 'picks' : asked,
    stopped: shown(stopped),
    goesOn: listed === null || pending ? null : shown(goesOn),
    resumed: shown(byKeys(ticked.filter((key) => allowed.has(key)))),
    stayOff: shown(byKeys(ticked.filter((key) => !allowed.has(key)))),
    widened:
      asked === 'this' && decisions.some(({ effective }) => effective.some((text) => isWider(text, link))),
    pending,
    away: outcomes.some(({ state }) => state === 'pending'),
    receipt: null,
    offers: [],
    askReason: false,
  };
}

/** Durable, but nothing is in force yet. */
export function isWaiting({ state }: Outcome): boolean {
  return state === 'pending' || state === 'quarantined';
}

/** The same request was taken before, and this one changed nothing. */
export function isCopy(outcome: Outcome | undefined): boolean {
  return outcome?.state === 'duplicate';
}

/** What pressing "undo" came to. */
export function undoResult(outcomes: readonly Outcome[]): Result {
  if (outcomes.some(({ state }) => state === 'pending')) return { kind: 'noted' };
  const isLifted = (outcome: Outcome) =>
    outcome.state === 'decided' && !outcome.decision.flags.includes('void_unknown');
  return { kind: outcomes.some(isLifted) ? 'undone' : 'not-undone' };
}

function pickedStreams(
  stops: readonly Incoming[],
  catalogue: EdgeCatalogue,
): (CataloguedStream | undefined)[] {
  return stops
    .flatMap(({ request }) => (typeof request.asked === 'object' ? request.asked : []))
    .map(
      ({ channel, category = '', origin = '' }) => channel && catalogue.byTriple(channel, category, origin),
    );
}

/** Does the selector reach beyond one stream? */
function isWider(selector: string, link: OpenLink): boolean {
  const { category, origin, channel } = parseSelector(selector);
  return category === undefined || origin === undefined || channel !== link.stream.channel;
}
