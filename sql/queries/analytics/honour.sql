-- How long opt-outs, complaints and erasures received in [from, to) took, for each value of up to two dimensions and each
-- bucket ('none': one for the whole) of their receipt: until the decision that every later send check obeys, and until the
-- last of the enabled targets that had to be told has acknowledged it. Milliseconds, between neighbours by R's type 7.
-- `owed` are those that a target had to be told of, because it was there when they were decided (as in
-- targets/time_to_honour); each of them is acknowledged, waits somewhere, or is a dead letter somewhere.
-- Dimensions as in decision_measures, `zone` and `week_shift` as in rates_trend.
-- @param first 'none' | 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type' | 'audience' | 'trigger' | 'reason'
-- @param second 'none' | 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type' | 'audience' | 'trigger' | 'reason'
-- @param bucket 'none' | 'hour' | 'day' | 'week' | 'month'
WITH
  if({zone:String} = '', 'UTC', {zone:String}) AS time_zone,
  requests AS
  (
    SELECT seq, received_at, decided_at, segments, stream, campaign, channel, category, origin, message_type, audience, trigger,
      if(match(reason, '^[a-z][a-z0-9_]{0,39}$') OR reason = '', reason, 'other') AS reason_code
    FROM decisions
    WHERE received_at >= {from:DateTime} AND received_at < {to:DateTime} AND type IN ('opted_out', 'complained', 'erased')
  ),
  known AS
  (
    SELECT target, seq, state, acknowledged_at
    FROM receipts FINAL
    WHERE received_at >= {from:DateTime} AND received_at < {to:DateTime}
  ),
  told AS
  (
    SELECT r.seq AS seq, count() AS targets, countIf(k.state IS NULL OR k.state IN ('sent', 'waiting')) AS waiting_at,
      countIf(k.state = 'dead') AS dead_at, max(k.acknowledged_at) AS last_at
    FROM requests AS r
    CROSS JOIN (SELECT id, since, created_at FROM targets FINAL WHERE enabled AND NOT deleted) AS t
    LEFT JOIN known AS k ON k.target = t.id AND k.seq = r.seq
    WHERE r.seq > t.since AND r.decided_at >= t.created_at
    GROUP BY r.seq
  )
SELECT
  first_key, second_key, at,
  count() AS requests,
  quantileExactInclusiveOrNull(0.5)(effective_ms) AS p50_ms,
  quantileExactInclusiveOrNull(0.99)(effective_ms) AS p99_ms,
  countIf(is_owed) AS owed,
  countIf(is_acknowledged) AS acknowledged,
  countIf(is_owed AND waiting_at > 0) AS waiting,
  countIf(is_owed AND dead_at > 0) AS dead,
  quantileExactInclusiveOrNullIf(0.5)(acknowledged_ms, is_acknowledged) AS acknowledged_p50_ms,
  quantileExactInclusiveOrNullIf(0.99)(acknowledged_ms, is_acknowledged) AS acknowledged_p99_ms
FROM
(
  SELECT
    dateDiff('millisecond', r.received_at, r.decided_at) AS effective_ms,
    ifNull(told.targets, 0) > 0 AS is_owed, ifNull(told.waiting_at, 0) AS waiting_at, ifNull(told.dead_at, 0) AS dead_at,
    is_owed AND waiting_at = 0 AND dead_at = 0 AS is_acknowledged,
    ifNull(dateDiff('millisecond', r.received_at, told.last_at), 0) AS acknowledged_ms,
    arrayJoin(if({first:String} = 'segment' OR {second:String} = 'segment', r.segments, [''])) AS segment,
    toString(multiIf({first:String} = 'none', '', {first:String} = 'segment', segment, {first:String} = 'stream', r.stream,
      {first:String} = 'campaign', r.campaign, {first:String} = 'channel', r.channel, {first:String} = 'category', r.category,
      {first:String} = 'origin', r.origin, {first:String} = 'message_type', r.message_type,
      {first:String} = 'audience', r.audience, {first:String} = 'trigger', r.trigger, r.reason_code)) AS first_key,
    toString(multiIf({second:String} = 'none', '', {second:String} = 'segment', segment, {second:String} = 'stream', r.stream,
      {second:String} = 'campaign', r.campaign, {second:String} = 'channel', r.channel, {second:String} = 'category', r.category,
      {second:String} = 'origin', r.origin, {second:String} = 'message_type', r.message_type,
      {second:String} = 'audience', r.audience, {second:String} = 'trigger', r.trigger, r.reason_code)) AS second_key,
    toDateTime(multiIf(
      {bucket:String} = 'none', toUnixTimestamp({from:DateTime}),
      {bucket:String} = 'hour', toUnixTimestamp(toStartOfHour(r.received_at, time_zone)),
      {bucket:String} = 'day', toUnixTimestamp(toStartOfDay(r.received_at, time_zone)),
      {bucket:String} = 'week', toUnixTimestamp(toDateTime(toStartOfWeek(toDate(r.received_at, time_zone)
        + {week_shift:UInt8}, 1) - {week_shift:UInt8}, time_zone)),
      toUnixTimestamp(toDateTime(toStartOfMonth(r.received_at, time_zone), time_zone))), 'UTC') AS at
  FROM requests AS r
  LEFT JOIN told ON told.seq = r.seq
)
GROUP BY first_key, second_key, at
ORDER BY requests DESC, first_key, second_key, at
