-- Last delivery, open and click of each person; the epoch stands for never. Ids are separated by newlines.
SELECT person, max(last_delivered_at) AS last_delivered_at, max(last_opened_at) AS last_opened_at,
  max(last_clicked_at) AS last_clicked_at
FROM engagement
WHERE person IN (SELECT arrayJoin(arrayMap(x -> toUUIDOrZero(x), splitByChar('\n', {ids:String}))))
GROUP BY person
