import type { Random } from './random.js';
import { type Arrival, drawArrival, drawObeyingLag } from './simulate-arrival.js';
import type { Outage } from './simulate-campaigns.js';
import type { Outbox, Words } from './simulate-outbox.js';
import { dayMs, evidenceOf } from './simulate-people.js';
import { honouredScope, type Line, streamSelector } from './simulate-permission.js';
import type { OptOutRequest } from './simulate-reactions.js';
import type { Request } from './simulate-requests.js';
import { mayReceive, type Standing } from './simulate-standing.js';
import { planOf } from './simulate-streams.js';
import type { EventTruth, SimulatedStream } from './simulate-types.js';

/** What a message carries into every event about it. */
export type Context = Pick<Words, 'audience' | 'campaign' | 'message_type' | 'message_id'>;
type Truth = Omit<EventTruth, 'arrival'>;

/** Where people say what they want: it tells the event and writes down what the sender will obey. */
export interface Desk {
  /** Puts an event unless it lies after the end, or the person is erased by then. */
  tell(
    standing: Standing,
    at: number,
    stream: SimulatedStream,
    words: Words,
    truth?: Truth,
    arrival?: Arrival,
  ): Arrival | undefined;
  /** @returns whether the person may come back: they left only this stream, and without complaint */
  leave(
    standing: Standing,
    at: number,
    stream: SimulatedStream,
    request: OptOutRequest | 'complaint',
    cause?: { context: Context; deliveredAt: number },
  ): boolean;
  /** @param arrival for those who signed up before the window: their consents are imported at its start */
  signUp(standing: Standing, at: number, arrival?: () => Arrival): void;
  hold(standing: Standing, at: number, stream: SimulatedStream, arrival: Arrival): void;
  obey(request: Request, standing: Standing): void;
}

/** Opt-outs that name no message: made through an old link or a settings page. */
const anonymousShare = 0.1;
const resubscribeEvidence = 'preference-page:version=4;box=unticked';

export function createDesk(random: Random, outbox: Outbox, outages: Outage[], endsAt: number): Desk {
  const tell: Desk['tell'] = (standing, at, stream, words, truth, arrival) => {
    if (at > endsAt || at >= standing.erasedAt) return undefined;
    return outbox.put(at, standing.person.body.id, stream, words, truth, arrival);
  };

  const leave: Desk['leave'] = (standing, at, stream, request, cause) => {
    const { basis, person } = standing;
    const complaint = request === 'complaint';
    const trigger = complaint ? 'complaint' : request.trigger;
    const asked = complaint ? 'this' : request.asked;
    const honoured = honouredScope(trigger, asked, stream, basis.get(stream.key), person.body.jurisdiction);
    const named = complaint || !random.chance(anonymousShare);
    const arrival = drawArrival(random, at, stream.channel, outages);
    const visibleAt = arrival.at + drawObeyingLag(random);
    const truth: Truth = { honoured, honoured_at: iso(visibleAt) };
    if (cause?.context.message_id !== undefined) {
      truth.caused_by = { message_id: cause.context.message_id, delivered_at: iso(cause.deliveredAt) };
    }
    const words: Words = {
      type: complaint ? 'complained' : 'opted_out',
      ...(named && cause?.context),
      ...(complaint ? { trigger } : request),
      ...(cause && stream.channel === 'email' && { metadata: { list_id: stream.list_id } }),
    };
    if (tell(standing, at, stream, words, truth, arrival) === undefined) return false;
    for (const selector of honoured) {
      standing.lines.push({ effect: 'opt_out', selector, orderAt: at, visibleAt });
    }
    return asked === 'this' && !complaint;
  };

  const signUp: Desk['signUp'] = (standing, at, arrival) => {
    for (const [key, basis] of standing.basis) {
      if (basis === undefined) continue;
      const words: Words = { type: 'opted_in', basis, evidence: evidenceOf(standing.person) };
      tell(standing, at, planOf(key).stream, words, undefined, arrival?.());
    }
  };

  /** An event about one stream, and the line that it leaves once the sender has learnt of it. */
  const record = (standing: Standing, at: number, key: string, words: Words, line: Effect): boolean => {
    const { stream } = planOf(key);
    const arrival = tell(standing, at, stream, words);
    if (arrival === undefined) return false;
    const visibleAt = arrival.at + drawObeyingLag(random);
    standing.lines.push({ ...line, selector: streamSelector(stream), orderAt: at, visibleAt });
    return true;
  };

  const leaveUnprompted = (standing: Standing, { at, stream: key, request }: RequestOf<'leave'>): void => {
    const { stream } = planOf(key);
    // Signals and objections concern more than the stream on which they arrive.
    const aboutStream = stream.class === 'commercial' || stream.class === 'informational';
    if (!aboutStream || mayReceive(standing, stream, at)) leave(standing, at, stream, request);
  };

  const optIn = (standing: Standing, { at, stream }: RequestOf<'return'>): void => {
    const words: Words = {
      type: 'opted_in',
      trigger: 'resubscribe',
      basis: 'consent',
      evidence: resubscribeEvidence,
    };
    if (record(standing, at, stream, words, { effect: 'opt_in' })) standing.basis.set(stream, 'consent');
  };

  const pause = (standing: Standing, { at, stream, days }: RequestOf<'pause'>): void => {
    if (!mayReceive(standing, planOf(stream).stream, at)) return;
    const until = at + days * dayMs;
    const words: Words = { type: 'paused', trigger: 'preference_change', until: iso(until) };
    record(standing, at, stream, words, { effect: 'pause', until });
  };

  /** The latest cap of a stream replaces the earlier one. */
  const cap = (standing: Standing, { at, stream: key, n, per }: RequestOf<'cap'>): void => {
    const { stream } = planOf(key);
    if (!mayReceive(standing, stream, at)) return;
    const words: Words = { type: 'capped', trigger: 'preference_change', cap: { n, per } };
    const arrival = tell(standing, at, stream, words);
    if (arrival === undefined) return;
    standing.caps = standing.caps.filter((other) => other.stream !== key);
    standing.caps.push({ stream: key, n, per, visibleAt: arrival.at + drawObeyingLag(random) });
  };

  /** The sender keeps the calendar itself, so it obeys at once. */
  const expire = (standing: Standing, at: number): void => {
    for (const [key, basis] of standing.basis) {
      const { stream } = planOf(key);
      if (basis !== 'implied_consent' || !mayReceive(standing, stream, at)) continue;
      if (tell(standing, at, stream, { type: 'consent_expired', basis }) === undefined) continue;
      const selector = streamSelector(stream);
      standing.lines.push({ effect: 'opt_out', selector, orderAt: at, visibleAt: at });
    }
  };

  return {
    tell,
    leave,
    signUp,
    hold(standing, at, stream, arrival) {
      const visibleAt = arrival.at + drawObeyingLag(random);
      standing.lines.push({ effect: 'hold', selector: { channel: stream.channel }, orderAt: at, visibleAt });
    },
    obey(request, standing) {
      const { kind, at } = request;
      if (kind === 'sign_up') signUp(standing, at);
      else if (kind === 'leave') leaveUnprompted(standing, request);
      else if (kind === 'return') optIn(standing, request);
      else if (kind === 'pause') pause(standing, request);
      else if (kind === 'cap') cap(standing, request);
      else if (kind === 'expire') expire(standing, at);
      else tell(standing, at, planOf('email.account.shop').stream, erasure);
    },
  };
}

const erasure: Words = { type: 'erased', trigger: 'erasure_request_art17' };

type RequestOf<Kind extends Request['kind']> = Extract<Request, { kind: Kind }>;
type WithoutCover<T> = T extends Line ? Omit<T, 'selector' | 'orderAt' | 'visibleAt'> : never;
type Effect = WithoutCover<Line>;

function iso(at: number): string {
  return new Date(at).toISOString();
}
