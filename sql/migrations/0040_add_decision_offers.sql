-- What the page offered after the decision, as JSON; empty: the usual.
ALTER TABLE decisions ADD COLUMN IF NOT EXISTS offers String
