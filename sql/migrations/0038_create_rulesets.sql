-- Versions of the rules, each as it was written and never changed. What became of a version stands in ruleset_events.
CREATE TABLE IF NOT EXISTS rulesets
(
  id UUID,
  number UInt32,
  rules String,
  note String,
  based_on UUID,
  created_at DateTime64(3, 'UTC'),
  created_by String
)
ENGINE = MergeTree
ORDER BY number
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
