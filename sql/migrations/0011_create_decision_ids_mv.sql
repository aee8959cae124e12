-- Columns are qualified: an alias `id` would otherwise stand for the decision's id, too.
CREATE MATERIALIZED VIEW IF NOT EXISTS decision_ids_mv TO event_ids AS
SELECT d.event_id AS id, d.content_hash AS content_hash, d.id AS decision, d.received_at AS received_at
FROM decisions AS d
