-- Where a decision stands at each target that has a receipt for it. Targets are separated by newlines.
SELECT target, state, attempts, first_sent_at, acknowledged_at, status, detail
FROM receipts FINAL
WHERE target IN (SELECT arrayJoin(arrayMap(x -> toUUIDOrZero(x), splitByChar('\n', {targets:String}))))
  AND seq = {seq:UInt64}
ORDER BY target
