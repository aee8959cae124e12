-- `counted_requests` says which delivery bears which request.
DROP VIEW IF EXISTS attributions_mv
