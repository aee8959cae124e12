-- The decisions received last, among those committed after `after`: newest first, whatever order they were loaded in.
-- `last_seq` is the highest sequence number there is: the `after` of the next call.
SELECT seq, id, type, trigger, channel, stream, campaign, reason, effective, widened_for, streams_stopped, streams_kept,
  kept_by_scoping, occurred_at, received_at, segments, (SELECT max(seq) FROM decisions) AS last_seq
FROM decisions
WHERE seq > {after:UInt64}
ORDER BY received_at DESC, seq DESC
LIMIT {limit:UInt32}
