import { dayMs } from './simulate-people.js';
import type { Asked, Basis, Selector, SimulatedStream, Trigger } from './simulate-types.js';

// What the simulated sender obeys. It obeys the wider of what was asked and what law and standards demand, so that
// replaying its events never shows it mailing against a decision; how late it obeys is in `visibleAt`.

interface Covering {
  selector: Selector;
  /** When the person said it; the latest covering line decides. */
  orderAt: number;
  /** When the sender learnt of it. */
  visibleAt: number;
}
export type Line = Covering &
  ({ effect: 'opt_out' | 'opt_in' | 'hold' } | { effect: 'pause'; until: number });

export interface Cap {
  stream: string;
  n: number;
  per: 'day' | 'week' | 'month';
  visibleAt: number;
}

/** Rolling windows as long as the longest calendar period of that name, so calendar caps hold too. */
const capWindowMs: Record<Cap['per'], number> = { day: dayMs, week: 7 * dayMs, month: 31 * dayMs };

/** Essential streams are covered only by a selector that names their class. */
export function covers(selector: Selector, stream: SimulatedStream): boolean {
  if (stream.class === 'essential' && selector.class !== 'essential') return false;
  return (
    (selector.class ?? stream.class) === stream.class &&
    (selector.brand ?? stream.brand) === stream.brand &&
    (selector.channel ?? stream.channel) === stream.channel &&
    (selector.category ?? stream.category) === stream.category &&
    (selector.origin ?? stream.origin) === stream.origin
  );
}

/** A live hold denies; else the latest covering line; a tie denies; without a line the stream may be sent. */
export function permits(lines: readonly Line[], stream: SimulatedStream, at: number): boolean {
  let latest = Number.NEGATIVE_INFINITY;
  let allowed = true;
  for (const line of lines) {
    if (line.visibleAt > at) continue;
    if (line.effect === 'hold') {
      // An address that does not work takes no message of any class.
      if (line.selector.channel === stream.channel) return false;
      continue;
    }
    if (line.effect === 'pause' && line.until <= at) continue;
    if (line.orderAt < latest || !covers(line.selector, stream)) continue;
    allowed = line.effect === 'opt_in' && (line.orderAt > latest || allowed);
    latest = line.orderAt;
  }
  return allowed;
}

/** @param sentAt instants of earlier deliveries on the stream of the cap */
export function withinCap(cap: Cap, sentAt: readonly number[], at: number): boolean {
  if (cap.visibleAt > at) return true;
  const since = at - capWindowMs[cap.per];
  return sentAt.filter((sent) => sent > since && sent <= at).length < cap.n;
}

export function streamSelector({ channel, category, origin }: SimulatedStream): Selector {
  return { channel, category, origin };
}

/** The classes that "all" and "everything" stop: all but essential. */
const stoppable = ['commercial', 'informational'] as const;

/** What the sender stops: asked ∪ floor. The clicked stream always ends; picks name it themselves. */
export function honouredScope(
  trigger: Trigger,
  asked: Asked,
  stream: SimulatedStream,
  basis: Basis | undefined,
  jurisdiction: string,
): Selector[] {
  const clicked = streamSelector(stream);
  const channelWide: Selector[] = [{ class: 'commercial', channel: stream.channel }, clicked];
  if (asked === 'everything') return [...stoppable, 'profiling' as const].map((name) => ({ class: name }));
  if (asked === 'all') return stoppable.map((name) => ({ class: name, channel: stream.channel }));
  if (Array.isArray(asked)) return asked;
  if (trigger === 'sms_stop') return stoppable.map((name) => ({ class: name, channel: 'sms' }));
  if (trigger === 'complaint' || !stream.all_option_shown) return channelWide;
  const optInLaw = !/^(US|CA)\b/.test(jurisdiction);
  return optInLaw && basis !== 'consent' ? channelWide : [clicked];
}
