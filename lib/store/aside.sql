-- Contributions that no employment period leads to.

-- name: aside_enter
-- A period counts once it has entered: until then it may be taken out again.
INSERT OR IGNORE INTO contribution_aside (person, year, folio)
SELECT :person, :year, :folio
WHERE NOT EXISTS (SELECT 1 FROM employment AS e JOIN folio AS g ON g.id = e.folio
    WHERE e.person = :person AND e.employer = :employer AND g.confirmed_at IS NOT NULL)

-- name: asidewalk_listed
SELECT 1 FROM contribution_aside WHERE person = :person AND year = :year AND folio = :folio
