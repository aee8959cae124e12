-- What was published at a stage of the deliveries in [from, to), of a segment ('' is everybody) on a stream ('' is all), by
-- hour or UTC day of delivery; beside it what is known of the same hours now, and of the requests that count now those
-- made after the publication (`later`) and those made before it that arrived after it (`late`). Only hours that were
-- published are counted, now as well; `hours` is how many. Instants must be whole hours.
-- @param stage 'first' | 'complete'
-- @param bucket 'hour' | 'day'
WITH
  published AS
  (
    SELECT hour, published_rates.as_of AS of, published_rates.known_at AS known,
      arrayFilter((place, its_segment, its_stream) -> its_segment = {segment:String} AND ({stream:String} = '' OR its_stream = {stream:String}),
        arrayEnumerate(segments), segments, streams) AS places,
      arraySum(place -> published_rates.delivered[place], places) AS own,
      arraySum(place -> published_rates.opt_outs[place], places) AS gone,
      arraySum(place -> published_rates.complaints[place], places) AS complained
    FROM published_rates
    WHERE stage = {stage:String} AND hour >= {from:DateTime} AND hour < {to:DateTime}
    ORDER BY hour, published_rates.known_at
    LIMIT 1 BY hour
  ),
  known AS
  (
    SELECT toStartOfHour(quarter_hour) AS hour, sum(rates.delivered) AS own, sum(rates.opt_outs) AS gone,
      sum(rates.complaints) AS complained
    FROM rates
    WHERE segment = {segment:String} AND ({stream:String} = '' OR stream = {stream:String})
      AND quarter_hour >= {from:DateTime} AND quarter_hour < {to:DateTime}
    GROUP BY hour
  ),
  since AS
  (
    SELECT published.hour AS hour,
      countIf(type = 'opted_out' AND order_at > published.of) AS later_opt_outs,
      countIf(type = 'complained' AND order_at > published.of) AS later_complaints,
      countIf(type = 'opted_out' AND order_at <= published.of) AS late_opt_outs,
      countIf(type = 'complained' AND order_at <= published.of) AS late_complaints
    FROM (
      SELECT toStartOfHour(toDateTime(attributed_at, 'UTC')) AS hour, type, order_at, received_at
      FROM counted_requests FINAL
      WHERE attributed_delivery != '' AND attributed_at >= {from:DateTime} AND attributed_at < {to:DateTime}
        AND ({segment:String} = '' OR has(attributed_segments, {segment:String}))
        AND ({stream:String} = '' OR attributed_stream = {stream:String})
    ) AS requests
    INNER JOIN published ON published.hour = requests.hour
    WHERE received_at > published.known
    GROUP BY hour
  )
SELECT
  if({bucket:String} = 'day', toStartOfDay(published.hour), published.hour) AS at,
  count() AS hours,
  min(published.of) AS first_as_of, max(published.of) AS last_as_of,
  min(published.known) AS first_known_at, max(published.known) AS last_known_at,
  sum(published.own) AS delivered, sum(published.gone) AS opt_outs, sum(published.complained) AS complaints,
  sum(ifNull(known.own, 0)) AS now_delivered, sum(ifNull(known.gone, 0)) AS now_opt_outs,
  sum(ifNull(known.complained, 0)) AS now_complaints,
  sum(ifNull(since.later_opt_outs, 0)) AS later_opt_outs, sum(ifNull(since.later_complaints, 0)) AS later_complaints,
  sum(ifNull(since.late_opt_outs, 0)) AS late_opt_outs, sum(ifNull(since.late_complaints, 0)) AS late_complaints
FROM published
LEFT JOIN known ON known.hour = published.hour
LEFT JOIN since ON since.hour = published.hour
GROUP BY at
ORDER BY at
