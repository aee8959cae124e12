-- Word of incidents and digests to one recipient each, in versions; the latest counts. It is queue and receipt in one: what
-- waits is due at `next_at`. `place` is where it goes: `webhook`, or `email` and which of the configured addresses, by a
-- hash; addresses stand in the settings alone.
CREATE TABLE IF NOT EXISTS alert_notices
(
  id UUID,
  version UInt64,
  incident String,
  type LowCardinality(String),
  place String,
  state LowCardinality(String),
  attempts UInt32,
  made_at DateTime64(3, 'UTC'),
  next_at DateTime64(3, 'UTC'),
  acknowledged_at Nullable(DateTime64(3, 'UTC')),
  status UInt16,
  detail String,
  payload String
)
ENGINE = ReplacingMergeTree(version)
ORDER BY id
TTL toDateTime(made_at) + INTERVAL 400 DAY
