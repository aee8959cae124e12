import type { Overview } from '@secateur/backend/contract';
import type { UseQueryResult } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { prepareRatePlot, type RatePlot } from '../charts/prepare/rate-series.js';
import { formatCount, formatInterval, formatRate } from '../format.js';
import type { Interval } from '../pages/monitor-search.js';
import { Bone } from './bone.js';
import { Explain } from './explain.js';
import { ChartIcon, TableIcon } from './icons.js';
import { Panel, Provenance, QueryBody } from './panel.js';
import styles from './rate-panel.module.css';
import { Toggle } from './toggle.js';

const loadChart = () => import('../charts/rate-chart.js');
const RateChart = lazy(() => loadChart().then((chart) => ({ default: chart.RateChart })));

interface Props {
  result: UseQueryResult<Overview>;
  interval: Interval;
  view: 'chart' | 'table';
  onView: (view: 'chart' | 'table') => void;
  path: () => string;
}

export function RatePanel({ result, interval, view, onView, path }: Props) {
  // The drawing comes while the figures are asked for.
  useEffect(() => void loadChart(), []);
  return (
    <Panel
      name="Opt-out rate over time"
      title={
        <>
          Opt-out rate over time
          <Explain what="Opt-out rate over time">
            Attributed opt-outs divided by messages delivered, counted in the time when the message was
            delivered. The band is the 95% Wilson interval. A gap means nothing was delivered; the dashed end
            still fills. Days and weeks are UTC.
          </Explain>
        </>
      }
      lead={`per ${interval}, with its 95% interval`}
      actions={
        <Toggle
          label="Show as"
          value={view}
          onChange={onView}
          options={[
            { value: 'chart', label: 'Chart', icon: <ChartIcon size={14} /> },
            { value: 'table', label: 'Table', icon: <TableIcon size={14} /> },
          ]}
        />
      }
      footer={<Provenance query={result.data?.query} asOf={result.data?.as_of} path={path} />}
    >
      <QueryBody name="Opt-out rate over time" result={result} waiting={<Waiting />}>
        {(overview) => <Plot overview={overview} interval={interval} view={view} />}
      </QueryBody>
    </Panel>
  );
}

function Plot({
  overview,
  interval,
  view,
}: {
  overview: Overview;
  interval: Interval;
  view: 'chart' | 'table';
}) {
  const plot = useMemo(() => prepareRatePlot(overview, interval), [overview, interval]);
  if (plot.empty) {
    return <p className={styles.nothing}>Nothing was delivered in this time, so there is no rate.</p>;
  }
  if (view === 'table') return <PlotTable plot={plot} />;
  return (
    <Suspense fallback={<Waiting />}>
      <RateChart plot={plot} />
    </Suspense>
  );
}

function PlotTable({ plot }: { plot: RatePlot }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label="Opt-out rate as a table">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Rate</th>
            <th scope="col">95% interval</th>
            <th scope="col">Opt-outs</th>
            <th scope="col">Delivered</th>
          </tr>
        </thead>
        <tbody>
          {plot.points.toReversed().map((point) => (
            <tr key={point.at}>
              <th scope="row">
                {point.title}
                {!point.finished && <span className={styles.soft}> still filling</span>}
              </th>
              <td>{formatRate(point.value)}</td>
              <td>{formatInterval(point.lower, point.upper)}</td>
              <td>{point.optOuts === null ? '–' : formatCount(point.optOuts)}</td>
              <td>{point.delivered === null ? '–' : formatCount(point.delivered)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Waiting() {
  return (
    <div className={styles.waiting}>
      <Bone height={284} />
    </div>
  );
}
