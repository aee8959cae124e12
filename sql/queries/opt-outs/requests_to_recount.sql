-- All that the opt-outs, complaints and erasures of these people count as, and what was known when each was decided.
-- Ids are separated by newlines.
WITH people AS (SELECT arrayJoin(arrayMap(x -> toUUIDOrZero(x), splitByChar('\n', {ids:String}))) AS person)
SELECT r.person AS person, r.decision AS decision, r.seq AS seq, r.event_id AS event_id, r.type AS type,
  r.message_id AS message_id, r.trigger AS trigger, r.reason AS reason, r.order_at AS order_at, r.received_at AS received_at, r.unsolicited AS unsolicited,
  r.kept_by_scoping AS kept_by_scoping, r.attributed_delivery AS attributed_delivery,
  r.attributed_stream AS attributed_stream, r.attributed_channel AS attributed_channel,
  r.attributed_category AS attributed_category, r.attributed_origin AS attributed_origin,
  r.attributed_campaign AS attributed_campaign, r.attributed_message_type AS attributed_message_type, r.attributed_audience AS attributed_audience,
  r.attributed_at AS attributed_at, r.attributed_segments AS attributed_segments, if(r.stops = -1, d.stops, r.stops = 1) AS stops, r.version AS version,
  d.facts AS facts
FROM (SELECT * FROM counted_requests FINAL WHERE person IN people) AS r
INNER JOIN
(
  SELECT seq, stops, facts FROM decisions WHERE seq IN (SELECT seq FROM counted_requests WHERE person IN people)
) AS d ON d.seq = r.seq
ORDER BY person, order_at, event_id
