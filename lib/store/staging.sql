-- What goes beside the rows of a batch.

-- name: staging_employment
INSERT INTO employment (person, employer, since, until, folio)
VALUES (:person, :employer, :since, :until, :folio)

-- name: staging_levy_years
INSERT INTO levy_year (employer, year, folio, amount_fen)
SELECT employer, year, folio, SUM(amount_fen) FROM levy
WHERE folio = :folio AND insurance = :insurance
GROUP BY employer, year, folio

-- name: staging_account
INSERT INTO account_year (person, year, folio) VALUES (:person, :year, :folio)
