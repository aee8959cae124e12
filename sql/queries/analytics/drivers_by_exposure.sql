-- What pushes people out, seen from all that they were sent: as analytics/drivers, but an opt-out is not the last
-- message's: it is shared out evenly among the messages that the person received on its channel in the seven days before
-- (`dose`). And by how much a person was sent: `frequency` is how many messages they received in the seven days up to a
-- delivery, that one included, in bands; there the opt-out is the last message's, compared within stream and engagement
-- tier.
-- Opt-outs count that were made in [from, to); messages that were delivered in [from, to).
WITH
  cut AS
  (
    SELECT arrayJoin([{from:DateTime}, {to:DateTime}]) AS instant, toDate(instant, 'UTC') AS day
    WHERE toUnixTimestamp(instant) % 86400 > 0
  ),
  -- As in drivers.
  sums AS
  (
    SELECT part.1 AS tier, stream, campaign, message_type, channel, origin, part.2 * delivered AS n
    FROM
    (
      SELECT toString(segment) AS inside, toString(stream) AS stream, toString(campaign) AS campaign,
        toString(message_type) AS message_type, toString(channel) AS channel, toString(origin) AS origin,
        toInt64(delivered) AS delivered
      FROM rates
      WHERE (segment = '' OR startsWith(segment, 'engagement:')) AND quarter_hour >= {from:DateTime}
        AND quarter_hour < {to:DateTime} AND toDate(quarter_hour) IN (SELECT day FROM cut)
      UNION ALL
      SELECT toString(segment) AS inside, toString(stream) AS stream, toString(campaign) AS campaign,
        toString(message_type) AS message_type, toString(channel) AS channel, toString(origin) AS origin,
        toInt64(delivered) AS delivered
      FROM rates_daily
      WHERE (segment = '' OR startsWith(segment, 'engagement:')) AND day >= toDate({from:DateTime}, 'UTC')
        AND day < {to:DateTime} AND day NOT IN (SELECT day FROM cut)
    )
    ARRAY JOIN if(inside = '', [('', 1)], [(inside, 1), ('', -1)]) AS part
  ),
  leaving AS
  (
    SELECT person, id, order_at, toString(channel) AS channel FROM decisions
    WHERE type = 'opted_out' AND order_at >= {from:DateTime} AND order_at < {to:DateTime}
  ),
  attributed AS
  (
    SELECT person, decision, toUnixTimestamp64Milli(attributed_at) AS moment, attributed_stream AS stream,
      arrayFirst(each -> startsWith(each, 'engagement:'), attributed_segments) AS tier
    FROM counted_requests FINAL
    WHERE type = 'opted_out' AND attributed_delivery != '' AND attributed_at >= {from:DateTime} AND attributed_at < {to:DateTime}
  ),
  -- Messages to those who left.
  sent AS
  (
    SELECT cityHash64(person) AS one, occurred_at, toString(stream) AS stream, toString(channel) AS channel,
      toString(campaign) AS campaign, toString(message_type) AS message_type, toString(origin) AS origin,
      toString(arrayFirst(each -> startsWith(each, 'engagement:'), segments)) AS tier
    FROM events
    WHERE type = 'delivered' AND occurred_at >= {from:DateTime} - INTERVAL 7 DAY AND occurred_at < {to:DateTime}
      AND person IN (SELECT person FROM leaving UNION ALL SELECT person FROM attributed)
  ),
  -- Messages and what is theirs of each opt-out.
  shares AS
  (
    SELECT s.stream AS stream, s.channel AS channel, s.campaign AS campaign, s.message_type AS message_type,
      s.origin AS origin, s.tier AS tier, s.occurred_at AS occurred_at, 1 / count() OVER (PARTITION BY d.id) AS share
    FROM (SELECT cityHash64(person) AS one, id, order_at, channel FROM leaving) AS d
    INNER JOIN sent AS s ON s.one = d.one AND s.channel = d.channel
    WHERE s.occurred_at <= d.order_at AND s.occurred_at > d.order_at - INTERVAL 7 DAY
  ),
  doses AS
  (
    SELECT tier, stream, campaign, message_type, channel, origin, toInt64(0) AS n, share
    FROM shares
    WHERE occurred_at >= {from:DateTime}
    UNION ALL
    SELECT tier, stream, campaign, message_type, channel, origin, n, 0. AS share FROM sums
  ),
  -- What each person received, in turn; how many within seven days is told by which message before lies further back.
  received AS
  (
    SELECT arrayJoin(arrayFilter(each -> each.1 >= toUnixTimestamp({from:DateTime}) * 1000, arrayMap(
      (each, first, third, seventh) -> (each.1, each.2, multiIf(first <= each.1 - 604800000, 0,
        third <= each.1 - 604800000, 1, seventh <= each.1 - 604800000, 3, 7)),
      each_of, arrayShiftRight(each_of.1, 1, 0), arrayShiftRight(each_of.1, 3, 0), arrayShiftRight(each_of.1, 7, 0)))) AS one_of
    FROM
    (
      SELECT arraySort(groupArray((moment, stratum))) AS each_of
      FROM
      (
        SELECT cityHash64(person) AS one, toUnixTimestamp64Milli(occurred_at) AS moment,
          cityHash64(stream, arrayFirst(each -> startsWith(each, 'engagement:'), segments)) AS stratum
        FROM events
        WHERE type = 'delivered' AND occurred_at >= {from:DateTime} - INTERVAL 7 DAY AND occurred_at < {to:DateTime}
      )
      GROUP BY one
    )
  ),
  frequencies AS
  (
    SELECT one_of.2 AS stratum, toUInt64(one_of.3) AS before, toInt64(1) AS n, 0. AS x FROM received
    UNION ALL
    SELECT stratum, before, toInt64(0) AS n, 1. AS x
    FROM
    (
      SELECT a.decision AS decision, any(cityHash64(a.stream, a.tier)) AS stratum, count() - 1 AS before
      FROM (SELECT *, cityHash64(person) AS one FROM attributed) AS a
      INNER JOIN sent AS s ON s.one = a.one
      WHERE toUnixTimestamp64Milli(s.occurred_at) <= a.moment AND toUnixTimestamp64Milli(s.occurred_at) > a.moment - 604800000
      GROUP BY decision
    )
  ),
  counted AS
  (
    SELECT 'dose' AS view, cell.1 AS dimension, cell.2 AS key, cell.3 AS stratum, sum(doses.n) AS n, sum(share) AS x
    FROM doses
    ARRAY JOIN [
      ('campaign', campaign, concat(stream, '\n', tier)),
      ('message_type', message_type, concat(stream, '\n', tier)),
      ('channel', channel, tier),
      ('origin', origin, tier)] AS cell
    GROUP BY dimension, key, stratum
    UNION ALL
    SELECT 'last_touch' AS view, 'frequency' AS dimension,
      multiIf(before = 0, '1', before <= 2, '2-3', before <= 6, '4-7', '8+') AS key, toString(frequencies.stratum) AS stratum,
      sum(frequencies.n) AS n, sum(frequencies.x) AS x
    FROM frequencies
    GROUP BY key, stratum
  )
SELECT view, dimension, key, sum(n1) AS delivered, sum(x1) AS opt_outs,
  sumIf(n1, n0 > 0) AS compared,
  sumIf(x1, n0 > 0) AS compared_opt_outs,
  sumIf(n1 * x0 / n0, n0 > 0) AS expected,
  sumIf(n1 * x / n, n0 > 0) AS conditional_mean,
  sumIf(n1 * n0 * x * (n - x) / (n * n * (n - 1)), n0 > 0) AS conditional_variance,
  sumIf(x1 * n0 / n, n0 > 0) AS own_weight,
  sumIf(x0 * n1 / n, n0 > 0) AS other_weight,
  sumIf((n1 * n0 * x - x1 * x0 * n) / (n * n), n0 > 0) AS log_ratio_term
FROM
(
  SELECT view, dimension, key, toFloat64(own_n) AS n1, own_x AS x1,
    toFloat64(sum(own_n) OVER (PARTITION BY view, dimension, stratum)) AS n,
    sum(own_x) OVER (PARTITION BY view, dimension, stratum) AS x,
    n - n1 AS n0, greatest(0, x - x1) AS x0
  FROM
  (
    SELECT view, dimension, key, stratum, sum(n) AS own_n, least(sum(x), toFloat64(own_n)) AS own_x
    FROM counted
    GROUP BY view, dimension, key, stratum
    HAVING own_n > 0
  )
)
GROUP BY view, dimension, key
ORDER BY view, dimension, key
