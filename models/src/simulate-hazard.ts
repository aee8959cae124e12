import { dayMs, hourMs, interestIn, type Person } from './simulate-people.js';
import type { Hazard, HazardFactors, SimulatedStream } from './simulate-types.js';

/** Chance per message for a rested, long-standing subscriber of average interest, in daytime. Zero = cannot happen. */
const baseOptOut = { email: 0.0014, sms: 0.0045, push: 0.0016, web: 0 };
const baseComplaint = { email: 0.000_22, sms: 0, push: 0, web: 0 };
const baseBounce = { email: 0.0036, sms: 0.002, push: 0.0024, web: 0 };

/** What the reader of one message has been through. */
export interface Exposure {
  person: Person;
  stream: SimulatedStream;
  at: number;
  /** Messages delivered to the person over all streams in the 7 and 28 days before, without this one. */
  sends7: number;
  sends28: number;
  /** Factor of a planted incident, else 1. */
  incidentFactor: number;
  /** Whether the person ever agreed to the stream. */
  agreed: boolean;
}

/**
 * The true hazards of one message, and the factors that make them:
 *
 *   load     = 0.6 · sends7 / tolerance + 0.4 · (sends28 / 4) / tolerance      (messages per week over tolerance)
 *   fatigue  = exp(0.9 · clamp(load − 0.7, −0.7, 2.5))                          in [0.53, 9.5]
 *   interest = exp(−1.8 · (interest − 0.5))                                     in (0.41, 2.46)
 *   tenure   = 1 + 2 · exp(−days since sign-up / 20)                            3 on the first day, towards 1
 *   hour     = 1.5 between 22:00 and 07:00 local time, else 1
 *   opt-out  = min(½, base · fatigue · interest · tenure · hour · incident)
 *   complaint = min(0.1, base · √fatigue · interest · tenure · (3 if never agreed) · incident)
 *   bounce   = min(½, base · address risk)
 *
 * Sends before the window are not known, so everyone starts it rested; after 28 days nothing is missing.
 * Essential messages have no opt-out; only complaints and bounces follow them. The form follows what senders report
 * (frequency, relevance, early churn); the constants are choices of this simulator, tuned to overall rates.
 */
export function hazardOf(exposure: Exposure): { hazard: Hazard; factors: HazardFactors } {
  const { person, stream, at, sends7, sends28, incidentFactor } = exposure;
  const load = (0.6 * sends7 + 0.1 * sends28) / person.tolerance;
  const factors: HazardFactors = {
    fatigue: Math.exp(0.9 * Math.min(2.5, Math.max(-0.7, load - 0.7))),
    interest: Math.exp(-1.8 * (interestIn(person.interest, stream.category) - 0.5)),
    tenure: 1 + 2 * Math.exp(-Math.max(0, at - person.signedUpAt) / dayMs / 20),
    hour: isNight(person, at) ? 1.5 : 1,
    incident: incidentFactor,
  };
  const shared = factors.interest * factors.tenure * factors.incident;
  const optOut = baseOptOut[stream.channel] * factors.fatigue * factors.hour * shared;
  const complaint = baseComplaint[stream.channel] * Math.sqrt(factors.fatigue) * shared;
  return {
    hazard: {
      opt_out: stream.class === 'essential' ? 0 : Math.min(0.5, optOut),
      complaint: Math.min(
        0.1,
        complaint * (exposure.agreed ? 1 : 3) * (stream.class === 'essential' ? 0.2 : 1),
      ),
      bounce: Math.min(0.5, baseBounce[stream.channel] * person.addressRisk),
    },
    factors,
  };
}

/** Hour of the day where the person lives, in [0, 24). */
export function localHour(person: Person, at: number): number {
  const hour = ((at / hourMs) % 24) + person.utcOffset;
  return (hour + 24) % 24;
}

function isNight(person: Person, at: number): boolean {
  const hour = localHour(person, at);
  return hour >= 22 || hour < 7;
}
