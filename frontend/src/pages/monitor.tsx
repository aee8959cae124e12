import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useRef } from 'react';
import { DemoBanner } from '../components/demo-banner.js';
import { Feed } from '../components/feed.js';
import { FirstEvent } from '../components/first-event.js';
import { RatePanel } from '../components/rate-panel.js';
import { RisksPanel } from '../components/risks-panel.js';
import { SegmentsPanel } from '../components/segments-panel.js';
import { Tiles } from '../components/tiles.js';
import { Toggle } from '../components/toggle.js';
import { instant } from '../format.js';
import { demoIsLoading, demoQuery, overviewPath, overviewQuery, ratesPath, ratesQuery } from '../queries.js';
import { honourQuery } from '../target-queries.js';
import styles from './monitor.module.css';
import {
  changed,
  type Interval,
  intervals,
  intervalsOf,
  type MonitorState,
  monitorState,
  type Range,
  ranges,
} from './monitor-search.js';

const WhyDrawer = lazy(() =>
  import('../components/why-drawer.js').then((page) => ({ default: page.WhyDrawer })),
);

const rangeNames: Record<Range, { label: string; period: string }> = {
  '24h': { label: '24 hours', period: '24 hours' },
  '7d': { label: '7 days', period: '7 days' },
  '30d': { label: '30 days', period: '30 days' },
};

const intervalNames: Record<Interval, string> = { hour: 'Hour', day: 'Day', week: 'Week' };

export function MonitorPage() {
  const state = monitorState(useSearch({ from: '/shell/monitor' }));
  const change = useChange();
  const demo = useQuery(demoQuery);
  const loading = demoIsLoading(demo.data);
  const { range, interval, dimension } = state;
  const overview = useQuery(overviewQuery(range, interval, loading));
  const honour = useQuery(honourQuery(range));
  const rates = useQuery(ratesQuery(dimension, range, interval, loading));
  useRefreshWhenLoaded(loading);
  const here = () => overviewPath(range, interval, Date.now());
  const empty =
    overview.data !== undefined &&
    !overview.isPlaceholderData &&
    overview.data.delivered === 0 &&
    overview.data.reach.value === 0 &&
    overview.data.unsolicited.denominator === 0 &&
    !loading;
  return (
    <>
      <title>Monitor · Secateur</title>
      <div className={styles.head}>
        <div>
          <h1 className={styles.title}>Monitor</h1>
          <p className={styles.lead}>{overview.data ? windowWords(range, overview.data) : ' '}</p>
        </div>
        <div className={styles.controls}>
          <Toggle
            label="Time range"
            value={range}
            onChange={(value) => change({ range: value })}
            options={ranges.map((value) => ({ value, label: rangeNames[value].label }))}
          />
          <Toggle
            label="Interval"
            value={interval}
            onChange={(value) => change({ interval: value })}
            options={intervals.map((value) => ({
              value,
              label: intervalNames[value],
              disabled: !intervalsOf[range].includes(value),
            }))}
          />
        </div>
      </div>
      <div className={styles.page}>
        <DemoBanner result={demo} />
        {empty ? (
          <FirstEvent />
        ) : (
          <>
            <Tiles result={overview} honour={honour} period={rangeNames[range].period} path={here} />
            <div className={styles.grid}>
              <div className={styles.chart}>
                <RatePanel
                  result={overview}
                  interval={interval}
                  view={state.view}
                  onView={(view) => change({ view })}
                  path={here}
                />
              </div>
              <div className={styles.feed}>
                <Feed selected={state.decision} />
              </div>
              <div className={styles.segments}>
                <RisksPanel />
                <SegmentsPanel
                  result={rates}
                  state={state}
                  onChange={change}
                  overall={overview.data?.opt_out_rate.value ?? null}
                  path={() => ratesPath(dimension, range, interval, Date.now())}
                />
              </div>
            </div>
          </>
        )}
      </div>
      <Suspense>
        <WhyDrawer id={state.decision} onClose={() => change({ decision: null })} />
      </Suspense>
    </>
  );
}

/** Changes the address; what is shown follows from it. */
function useChange(): (change: Partial<MonitorState>) => void {
  const navigate = useNavigate({ from: '/monitor' });
  return useCallback(
    (change) =>
      void navigate({
        search: (before) => changed(before, change),
        // Closing the drawer and typing a filter are no steps to go back through.
        replace: !('decision' in change) && !('range' in change) && !('dimension' in change),
        resetScroll: false,
      }),
    [navigate],
  );
}

/** The moment the demo is complete, everything is asked for once more. */
function useRefreshWhenLoaded(loading: boolean): void {
  const client = useQueryClient();
  const before = useRef(loading);
  useEffect(() => {
    if (before.current && !loading) void client.invalidateQueries();
    before.current = loading;
  }, [loading, client]);
}

function windowWords(range: Range, { from, to }: { from: string; to: string }): string {
  const times = [instant(from), instant(to)] as const;
  if (range !== '24h') {
    const days = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', timeZone: 'UTC' });
    return `${days.formatRange(...times)}, today included · days are UTC`;
  }
  const hours = { weekday: 'short', hour: '2-digit', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat(undefined, hours).formatRange(...times);
}
