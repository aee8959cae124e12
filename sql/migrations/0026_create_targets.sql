-- Systems that are told of every decision, in versions; the latest counts. `sealed` holds their secrets under the
-- installation's key. `since` is the place in the change feed after which a target is told.
CREATE TABLE IF NOT EXISTS targets
(
  id UUID,
  version UInt64,
  name String,
  kind LowCardinality(String),
  url String,
  options String,
  sealed String,
  enabled Bool,
  disabled_for String,
  since UInt64,
  created_at DateTime64(3, 'UTC'),
  changed_at DateTime64(3, 'UTC'),
  changed_by String,
  deleted Bool
)
ENGINE = ReplacingMergeTree(version)
ORDER BY id
