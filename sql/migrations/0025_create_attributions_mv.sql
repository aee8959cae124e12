CREATE MATERIALIZED VIEW IF NOT EXISTS attributions_mv TO attributions AS
SELECT d.person AS person, d.attributed_delivery AS delivery, d.id AS decision, d.received_at AS received_at
FROM decisions AS d
WHERE d.attributed_delivery != ''
