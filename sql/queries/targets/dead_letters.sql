-- Dead letters of a target after place `after`, the oldest first. The inner query finds what ever was dead, which is
-- little; the outer one keeps what is dead still.
SELECT
  seq, decision, attempts, first_sent_at, received_at, decided_at, status, detail,
  toDateTime64(fromUnixTimestamp64Micro(toInt64(version), 'UTC'), 3, 'UTC') AS died_at
FROM receipts FINAL
WHERE target = {target:UUID} AND seq > {after:UInt64} AND state = 'dead'
  AND seq IN (SELECT seq FROM receipts WHERE target = {target:UUID} AND seq > {after:UInt64} AND state = 'dead')
ORDER BY seq
LIMIT {limit:UInt32}
