-- People of whom a delivery arrived since an instant, and after a request of theirs that it came before, or that names it.
SELECT DISTINCT r.person AS person
FROM counted_requests AS r
INNER JOIN
(
  SELECT person, min(occurred_at) AS first_at, max(received_at) AS last_received_at,
    groupUniqArray(message_id) AS messages
  FROM events
  WHERE type = 'delivered' AND received_at >= {since:DateTime64(3)}
    AND person IN (SELECT person FROM counted_requests)
  GROUP BY person
) AS d ON d.person = r.person
WHERE (r.order_at >= d.first_at OR (r.message_id != '' AND has(d.messages, r.message_id)))
  AND r.received_at <= d.last_received_at
