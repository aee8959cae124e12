-- What pushes people out, seen from all that they were sent: as analytics/drivers, but an opt-out is not the last
-- message's: it is shared out evenly among the messages that the person received on its channel in the seven days before
-- (`dose`). And by how much a person was sent: `frequency` is how many messages they received in the seven days up to a
-- delivery, that one included, in bands; there the opt-out is the last message's, compared within stream and engagement
-- tier.
-- Opt-outs count that were made in [from, to); messages that were delivered in [from, to).
WITH
  sent AS
  (
    SELECT cityHash64(person) AS one, id, occurred_at, toString(stream) AS stream, toString(channel) AS channel,
      toString(campaign) AS campaign, toString(message_type) AS message_type, toString(origin) AS origin,
      arrayFirst(each -> startsWith(each, 'engagement:'), segments) AS tier
    FROM events
    WHERE type = 'delivered' AND occurred_at >= {from:DateTime} - INTERVAL 7 DAY AND occurred_at < {to:DateTime}
  ),
  -- Messages and what is theirs of each opt-out.
  shares AS
  (
    SELECT s.id AS id, 1 / count() OVER (PARTITION BY d.id) AS share
    FROM (
      SELECT cityHash64(person) AS one, id, order_at, toString(channel) AS channel FROM decisions
      WHERE type = 'opted_out' AND order_at >= {from:DateTime} AND order_at < {to:DateTime}
    ) AS d
    INNER JOIN sent AS s ON s.one = d.one AND s.channel = d.channel
    WHERE s.occurred_at <= d.order_at AND s.occurred_at > d.order_at - INTERVAL 7 DAY
  ),
  doses AS (SELECT id, sum(share) AS dose FROM shares GROUP BY id),
  last AS
  (
    SELECT attributed_delivery AS id, count() AS opt_outs
    FROM counted_requests FINAL
    WHERE type = 'opted_out' AND attributed_delivery != ''
    GROUP BY attributed_delivery
  ),
  counted AS
  (
    SELECT stream, channel, campaign, message_type, origin, tier,
      count() OVER (PARTITION BY one ORDER BY toUnixTimestamp(occurred_at) RANGE BETWEEN 604799 PRECEDING AND CURRENT ROW) AS received,
      ifNull(doses.dose, 0.) AS dose, ifNull(last.opt_outs, 0) AS opt_outs, occurred_at
    FROM sent
    LEFT JOIN doses ON doses.id = sent.id
    LEFT JOIN last ON last.id = sent.id
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
    SELECT cell.1 AS view, cell.2 AS dimension, cell.3 AS key, cell.4 AS stratum,
      count() AS own_n, least(sum(cell.5), toFloat64(own_n)) AS own_x
    FROM (SELECT * FROM counted WHERE occurred_at >= {from:DateTime})
    ARRAY JOIN [
      ('dose', 'campaign', campaign, concat(stream, '\n', tier), dose),
      ('dose', 'message_type', message_type, concat(stream, '\n', tier), dose),
      ('dose', 'channel', channel, tier, dose),
      ('dose', 'origin', origin, tier, dose),
      ('last_touch', 'frequency', multiIf(received = 1, '1', received <= 3, '2-3', received <= 7, '4-7', '8+'),
        concat(stream, '\n', tier), toFloat64(opt_outs))] AS cell
    GROUP BY view, dimension, key, stratum
  )
)
GROUP BY view, dimension, key
ORDER BY view, dimension, key
