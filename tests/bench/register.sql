-- Everybody of table r (registration.csv, as text) registered, for tests/bench:
-- numbers in the order of the file, a folio for each employer.
CREATE TEMP TABLE new_batch AS SELECT MAX(id) + 1 AS id FROM batch;
INSERT INTO batch (id, agency, form, state, file_name, file_digest, file_bytes, encoding, form_digest, rules_digest,
  parameters_digest, reference_at, planned_by, staged_at, confirmed_at)
SELECT (SELECT id FROM new_batch), agency, 'registration', state, 'registration.csv', 'registration', 0, encoding,
  form_digest, rules_digest, parameters_digest, reference_at, planned_by, staged_at, confirmed_at FROM batch WHERE id = 1;

INSERT INTO person (id, batch) SELECT rowid, (SELECT id FROM new_batch) FROM r;
INSERT INTO person_alias (kind, value, person, batch) SELECT 'citizen-id', id, rowid, (SELECT id FROM new_batch) FROM r ORDER BY id;

-- Employers come one after the other in the file, and so do their numbers.
CREATE TEMP TABLE place AS SELECT a.value AS code, a.employer, (SELECT MAX(id) FROM folio) + a.employer AS folio
FROM employer_alias AS a WHERE a.kind = 'credit-code';
CREATE UNIQUE INDEX temp.place_code ON place (code);
INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen, confirmed_at)
SELECT p.folio, (SELECT id FROM new_batch), 'registration', p.employer, 0, 1, 'confirmed', n.rows, 0, 0, 0, 0
FROM (SELECT employer AS code, COUNT(*) AS rows FROM r GROUP BY employer) AS n JOIN place AS p ON p.code = n.code ORDER BY p.folio;

INSERT INTO registration (folio, person, line, id_number, name, sex, born, insured_on, worked_on, status, payer, base_fen, basis, deemed_months)
SELECT p.folio, r.rowid, r.rowid + 1, r.id, r.name, CASE r.sex WHEN '男' THEN 1 ELSE 2 END, replace(r.born, '-', ''),
  replace(r.insured, '-', ''), replace(r.worked, '-', ''),
  CASE r.category WHEN '女干部' THEN 'cadre' WHEN '女工人' THEN 'worker' END, 'employee', replace(r.base, '.', ''), 'employer-form', r.deemed
FROM r CROSS JOIN place AS p ON p.code = r.employer;
INSERT INTO employment (person, employer, since, until, folio)
SELECT r.rowid, p.employer, replace(r.insured, '-', ''), NULL, p.folio FROM r CROSS JOIN place AS p ON p.code = r.employer;
