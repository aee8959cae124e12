-- People who said no to profiling and did not take it back, and when they said it last.
SELECT toString(subject) AS person, max(order_at) AS objected_at
FROM statements
WHERE position(selector, 'class=profiling') > 0 AND id NOT IN (SELECT voids FROM statements WHERE effect = 'void')
GROUP BY subject
HAVING argMax(effect, (order_at, effect)) = 'opt_out'
ORDER BY person
