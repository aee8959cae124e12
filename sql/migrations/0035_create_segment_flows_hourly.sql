-- How many entered and left each segment in each hour; the size at an instant is the sum of all before it.
CREATE TABLE IF NOT EXISTS segment_flows_hourly
(
  segment LowCardinality(String),
  hour DateTime('UTC'),
  entered SimpleAggregateFunction(sum, UInt64),
  left SimpleAggregateFunction(sum, UInt64)
)
ENGINE = AggregatingMergeTree
ORDER BY (segment, hour)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
