-- Which of these event ids were taken before, and the hash of what they said. Ids are separated by newlines.
SELECT id, any(content_hash) AS content_hash, any(decision) AS decision
FROM event_ids
WHERE id IN (SELECT arrayJoin(splitByChar('\n', {ids:String})))
GROUP BY id
