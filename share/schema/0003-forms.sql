-- The forms beyond the yearly round: who retired and on what paper, who joined,
-- left and moved, which employer another one succeeded.

-- 灵活就业代办: the agency's own unit, under which flexible payers stand. Null:
-- not told, which is no.
ALTER TABLE employer_record ADD COLUMN pseudo_unit INTEGER;

-- Benefit records (R2.1). A supplement of empty fields (R4.3.2) is a whole new
-- row in the supplement's folio; `replacement` says which row it replaced. The
-- parts of the benefit are yuan a month, null where the paper does not say.
CREATE TABLE retirement (
  folio         INTEGER NOT NULL,
  person        INTEGER NOT NULL,
  line          INTEGER NOT NULL,
  id_number     TEXT NOT NULL,            -- as received
  name          TEXT NOT NULL,            -- as received
  sex           INTEGER NOT NULL,         -- GB/T 2261.1: 1 male, 2 female
  born          INTEGER NOT NULL,
  worked_on     INTEGER,
  retired_on    INTEGER NOT NULL,
  benefit_from  INTEGER,                  -- month
  basis         TEXT NOT NULL,            -- approval-form, lawful-file (R4.3.1a), expansion (R4.3.1c)
  paid_months   INTEGER,
  deemed_months INTEGER,
  basic_fen        INTEGER,
  account_fen      INTEGER,
  transitional_fen INTEGER,
  extra_fen        INTEGER,
  pension_fen      INTEGER,               -- the sum of the parts
  PRIMARY KEY (folio, person, line)
) STRICT, WITHOUT ROWID;
-- People who retired before the system have no employment period to be found by.
CREATE INDEX retirement_person ON retirement (person);

-- Base records: changes of who works where. `since` is the first day of the
-- period that the row begins (join) or ends (leave, move); the employer that is
-- joined or left is the folio's.
CREATE TABLE employment_change (
  folio         INTEGER NOT NULL,
  person        INTEGER NOT NULL,
  line          INTEGER NOT NULL,
  kind          TEXT NOT NULL,            -- join, leave, move
  month         INTEGER NOT NULL,         -- first with the new employer, or last paid with the old (leave)
  since         INTEGER NOT NULL,
  to_employer   INTEGER,                  -- of a move
  reason        TEXT,                     -- death, retirement, …, or as received
  base_fen      INTEGER,
  PRIMARY KEY (folio, person, line)
) STRICT, WITHOUT ROWID;

-- From a day on an employer is another one. Old rows are not rewritten.
CREATE TABLE succession (
  folio          INTEGER NOT NULL,
  employer       INTEGER NOT NULL,        -- the old one
  line           INTEGER NOT NULL,
  name           TEXT,                    -- as received
  successor      INTEGER NOT NULL,
  successor_name TEXT,                    -- as received
  since          INTEGER NOT NULL,
  PRIMARY KEY (folio, employer, line)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER retirement_stays_u BEFORE UPDATE ON retirement BEGIN SELECT RAISE(ABORT, 'R5.1: rows are not changed in place; pen-amend makes a new version'); END;
CREATE TRIGGER retirement_stays_d BEFORE DELETE ON retirement WHEN (SELECT confirmed_at FROM folio WHERE id = OLD.folio) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'R7.6: confirmed rows are deleted by pen-purge alone'); END;
CREATE TRIGGER employment_change_stays_u BEFORE UPDATE ON employment_change BEGIN SELECT RAISE(ABORT, 'R5.1: rows are not changed in place; pen-amend makes a new version'); END;
CREATE TRIGGER employment_change_stays_d BEFORE DELETE ON employment_change WHEN (SELECT confirmed_at FROM folio WHERE id = OLD.folio) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'R7.6: confirmed rows are deleted by pen-purge alone'); END;
CREATE TRIGGER succession_stays_u BEFORE UPDATE ON succession BEGIN SELECT RAISE(ABORT, 'R5.1: rows are not changed in place; pen-amend makes a new version'); END;
CREATE TRIGGER succession_stays_d BEFORE DELETE ON succession WHEN (SELECT confirmed_at FROM folio WHERE id = OLD.folio) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'R7.6: confirmed rows are deleted by pen-purge alone'); END;
