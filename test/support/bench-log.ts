import { canonicalSelector } from '@secateur/backend/contract';
import type { Service } from './faults-child.js';
import type { Connection } from './faults-http.js';

const channels = ['email', 'email', 'email', 'email', 'sms', 'push'] as const;
const categories = ['newsletter', 'promotions', 'updates', 'events', 'alerts', 'alerts'] as const;

/** Of the bench of analytics. */
export const benchStreams = channels.map((channel, index) => ({
  key: `stream-${index}`,
  ...{ channel, category: categories[index] ?? 'other', origin: index % 2 === 0 ? 'shop' : 'blog' },
}));

/** Days that the log goes back from the last midnight. */
export const benchDays = 180;

export async function registerBenchStreams(connection: Connection): Promise<void> {
  for (const { key, channel, category, origin } of benchStreams) {
    const { status, body } = await connection.put(`/v1/streams/${key}`, {
      ...{ title: key, channel, category, origin, class: 'commercial', brand: 'shop', regime: 'opt_out' },
      ...{ list_id: `${key}.example.com`, all_option_shown: true, legal_basis: 'consent' },
    });
    if (status !== 200) throw new Error(`${key}: ${status} ${JSON.stringify(body)}`);
  }
}

/**
 * Writes events into the tables that the service writes, in the engine, so that its own views make every rollup of them: of
 * 100, 75 are deliveries, 20 opens and 5 clicks, each person in a country, a plan and, changing by the month, an engagement
 * tier, over half a year. One delivery of a
 * hundred ends in an opt-out, one of a thousand in a complaint, attributed to it.
 *
 * @param from the first number, so that a log can be made longer
 */
export async function writeBenchLog(service: Service, from: number, to: number): Promise<void> {
  const end = Math.floor(Date.now() / 86_400_000) * 86_400;
  const part = 500_000;
  const of = (name: 'channel' | 'category' | 'origin') =>
    `[${benchStreams.map((stream) => `'${stream[name]}'`).join(', ')}][place]`;
  const selectors = `[${benchStreams.map(({ channel, category, origin }) => `'${canonicalSelector({ channel, category, origin })}'`).join(', ')}][place]`;
  for (let first = from; first < to; first += part) {
    // 40 events a person, on two streams.
    const rows = `
      SELECT number, intDiv(number, 40) AS who, cityHash64(number, 'what') % 100 AS dice,
        toUUID(concat('00000000-0000-4000-8000-', leftPad(hex(who), 12, '0'))) AS person,
        1 + (who + number % 2 * 3) % 6 AS place, concat('stream-', toString(place - 1)) AS stream,
        ${of('channel')} AS channel, ${of('category')} AS category, ${of('origin')} AS origin,
        toDateTime64(${end} - cityHash64(number, 'when') % ${benchDays * 86_400}, 3, 'UTC') AS at,
        concat('campaign-', toString(intDiv(toUnixTimestamp(at), 604800) % 26 * 6 + place)) AS campaign,
        [concat('country:', ['DE', 'FR', 'US', 'GB', 'ES', 'IT', 'NL', 'AT', 'CH', 'SE'][1 + who % 10]),
         concat('plan:', ['free', 'pro', 'team', 'enterprise'][1 + intDiv(who, 10) % 4]),
         concat('engagement:', ['active', 'active', 'lapsing', 'dormant'][1 + (who + intDiv(toUnixTimestamp(at), 2592000)) % 4])]
          AS segments
      FROM numbers(${first}, ${Math.min(part, to - first)})`;
    await service.command(`
      INSERT INTO events (id, type, person, occurred_at, received_at, stream, channel, category, origin, campaign,
        message_type, message_id, segments)
      SELECT concat('e-', toString(number)) AS id,
        multiIf(dice < 75, 'delivered', dice < 95, 'opened', 'clicked') AS type, person, at, at, stream, channel, category,
        origin, campaign, ['offer', 'digest', 'notice'][1 + number % 3] AS message_type,
        concat('m-', toString(number)) AS message_id, segments
      FROM (${rows}) ORDER BY person, at`);
    const requests = `${rows} WHERE dice < 75 AND cityHash64(number, 'ends') % 1000 < 11`;
    await service.command(`
      INSERT INTO decisions (seq, id, event_id, type, trigger, made_by, person, channel, category, origin, stream, reason,
        occurred_at, received_at, order_at, decided_at, kept_by_scoping, attributed_delivery, attributed_message,
        attributed_stream, attributed_channel, attributed_category, attributed_origin, attributed_campaign,
        attributed_message_type, attributed_at, attributed_segments, segments, streams_stopped)
      SELECT number, toUUID(concat('00000000-0000-4000-9000-', leftPad(hex(number), 12, '0'))), concat('o-', toString(number)),
        if(cityHash64(number, 'ends') % 1000 = 0, 'complained', 'opted_out'),
        if(cityHash64(number, 'ends') % 1000 = 0, 'complaint', 'one_click_unsubscribe'), 'person', person, channel, category,
        origin, stream, ['too_many', 'not_relevant', ''][1 + number % 3], later, later, later, later, number % 3,
        concat('e-', toString(number)), concat('m-', toString(number)), stream, channel, category, origin, campaign,
        ['offer', 'digest', 'notice'][1 + number % 3], at, segments, segments, [stream]
      FROM (SELECT *, at + toIntervalSecond(cityHash64(number, 'later') % 172800) AS later FROM (${requests}))`);
    await service.command(`
      INSERT INTO spell_marks (selector, person, at, cause, grade, tolerance, subject, decision, voids, received_at)
      SELECT ${selectors}, person, at + toIntervalSecond(cityHash64(number, 'later') % 172800) AS ended,
        if(cityHash64(number, 'ends') % 1000 = 0, 2, 1), 1, 0, person,
        toUUID(concat('00000000-0000-4000-9000-', leftPad(hex(number), 12, '0'))),
        toUUID('00000000-0000-0000-0000-000000000000'), ended
      FROM (${requests})`);
  }
}
