-- Amendments (R4.2.3, R5): a change of what is sealed, asked for on a form, approved,
-- unsealed, applied, checked; and objections against statements.

-- A case. Who took each step, when and as what stands in the entries that its steps
-- name. Open are those from requested to checked, and returned.
CREATE TABLE amendment (
  id           INTEGER PRIMARY KEY,
  form         TEXT NOT NULL CHECK (form IN ('change', 'rebuild-account', 'objection')),
  agency       TEXT NOT NULL,             -- that asks: the store's own, or a county of it
  requested_by TEXT NOT NULL,             -- staff
  state        TEXT NOT NULL CHECK (state IN ('requested', 'returned', 'lead-approved', 'head-approved', 'unsealed',
                 'applied', 'checked', 'closed', 'rejected', 'withdrawn', 'expired')),
  revision     INTEGER NOT NULL,          -- of the application that counts
  at           INTEGER NOT NULL,          -- the request
  open_until   TEXT,                      -- UTC: the data may be changed until then
  batch        INTEGER,                   -- holds the new versions
  issue        INTEGER,                   -- the statement that it objects to
  ended_at     INTEGER                    -- closed, rejected, withdrawn, expired
) STRICT;
CREATE INDEX amendment_state ON amendment (state, id);
CREATE INDEX amendment_issue ON amendment (issue);

-- What is asked for, as a text that is made from the records and fields below
-- (pen-application(5)); one for each time that it was handed in.
CREATE TABLE amendment_application (
  amendment  INTEGER NOT NULL,
  revision   INTEGER NOT NULL,            -- from 1
  at         INTEGER NOT NULL,
  text       TEXT NOT NULL,
  digest     TEXT NOT NULL,               -- of the text
  reason     TEXT NOT NULL,
  original   TEXT NOT NULL,               -- blob: papers of the original entry
  evidence   TEXT NOT NULL,               -- blob: papers of the new data
  PRIMARY KEY (amendment, revision)
) STRICT, WITHOUT ROWID;

-- One record that a case changes; one that is missing has no folio and no line yet.
CREATE TABLE amendment_record (
  amendment  INTEGER NOT NULL,
  revision   INTEGER NOT NULL,
  number     INTEGER NOT NULL,            -- from 1
  kind       TEXT NOT NULL,
  form       TEXT NOT NULL,               -- of its folio
  folio      INTEGER,
  subject    INTEGER NOT NULL,            -- person, or employer
  line       INTEGER,
  employer   INTEGER,                     -- of its folio
  period     INTEGER NOT NULL,
  PRIMARY KEY (amendment, revision, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX amendment_record_row ON amendment_record (folio, subject, line);
CREATE INDEX amendment_record_subject ON amendment_record (subject, kind, employer, period);

-- Its fields: as they stand, and as they are to stand. Of a missing record all that
-- are not null.
CREATE TABLE amendment_field (
  amendment  INTEGER NOT NULL,
  revision   INTEGER NOT NULL,
  record     INTEGER NOT NULL,
  number     INTEGER NOT NULL,            -- from 1
  name       TEXT NOT NULL,               -- column of the kind
  old        TEXT NOT NULL,               -- JSON scalar, canonical
  new        TEXT NOT NULL,
  follows    INTEGER NOT NULL CHECK (follows IN (0, 1)), -- 1: worked out from the others
  PRIMARY KEY (amendment, revision, record, number)
) STRICT, WITHOUT ROWID;

-- The moves of a case, in their order.
CREATE TABLE amendment_step (
  amendment  INTEGER NOT NULL,
  number     INTEGER NOT NULL,            -- from 1
  move       TEXT NOT NULL,
  at         INTEGER NOT NULL,
  reason     TEXT,                        -- of what sent it back, or ended it
  PRIMARY KEY (amendment, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX amendment_step_at ON amendment_step (at);

-- A statement that was handed out: whoever got it can object for three months (R4.2.3).
CREATE TABLE statement_issue (
  id         INTEGER PRIMARY KEY,
  at         INTEGER NOT NULL,
  form       TEXT NOT NULL CHECK (form IN ('statement', 'statement-detail')),
  year       INTEGER NOT NULL,
  employer   INTEGER,                     -- to whom: of a detail
  person     INTEGER,                     -- to whom: of a statement
  as_of      INTEGER NOT NULL,            -- what it showed: by this index it is made again
  on_date    INTEGER NOT NULL,            -- the day from which the three months run
  digest     TEXT NOT NULL                -- of what it says: an equal reprint is no new issue
) STRICT;
CREATE INDEX statement_issue_person ON statement_issue (person, year, id);
CREATE INDEX statement_issue_employer ON statement_issue (employer, year, id);
CREATE INDEX statement_issue_at ON statement_issue (at);

-- The case whose new versions a batch holds.
ALTER TABLE batch ADD COLUMN amendment INTEGER;
CREATE INDEX batch_amendment ON batch (amendment) WHERE amendment IS NOT NULL;

CREATE TRIGGER amendment_stays_u BEFORE UPDATE OF id, form, agency, requested_by, at, issue ON amendment BEGIN SELECT RAISE(ABORT, 'R5.1: what was asked for is never changed; a further case asks for something else'); END;
CREATE TRIGGER amendment_stays_d BEFORE DELETE ON amendment BEGIN SELECT RAISE(ABORT, 'R5.1: a case is never deleted'); END;
CREATE TRIGGER amendment_application_stays_u BEFORE UPDATE ON amendment_application BEGIN SELECT RAISE(ABORT, 'R5.1: an application is never changed; a further revision is handed in'); END;
CREATE TRIGGER amendment_application_stays_d BEFORE DELETE ON amendment_application BEGIN SELECT RAISE(ABORT, 'R5.1: an application is never deleted'); END;
CREATE TRIGGER amendment_record_stays_u BEFORE UPDATE ON amendment_record BEGIN SELECT RAISE(ABORT, 'R5.1: an application is never changed; a further revision is handed in'); END;
CREATE TRIGGER amendment_record_stays_d BEFORE DELETE ON amendment_record BEGIN SELECT RAISE(ABORT, 'R5.1: an application is never deleted'); END;
CREATE TRIGGER amendment_field_stays_u BEFORE UPDATE ON amendment_field BEGIN SELECT RAISE(ABORT, 'R5.1: an application is never changed; a further revision is handed in'); END;
CREATE TRIGGER amendment_field_stays_d BEFORE DELETE ON amendment_field BEGIN SELECT RAISE(ABORT, 'R5.1: an application is never deleted'); END;
CREATE TRIGGER amendment_step_stays_u BEFORE UPDATE ON amendment_step BEGIN SELECT RAISE(ABORT, 'R5.2: the steps of a case are never changed'); END;
CREATE TRIGGER amendment_step_stays_d BEFORE DELETE ON amendment_step BEGIN SELECT RAISE(ABORT, 'R5.2: the steps of a case are never deleted'); END;
CREATE TRIGGER statement_issue_stays_u BEFORE UPDATE ON statement_issue BEGIN SELECT RAISE(ABORT, 'R4.2.3: what was handed out is never changed'); END;
CREATE TRIGGER statement_issue_stays_d BEFORE DELETE ON statement_issue BEGIN SELECT RAISE(ABORT, 'R4.2.3: what was handed out is never changed'); END;
