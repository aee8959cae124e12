-- As in recounts; -1 also for what was never recounted: as decided.
ALTER TABLE counted_requests ADD COLUMN IF NOT EXISTS stops Int8 DEFAULT -1
