import type { Provider, ProviderStream, ProviderView, Stream } from '@secateur/backend/contract';

/** A group, list or topic of a provider. */
export interface ProviderGroup extends ProviderStream {
  provider: Provider;
  /** The provider's title. */
  title: string;
}

export function allGroups(providers: readonly ProviderView[]): ProviderGroup[] {
  return providers.flatMap(({ provider, title, streams }) =>
    streams.map((stream) => ({ ...stream, provider, title })),
  );
}

export const isUnmapped = ({ streams }: Pick<ProviderStream, 'streams'>): boolean => streams.length === 0;

/**
 * Those that wait for somebody first.
 *
 * @param ahead refs that were unmapped when the page was opened: mapping one must not move it away under the hand
 */
export function groupOrder(groups: readonly ProviderGroup[], ahead: ReadonlySet<string>): ProviderGroup[] {
  const waits = (group: ProviderGroup) => Number(isUnmapped(group) || ahead.has(group.ref));
  return groups.toSorted(
    (a, b) =>
      waits(b) - waits(a) ||
      a.title.localeCompare(b.title) ||
      a.ref.localeCompare(b.ref, undefined, { numeric: true }),
  );
}

/** Streams that a group may stand for: of its channel, and none that is itself a group's own. */
export function choicesFor(
  { channel, streams: chosen }: Pick<ProviderGroup, 'channel' | 'streams'>,
  streams: readonly Stream[],
  groups: readonly ProviderGroup[],
): Stream[] {
  const own = new Set(groups.flatMap(({ registered }) => registered ?? []));
  return streams.filter(
    (stream) => chosen.includes(stream.key) || (stream.channel === channel && !own.has(stream.key)),
  );
}
