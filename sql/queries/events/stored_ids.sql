-- Every row under which these event ids were taken: when it was received, and its decision (zeros for a delivery or
-- engagement). Tells rows of one's own from a repetition that was stored instead. Ids are separated by newlines.
SELECT DISTINCT id, received_at, decision
FROM event_ids
WHERE id IN (SELECT arrayJoin(splitByChar('\n', {ids:String})))
