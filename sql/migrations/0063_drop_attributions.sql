DROP TABLE IF EXISTS attributions
