-- The opt-outs, complaints and erasures of these people, and the delivery (event id) that each belongs to; '' for none.
-- Ids are separated by newlines.
SELECT person, decision, event_id, order_at, attributed_delivery AS delivery
FROM counted_requests FINAL
WHERE person IN (SELECT arrayJoin(arrayMap(x -> toUUIDOrZero(x), splitByChar('\n', {ids:String}))))
