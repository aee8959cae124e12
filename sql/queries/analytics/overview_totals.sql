-- Deliveries of everybody, and the opt-outs and complaints attributed to them, in [from, to) and in the window of the
-- same length before it. Counted in the hour of the delivery; an unattributed opt-out is in none of them (see
-- decisions_totals). Always one row. Both instants must be whole hours.
WITH {from:DateTime} - ({to:DateTime} - {from:DateTime}) AS previous_from
SELECT
  sumIf(rates_hourly.delivered, hour >= {from:DateTime}) AS delivered,
  sumIf(rates_hourly.opt_outs, hour >= {from:DateTime}) AS opt_outs,
  sumIf(rates_hourly.complaints, hour >= {from:DateTime}) AS complaints,
  sumIf(rates_hourly.delivered, hour < {from:DateTime}) AS previous_delivered,
  sumIf(rates_hourly.opt_outs, hour < {from:DateTime}) AS previous_opt_outs,
  sumIf(rates_hourly.complaints, hour < {from:DateTime}) AS previous_complaints
FROM rates_hourly
WHERE segment = '' AND hour >= previous_from AND hour < {to:DateTime}
