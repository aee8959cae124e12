-- The time zones that the engine knows, by their IANA names.
SELECT time_zone FROM system.time_zones ORDER BY time_zone
