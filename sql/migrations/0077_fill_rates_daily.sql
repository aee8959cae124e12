-- What was stored before. Where it is run again after a crash it adds nothing.
INSERT INTO rates_daily (segment, day, stream, campaign, message_type, audience, channel, category, origin, trigger, reason,
  delivered, opened, clicked, opt_outs, complaints)
SELECT
  segment, toDate(quarter_hour) AS day, stream, campaign, message_type, audience, channel, category, origin, trigger, reason,
  sum(rates.delivered) AS delivered, sum(rates.opened) AS opened, sum(rates.clicked) AS clicked,
  sum(rates.opt_outs) AS opt_outs, sum(rates.complaints) AS complaints
FROM rates
WHERE (SELECT count() FROM rates_daily) = 0
GROUP BY segment, day, stream, campaign, message_type, audience, channel, category, origin, trigger, reason
