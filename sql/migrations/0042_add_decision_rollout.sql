-- Which arm of a rollout decided: new, old, or empty while nothing was rolled out.
ALTER TABLE decisions ADD COLUMN IF NOT EXISTS rollout LowCardinality(String)
