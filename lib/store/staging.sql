-- What goes beside the rows of a batch.

-- name: staging_levy_years
INSERT INTO levy_year (employer, year, folio, amount_fen)
SELECT employer, year, folio, SUM(amount_fen) FROM levy
WHERE folio = :folio AND insurance = :insurance
GROUP BY employer, year, folio
