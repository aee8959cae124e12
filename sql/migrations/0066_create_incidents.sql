-- Incidents in versions; the latest counts. `body` is the incident as JSON: what it holds is decided by the contract.
CREATE TABLE IF NOT EXISTS incidents
(
  id UUID,
  version UInt64,
  is_open Bool,
  opened_at DateTime64(3, 'UTC'),
  changed_at DateTime64(3, 'UTC'),
  changed_by String,
  body String
)
ENGINE = ReplacingMergeTree(version)
ORDER BY id
