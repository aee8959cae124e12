-- rates takes its place.
DROP TABLE IF EXISTS rates_hourly
