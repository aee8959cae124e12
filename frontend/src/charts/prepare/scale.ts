/** The next round number: 1, 1.5, 2, 3, 4, 5, 6 or 8 times a power of ten. 0 becomes 0.01, so that an axis has a length. */
export function niceTop(value: number): number {
  if (!(value > 0)) return 0.01;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= value * (1 - 1e-9)) ?? 10;
  return rounded(step * power);
}

/** Ticks from 0 to a nice top: three to five of them. */
export function ticksTo(top: number): number[] {
  const lead = Math.round(top / 10 ** Math.floor(Math.log10(top) + 1e-9) / 0.5) * 0.5;
  const parts = [1.5, 3, 6].includes(lead) ? 3 : lead === 1 || lead === 5 || lead === 10 ? 5 : 4;
  return Array.from({ length: parts + 1 }, (_, index) => rounded((top * index) / parts));
}

/** 0.1 + 0.2 is 0.3 on an axis. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
