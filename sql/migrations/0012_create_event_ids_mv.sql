CREATE MATERIALIZED VIEW IF NOT EXISTS event_ids_mv TO event_ids AS
SELECT id, content_hash, toUUID('00000000-0000-0000-0000-000000000000') AS decision, received_at
FROM events
