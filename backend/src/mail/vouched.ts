import type { Item, NormalisedEvent } from '../intake/normalised-event.js';

/** A report that names somebody without a token of ours: a delivery of that message to that very address may vouch for it. */
export const unvouched = { trust: 'none', sentVouches: true } as const satisfies Partial<NormalisedEvent>;

const needsVoucher = (item: Item): item is NormalisedEvent =>
  item.kind === 'event' && item.sentVouches === true;

export const needVoucher = (items: readonly Item[]): boolean => items.some(needsVoucher);

/** The same where the reporter is known: its word is enough. */
export function vouchedByReporter(items: readonly Item[]): Item[] {
  return items.map((item) => {
    if (!needsVoucher(item)) return item;
    const { sentVouches: _, ...event } = item;
    return { ...event, trust: 'report' };
  });
}

/** Where nobody could ask whether the reporter's signature is valid. */
export const undecidedWithoutVoucher = (items: readonly Item[]): Item[] =>
  items.map((item) => (needsVoucher(item) ? { ...item, isUndecided: true } : item));

/** For a person to look at, whatever it holds. */
export function believedByNobody(items: readonly Item[]): Item[] {
  return items.map((item) => {
    if (item.kind !== 'event') return item;
    const { link: _, sentVouches: __, ...event } = item;
    return { ...event, trust: 'none' };
  });
}
