// What the simulator hands out: bodies exactly as they go over the wire, and beside them the truth that made them.

export type Channel = 'email' | 'sms' | 'push' | 'web';
export type StreamClass = 'commercial' | 'informational' | 'essential' | 'profiling';
export type Country = 'DE' | 'AT' | 'FR' | 'GB' | 'US' | 'CA' | 'ES';
export type Plan = 'free' | 'plus' | 'pro';
export type Basis = 'consent' | 'soft_opt_in' | 'implied_consent' | 'contract';
export type EventType =
  | 'delivered'
  | 'opened'
  | 'clicked'
  | 'opted_out'
  | 'opted_in'
  | 'complained'
  | 'bounced'
  | 'paused'
  | 'capped'
  | 'erased'
  | 'consent_expired';
/** Those words of the trigger vocabulary that the simulated people use. */
export type Trigger =
  | 'one_click_unsubscribe'
  | 'mailto_unsubscribe'
  | 'link_unsubscribe'
  | 'preference_change'
  | 'global_unsubscribe'
  | 'sms_stop'
  | 'complaint'
  | 'hard_bounce'
  | 'soft_bounce'
  | 'resubscribe'
  | 'opt_out_preference_signal'
  | 'gdpr_objection_art21'
  | 'erasure_request_art17';
export type Reason =
  | 'too_many'
  | 'not_relevant'
  | 'never_signed_up'
  | 'bad_timing'
  | 'privacy'
  | 'temporary'
  | 'other';

export interface Selector {
  class?: StreamClass;
  brand?: string;
  channel?: Channel;
  category?: string;
  origin?: string;
  audience?: string;
  campaign?: string;
}
export type Asked = 'this' | 'all' | 'everything' | Selector[];

export interface SimulationOptions {
  /** The same seed and options give the same simulation, byte for byte. */
  seed: number;
  subscribers: number;
  /** Calendar days (UTC); the last one is the day of `endsAt`. */
  days: number;
  /** Nothing occurs or arrives after this instant. */
  endsAt: Date;
  /** `days()` throws rather than yield more than this. @default unlimited */
  maxEvents?: number;
  /** Plant incidents and decoys near the end; needs at least 42 days. @default true */
  incidents?: boolean;
}

/** Body of `PUT /v1/streams/:key`, with its key. */
export interface SimulatedStream {
  key: string;
  channel: Channel;
  category: string;
  origin: string;
  class: StreamClass;
  brand: string;
  list_id: string;
  all_option_shown: boolean;
  legal_basis: Basis;
  regime: 'opt_in' | 'opt_out';
}

/** One element of the body of `POST /v1/subscribers`. */
export interface SimulatedSubscriber {
  id: string;
  email?: string;
  phone?: string;
  jurisdiction: string;
  attributes: {
    country: Country;
    plan: Plan;
    language: string;
    acquisition_source: string;
    signed_up_on: string;
    birthday_month?: number;
  };
}

export interface SimulatedCampaign {
  key: string;
  stream: string;
  audience: string;
  message_type: string;
  first_sent_at: string;
}

export interface PlantedIncident {
  kind: 'campaign_drives_out' | 'segment_fatigued' | 'provider_outage' | 'decoy_double_volume';
  startsAt: string;
  endsAt: string;
  description: string;
  /** Keys of the streams concerned. */
  streams: string[];
  campaign?: string;
  segment?: { country: Country; plan: Plan };
  truth: {
    /** Opt-out and complaint hazards of its deliveries are multiplied by this; 1 = not touched. */
    hazard_factor: number;
    /** Messages per person and day, against the time before; 1 = not touched. */
    volume_factor: number;
    /** True for what must not raise an alarm. */
    harmless: boolean;
  };
}

/** Exactly the event of `POST /v1/events`. */
export interface WireEvent {
  id: string;
  type: EventType;
  occurred_at: string;
  subscriber: string;
  channel: Channel;
  category: string;
  origin: string;
  audience?: string;
  campaign?: string;
  message_type?: string;
  message_id?: string;
  trigger?: Trigger;
  asked?: Asked;
  reason?: Reason;
  basis?: Basis;
  evidence?: string;
  until?: string;
  cap?: { n: number; per: 'day' | 'week' | 'month' };
  bounce?: 'hard' | 'soft';
  metadata?: Record<string, string>;
}

/** Probabilities, per message. */
export interface Hazard {
  /** That this delivered message makes its reader opt out (not by complaint). */
  opt_out: number;
  /** That this delivered message draws a complaint. */
  complaint: number;
  /** That this attempt bounces hard; a bounced attempt is not delivered. */
  bounce: number;
}

/** `opt_out` = the channel's base × these, at most ½. */
export interface HazardFactors {
  fatigue: number;
  interest: number;
  tenure: number;
  hour: number;
  incident: number;
}

export interface EventTruth {
  /** How it reached us: soon, hours late, days late, held back by an outage, or loaded with the base at the start. */
  arrival: 'prompt' | 'hours_late' | 'days_late' | 'held' | 'imported';
  /** A redelivery: same id, same content as an event that arrived earlier. */
  duplicate?: true;
  /** On delivered and bounced events. */
  hazard?: Hazard;
  factors?: HazardFactors;
  /** On delivered events: what the dice said, even when the reaction lies after the end of the window. */
  outcome?: 'none' | 'opt_out' | 'complaint';
  /** On opened and clicked events: made by a proxy or a scanner, not by the reader. */
  machine?: boolean;
  /** On opted_out and complained events: the delivery that caused it, named even where the event does not. */
  caused_by?: { message_id: string; delivered_at: string };
  /** On opted_out and complained events: from then on the simulated sender obeys. */
  honoured_at?: string;
  /** On opted_out and complained events: what the simulated sender stops. Essential messages always go on. */
  honoured?: Selector[];
}

export interface SimulatedEvent {
  event: WireEvent;
  receivedAt: string;
  truth: EventTruth;
}

export interface SimulatedDay {
  /** UTC date of arrival, yyyy-mm-dd. */
  on: string;
  /** Ordered by arrival. */
  events: SimulatedEvent[];
}

export interface Simulation {
  options: SimulationOptions;
  /** Midnight (UTC) that opens the first day. */
  startsAt: string;
  streams: SimulatedStream[];
  subscribers: SimulatedSubscriber[];
  campaigns: SimulatedCampaign[];
  incidents: PlantedIncident[];
  /** Every day of the window in order, the quiet ones too. Each call starts over and yields the same. */
  days(): Generator<SimulatedDay, void, undefined>;
}
