-- The newest decisions with a sequence number above `after`, newest first.
SELECT seq, id, type, trigger, channel, stream, campaign, reason, effective, widened_for, streams_stopped, streams_kept,
  kept_by_scoping, occurred_at, received_at, segments
FROM decisions
WHERE seq > {after:UInt64}
ORDER BY seq DESC
LIMIT {limit:UInt32}
