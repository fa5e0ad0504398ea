-- Personal accounts beyond the yearly round.

-- A person's contributions are found by the employers that they were with: the
-- employment periods, and of each employer the folios of the year. Here stand those
-- that no period leads to, by person: of somebody whom the employer never registered,
-- or of an employer that another one has succeeded. Entered with the rows; a
-- period that comes in later makes a line one too many, which is no harm.
CREATE TABLE contribution_aside (
  person     INTEGER NOT NULL,
  year       INTEGER NOT NULL,            -- of the folio
  folio      INTEGER NOT NULL,
  PRIMARY KEY (person, year, folio)
) STRICT, WITHOUT ROWID;

INSERT INTO contribution_aside (person, year, folio)
SELECT DISTINCT c.person, f.period, f.id
FROM folio AS f JOIN contribution AS c ON c.folio = f.id
WHERE f.form = 'breakdown'
  AND NOT EXISTS (SELECT 1 FROM employment AS e JOIN folio AS g ON g.id = e.folio
    WHERE e.person = c.person AND e.employer = f.employer AND g.confirmed_at IS NOT NULL);

-- What becomes of an account when a pension is paid from it, when it is closed (death,
-- emigration), and when it goes into another account of the same person. Money that goes
-- out is negative. The list of kinds cannot be changed in place; it is checked by OR, since
-- for IN the engine makes a table of the words, for each row that comes in.
ALTER TABLE movement RENAME TO movement_before;
CREATE TABLE movement (
  folio         INTEGER NOT NULL,
  person        INTEGER NOT NULL,
  line          INTEGER NOT NULL,
  year          INTEGER NOT NULL,
  kind          TEXT NOT NULL CHECK (kind = 'credit' OR kind = 'interest-opening' OR kind = 'interest-year' OR kind = 'merge' OR kind = 'interest-merge' OR kind = 'pension' OR kind = 'interest-pension' OR kind = 'payout' OR kind = 'balance'),
  personal_principal_fen INTEGER NOT NULL,
  personal_interest_fen  INTEGER NOT NULL,
  unit_principal_fen     INTEGER NOT NULL,
  unit_interest_fen      INTEGER NOT NULL,
  months        INTEGER NOT NULL,         -- set of months credited or paid for; 0 where it does not apply
  rate          INTEGER,                  -- millionths, of the interest
  source        INTEGER,                  -- folio that the credit, the opening balance, the pension or the merge rests on
  PRIMARY KEY (folio, person, line)
) STRICT, WITHOUT ROWID;
INSERT INTO movement (folio, person, line, year, kind, personal_principal_fen, personal_interest_fen,
  unit_principal_fen, unit_interest_fen, months, rate, source)
SELECT folio, person, line, year, kind, personal_principal_fen, personal_interest_fen,
  unit_principal_fen, unit_interest_fen, months, rate, source
FROM movement_before ORDER BY folio, person, line;
DROP TABLE movement_before;
CREATE TRIGGER movement_stays_u BEFORE UPDATE ON movement BEGIN SELECT RAISE(ABORT, 'R5.1: rows are not changed in place; pen-amend makes a new version'); END;
CREATE TRIGGER movement_stays_d BEFORE DELETE ON movement WHEN (SELECT confirmed_at FROM folio WHERE id = OLD.folio) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'R7.6: confirmed rows are deleted by pen-purge alone'); END;
