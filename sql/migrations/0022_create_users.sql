CREATE TABLE IF NOT EXISTS users
(
  name String,
  password String,
  roles Array(String),
  sessions_valid_from DateTime64(3, 'UTC'),
  version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY name
