-- What is known of the decisions above `since` and up to `until` at one target.
SELECT seq, state, attempts, first_sent_at
FROM receipts FINAL
WHERE target = {target:UUID} AND seq > {since:UInt64} AND seq <= {until:UInt64}
ORDER BY seq
