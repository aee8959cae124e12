-- rates takes its place.
DROP VIEW IF EXISTS decision_rates_hourly_mv
