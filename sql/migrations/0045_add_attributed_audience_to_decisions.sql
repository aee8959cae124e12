-- The audience that the delivery was aimed at, beside what else is attributed. Rows from before do not say.
ALTER TABLE decisions ADD COLUMN IF NOT EXISTS attributed_audience LowCardinality(String) AFTER attributed_message_type
