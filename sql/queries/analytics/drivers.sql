-- What pushes people out, seen from the last message: for each campaign, message type, channel and origin, deliveries in
-- [from, to) and the opt-outs attributed to them, beside what the mix of its exposure predicts. Compared are deliveries of
-- the same stratum: of campaigns and message types the same stream and engagement tier, of channels and origins the same
-- engagement tier. A cell that is alone in a stratum has nothing to be compared with there: `compared` counts the rest.
-- With n1 and x1 of a cell, n0 and x0 of the others and n and x of both in a stratum:
--   others' rate   expected = Σ n1 x0 / n0
--   Cochran–Mantel–Haenszel, of the cell's opt-outs given the margins: mean Σ n1 x / n, variance Σ n1 n0 x (n − x) / (n² (n − 1))
--   risk ratio     Σ (x1 n0 / n) / Σ (x0 n1 / n), variance of its logarithm (Greenland and Robins 1985)
--                  Σ ((n1 n0 x − x1 x0 n) / n²) / (Σ (x1 n0 / n) Σ (x0 n1 / n))
-- Whole UTC days are read from rates_daily, the days that an instant cuts from rates: instants must be whole quarters.
WITH
  cut AS
  (
    SELECT arrayJoin([{from:DateTime}, {to:DateTime}]) AS instant, toDate(instant, 'UTC') AS day
    WHERE toUnixTimestamp(instant) % 86400 > 0
  ),
  -- A delivery to somebody with an engagement tier stands once in that tier; whoever has none is everybody ('') without those.
  counted AS
  (
    SELECT part.1 AS tier, stream, campaign, message_type, channel, origin, part.2 * delivered AS sent, part.2 * opt_outs AS gone
    FROM
    (
      SELECT toString(segment) AS inside, stream, campaign, message_type, channel, origin, toInt64(delivered) AS delivered,
        toInt64(opt_outs) AS opt_outs
      FROM rates
      WHERE (segment = '' OR startsWith(segment, 'engagement:')) AND quarter_hour >= {from:DateTime}
        AND quarter_hour < {to:DateTime} AND toDate(quarter_hour) IN (SELECT day FROM cut)
      UNION ALL
      SELECT toString(segment) AS inside, stream, campaign, message_type, channel, origin, toInt64(delivered) AS delivered,
        toInt64(opt_outs) AS opt_outs
      FROM rates_daily
      WHERE (segment = '' OR startsWith(segment, 'engagement:')) AND day >= toDate({from:DateTime}, 'UTC')
        AND day < {to:DateTime} AND day NOT IN (SELECT day FROM cut)
    )
    ARRAY JOIN if(inside = '', [('', 1)], [(inside, 1), ('', -1)]) AS part
  )
SELECT dimension, key, sum(n1) AS delivered, sum(x1) AS opt_outs,
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
  SELECT dimension, key, toFloat64(own_n) AS n1, toFloat64(own_x) AS x1,
    toFloat64(sum(own_n) OVER (PARTITION BY dimension, stratum)) AS n,
    toFloat64(sum(own_x) OVER (PARTITION BY dimension, stratum)) AS x,
    n - n1 AS n0, x - x1 AS x0
  FROM
  (
    SELECT cell.1 AS dimension, cell.2 AS key, cell.3 AS stratum,
      sum(sent) AS own_n, least(sum(gone), own_n) AS own_x
    FROM counted
    ARRAY JOIN [
      ('campaign', toString(campaign), concat(toString(stream), '\n', tier)),
      ('message_type', toString(message_type), concat(toString(stream), '\n', tier)),
      ('channel', toString(channel), tier),
      ('origin', toString(origin), tier)] AS cell
    GROUP BY dimension, key, stratum
    HAVING own_n > 0
  )
)
GROUP BY dimension, key
ORDER BY dimension, key
