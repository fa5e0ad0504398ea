-- What the journal says of seals.

-- name: sealwalk_acts
SELECT at, subject, text FROM journal WHERE act = :act AND at > :after ORDER BY at LIMIT 100
