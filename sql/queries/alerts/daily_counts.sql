-- Deliveries of each stream, and the opt-outs and complaints attributed to them, by UTC day of delivery in [from, to); for
-- each segment, campaign or message type of the stream where that is the level. A row has `least` deliveries or more.
-- `active_from`: cells without a delivery since then are left out, for nobody looks at them.
-- @param level 'stream' | 'segment' | 'campaign' | 'message_type'
SELECT
  toString(stream) AS of_stream,
  toString(multiIf({level:String} = 'segment', segment, {level:String} = 'campaign', campaign,
    {level:String} = 'message_type', message_type, '')) AS key,
  toUInt32(toDate(quarter_hour, 'UTC')) AS on_day,
  sum(rates.delivered) AS delivered,
  sum(rates.opt_outs) AS opt_outs,
  sum(rates.complaints) AS complaints
FROM rates
WHERE (segment != '') = ({level:String} = 'segment')
  AND quarter_hour >= {from:DateTime} AND quarter_hour < {to:DateTime}
  AND ({level:String} != 'segment' OR (segment, stream) IN
  (
    SELECT segment, stream FROM rates
    WHERE segment != '' AND quarter_hour >= {active_from:DateTime} AND quarter_hour < {to:DateTime}
    GROUP BY segment, stream
    HAVING sum(rates.delivered) >= {least:UInt32}
  ))
GROUP BY of_stream, key, on_day
HAVING delivered > 0 AND ({level:String} IN ('stream', 'segment') OR delivered >= {least:UInt32})
ORDER BY of_stream, key, on_day
