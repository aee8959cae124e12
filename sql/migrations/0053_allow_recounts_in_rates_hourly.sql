-- What counted in one hour and now counts in another is taken back there.
ALTER TABLE rates_hourly
  MODIFY COLUMN opt_outs SimpleAggregateFunction(sum, Int64),
  MODIFY COLUMN complaints SimpleAggregateFunction(sum, Int64)
