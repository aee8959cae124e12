CREATE MATERIALIZED VIEW IF NOT EXISTS counted_requests_mv TO counted_requests AS
SELECT
  d.person AS person, d.id AS decision, d.seq AS seq, d.event_id AS event_id, d.type AS type, d.message_id AS message_id,
  d.trigger AS trigger, d.reason AS reason,
  d.order_at AS order_at, d.received_at AS received_at, d.unsolicited AS unsolicited,
  d.kept_by_scoping AS kept_by_scoping, d.attributed_delivery AS attributed_delivery,
  d.attributed_stream AS attributed_stream, d.attributed_channel AS attributed_channel,
  d.attributed_category AS attributed_category, d.attributed_origin AS attributed_origin,
  d.attributed_campaign AS attributed_campaign, d.attributed_message_type AS attributed_message_type,
  d.attributed_audience AS attributed_audience,
  d.attributed_at AS attributed_at, d.attributed_segments AS attributed_segments, toUInt64(0) AS version
FROM decisions AS d
WHERE d.type IN ('opted_out', 'complained', 'erased')
