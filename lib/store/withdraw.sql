-- Taking out what was staged. Employment periods, levy years, accounts and what stands
-- aside are found by the rows that they came from.

-- name: withdraw_employment
DELETE FROM employment
WHERE folio = :folio AND person IN (SELECT person FROM registration WHERE folio = :folio)

-- name: withdraw_changes
DELETE FROM employment
WHERE folio = :folio AND person IN (SELECT person FROM employment_change WHERE folio = :folio)

-- name: withdraw_levy_years
DELETE FROM levy_year
WHERE folio = :folio AND employer IN (SELECT employer FROM levy WHERE folio = :folio)

-- name: withdraw_accounts
DELETE FROM account_year
WHERE (person, year, folio) IN (SELECT o.person, o.year, o.folio FROM opening AS o WHERE o.folio = :folio)

-- name: withdraw_aside
DELETE FROM contribution_aside
WHERE (person, year, folio) IN (SELECT c.person, f.period, f.id FROM folio AS f JOIN contribution AS c ON c.folio = f.id
  WHERE f.id = :folio)

-- What was made of the rows on the way to a root.
-- name: withdraw_nodes
DELETE FROM folio_node WHERE folio = :folio

-- name: withdraw_rejects
DELETE FROM reject WHERE batch = :batch

-- name: withdraw_repairs
DELETE FROM repair WHERE batch = :batch

-- name: withdraw_mended
-- scan: the batches that this one mends, one after the other, of which there is a handful
UPDATE reject SET mended_by = NULL
WHERE mended_by = :batch AND batch IN (
  WITH RECURSIVE above(id) AS (
    SELECT parent FROM batch WHERE id = :batch AND parent IS NOT NULL
    UNION SELECT b.parent FROM batch AS b JOIN above AS a ON b.id = a.id WHERE b.parent IS NOT NULL)
  SELECT id FROM above)

-- name: withdraw_retries
DELETE FROM retry WHERE batch = :batch

-- A person is in use while an employment period or a retirement says so; one that another
-- batch's discarding left behind goes too.
-- name: withdraw_person_aliases
-- scan: discarding is rare, and an index by batch would cost every import
DELETE FROM person_alias
WHERE batch IN (SELECT id FROM batch WHERE state = 'discarded')
  AND NOT EXISTS (SELECT 1 FROM employment AS e WHERE e.person = person_alias.person)
  AND NOT EXISTS (SELECT 1 FROM retirement AS r WHERE r.person = person_alias.person)

-- name: withdraw_people
-- scan: likewise
DELETE FROM person
WHERE batch IN (SELECT id FROM batch WHERE state = 'discarded')
  AND NOT EXISTS (SELECT 1 FROM employment AS e WHERE e.person = person.id)
  AND NOT EXISTS (SELECT 1 FROM retirement AS r WHERE r.person = person.id)

-- name: withdraw_employer_aliases
-- scan: likewise
DELETE FROM employer_alias
WHERE batch IN (SELECT id FROM batch WHERE state = 'discarded')
  AND employer NOT IN (SELECT employer FROM employer_record)

-- name: withdraw_employers
-- scan: likewise
DELETE FROM employer
WHERE batch IN (SELECT id FROM batch WHERE state = 'discarded')
  AND id NOT IN (SELECT employer FROM employer_record)
