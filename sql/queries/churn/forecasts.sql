-- What a model forecast of each stream at each of its scorings: opt-outs within 7 days of so many open subscriptions.
SELECT t0, toString(stream) AS of_stream, max(people) AS subscriptions, max(expected_7d) AS expected
FROM churn_risk_history
WHERE segment = '' AND stream != '' AND model = {model:UUID} AND t0 >= {since:DateTime64(3)}
GROUP BY t0, stream
ORDER BY t0, of_stream
