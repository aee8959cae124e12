import { complaintFindings } from '@secateur/backend/alerts';
import { createRandom } from '@secateur/models';
import { describe, expect, test } from 'vitest';
import { type Found, findPlanted, quietDays } from './planted.js';
import { firstSeed, isFull, percent, print, quantileOf, seedsOf } from './scale.js';
import { binomial, firstDay, simulateSender } from './sender.js';
import { usualSettings, watch } from './watch.js';

const lastOf = (seeds: readonly number[]): string => `${firstSeed}-${seeds.at(-1)}`;

describe('detectors', () => {
  test('stay within their budget of false incidents on logs where nothing happens', {
    timeout: 900_000,
  }, () => {
    const seeds = seedsOf(isFull ? 16 : 1);
    const days = isFull ? 183 : 12;
    const kinds = { spike: 0, drift: 0, complaint_rate: 0, rule_failed: 0, model_drift: 0 };
    let watched = 0;
    for (const seed of seeds) {
      const { opened, daysWatched } = watch(
        simulateSender({ seed, days: quietDays + days }),
        firstDay + quietDays,
      );
      watched += daysWatched;
      for (const { incident } of opened) kinds[incident.kind] += 1;
    }
    const years = watched / 365;
    const budget = { spike: 365 * usualSettings.q, drift: usualSettings.drifts_per_year };
    print(
      `clean logs, seeds ${lastOf(seeds)}, ${years.toFixed(1)} years: ` +
        `${kinds.spike} false spikes (budget ${(budget.spike * years).toFixed(1)}), ` +
        `${kinds.drift} false drifts (budget ${(budget.drift * years).toFixed(1)}), ` +
        `${((kinds.spike + kinds.drift) / years).toFixed(2)} a year of ${(budget.spike + budget.drift).toFixed(2)}`,
    );
    expect(kinds.spike).toBeLessThanOrEqual(Math.max(1, budget.spike * years));
    expect(kinds.drift).toBeLessThanOrEqual(Math.max(1, budget.drift * years));
  });

  test('find what is planted among decoys, and name it first', { timeout: 900_000 }, () => {
    const seeds = seedsOf(isFull ? 40 : 2);
    const found = seeds.flatMap((seed) => findPlanted(seed).found);
    for (const kind of ['campaign', 'segment', 'drift'] as const) {
      const of = found.filter(({ planted }) => planted.kind === kind);
      const large = of.filter(({ excess }) => excess >= 15);
      tell(`planted ${kind}, seeds ${lastOf(seeds)}`, of);
      if (kind !== 'drift') tell(`planted ${kind} of 15 or more opt-outs above the usual`, large);
    }
    const large = found.filter(({ planted, excess }) => planted.kind !== 'drift' && excess >= 15);
    const share = large.filter(({ at }) => at !== null).length / large.length;
    expect(share).toBeGreaterThan(0.6);
    const campaigns = found.filter(({ planted, at }) => planted.kind === 'campaign' && at !== null);
    expect(campaigns.filter(({ isFirstOfKind }) => isFirstOfKind).length / campaigns.length).toBeGreaterThan(
      0.9,
    );
  });

  test('hold lists at, and not under, the thresholds of complaints', () => {
    const days = isFull ? 4000 : 300;
    const alarmed = [0.5, 1, 2].map((times) => daysTold(times, days));
    print(
      `complaint thresholds, ${days} list-days each, 24 looks a day, 5,000 deliveries: a list at half of 0.10 % is told of on ` +
        `${percent(alarmed[0] ?? 0)} of days, one exactly at it on ${percent(alarmed[1] ?? 0)} (budget 1.0 %), one at twice it on ${percent(alarmed[2] ?? 0)}`,
    );
    expect(alarmed[0]).toBe(0);
    expect(alarmed[1]).toBeLessThanOrEqual(0.015);
  });
});

function tell(what: string, all: readonly Found[]): void {
  const found = all.filter(({ at }) => at !== null);
  const delays = found.map(({ delay }) => delay ?? 0);
  print(
    `${what}: ${found.length} of ${all.length} found (${percent(found.length / all.length)}), ` +
      `delay median ${quantileOf(delays, 0.5)} h, p90 ${quantileOf(delays, 0.9)} h; first of its kind ` +
      `${percent(found.filter(({ isFirstOfKind }) => isFirstOfKind).length / found.length)}, first of all suspects ` +
      `${percent(found.filter(({ isFirst }) => isFirst).length / found.length)}`,
  );
}

/** Share of days on which a list of that many times the threshold is told of in any of the 24 looks at the day before each. */
function daysTold(times: number, days: number): number {
  const random = createRandom(firstSeed).fork(`complaints ${times}`);
  const settings = {
    enabled: true,
    complaint_min_deliveries: 1000,
    complaint_min_events: 5,
    complaint_pause: false,
    ...usualSettings,
  };
  const hourly = Array.from({ length: 24 }, () => sendHour());
  let told = 0;
  for (let day = 0; day < days; day++) {
    let isTold = false;
    for (let hour = 0; hour < 24; hour++) {
      hourly.shift();
      hourly.push(sendHour());
      const complaints = hourly.reduce((sum, x) => sum + x, 0);
      const row = { of_stream: 'news', delivered: 24 * 208, complaints };
      if (
        complaintFindings([row], () => 'news.example.com', settings, (day * 24 + hour) * 3_600_000).findings
          .length > 0
      )
        isTold = true;
    }
    if (isTold) told += 1;
  }
  return told / days;

  function sendHour(): number {
    return binomial(random, 208, 0.001 * times);
  }
}
