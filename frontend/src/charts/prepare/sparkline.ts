import type { TrendPoint } from './buckets.js';

export interface Sparkline {
  /** SVG path data; each gap starts a new piece. */
  line: string;
  /** The piece into the unfinished bucket, drawn dashed. */
  open: string;
  /** Points that no line touches. */
  dots: { x: number; y: number }[];
}

/** The trend of one row in a box of `width` × `height`, from 0 (the bottom) to a third above the row's own maximum. */
export function prepareSparkline(
  values: readonly { value: number | null; finished: boolean }[],
  width: number,
  height: number,
): Sparkline {
  const inset = 2;
  const highest = Math.max(0, ...values.map((point) => point.value ?? 0));
  const top = highest === 0 ? 1 : highest * (4 / 3);
  const step = values.length > 1 ? (width - 2 * inset) / (values.length - 1) : 0;
  const places = values.map((point, index) =>
    point.value === null
      ? null
      : {
          x: round(values.length > 1 ? inset + index * step : width / 2),
          y: round(height - inset - (point.value / top) * (height - 2 * inset)),
          finished: point.finished,
        },
  );
  let line = '';
  let open = '';
  const dots: { x: number; y: number }[] = [];
  places.forEach((place, index) => {
    if (place === null) return;
    const before = places[index - 1] ?? null;
    const after = places[index + 1] ?? null;
    if (before === null && after === null) dots.push({ x: place.x, y: place.y });
    if (place.finished) line += `${before === null ? 'M' : 'L'}${place.x} ${place.y}`;
    else if (before !== null) open += `M${before.x} ${before.y}L${place.x} ${place.y}`;
  });
  return { line, open, dots };
}

export function sparklineValues(points: readonly { point: TrendPoint | null }[]) {
  return points.map(({ point }) => ({
    value: point?.rate.value ?? null,
    finished: point?.finished ?? true,
  }));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
