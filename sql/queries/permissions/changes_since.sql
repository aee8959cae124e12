-- Decisions with a sequence number above `since`, oldest first, each with the lines it wrote into the ledger.
SELECT seq, id, type, person, channel, effective, streams_stopped, streams_kept, statements, occurred_at, received_at
FROM decisions
WHERE seq > {since:UInt64}
ORDER BY seq
LIMIT {limit:UInt32}
