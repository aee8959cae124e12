-- Decisions with a sequence number above `since` and up to `until`, oldest first, each with the lines it wrote into the
-- ledger.
SELECT
  seq, id, type, person, channel, effective, streams_stopped, streams_kept, statements,
  occurred_at, received_at, decided_at
FROM decisions
WHERE seq > {since:UInt64} AND seq <= {until:UInt64}
ORDER BY seq
LIMIT {limit:UInt32}
