-- How many of the subscriptions scored at `t0` fall into each bin of each feature. Numbers: 0 is missing, else one more than the
-- cuts (rising) that the value exceeds. Categories: 0 is any other, else the place of the level. Of features without cuts or
-- levels all is in one bin. Empty bins have no row.
SELECT feature, toUInt16(bin) AS place, count() AS subscriptions
FROM
(
  SELECT arrayJoin(arrayZip(
    ['tenure', 'came_back', 'days_since_delivery', 'days_since_open', 'days_since_click', 'delivered_7',
    'delivered_28', 'delivered_90', 'delivered_7_all', 'frequency_ratio', 'most_on_a_day_28', 'night_share_28',
    'weekend_share_28', 'stream_share_28', 'open_rate_28', 'open_rate_90', 'click_rate_28', 'click_rate_90',
    'open_trend', 'opens_decayed_7', 'opens_decayed_30', 'clicks_decayed_30', 'bounced_90', 'streams_open',
    'opt_outs_elsewhere', 'opt_outs_here', 'complaints_before'],
    [toNullable(toFloat64(tenure)), toFloat64(came_back), toFloat64(days_since_delivery), toFloat64(days_since_open),
    toFloat64(days_since_click), toFloat64(delivered_7), toFloat64(delivered_28), toFloat64(delivered_90),
    toFloat64(delivered_7_all), toFloat64(frequency_ratio), toFloat64(most_on_a_day_28), toFloat64(night_share_28),
    toFloat64(weekend_share_28), toFloat64(stream_share_28), toFloat64(open_rate_28), toFloat64(open_rate_90),
    toFloat64(click_rate_28), toFloat64(click_rate_90), toFloat64(open_trend), toFloat64(opens_decayed_7),
    toFloat64(opens_decayed_30), toFloat64(clicks_decayed_30), toFloat64(bounced_90), toFloat64(streams_open),
    toFloat64(opt_outs_elsewhere), toFloat64(opt_outs_here), toFloat64(complaints_before)])) AS one,
    one.1 AS feature,
    if(isNull(one.2), 0, 1 + arrayCount(cut -> assumeNotNull(one.2) > cut, {cuts:Map(String, Array(Float64))}[one.1])) AS bin
  FROM churn_rows FINAL
  WHERE t0 = {t0:DateTime64(3)}
  UNION ALL
  SELECT arrayJoin(arrayZip(['stream', 'channel', 'category', 'origin', 'country', 'plan'],
    [toString(stream), toString(channel), toString(category), toString(origin), toString(country), toString(plan)])) AS one,
    one.1 AS feature, indexOf({levels:Map(String, Array(String))}[one.1], one.2) AS bin
  FROM churn_rows FINAL
  WHERE t0 = {t0:DateTime64(3)}
)
GROUP BY feature, place
ORDER BY feature, place
