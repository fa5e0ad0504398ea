-- Cases of amendment, and what came of them.

-- name: casewalk_replaced
-- What replaced a row for a case, and in which batch it stands.
SELECT x.by_folio, x.by_line, f.batch, b.amendment
FROM replacement AS x LEFT JOIN folio AS f ON f.id = x.by_folio LEFT JOIN batch AS b ON b.id = f.batch
WHERE x.folio = :folio AND x.subject = :subject AND x.line = :line AND x.at = :at

-- name: casewalk_folios
-- The folios of a case's batch that a missing row could stand in.
SELECT id FROM folio
WHERE batch = :batch AND form = :form AND period = :period AND employer IS NOT DISTINCT FROM :employer
ORDER BY id
