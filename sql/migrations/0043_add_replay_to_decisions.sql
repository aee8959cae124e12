-- What another set of rules has to know to say what it would have decided. `recorded` is 0 in rows from before.
-- `catalogue` names the versions of all streams then. `stoppable_*`: streams that went on before the request and that an
-- opt-out of this request ends if it reaches them, by a selector with a channel and by one without. Conditions are asked
-- of columns and not of `facts`, because reading the JSON of a million rows takes longer than the whole backtest may.
ALTER TABLE decisions
  ADD COLUMN IF NOT EXISTS recorded UInt8,
  ADD COLUMN IF NOT EXISTS reach_open Bool,
  ADD COLUMN IF NOT EXISTS catalogue LowCardinality(String),
  ADD COLUMN IF NOT EXISTS stopped_without_rules Array(LowCardinality(String)),
  ADD COLUMN IF NOT EXISTS stoppable_on_channel Array(LowCardinality(String)),
  ADD COLUMN IF NOT EXISTS stoppable_anywhere Array(LowCardinality(String)),
  ADD COLUMN IF NOT EXISTS consent_basis LowCardinality(String),
  ADD COLUMN IF NOT EXISTS consent_age_days Nullable(Int32),
  ADD COLUMN IF NOT EXISTS consent_source String,
  ADD COLUMN IF NOT EXISTS jurisdiction LowCardinality(String),
  ADD COLUMN IF NOT EXISTS first_seen_at DateTime64(3, 'UTC'),
  ADD COLUMN IF NOT EXISTS attributes String,
  ADD COLUMN IF NOT EXISTS last_delivered_at DateTime64(3, 'UTC'),
  ADD COLUMN IF NOT EXISTS last_opened_at DateTime64(3, 'UTC'),
  ADD COLUMN IF NOT EXISTS last_clicked_at DateTime64(3, 'UTC'),
  ADD COLUMN IF NOT EXISTS past_opt_outs UInt32,
  ADD COLUMN IF NOT EXISTS risk_30d Nullable(Float64)
