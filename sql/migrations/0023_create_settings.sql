-- Settings of the organisation, as JSON by key; the latest version counts.
CREATE TABLE IF NOT EXISTS settings
(
  key String,
  value String,
  version UInt64,
  changed_at DateTime64(3, 'UTC'),
  changed_by String
)
ENGINE = ReplacingMergeTree(version)
ORDER BY key
