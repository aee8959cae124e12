import type { Random } from './random.js';
import { type Arrival, drawDeparture } from './simulate-arrival.js';
import { belongs, type Outage, type PlannedSend } from './simulate-campaigns.js';
import { type Context, createDesk } from './simulate-desk.js';
import { hazardOf } from './simulate-hazard.js';
import { drawMessageId, type Outbox } from './simulate-outbox.js';
import { dayMs, hourMs, type Person } from './simulate-people.js';
import { drawOptOutRequest, type Reaction, react } from './simulate-reactions.js';
import type { Request } from './simulate-requests.js';
import { countSends, createStanding, mayReceive, noteDelivery, type Standing } from './simulate-standing.js';
import { type StreamPlan, streamPlans } from './simulate-streams.js';
import type { EventTruth, SimulatedStream } from './simulate-types.js';

interface Attempt {
  at: number;
  standing: Standing;
  stream: SimulatedStream;
  messageType: string;
  send?: PlannedSend;
}

export interface Sender {
  /** Lives one day: requests, then messages and all that they set off. Days must be lived in order. */
  live(day: number): void;
}

export interface SenderWorld {
  random: Random;
  people: Person[];
  sends: PlannedSend[];
  requests: Request[];
  outages: Outage[];
  outbox: Outbox;
  startsAt: number;
  endsAt: number;
}

const softBounceChance = 0.008;
const returnChance = 0.07;
/** A send of any size takes this long to leave. */
const sendingMs = 1.5 * hourMs;

export function createSender(world: SenderWorld): Sender {
  const { random, people, startsAt, endsAt, outages } = world;
  const desk = createDesk(random, world.outbox, outages, endsAt);
  const standings = new Map(people.map((person) => [person, createStanding(random, person, startsAt)]));
  const members = new Map(
    streamPlans.map(({ stream }) => [
      stream.key,
      [...standings.values()].filter(({ person }) => person.takes.has(stream.key)),
    ]),
  );
  const calendar = {
    sends: createCalendar<PlannedSend>(startsAt),
    requests: createCalendar<Request>(startsAt),
    attempts: createCalendar<Attempt>(startsAt),
  };

  // Sends become attempts

  function queue(attempt: Attempt): void {
    const at = drawDeparture(random, attempt.at, attempt.stream.channel, outages);
    calendar.attempts.put({ ...attempt, at });
  }

  function queueSend(send: PlannedSend): void {
    const { stream, audience, within, share, third, messageType } = send;
    for (const [index, standing] of (members.get(stream.key) ?? []).entries()) {
      if (standing.person.signedUpAt > send.at || (third !== undefined && index % 3 !== third)) continue;
      if (!belongs(audience, standing, send.at) || (within && !belongs(within, standing, send.at))) continue;
      if (share < 1 && !random.chance(share)) continue;
      queue({ at: Math.floor(send.at + random.between(0, sendingMs)), standing, stream, messageType, send });
    }
  }

  function queueTriggered({ stream, triggered }: StreamPlan, midnight: number): void {
    const audience = members.get(stream.key) ?? [];
    if (triggered === undefined || audience.length === 0) return;
    for (let count = random.poisson(triggered.perDay * audience.length); count > 0; count -= 1) {
      const standing = random.choice(audience);
      const at = Math.floor(midnight + random.between(6, 23) * hourMs);
      const messageType = random.choice(triggered.messageTypes);
      if (standing.person.signedUpAt < at) queue({ at, standing, stream, messageType });
    }
  }

  // Attempts become deliveries and what follows

  function attempt({ at, standing, stream, messageType, send }: Attempt): void {
    if (at > endsAt || at >= standing.erasedAt || !mayReceive(standing, stream, at)) return;
    const { person } = standing;
    const agreed = stream.class === 'essential' || standing.basis.get(stream.key) !== undefined;
    const risk = hazardOf({
      person,
      stream,
      at,
      sends7: countSends(standing, at, 7),
      sends28: countSends(standing, at, 28),
      incidentFactor: send?.hazardFactor ?? 1,
      agreed,
    });
    const { hazard, factors } = risk;
    const message_type = messageType;
    const message_id = drawMessageId(random);
    const context: Context =
      send === undefined
        ? { message_type, message_id }
        : { audience: send.within ?? send.audience, campaign: send.campaign, message_type, message_id };

    const fate = random.uniform();
    if (fate < hazard.bounce + softBounceChance) {
      bounce(standing, at, stream, context, fate < hazard.bounce, risk);
      return;
    }
    const draw = random.uniform();
    const leaves = draw < hazard.opt_out;
    const outcome = leaves ? 'opt_out' : draw < hazard.opt_out + hazard.complaint ? 'complaint' : 'none';
    desk.tell(standing, at, stream, { ...context, type: 'delivered' }, { hazard, factors, outcome });
    noteDelivery(standing, at, stream.key);

    const leaving = leaves ? drawOptOutRequest(random, stream, factors, agreed) : undefined;
    const { seenAt, reactions } = react(random, { person, stream, deliveredAt: at, factors, leaving });
    for (const reaction of reactions) tellReaction(standing, stream, context, reaction);
    if (outcome === 'none') return;
    const leavesAt = Math.floor(seenAt + random.between(5, 120) * 1000);
    const mayReturn = desk.leave(standing, leavesAt, stream, leaving ?? 'complaint', {
      context,
      deliveredAt: at,
    });
    if (mayReturn && random.chance(returnChance)) {
      const back = Math.floor(leavesAt + random.between(10, 60) * dayMs);
      calendar.requests.put({ kind: 'return', person, at: back, stream: stream.key });
    }
  }

  function bounce(
    standing: Standing,
    at: number,
    stream: SimulatedStream,
    context: Context,
    hard: boolean,
    truth: Pick<EventTruth, 'hazard' | 'factors'>,
  ): void {
    const bouncedAt = at + 1 + random.integer(20_000);
    const words = hard
      ? ({ trigger: 'hard_bounce', bounce: 'hard' } as const)
      : ({ trigger: 'soft_bounce', bounce: 'soft' } as const);
    const arrival: Arrival | undefined = desk.tell(
      standing,
      bouncedAt,
      stream,
      { ...context, type: 'bounced', ...words },
      truth,
    );
    if (hard && arrival !== undefined) desk.hold(standing, bouncedAt, stream, arrival);
  }

  function tellReaction(
    standing: Standing,
    stream: SimulatedStream,
    context: Context,
    reaction: Reaction,
  ): void {
    const { type, at, machine, userAgent, link } = reaction;
    const metadata: Record<string, string> = { user_agent: userAgent };
    if (link !== undefined) metadata.link = link;
    desk.tell(standing, at, stream, { ...context, type, metadata }, { machine });
    if (type === 'opened') standing.lastOpenAt = Math.max(standing.lastOpenAt, at);
  }

  // Before the first day

  for (const send of world.sends) calendar.sends.put(send);
  for (const request of world.requests) {
    calendar.requests.put(request);
    const standing = standings.get(request.person);
    // Known beforehand, so that nothing that lies after an erasure is told before it.
    if (request.kind === 'erase' && standing) standing.erasedAt = Math.min(standing.erasedAt, request.at + 1);
  }
  let imported = 0;
  const importArrival = (): Arrival => {
    imported += 1;
    return { at: Math.min(startsAt + imported, endsAt), arrival: 'imported' };
  };
  for (const standing of standings.values()) {
    const { signedUpAt } = standing.person;
    if (signedUpAt < startsAt) desk.signUp(standing, signedUpAt, importArrival);
  }

  return {
    live(day) {
      for (const request of calendar.requests.take(day)) {
        const standing = standings.get(request.person);
        if (standing !== undefined) desk.obey(request, standing);
      }
      for (const send of calendar.sends.take(day)) queueSend(send);
      for (const plan of streamPlans) queueTriggered(plan, startsAt + day * dayMs);
      for (const one of calendar.attempts.take(day)) attempt(one);
    },
  };
}

/** Things to do, by day; those of one day in time order. */
function createCalendar<T extends { at: number }>(startsAt: number) {
  const days = new Map<number, T[]>();
  return {
    put(item: T): void {
      const day = Math.floor((item.at - startsAt) / dayMs);
      const list = days.get(day);
      if (list === undefined) days.set(day, [item]);
      else list.push(item);
    },
    take(day: number): T[] {
      const items = days.get(day) ?? [];
      days.delete(day);
      return items.sort((a, b) => a.at - b.at);
    },
  };
}
