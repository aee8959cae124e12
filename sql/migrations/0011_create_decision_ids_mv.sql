CREATE MATERIALIZED VIEW IF NOT EXISTS decision_ids_mv TO event_ids AS
SELECT event_id AS id, content_hash, id AS decision, received_at
FROM decisions
