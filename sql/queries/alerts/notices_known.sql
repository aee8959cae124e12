-- Which of these notices are there already, whatever became of them. Ids are separated by line breaks.
SELECT DISTINCT toString(id) AS known FROM alert_notices
WHERE id IN (SELECT toUUID(arrayJoin(splitByChar('\n', {ids:String}))))
ORDER BY known
