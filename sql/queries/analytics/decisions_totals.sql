-- What people who left asked for, by when they asked: in [from, to) and in the window of the same length before it.
-- `requests` are opt-outs, complaints and erasures, `unsolicited` those of them that no link of ours invited;
-- `unattributed` are opt-outs and complaints that belong to no delivery, and so to no rate; `kept` are streams that a
-- channel-wide opt-out would have closed, minus streams closed. What decisions said, and what was counted anew since.
-- `time_to_honour_p99_ms` goes from receipt to decision, of what was received in [from, to), between neighbours by R's
-- type 7; null when there was no request. Always one row.
WITH
  {from:DateTime} - ({to:DateTime} - {from:DateTime}) AS previous_from,
  order_at >= {from:DateTime} AND order_at < {to:DateTime} AS is_now,
  order_at >= previous_from AND order_at < {from:DateTime} AS was_before
SELECT
  countIf(is_now AND sign = 0) AS requests,
  countIf(is_now AND sign = 0 AND type = 'opted_out') AS opt_outs,
  countIf(is_now AND sign = 0 AND type = 'complained') AS complaints,
  sumIf(factor, is_now AND counted.unsolicited) AS unsolicited,
  sumIf(factor, is_now AND type != 'erased' AND attributed_delivery = '') AS unattributed,
  sumIf(factor * kept_by_scoping, is_now) AS kept,
  quantileExactInclusiveOrNullIf(0.99)(dateDiff('millisecond', received_at, decided_at),
    sign = 0 AND received_at >= {from:DateTime} AND received_at < {to:DateTime}) AS time_to_honour_p99_ms,
  countIf(was_before AND sign = 0) AS previous_requests,
  sumIf(factor, was_before AND counted.unsolicited) AS previous_unsolicited,
  sumIf(factor, was_before AND type != 'erased' AND attributed_delivery = '') AS previous_unattributed,
  sumIf(factor * kept_by_scoping, was_before) AS previous_kept
FROM
(
  SELECT order_at, received_at, decided_at, type, unsolicited, attributed_delivery, kept_by_scoping, 0 AS sign, 1 AS factor
  FROM decisions
  WHERE received_at >= previous_from AND type IN ('opted_out', 'complained', 'erased')
  UNION ALL
  SELECT order_at, received_at, received_at AS decided_at, type, unsolicited, attributed_delivery, kept_by_scoping, sign,
    sign AS factor
  FROM recounts
  WHERE received_at >= previous_from
) AS counted
