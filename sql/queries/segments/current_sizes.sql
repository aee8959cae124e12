-- How many people are in each defined segment now.
SELECT segment, count() AS size
FROM members FINAL
WHERE edge = 'entered'
GROUP BY segment
ORDER BY segment
