-- What a delivery was read under besides its form, rules and parameters: part of
-- the plan, so that the kept source gives the same rows when it is read again.

-- 1: a row that would have to be mended is rejected (--strict).
ALTER TABLE batch ADD COLUMN strict INTEGER NOT NULL DEFAULT 0 CHECK (strict IN (0, 1));
-- Fields that the file has no column for, declared by whoever brought it in
-- (--set), as JSON: {"year":"2024"}. They hold for every row.
ALTER TABLE batch ADD COLUMN given TEXT NOT NULL DEFAULT '{}';
-- Total rows that were met and agreed with the sum of their rows.
ALTER TABLE batch ADD COLUMN totals INTEGER NOT NULL DEFAULT 0;
-- Rejected lines of a batch that mends another: which line of that each was a try
-- at, so that whatever comes in at last counts down every batch that waited for it.
CREATE TABLE retry (
  batch       INTEGER NOT NULL,
  line        INTEGER NOT NULL,
  parent_line INTEGER NOT NULL,           -- in the batch that it mends
  PRIMARY KEY (batch, line)
) STRICT, WITHOUT ROWID;
