import { useReducedMotion } from '@mantine/hooks';
import {
  Area,
  Bar,
  BarChart,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { formatCompact, formatCount, formatInterval, formatRate } from '../format.js';
import type { RatePlot, RatePlotPoint } from './prepare/rate-series.js';
import styles from './rate-chart.module.css';

const axis = { fontSize: 11.5, fill: 'var(--ink-3)' };
const margin = { top: 8, right: 18, bottom: 0, left: 4 };
const axisWidth = 50;

/** Draws a prepared plot: the rate with its interval, and what was delivered beneath as context. */
export function RateChart({ plot }: { plot: RatePlot }) {
  const still = useReducedMotion();
  const shared = { data: plot.points, syncId: 'opt-out-rate', accessibilityLayer: true };
  const moving = { isAnimationActive: !still, animationDuration: 350 };
  const time = {
    dataKey: 'at',
    tickLine: false,
    axisLine: { stroke: 'var(--line)' },
    tick: axis,
    ticks: plot.timeTicks,
    interval: 'preserveStartEnd' as const,
    minTickGap: 24,
  };
  return (
    <figure className={styles.figure} aria-label="Opt-out rate over time with its 95% interval">
      <div className={styles.rate}>
        <ResponsiveContainer width="100%" height="100%">
          <ComposedChart {...shared} margin={margin}>
            <CartesianGrid vertical={false} stroke="var(--line-soft)" />
            <XAxis {...time} tick={false} height={6} />
            <YAxis
              width={axisWidth}
              domain={[0, plot.top]}
              ticks={plot.ticks}
              tickFormatter={(tick: number) => plot.tickLabels.get(tick) ?? ''}
              tickLine={false}
              axisLine={false}
              tick={axis}
              allowDataOverflow
            />
            <Tooltip
              content={Hint}
              cursor={{ stroke: 'var(--ink-3)', strokeDasharray: '2 3' }}
              isAnimationActive={false}
            />
            {/* Draws nothing: with a bar in it the axis leaves the same room at both ends as the bars beneath. */}
            <Bar dataKey={() => null} isAnimationActive={false} />
            <Area dataKey="band" fill="var(--data-band)" stroke="none" activeDot={false} {...moving} />
            <Area
              dataKey="openBand"
              fill="var(--data-band)"
              fillOpacity={0.5}
              stroke="none"
              activeDot={false}
              {...moving}
            />
            <Line
              dataKey="rate"
              stroke="var(--data)"
              strokeWidth={2}
              dot={Dot}
              activeDot={{ r: 4 }}
              {...moving}
            />
            <Line
              dataKey="openRate"
              stroke="var(--data)"
              strokeWidth={2}
              strokeDasharray="4 4"
              dot={Dot}
              activeDot={false}
              isAnimationActive={false}
            />
          </ComposedChart>
        </ResponsiveContainer>
      </div>
      <p className={styles.context}>Delivered</p>
      <div className={styles.delivered}>
        <ResponsiveContainer width="100%" height="100%">
          <BarChart {...shared} margin={{ ...margin, top: 2 }} accessibilityLayer={false}>
            <XAxis {...time} tickFormatter={(at: number) => plot.timeLabels.get(at) ?? ''} />
            <YAxis
              width={axisWidth}
              domain={[0, plot.deliveredTop]}
              ticks={[0, plot.deliveredTop]}
              tickFormatter={(tick: number) => formatCompact(tick)}
              tickLine={false}
              axisLine={false}
              tick={axis}
            />
            <Tooltip content={() => null} cursor={{ fill: 'var(--line-soft)' }} isAnimationActive={false} />
            <Bar
              dataKey="delivered"
              fill="var(--context)"
              radius={[2, 2, 0, 0]}
              maxBarSize={36}
              {...moving}
            />
          </BarChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}

interface DotProps {
  cx?: number;
  cy?: number;
  value?: unknown;
  payload?: RatePlotPoint;
  key?: string | number | bigint | null;
}

/** Only where no line reaches: a lone bucket, and the hollow end of the one that still fills. */
function Dot({ cx, cy, payload, key }: DotProps) {
  if (!payload?.dot || cx === undefined || cy === undefined || Number.isNaN(cy)) return <g key={key} />;
  const hollow = !payload.finished;
  return (
    <circle
      key={key}
      cx={cx}
      cy={cy}
      r={3.2}
      fill={hollow ? 'var(--panel)' : 'var(--data)'}
      stroke="var(--data)"
      strokeWidth={1.6}
    />
  );
}

interface HintProps {
  active?: boolean;
  payload?: readonly { payload?: RatePlotPoint }[];
}

function Hint({ active, payload }: HintProps) {
  const point = payload?.[0]?.payload;
  if (!active || point === undefined) return null;
  return (
    <div className={styles.hint}>
      <strong>{point.title}</strong>
      {!point.finished && <em> still filling</em>}
      {point.value === null ? (
        <p>{point.delivered === null ? 'No figures for this time' : 'Nothing was delivered'}</p>
      ) : (
        <>
          <p className={styles.hintValue}>
            {formatRate(point.value)} <span>{formatInterval(point.lower, point.upper)}</span>
          </p>
          <p>
            {formatCount(point.optOuts ?? 0)} opt-outs · {formatCount(point.delivered ?? 0)} delivered
          </p>
        </>
      )}
    </div>
  );
}
