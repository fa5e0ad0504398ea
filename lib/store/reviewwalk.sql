-- What somebody would have to look at, over what is entered.

-- name: reviewwalk_year
SELECT period FROM folio WHERE form = :form AND period > :after ORDER BY period LIMIT 1

-- name: reviewwalk_released
SELECT 1 FROM hold WHERE folio = :folio AND rule <> 'levy.covers' AND decision = 'released' LIMIT 1

-- name: reviewwalk_replacements
SELECT 1 FROM replacement LIMIT 1
