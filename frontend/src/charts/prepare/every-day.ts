const dayMs = 86_400_000;

/** A point for each day from the first to the last: nothing is known of those that are left out. */
export function everyDay(
  points: readonly { day: string; mean: number }[],
): { value: number | null; finished: boolean }[] {
  const known = new Map(points.map(({ day, mean }) => [Date.parse(day), mean]));
  const days = [...known.keys()];
  if (days.length === 0) return [];
  const [first, last] = [Math.min(...days), Math.max(...days)];
  return Array.from({ length: (last - first) / dayMs + 1 }, (_, index) => ({
    value: known.get(first + index * dayMs) ?? null,
    finished: true,
  }));
}
