import type { Random } from './random.js';

/**
 * Deals rows into folds, class by class, so that each fold has its share of events. Rows of one group (the snapshots of one
 * subscriber, say) stay together; a group has an event where one of its rows has.
 *
 * @returns the fold of each row, 0 … count − 1
 */
export function stratifiedFolds(
  event: ArrayLike<number>,
  count: number,
  random: Random,
  groups?: ArrayLike<number | string>,
): Int32Array {
  const members = new Map<number | string, number[]>();
  for (let row = 0; row < event.length; row += 1) {
    const group = groups?.[row] ?? row;
    const rows = members.get(group);
    if (rows === undefined) members.set(group, [row]);
    else rows.push(row);
  }
  const folds = new Int32Array(event.length);
  const all = [...members.values()];
  let dealt = 0;
  for (const hasEvent of [true, false]) {
    const some = all.filter((rows) => rows.some((row) => event[row] === 1) === hasEvent);
    for (const rows of random.shuffle(some)) {
      for (const row of rows) folds[row] = dealt % count;
      dealt += 1;
    }
  }
  return folds;
}

/** Rows to fit on, and rows that say how well it did. */
export interface Split {
  readonly fit: Int32Array;
  readonly check: Int32Array;
}

/** One split a fold: the fold is checked, the rest is fitted. */
export function splitsOf(folds: Int32Array, count: number): Split[] {
  const rows = Int32Array.from(folds, (_, row) => row);
  return Array.from({ length: count }, (_, fold) => ({
    fit: rows.filter((row) => folds[row] !== fold),
    check: rows.filter((row) => folds[row] === fold),
  }));
}
