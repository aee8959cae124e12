CREATE TABLE IF NOT EXISTS api_keys
(
  id String,
  name String,
  hash String,
  scopes Array(String),
  created_at DateTime64(3, 'UTC'),
  version UInt64,
  revoked Bool
)
ENGINE = ReplacingMergeTree(version)
ORDER BY id
