-- What was decided for people who left, by receipt: in [from, to) and in the window of the same length before it.
-- `requests` are opt-outs, complaints and erasures, `unsolicited` those of them that no link of ours invited;
-- `unattributed` are opt-outs and complaints that belong to no delivery, and so to no rate; `kept` are streams that a
-- channel-wide opt-out would have closed, minus streams closed. `time_to_honour_p99_ms` goes from receipt to decision,
-- between neighbours by R's type 7; null when there was no request. Always one row.
WITH
  {from:DateTime} - ({to:DateTime} - {from:DateTime}) AS previous_from,
  received_at >= {from:DateTime} AS is_now
SELECT
  countIf(is_now) AS requests,
  countIf(is_now AND type = 'opted_out') AS opt_outs,
  countIf(is_now AND type = 'complained') AS complaints,
  countIf(is_now AND decisions.unsolicited) AS unsolicited,
  countIf(is_now AND type != 'erased' AND attributed_delivery = '') AS unattributed,
  sumIf(kept_by_scoping, is_now) AS kept,
  quantileExactInclusiveOrNullIf(0.99)(dateDiff('millisecond', received_at, decided_at), is_now) AS time_to_honour_p99_ms,
  countIf(NOT is_now) AS previous_requests,
  countIf(NOT is_now AND decisions.unsolicited) AS previous_unsolicited,
  countIf(NOT is_now AND type != 'erased' AND attributed_delivery = '') AS previous_unattributed,
  sumIf(kept_by_scoping, NOT is_now) AS previous_kept
FROM decisions
WHERE received_at >= previous_from AND received_at < {to:DateTime}
  AND type IN ('opted_out', 'complained', 'erased')
