-- One row of quarantine with its sealed content.
SELECT id, received_at, deadline_at, door, code, detail, field, sealed, state
FROM quarantine FINAL
WHERE id = {id:UUID}
