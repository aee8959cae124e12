-- What was decided for people who left, for each value of up to two dimensions and each bucket ('none': one for the whole)
-- of the time that counts (`order_at`) in [from, to). Dimensions are those of the request; segments are the person's at
-- that moment. Of reasons only codes are kept apart, free text is 'other'.
-- `requests` are opt-outs, complaints and erasures; `unsolicited` those of them that no link of ours invited;
-- `unattributed` opt-outs and complaints that belong to no delivery, and so to no rate; `kept` streams that a channel-wide
-- opt-out would have closed, minus streams closed; `stops` opt-outs and complaints that ended something that had gone on,
-- `repeats` those of them whose person had ended something in the 30 days before; `suspected` opt-outs that a machine may have pressed;
-- `pauses` and `caps` are taken instead of leaving, or afterwards. Times are from receipt to decision in milliseconds,
-- between neighbours by R's type 7; null without a request. `zone` and `week_shift` are those of rates_trend.
-- @param first 'none' | 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type' | 'audience' | 'trigger' | 'reason'
-- @param second 'none' | 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type' | 'audience' | 'trigger' | 'reason'
-- @param bucket 'none' | 'hour' | 'day' | 'week' | 'month'
WITH
  -- What counts as something else now than when it was decided.
  recounted AS
  (
    SELECT decision, argMax((unsolicited, attributed_delivery, kept_by_scoping, stops), version) AS now
    FROM recounts
    WHERE sign = 1
    GROUP BY decision
  ),
  -- Sorted by themselves, with nothing but what says so.
  repeated AS
  (
    SELECT id
    FROM
    (
      SELECT id, order_at, is_stop,
        maxIf(order_at, is_stop) OVER (PARTITION BY person ORDER BY order_at, one
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before_at
      FROM
      (
        -- At one instant by a hash of the event: the same whatever arrived first.
        SELECT id, person, order_at, cityHash64(event_id) AS one,
          if(stops, id NOT IN (SELECT decision FROM recounted WHERE now.4 = 0),
            id IN (SELECT decision FROM recounted WHERE now.4 = 1)) AS is_stop
        FROM decisions
        WHERE order_at >= {from:DateTime} - INTERVAL 30 DAY AND order_at < {to:DateTime}
          AND type IN ('opted_out', 'complained')
      )
    )
    WHERE is_stop AND order_at >= {from:DateTime} AND before_at > order_at - INTERVAL 30 DAY
  ),
  if({zone:String} = '', 'UTC', {zone:String}) AS time_zone
SELECT
  first_key, second_key, at,
  countIf(is_leaving) AS requests,
  countIf(kind = 'opted_out') AS opt_outs,
  countIf(kind = 'complained') AS complaints,
  countIf(is_leaving AND is_unsolicited) AS unsolicited,
  countIf(is_leaving AND kind != 'erased' AND NOT is_attributed) AS unattributed,
  sumIf(kept_by_scoping, is_leaving) AS kept,
  countIf(is_stop) AS stops,
  countIf(is_stop AND id IN (SELECT id FROM repeated)) AS repeats,
  countIf(is_leaving AND is_suspected) AS suspected,
  countIf(kind = 'paused') AS pauses,
  countIf(kind = 'capped') AS caps,
  quantileExactInclusiveOrNullIf(0.5)(decided_ms, is_leaving) AS p50_ms,
  quantileExactInclusiveOrNullIf(0.99)(decided_ms, is_leaving) AS p99_ms
FROM
(
  SELECT *,
    arrayJoin(inside) AS segment,
    toString(if({first:String} = 'segment', segment, first_own)) AS first_key,
    toString(if({second:String} = 'segment', segment, second_own)) AS second_key,
    toDateTime(multiIf(
      {bucket:String} = 'none', toUnixTimestamp({from:DateTime}),
      {bucket:String} = 'hour', toUnixTimestamp(toStartOfHour(order_at, time_zone)),
      {bucket:String} = 'day', toUnixTimestamp(toStartOfDay(order_at, time_zone)),
      {bucket:String} = 'week', toUnixTimestamp(toDateTime(toStartOfWeek(toDate(order_at, time_zone)
        + {week_shift:UInt8}, 1) - {week_shift:UInt8}, time_zone)),
      toUnixTimestamp(toDateTime(toStartOfMonth(order_at, time_zone), time_zone))), 'UTC') AS at
  FROM
  (
    SELECT made.*, r.decision = made.id AS is_recounted, if(is_recounted, r.now.1, made.came_unsolicited) AS is_unsolicited,
      if(is_recounted, r.now.2 != '', made.came_attributed) AS is_attributed,
      if(is_recounted, r.now.3, made.kept_at_first) AS kept_by_scoping,
      kind IN ('opted_out', 'complained') AND if(is_recounted AND r.now.4 != -1, r.now.4 = 1, made.stopped_at_first) AS is_stop,
      kind IN ('opted_out', 'complained', 'erased') AS is_leaving
    FROM
    (
      SELECT id, order_at, type AS kind,
        if({first:String} = 'segment' OR {second:String} = 'segment', segments, ['']) AS inside,
        multiIf({first:String} IN ('none', 'segment'), '', {first:String} = 'stream', stream,
        {first:String} = 'campaign', campaign, {first:String} = 'channel', channel, {first:String} = 'category', category,
        {first:String} = 'origin', origin, {first:String} = 'message_type', message_type, {first:String} = 'audience', audience,
        {first:String} = 'trigger', trigger,
        match(reason, '^[a-z][a-z0-9_]{0,39}$') OR reason = '', reason, 'other') AS first_own,
        multiIf({second:String} IN ('none', 'segment'), '', {second:String} = 'stream', stream,
        {second:String} = 'campaign', campaign, {second:String} = 'channel', channel, {second:String} = 'category', category,
        {second:String} = 'origin', origin, {second:String} = 'message_type', message_type, {second:String} = 'audience', audience,
        {second:String} = 'trigger', trigger,
        match(reason, '^[a-z][a-z0-9_]{0,39}$') OR reason = '', reason, 'other') AS second_own,
        unsolicited AS came_unsolicited, attributed_delivery != '' AS came_attributed,
        decisions.kept_by_scoping AS kept_at_first, has(flags, 'machine_suspected') AS is_suspected,
        stops AS stopped_at_first,
        dateDiff('millisecond', received_at, decided_at) AS decided_ms
      FROM decisions
      WHERE order_at >= {from:DateTime} AND order_at < {to:DateTime}
        AND type IN ('opted_out', 'complained', 'erased', 'paused', 'capped')
    ) AS made
    LEFT JOIN recounted AS r ON r.decision = made.id
  )
)
GROUP BY first_key, second_key, at
ORDER BY first_key, second_key, at
