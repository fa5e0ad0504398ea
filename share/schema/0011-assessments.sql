-- What a pension was found to be when somebody retired. Made by pen-benefit assess, never
-- read from a file as rows.

-- Benefit records (R4.3). The newest of a person whose folio is sealed counts.
CREATE TABLE assessment (
  folio         INTEGER NOT NULL,
  person        INTEGER NOT NULL,
  line          INTEGER NOT NULL,
  retired_on       INTEGER NOT NULL,
  benefit_from     INTEGER NOT NULL,
  category         TEXT NOT NULL CHECK (category IN ('male60', 'female55', 'female50')),
  route            TEXT NOT NULL CHECK (route IN ('statutory', 'early', 'late', 'special-trade', 'exception')),
  age_months       INTEGER NOT NULL,
  paid_months      INTEGER NOT NULL,
  deemed_months    INTEGER NOT NULL,
  wage_index       INTEGER NOT NULL,          -- millionths
  wage_base_1_fen  INTEGER NOT NULL,          -- C1
  wage_base_2_fen  INTEGER NOT NULL,          -- C2
  balance_fen      INTEGER NOT NULL,          -- at the end of the month before benefit_from
  divisor          INTEGER NOT NULL,          -- tenths of a month
  basic_fen        INTEGER NOT NULL,
  account_fen      INTEGER NOT NULL,
  transitional_fen INTEGER NOT NULL,
  extra_fen        INTEGER NOT NULL,
  pension_fen      INTEGER NOT NULL,          -- the sum of the parts
  provisional      INTEGER NOT NULL,          -- 1: an interest rate was not published yet
  reason           TEXT,                      -- of an exception (R4.3.1b)
  paper            TEXT,                      -- blob: of an exception
  trace            TEXT NOT NULL,             -- blob: every step of the arithmetic
  PRIMARY KEY (folio, person, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX assessment_person ON assessment (person);

CREATE TRIGGER assessment_stays_u BEFORE UPDATE ON assessment BEGIN SELECT RAISE(ABORT, 'R5.1: rows are not changed in place; assess again'); END;
CREATE TRIGGER assessment_stays_d BEFORE DELETE ON assessment WHEN (SELECT confirmed_at FROM folio WHERE id = OLD.folio) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'R7.6: confirmed rows are deleted by pen-purge alone'); END;
