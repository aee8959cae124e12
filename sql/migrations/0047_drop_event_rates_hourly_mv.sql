-- rates takes its place.
DROP VIEW IF EXISTS event_rates_hourly_mv
