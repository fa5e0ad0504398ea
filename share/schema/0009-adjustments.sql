-- The yearly adjustment of pensions: what a scheme adds to somebody's.

-- Benefit records (R4.3.1d). It counts once its folio is sealed, and from its month on.
-- Of several rows of a person and month that of the newest folio counts: a scheme that is
-- applied again makes further rows for those of whom it says something else now, which
-- may be that nothing is added.
CREATE TABLE adjustment (
  folio         INTEGER NOT NULL,
  person        INTEGER NOT NULL,
  line          INTEGER NOT NULL,
  effective     INTEGER NOT NULL,         -- month
  before_fen    INTEGER NOT NULL,         -- the pension of the month that the scheme goes by
  fixed_fen     INTEGER NOT NULL,
  years_fen     INTEGER NOT NULL,         -- by the years of contribution
  level_fen     INTEGER NOT NULL,         -- by the pension
  tilt_fen      INTEGER NOT NULL,         -- to the old, and to hard areas
  increase_fen  INTEGER NOT NULL,         -- the sum of the four
  after_fen     INTEGER NOT NULL,
  PRIMARY KEY (folio, person, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX adjustment_person ON adjustment (person);

CREATE TRIGGER adjustment_stays_u BEFORE UPDATE ON adjustment BEGIN SELECT RAISE(ABORT, 'R5.1: rows are not changed in place; the scheme is applied again'); END;
CREATE TRIGGER adjustment_stays_d BEFORE DELETE ON adjustment WHEN (SELECT confirmed_at FROM folio WHERE id = OLD.folio) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'R7.6: confirmed rows are deleted by pen-purge alone'); END;
