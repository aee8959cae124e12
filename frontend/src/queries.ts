import {
  DecisionPage,
  type DecisionSummary,
  DecisionView,
  DemoProgress,
  type Dimension,
  Overview,
  RatesAnswer,
  RisksAnswer,
  Stream,
} from '@secateur/backend/contract';
import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { call } from './api.js';
import { instant } from './format.js';
import { type Interval, type Range, windowOf } from './pages/monitor-search.js';

/** How often figures are asked for again: calm in daily use, quick while the demo fills them. */
const refreshEvery = (loading: boolean) => (loading ? 3000 : 30_000);

function windowParameters(range: Range, interval: Interval, now: number): URLSearchParams {
  return new URLSearchParams({ ...windowOf(range, now), interval });
}

export function overviewPath(range: Range, interval: Interval, now: number): string {
  return `/v1/analytics/overview?${windowParameters(range, interval, now)}`;
}

export function ratesPath(dimension: Dimension, range: Range, interval: Interval, now: number): string {
  const parameters = windowParameters(range, interval, now);
  parameters.set('dimension', dimension);
  return `/v1/analytics/rates?${parameters}`;
}

export function overviewQuery(range: Range, interval: Interval, loading: boolean) {
  return queryOptions({
    queryKey: ['overview', range, interval],
    queryFn: ({ signal }) => call(Overview, overviewPath(range, interval, Date.now()), { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: refreshEvery(loading),
  });
}

export function ratesQuery(dimension: Dimension, range: Range, interval: Interval, loading: boolean) {
  return queryOptions({
    queryKey: ['rates', dimension, range, interval],
    queryFn: ({ signal }) => call(RatesAnswer, ratesPath(dimension, range, interval, Date.now()), { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: refreshEvery(loading),
  });
}

export const risksPath = '/v1/churn/risks?limit=200';

/** Scored once a day: asked for calmly. */
export const risksQuery = queryOptions({
  queryKey: ['risks'],
  queryFn: ({ signal }) => call(RisksAnswer, risksPath, { signal }),
  staleTime: 60_000,
  refetchInterval: 60_000,
});

export const streamsPath = '/v1/streams';

/** The catalogue, for the names of streams. */
export const streamsQuery = queryOptions({
  queryKey: ['streams'],
  queryFn: ({ signal }) => call(z.object({ streams: z.array(Stream) }), streamsPath, { signal }),
  staleTime: 60_000,
  refetchInterval: 60_000,
});

const pageLength = 50;
const feedLength = 100;
export const feedKey = ['decisions'];

/** The newest decisions. Each call asks only for what was committed after the call before. */
export function feedQuery(client: QueryClient, running: boolean) {
  return queryOptions({
    queryKey: feedKey,
    queryFn: async ({ signal }) => {
      const known = client.getQueryData<DecisionPage>(feedKey) ?? { decisions: [], next: null };
      const page = await call(DecisionPage, feedPath(known.next), { signal });
      return { decisions: mergeFeed(known.decisions, page.decisions), next: page.next ?? known.next };
    },
    refetchInterval: running ? 2000 : false,
    staleTime: 1000,
  });
}

export function feedPath(after: string | null): string {
  const parameters = new URLSearchParams({ limit: String(pageLength) });
  if (after !== null) parameters.set('after', after);
  return `/v1/decisions?${parameters}`;
}

/**
 * Newest first, each decision once, no longer than the feed shows. A full page left out what is older than its last
 * row, so known ones of that time are dropped, too: the feed never hides a gap.
 */
export function mergeFeed(
  known: readonly DecisionSummary[],
  arrived: readonly DecisionSummary[],
): DecisionSummary[] {
  if (arrived.length === 0) return [...known];
  const last = arrived.at(-1);
  const oldest = last === undefined || arrived.length < pageLength ? -Infinity : instant(last.received_at);
  const ids = new Set(arrived.map((decision) => decision.id));
  const kept = known.filter(({ id, received_at }) => !ids.has(id) && instant(received_at) >= oldest);
  return [...arrived, ...kept].sort(newestFirst).slice(0, feedLength);
}

function newestFirst(a: DecisionSummary, b: DecisionSummary): number {
  return instant(b.received_at) - instant(a.received_at) || Number(b.seq) - Number(a.seq);
}

export function decisionPath(id: string): string {
  return `/v1/decisions/${encodeURIComponent(id)}`;
}

export function decisionQuery(id: string) {
  return queryOptions({
    queryKey: ['decision', id],
    queryFn: ({ signal }) => call(DecisionView, decisionPath(id), { signal }),
    // A decision does not change, but it may be taken back within ten minutes.
    staleTime: 15_000,
  });
}

export const demoQuery = queryOptions({
  queryKey: ['demo'],
  queryFn: ({ signal }) => call(DemoProgress, '/v1/demo', { signal }),
  refetchInterval: (query) => (demoIsLoading(query.state.data) ? 1500 : false),
});

export function demoIsLoading(progress: DemoProgress | undefined): boolean {
  return progress?.state === 'waiting' || progress?.state === 'loading';
}

/** Whole percents, and never 100 before it is ready. */
export function demoPercent({ loaded, total }: Pick<DemoProgress, 'loaded' | 'total'>): number {
  return total <= 0 ? 0 : Math.min(99, Math.max(0, Math.floor((loaded / total) * 100)));
}
