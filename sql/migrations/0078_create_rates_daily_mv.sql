-- A view of what other views write: whatever reaches rates, deliveries, requests and recounts, is counted in its day.
CREATE MATERIALIZED VIEW IF NOT EXISTS rates_daily_mv TO rates_daily AS
SELECT
  segment, toDate(quarter_hour) AS day, stream, campaign, message_type, audience, channel, category, origin, trigger, reason,
  sum(rates.delivered) AS delivered, sum(rates.opened) AS opened, sum(rates.clicked) AS clicked,
  sum(rates.opt_outs) AS opt_outs, sum(rates.complaints) AS complaints
FROM rates
GROUP BY segment, day, stream, campaign, message_type, audience, channel, category, origin, trigger, reason
