-- What somebody would have to look at, over what is entered.

-- name: yearwalk_year
SELECT period FROM folio WHERE form = :form AND period > :after ORDER BY period LIMIT 1

-- name: yearwalk_released
SELECT 1 FROM hold WHERE folio = :folio AND rule <> 'levy.covers' AND decision = 'released' LIMIT 1
