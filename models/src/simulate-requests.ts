import type { Random } from './random.js';
import { dayMs, isStoppable, type Person } from './simulate-people.js';
import type { Cap } from './simulate-permission.js';
import type { OptOutRequest } from './simulate-reactions.js';

// What people do of their own accord, without a message that sets it off.

export type Request = { person: Person; at: number } & (
  | { kind: 'sign_up' }
  | { kind: 'leave'; stream: string; request: OptOutRequest }
  | { kind: 'return'; stream: string }
  | { kind: 'pause'; stream: string; days: number }
  | { kind: 'cap'; stream: string; n: number; per: Cap['per'] }
  | { kind: 'erase' }
  | { kind: 'expire' }
);

/** Implied consent from a purchase in Canada lapses after two years (CASL, section 10(10)). */
const impliedConsentMs = 730 * dayMs;

/** Mean number per person and day. */
const perPersonDay = { leave: 6e-5, pause: 9e-5, cap: 7e-5, object: 1.2e-5, signal: 2e-4, erase: 3e-6 };

/** @returns in no order; a request of someone who cannot make it any more is left out when its time comes */
export function planRequests(random: Random, people: Person[], startsAt: number, endsAt: number): Request[] {
  const personDays = (people.length * (endsAt - startsAt)) / dayMs;
  const requests: Request[] = [];
  const draw = (mean: number, make: (person: Person, at: number) => Request | undefined): void => {
    for (let count = Math.max(1, random.poisson(mean * personDays)); count > 0; count -= 1) {
      const person = random.choice(people);
      const request = make(person, Math.floor(random.between(startsAt, endsAt)));
      if (request !== undefined && request.at > person.signedUpAt + 60_000) requests.push(request);
    }
  };

  draw(perPersonDay.leave, (person, at) => {
    const stream = drawTaken(random, person);
    if (stream === undefined) return undefined;
    const request = random.weighted<OptOutRequest>([
      [{ trigger: 'mailto_unsubscribe', asked: 'this' }, 0.3],
      [{ trigger: 'preference_change', asked: 'all' }, 0.5],
      [{ trigger: 'global_unsubscribe', asked: 'everything', reason: 'privacy' }, 0.2],
    ]);
    return { kind: 'leave', person, at, stream, request };
  });
  draw(perPersonDay.object, (person, at) => {
    if (person.country === 'US' || person.country === 'CA') return undefined;
    const request: OptOutRequest = {
      trigger: 'gdpr_objection_art21',
      asked: 'everything',
      reason: 'privacy',
    };
    return { kind: 'leave', person, at, stream: drawTaken(random, person) ?? 'email.account.shop', request };
  });
  draw(perPersonDay.signal, (person, at) => {
    if (person.country !== 'US') return undefined;
    const request: OptOutRequest = { trigger: 'opt_out_preference_signal', asked: 'this' };
    return { kind: 'leave', person, at, stream: 'web.profiling.shop', request };
  });
  draw(perPersonDay.pause, (person, at) => {
    const stream = drawTaken(random, person);
    return stream === undefined
      ? undefined
      : { kind: 'pause', person, at, stream, days: random.choice([14, 30, 60]) };
  });
  draw(perPersonDay.cap, (person, at) => {
    const stream = drawTaken(random, person);
    if (stream === undefined) return undefined;
    const [n, per] = random.choice([
      [1, 'week'],
      [2, 'month'],
      [1, 'month'],
      [1, 'day'],
    ] as const);
    return { kind: 'cap', person, at, stream, n, per };
  });
  draw(perPersonDay.erase, (person, at) => ({ kind: 'erase', person, at }));

  for (const person of people) {
    if (person.signedUpAt >= startsAt) requests.push({ kind: 'sign_up', person, at: person.signedUpAt });
    const expiresAt = person.signedUpAt + impliedConsentMs;
    const implied = [...person.takes.values()].includes('implied_consent');
    if (implied && expiresAt >= startsAt) requests.push({ kind: 'expire', person, at: expiresAt });
  }
  return requests;
}

function drawTaken(random: Random, person: Person): string | undefined {
  const taken = [...person.takes.keys()].filter(isStoppable);
  return taken.length === 0 ? undefined : random.choice(taken);
}
