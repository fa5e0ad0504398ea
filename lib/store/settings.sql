-- Parameter tables, by the entry that put them in force.

-- name: settings_in_force
-- scan: some tables, all of them wanted
SELECT p.name, p.digest, p.at FROM parameter_table AS p
 WHERE p.at = (SELECT max(q.at) FROM parameter_table AS q WHERE q.name = p.name AND q.at <= :at)
 ORDER BY p.name

-- name: settings_enter
INSERT INTO parameter_table (name, at, digest) VALUES (:name, :at, :digest)

-- name: settings_named
-- scan: batches, of which there are some thousands
SELECT EXISTS (SELECT 1 FROM batch AS b WHERE b.rules_digest = :digest)
