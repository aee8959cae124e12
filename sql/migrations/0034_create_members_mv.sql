CREATE MATERIALIZED VIEW IF NOT EXISTS members_mv TO members AS
SELECT segment, person, seq, edge, at
FROM memberships
