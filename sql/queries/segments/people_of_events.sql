-- People with deliveries, opens or clicks that arrived after `from` and up to `to`, and each one's latest of them. `ids`
-- are the people asked about, separated by newlines; '' for everybody.
SELECT e.person AS person, argMax(e.id, e.received_at) AS event, max(e.received_at) AS received_at
FROM events AS e
WHERE e.received_at > {from:DateTime64(3)} AND e.received_at <= {to:DateTime64(3)} AND e.type IN ('delivered', 'opened', 'clicked')
  AND ({ids:String} = '' OR e.person IN (SELECT arrayJoin(arrayMap(x -> toUUIDOrZero(x), splitByChar('\n', {ids:String})))))
GROUP BY e.person
ORDER BY person
