-- What counts now of decisions.stops; -1 in rows from before, which were not asked: as decided.
ALTER TABLE recounts ADD COLUMN IF NOT EXISTS stops Int8 DEFAULT -1
