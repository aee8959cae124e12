import { z } from 'zod';
import { RuleOffers } from '../contract/rules.js';
import { Asked } from '../contract/selectors.js';
import { fromBase64url, Seal } from '../seal.js';

/** What the page after an opt-out hands back with "undo" and with what it offers instead. */
const Receipt = z.strictObject({
  /** The link it belongs to: a receipt of one link does nothing on another. */
  link: z.string(),
  /** Decisions that stopped something. */
  stops: z.array(z.string()).max(200),
  /** Decisions that switched something on again. */
  starts: z.array(z.string()).max(1000),
  /** What the stops asked for: a pause instead covers the same. */
  asked: Asked,
  /** Of the rule that matched; null: the usual ones. Receipts sealed before there were any have none. */
  offers: RuleOffers.nullable().default(null),
  /** Milliseconds since the epoch. */
  expires: z.number(),
});
export type Receipt = z.infer<typeof Receipt>;

/** How long an opt-out can be taken back. */
export const UNDO_FOR = 10 * 60_000;

/** Longer than a receipt of the most boxes can be. */
const LONGEST = 200_000;

export function receiptSeal(secrets: readonly string[]): Seal {
  return new Seal('receipt', 1, secrets);
}

export function sealReceipt(seal: Seal, receipt: Receipt): string {
  return seal.seal(Buffer.from(JSON.stringify(receipt))).toString('base64url');
}

/** null for what we did not seal for this link, or when its time is over. */
export function openReceipt(seal: Seal, text: string, link: string, now: number): Receipt | null {
  const sealed = text.length > LONGEST ? null : fromBase64url(text);
  const content = sealed === null ? null : seal.open(sealed);
  if (content === null) return null;
  const receipt = Receipt.parse(JSON.parse(content.toString('utf8')));
  return receipt.link === link && now < receipt.expires ? receipt : null;
}
