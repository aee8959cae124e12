import type { Random } from './random.js';
import { type Arrival, drawArrival, drawRedelivery } from './simulate-arrival.js';
import type { Outage } from './simulate-campaigns.js';
import { dayMs } from './simulate-people.js';
import type { EventTruth, EventType, SimulatedEvent, SimulatedStream, WireEvent } from './simulate-types.js';

/** What an event says beyond its id, its instant, its person and its stream. */
export type Words = Omit<WireEvent, 'id' | 'occurred_at' | 'subscriber' | 'channel' | 'category' | 'origin'>;

export interface Outbox {
  /** @param arrival drawn here unless given @returns when it arrives, be it after the end of the window */
  put(
    at: number,
    subscriber: string,
    stream: SimulatedStream,
    words: Words,
    truth?: Omit<EventTruth, 'arrival'>,
    arrival?: Arrival,
  ): Arrival;
  /** Takes out what arrives on that day of the window, in order of arrival. */
  take(day: number): SimulatedEvent[];
}

/** Told by the sender's own pages and calendar, so no provider can hold them back. */
const ownSurface = new Set<EventType>(['opted_in', 'paused', 'capped', 'erased', 'consent_expired']);

interface Waiting {
  at: number;
  item: SimulatedEvent;
}

/** Holds events until the day of their arrival; what would arrive after `endsAt` is not kept. */
export function createOutbox(random: Random, startsAt: number, endsAt: number, outages: Outage[]): Outbox {
  const waiting = new Map<number, Waiting[]>();

  const keep = (at: number, event: WireEvent, truth: EventTruth): void => {
    if (at > endsAt) return;
    const day = Math.floor((at - startsAt) / dayMs);
    const entry = { at, item: { event, receivedAt: new Date(at).toISOString(), truth } };
    const list = waiting.get(day);
    if (list === undefined) waiting.set(day, [entry]);
    else list.push(entry);
  };

  return {
    put(
      at,
      subscriber,
      stream,
      words,
      truth = {},
      arrival = drawArrival(random, at, stream.channel, ownSurface.has(words.type) ? [] : outages),
    ) {
      const id = drawId(random, at);
      const occurred_at = new Date(at).toISOString();
      const { channel, category, origin } = stream;
      const event: WireEvent = { id, occurred_at, subscriber, channel, category, origin, ...words };
      keep(arrival.at, event, { ...truth, arrival: arrival.arrival });
      const again = arrival.arrival === 'imported' ? undefined : drawRedelivery(random, arrival.at);
      if (again !== undefined) keep(again, event, { arrival: arrival.arrival, duplicate: true });
      return arrival;
    },
    take(day) {
      const entries = waiting.get(day) ?? [];
      waiting.delete(day);
      // Array.sort is stable, so equal instants keep the order in which they were put.
      return entries.sort((a, b) => a.at - b.at).map(({ item }) => item);
    },
  };
}

/** Crockford's base 32, as ULIDs are written. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID: 48 bits of time, 80 bits of chance. */
function drawId(random: Random, at: number): string {
  let time = '';
  for (let rest = at, i = 0; i < 10; i += 1, rest = Math.floor(rest / 32)) {
    time = (alphabet[rest % 32] ?? '') + time;
  }
  return time + drawText(random, 6) + drawText(random, 5) + drawText(random, 5);
}

/** 60 bits: among a million messages, the chance that two share an id is below one in a million. */
export function drawMessageId(random: Random): string {
  return `m-${(drawText(random, 6) + drawText(random, 6)).toLowerCase()}`;
}

/** @param length up to six characters of five bits each */
function drawText(random: Random, length: number): string {
  let text = '';
  for (let bits = random.bits(), i = 0; i < length; i += 1, bits >>>= 5) text += alphabet[bits & 31] ?? '';
  return text;
}
