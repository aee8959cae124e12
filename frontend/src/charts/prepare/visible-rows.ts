/** Which rows of a long table to put on the page: those in view and a few around them. */
export function visibleRows(
  count: number,
  rowHeight: number,
  scrollTop: number,
  viewHeight: number,
  around = 8,
): { first: number; last: number; above: number; below: number } {
  const first = Math.max(0, Math.min(Math.floor(scrollTop / rowHeight) - around, count - 1));
  const last = Math.min(count, Math.ceil((scrollTop + viewHeight) / rowHeight) + around);
  return { first, last, above: first * rowHeight, below: Math.max(0, count - last) * rowHeight };
}
