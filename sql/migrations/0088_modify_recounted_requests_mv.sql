-- Carries what stops now, too.
ALTER TABLE recounted_requests_mv MODIFY QUERY
SELECT
  person, decision, seq, event_id, type, message_id, trigger, reason, order_at, received_at, unsolicited, kept_by_scoping,
  attributed_delivery, attributed_stream, attributed_channel, attributed_category, attributed_origin, attributed_campaign,
  attributed_message_type, attributed_audience, attributed_at, attributed_segments, version, stops
FROM recounts
WHERE sign = 1
