import { prepareSparkline } from '../charts/prepare/sparkline.js';

interface Props {
  values: readonly { value: number | null; finished: boolean }[];
  width?: number;
  height?: number;
}

/** The shape of a row's rate over the window, from 0 to its own maximum. */
export function TrendLine({ values, width = 96, height = 26 }: Props) {
  const { line, open, dots } = prepareSparkline(values, width, height);
  return (
    <svg width={width} height={height} aria-hidden="true" focusable="false">
      <path d={`M0 ${height - 1.5}H${width}`} stroke="var(--line)" />
      <path
        d={line}
        fill="none"
        stroke="var(--data)"
        strokeWidth="1.5"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      <path d={open} fill="none" stroke="var(--data)" strokeWidth="1.5" strokeDasharray="2 2.5" />
      {dots.map(({ x, y }) => (
        <circle key={x} cx={x} cy={y} r="1.8" fill="var(--data)" />
      ))}
    </svg>
  );
}
