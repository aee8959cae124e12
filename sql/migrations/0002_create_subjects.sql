-- One person: internal id, identifier ids (keyed hashes), attributes. External id and addresses only in `sealed`,
-- under the person's own key, which lives in the key file outside the database. The latest version counts.
CREATE TABLE IF NOT EXISTS subjects
(
  person UUID,
  version UInt64,
  external_id UUID,
  email_id UUID,
  phone_id UUID,
  push_id UUID,
  sealed String,
  key_slot UInt32,
  jurisdiction LowCardinality(String),
  phone_country LowCardinality(String),
  attributes String,
  first_seen_at DateTime64(3, 'UTC'),
  changed_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(version)
ORDER BY person
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024
