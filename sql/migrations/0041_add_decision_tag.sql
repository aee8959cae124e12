-- The tag of the rule that matched.
ALTER TABLE decisions ADD COLUMN IF NOT EXISTS tag LowCardinality(String)
