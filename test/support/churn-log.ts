import type { RunningApp } from './app.js';

/**
 * A log of so many people and days up to the last midnight, written into the tables as the service would: everybody is sent
 * the stream every second or every sixth day, opens by a habit, and leaves by a hazard that rises with the frequency and
 * falls with the habit. Deterministic by the seed.
 */
export async function writeChurnLog(
  { engine }: { readonly engine: { command(sql: string): Promise<void> } },
  { people, days, seed, selector }: { people: number; days: number; seed: number; selector: string },
): Promise<void> {
  const end = Math.floor(Date.now() / 86_400_000) * 86_400;
  const settings = `${people} AS people, ${days} AS days, ${seed} AS seed, ${end} AS end_s`;
  await engine.command(`
    INSERT INTO events (id, type, person, occurred_at, received_at, stream, channel, category, origin, message_id, segments)
    WITH ${settings}
    SELECT concat(what, '-', toString(person), '-', toString(day)) AS id, what AS type, person,
      toDateTime64(end_s - days * 86400 + day * 86400 + 36000 + if(what = 'opened', 1800, 0), 3, 'UTC') AS occurred_at,
      occurred_at AS received_at, 'news' AS stream, 'email' AS channel, 'news' AS category, 'shop' AS origin,
      concat('m-', toString(person), '-', toString(day)) AS message_id,
      ['country:DE', concat('plan:', ['free', 'pro', 'team'][plan + 1])] AS segments
    FROM
    (
      SELECT *, arrayJoin(range(toUInt32(start), toUInt32(days), toUInt32(every))) AS day,
        arrayJoin(if((cityHash64(person, day, seed, 'open') % 1000) / 1000 < keen, ['delivered', 'opened'], ['delivered'])) AS what
      FROM (${persons})
    )
    WHERE day + 1 < left_day`);
  await engine.command(`
    INSERT INTO spell_marks (selector, person, at, cause, grade, tolerance, subject, decision, voids, received_at)
    WITH ${settings}
    SELECT '${selector}' AS selector, person,
      toDateTime64(end_s - days * 86400 + left_day * 86400, 3, 'UTC') AS at, 1 AS cause, 1 AS grade, 0 AS tolerance,
      person AS subject, generateUUIDv4() AS decision, toUUID('00000000-0000-0000-0000-000000000000') AS voids, at AS received_at
    FROM (${persons})
    WHERE left_day < days`);
}

/** Who, how often, how keen, and the day of leaving: exponential with the person's own rate a day. */
const persons = `
    SELECT toUUID(concat('00000000-0000-4000-8000-', leftPad(toString(number + 1), 12, '0'))) AS person,
      if(cityHash64(number, seed, 'often') % 2 = 0, 2, 6) AS every,
      (cityHash64(number, seed, 'keen') % 1000) / 1000 AS keen,
      (cityHash64(number, seed, 'plan') % 3) AS plan,
      if(every = 2, 0.010, 0.002) * exp(-2 * keen) AS hazard,
      (cityHash64(number, seed, 'start') % 60) AS start,
      start + 1 - log((cityHash64(number, seed, 'leave') % 999983 + 1) / 999984) / hazard AS left_day
    FROM numbers(people)`;

/** The chance of leaving within 30 days, of everybody, by the hazards that the log was written with. */
export async function trueRisks(
  { engine }: RunningApp,
  { people, seed }: { people: number; seed: number },
): Promise<Map<string, number>> {
  const rows = await engine.rows<{ id: string; risk: number }>(
    'true risks',
    `WITH ${people} AS people, ${seed} AS seed SELECT person AS id, 1 - exp(-30 * hazard) AS risk FROM (${persons})`,
  );
  return new Map(rows.map(({ id, risk }) => [id, risk]));
}
