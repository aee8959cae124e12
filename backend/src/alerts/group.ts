import type { Cell } from './cell.js';

export interface Grouped<Item> {
  readonly items: readonly Item[];
  readonly streams: readonly string[];
}

/** More of a channel's streams than this share, and at least three: it is the channel that has a problem. */
const mostStreams = 0.5;

/**
 * What alarms together, as incidents: cells that share a stream, a campaign or a segment, and all of a channel where most of
 * its streams alarm.
 *
 * @param channelOf of a stream
 * @param streamsOf how many streams of a channel were looked at
 */
export function grouped<Item extends { readonly cell: Cell }>(
  items: readonly Item[],
  channelOf: (stream: string) => string,
  streamsOf: (channel: string) => number,
): Grouped<Item>[] {
  const places = new Map<string, number>();
  const parents = items.map((_, index) => index);
  const root = (index: number): number => {
    let at = index;
    while (parents[at] !== at) at = parents[at] ?? at;
    return at;
  };
  const join = (place: string, index: number): void => {
    const other = places.get(place);
    if (other === undefined) places.set(place, index);
    else parents[root(index)] = root(other);
  };
  const failing = failingChannels(items, channelOf, streamsOf);
  for (const [index, { cell }] of items.entries()) {
    join(`stream ${cell.stream}`, index);
    if (cell.level !== 'stream') join(`${cell.level} ${cell.key}`, index);
    const channel = channelOf(cell.stream);
    if (failing.has(channel)) join(`channel ${channel}`, index);
  }
  const groups = new Map<number, Item[]>();
  for (const [index, item] of items.entries()) {
    const group = groups.get(root(index));
    if (group === undefined) groups.set(root(index), [item]);
    else group.push(item);
  }
  return [...groups.values()].map((group) => ({
    items: group,
    streams: [...new Set(group.map(({ cell }) => cell.stream))].sort(),
  }));
}

function failingChannels(
  items: readonly { readonly cell: Cell }[],
  channelOf: (stream: string) => string,
  streamsOf: (channel: string) => number,
): Set<string> {
  const streams = new Map<string, Set<string>>();
  for (const { cell } of items) {
    if (cell.level !== 'stream') continue;
    const channel = channelOf(cell.stream);
    streams.set(channel, (streams.get(channel) ?? new Set()).add(cell.stream));
  }
  const failing = [...streams].filter(
    ([channel, { size }]) => size >= 3 && size > mostStreams * streamsOf(channel),
  );
  return new Set(failing.map(([channel]) => channel));
}
