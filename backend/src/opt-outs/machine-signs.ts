import { isMachineAgent } from '../events/machine.js';
import type { Facts, OptOutRequest } from './request.js';

/**
 * What speaks for a link scanner having pressed, and how much: the share of presses with that sign alone that we take to
 * be a machine's. Judgement, not measurement; a test keeps the SQL of backtests equal to it. A sign never takes an opt-out
 * away: a real person's client can look like a machine.
 */
export const machineSigns = {
  /** The user agent says so. */
  'machine_sign:agent': 0.8,
  /** Somebody looked at the link within two seconds before: scanners ask with HEAD or GET and press at once. */
  'machine_sign:hits': 0.5,
  /** Three links of one person within ten seconds: a scanner that works through a mailbox. */
  'machine_sign:burst': 0.5,
  /** Within five seconds of the delivery. */
  'machine_sign:fast': 0.6,
} as const;
export type MachineSign = keyof typeof machineSigns;

/** From here on it is shown apart. Two of the weaker signs, or one strong. */
const suspected = 0.75;
const fast = 5000;

const isSign = (flag: string): flag is MachineSign => Object.hasOwn(machineSigns, flag);

/** How likely a machine made the request, 0 to 1: as if each sign told by itself. */
export function machineProbability(flags: readonly string[]): number {
  let person = 1;
  // In the order of the table, so that the engine comes to the same bits.
  for (const [sign, share] of Object.entries(machineSigns)) if (flags.includes(sign)) person *= 1 - share;
  return 1 - person;
}

/** @param userAgent of whoever pressed, where the door knows it */
export function signsOfAgent(userAgent: string | undefined): MachineSign[] {
  return userAgent !== undefined && isMachineAgent(userAgent) ? ['machine_sign:agent'] : [];
}

/**
 * The flags of a request with what the deliveries say of it, and `machine_suspected` where the signs together weigh
 * enough. Only opt-outs by link are looked at: nothing else can a scanner press.
 */
export function flagsWithSigns(request: OptOutRequest, facts: Facts): string[] {
  const isPressed = request.type === 'opted_out' && pressable.has(request.trigger ?? '');
  if (!isPressed) return request.flags.filter((flag) => !isSign(flag));
  const flags = [...new Set([...request.flags, ...fastSign(request, facts)])];
  return machineProbability(flags) >= suspected ? [...new Set([...flags, 'machine_suspected'])] : flags;
}

const pressable = new Set([
  'one_click_unsubscribe',
  'link_unsubscribe',
  'stream_unsubscribe',
  'group_unsubscribe',
  'global_unsubscribe',
  'preference_change',
]);

function fastSign(
  { messageId, occurredAt, receivedAt }: OptOutRequest,
  { deliveries }: Facts,
): MachineSign[] {
  if (messageId === null) return [];
  const at = Math.min(occurredAt, receivedAt);
  const isFast = deliveries.some(
    (one) => one.messageId === messageId && at >= one.deliveredAt && at - one.deliveredAt < fast,
  );
  return isFast ? ['machine_sign:fast'] : [];
}

/** `machineProbability` of a row's `flags`, for the engine. */
export const machineProbabilitySql = `1 - ${Object.entries(machineSigns)
  .map(([sign, share]) => `if(has(flags, '${sign}'), 1 - ${share}, 1)`)
  .join(' * ')}`;
