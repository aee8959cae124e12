-- What a decision changed about its person's segments, as `key@version`.
ALTER TABLE decisions
  ADD COLUMN IF NOT EXISTS segments_entered Array(LowCardinality(String)),
  ADD COLUMN IF NOT EXISTS segments_left Array(LowCardinality(String))
