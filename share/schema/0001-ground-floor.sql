-- The ground floor: one agency's store.
--
-- Money is fen, rates are millionths, dates are yyyymmdd, months yyyymm, times
-- UTC text. "at" columns are indexes of journal entries: visibility, roles and
-- --as-of go by them, never by a clock. Nothing here is updated once it is
-- confirmed but the state of a folio; what replaced a row stands beside it.

-- One row: what this store is. `secret` makes the salts of leaves; whoever has
-- it can guess neighbours out of a proof, so it never leaves the store.
CREATE TABLE store (
  one        INTEGER PRIMARY KEY CHECK (one = 1),
  agency     TEXT NOT NULL,               -- GB/T 2260, six digits
  name       TEXT NOT NULL,
  suite      TEXT NOT NULL,               -- sm2-sm3 or ed25519-sha256
  origin     TEXT NOT NULL,               -- of its checkpoints: pen/330100
  log_key    TEXT NOT NULL,               -- public, PEM
  secret     BLOB NOT NULL,               -- 32 bytes
  live_on    INTEGER                      -- the day the system went live (R4.3.1)
) STRICT;

-- Every act, signed by whoever acted; the leaves of one Merkle tree (RFC 9162).
-- `text` is what was signed (pen-seal(5)); the columns before it repeat what is
-- looked for. `changes` marks acts that change reference data or what reports
-- show: an import's plan names the newest of them.
CREATE TABLE journal (
  at         INTEGER PRIMARY KEY,         -- from 0, without gaps
  time       TEXT NOT NULL,
  staff      TEXT,                        -- null: somebody unknown, an attempt
  act        TEXT NOT NULL,               -- import.stage, seal.sign, …
  subject    TEXT NOT NULL,               -- batch 4, folio 17, staff op1, …
  changes    INTEGER NOT NULL DEFAULT 0,
  text       TEXT NOT NULL,
  signature  BLOB                         -- null only for attempts
) STRICT;
CREATE INDEX journal_changes ON journal (changes, at);
CREATE INDEX journal_act ON journal (act, at);

-- Complete subtrees of the journal's tree from level 1 up; the leaves are
-- derived from the rows.
CREATE TABLE journal_node (
  level      INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  hash       BLOB NOT NULL,
  PRIMARY KEY (level, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  agency     TEXT NOT NULL,               -- the store's own, or a county of it
  at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A person's newest key counts; a signature is checked with the one in force
-- at its index.
CREATE TABLE staff_key (
  staff      TEXT NOT NULL,
  at         INTEGER NOT NULL,
  public_key TEXT NOT NULL,               -- PEM
  PRIMARY KEY (staff, at)
) STRICT, WITHOUT ROWID;

-- Grants and revocations of roles: held from a grant to the next revocation.
CREATE TABLE staff_role (
  staff      TEXT NOT NULL,
  role       TEXT NOT NULL CHECK (role IN ('operator', 'lead', 'head', 'syslead', 'amender', 'dba', 'netadmin', 'auditor')),
  at         INTEGER NOT NULL,
  granted    INTEGER NOT NULL CHECK (granted IN (0, 1)),
  PRIMARY KEY (staff, role, at)
) STRICT, WITHOUT ROWID;

-- The computers that may be used (R7.4), by machine id.
CREATE TABLE terminal (
  machine    TEXT NOT NULL,
  at         INTEGER NOT NULL,
  name       TEXT NOT NULL,
  allowed    INTEGER NOT NULL CHECK (allowed IN (0, 1)),
  PRIMARY KEY (machine, at)
) STRICT, WITHOUT ROWID;

-- Things kept whole, by digest of their bytes: source files, forms, rule sets,
-- parameter tables, papers. Stored as chunks, each a gzip member of its own, so
-- that the chunks joined open with gunzip.
CREATE TABLE blob (
  digest     TEXT PRIMARY KEY,
  kind       TEXT NOT NULL,               -- source, form, rules, parameters, paper
  name       TEXT NOT NULL,
  bytes      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE blob_chunk (
  digest     TEXT NOT NULL,
  number     INTEGER NOT NULL,
  content    BLOB NOT NULL,
  PRIMARY KEY (digest, number)
) STRICT;

-- Which parameter table of a name is in force since when.
CREATE TABLE parameter_table (
  name       TEXT NOT NULL,
  at         INTEGER NOT NULL,
  digest     TEXT NOT NULL,
  PRIMARY KEY (name, at)
) STRICT, WITHOUT ROWID;

-- A delivery: one file as it came, or one computation (form settlement).
CREATE TABLE batch (
  id               INTEGER PRIMARY KEY,
  agency           TEXT NOT NULL,
  form             TEXT NOT NULL,
  state            TEXT NOT NULL CHECK (state IN ('staging', 'staged', 'confirmed', 'discarded')),
  parent           INTEGER,               -- the batch whose rejects it mends
  -- the plan: an interrupted run goes on only under an equal one
  file_name        TEXT NOT NULL,
  file_digest      TEXT NOT NULL,
  file_bytes       INTEGER NOT NULL,
  encoding         TEXT NOT NULL,
  form_digest      TEXT NOT NULL,
  rules_digest     TEXT NOT NULL,
  parameters_digest TEXT NOT NULL,
  reference_at     INTEGER NOT NULL,      -- newest changing entry when it was planned
  rows_done        INTEGER NOT NULL DEFAULT 0, -- rows staged so far, in folio order
  -- the receipt
  lines_read       INTEGER NOT NULL DEFAULT 0,
  lines_accepted   INTEGER NOT NULL DEFAULT 0, -- held ones included
  lines_rejected   INTEGER NOT NULL DEFAULT 0,
  lines_other      INTEGER NOT NULL DEFAULT 0,
  read_fen         INTEGER NOT NULL DEFAULT 0,
  rejected_fen     INTEGER NOT NULL DEFAULT 0,
  assumptions      TEXT NOT NULL DEFAULT '[]', -- JSON: [{"code","count","text"}]
  rejects_file     TEXT,
  planned_by       TEXT NOT NULL,         -- staff
  staged_at        INTEGER,
  confirmed_at     INTEGER,
  ended_at         INTEGER                -- discarded
) STRICT;
CREATE UNIQUE INDEX batch_file ON batch (file_digest, form) WHERE state <> 'discarded';

-- One form within a batch: the unit of agreement, hold, signature and seal.
CREATE TABLE folio (
  id           INTEGER PRIMARY KEY,
  batch        INTEGER NOT NULL,
  form         TEXT NOT NULL,
  employer     INTEGER,                   -- null: one delivery of many employers
  period       INTEGER NOT NULL,          -- year; 0 where the form has none
  number       INTEGER NOT NULL,          -- 1, and the next for each late or supplementary form
  state        TEXT NOT NULL CHECK (state IN ('staging', 'staged', 'held', 'confirmed', 'sealed', 'replaced', 'rejected', 'discarded')),
  rows         INTEGER NOT NULL,
  unit_fen     INTEGER NOT NULL,          -- sums over its rows, by the kind's own columns
  personal_fen INTEGER NOT NULL,
  amount_fen   INTEGER NOT NULL,          -- what counts in the receipt
  root         TEXT,                      -- made at the first signature
  replaces     INTEGER,                   -- folio
  confirmed_at INTEGER,
  sealed_at    INTEGER,
  ended_at     INTEGER                    -- replaced, rejected, discarded
) STRICT;
CREATE INDEX folio_batch ON folio (batch, id);
CREATE INDEX folio_employer ON folio (employer, form, period);
CREATE INDEX folio_form ON folio (form, period, state);

-- Interior nodes of a folio's tree: complete subtrees of every eighth level.
CREATE TABLE folio_node (
  folio      INTEGER NOT NULL,
  level      INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  hash       BLOB NOT NULL,
  PRIMARY KEY (folio, level, number)
) STRICT, WITHOUT ROWID;

-- Why a folio waits, and what became of it.
CREATE TABLE hold (
  folio      INTEGER NOT NULL,
  rule       TEXT NOT NULL,
  at         INTEGER NOT NULL,            -- when it was held
  found      TEXT NOT NULL,
  expected   TEXT NOT NULL,
  ended_at   INTEGER,
  decision   TEXT CHECK (decision IN ('covered', 'released', 'rejected', 'discarded')),
  reason     TEXT,
  PRIMARY KEY (folio, rule, at)
) STRICT, WITHOUT ROWID;

-- Rows that were not admitted. The line itself stands in the source blob.
CREATE TABLE reject (
  batch      INTEGER NOT NULL,
  line       INTEGER NOT NULL,
  byte       INTEGER NOT NULL,
  column_name TEXT NOT NULL,
  rule       TEXT NOT NULL,
  found      TEXT NOT NULL,
  expected   TEXT NOT NULL,
  message    TEXT NOT NULL,
  mended_by  INTEGER,                     -- the batch that brought it in mended
  PRIMARY KEY (batch, line)
) STRICT, WITHOUT ROWID;

-- What was mended on the way in, each by a listed code, with the old value.
CREATE TABLE repair (
  batch      INTEGER NOT NULL,
  line       INTEGER NOT NULL,
  column_name TEXT NOT NULL,
  code       TEXT NOT NULL,
  old        TEXT NOT NULL,
  PRIMARY KEY (batch, line, column_name, code)
) STRICT, WITHOUT ROWID;

-- Employers and people have numbers of their own; the identifiers by which
-- they are found are aliases, since those get corrected and merged.
CREATE TABLE employer (
  id         INTEGER PRIMARY KEY,
  batch      INTEGER NOT NULL             -- that brought it first
) STRICT;
CREATE TABLE employer_alias (
  kind       TEXT NOT NULL CHECK (kind IN ('credit-code', 'unit-number')),
  value      TEXT NOT NULL,
  employer   INTEGER NOT NULL,
  batch      INTEGER NOT NULL,
  PRIMARY KEY (kind, value, employer)
) STRICT, WITHOUT ROWID;
CREATE INDEX employer_alias_employer ON employer_alias (employer);
CREATE TABLE person (
  id         INTEGER PRIMARY KEY,
  batch      INTEGER NOT NULL
) STRICT;
CREATE TABLE person_alias (
  kind       TEXT NOT NULL CHECK (kind IN ('citizen-id', 'foreign-document')),
  value      TEXT NOT NULL,               -- citizen ids of 15 lifted to 18
  person     INTEGER NOT NULL,
  batch      INTEGER NOT NULL,
  PRIMARY KEY (kind, value, person)
) STRICT, WITHOUT ROWID;

-- Record tables: clustered by folio, subject, line, so that a folio is one
-- range and a delivery lands at the growing end. A row's leaf is its columns
-- but for folio (pen-seal(5)).

-- Base records (R2.1).
CREATE TABLE employer_record (
  folio         INTEGER NOT NULL,
  employer      INTEGER NOT NULL,
  line          INTEGER NOT NULL,
  credit_code   TEXT NOT NULL,
  name          TEXT NOT NULL,
  area          TEXT NOT NULL,
  insured_on    INTEGER NOT NULL,
  newly_covered INTEGER NOT NULL,         -- 新扩面: its retirees come in by R4.3.1c
  unit_number   TEXT,
  PRIMARY KEY (folio, employer, line)
) STRICT, WITHOUT ROWID;
CREATE TABLE registration (
  folio         INTEGER NOT NULL,
  person        INTEGER NOT NULL,
  line          INTEGER NOT NULL,
  id_number     TEXT NOT NULL,            -- as received
  name          TEXT NOT NULL,            -- as received
  sex           INTEGER NOT NULL,         -- GB/T 2261.1: 1 male, 2 female
  born          INTEGER NOT NULL,
  insured_on    INTEGER NOT NULL,
  worked_on     INTEGER NOT NULL,
  status        TEXT,                     -- cadre or worker; null: not told
  payer         TEXT NOT NULL,            -- employee or flexible
  base_fen      INTEGER NOT NULL,
  basis         TEXT,                     -- two-confirmations or employer-form (R4.1.1)
  deemed_months INTEGER NOT NULL,
  PRIMARY KEY (folio, person, line)
) STRICT, WITHOUT ROWID;
CREATE TABLE contribution (
  folio         INTEGER NOT NULL,
  person        INTEGER NOT NULL,
  line          INTEGER NOT NULL,
  sequence      INTEGER NOT NULL,         -- 1, 2, … of this person in this folio
  kind          INTEGER NOT NULL,         -- 1 normal 2 arrears 3 adjustment 4 refund
  base_fen      INTEGER NOT NULL,         -- a month
  months        INTEGER NOT NULL,         -- set: January is bit 0, December bit 11
  months_assumed INTEGER NOT NULL,        -- 1: the source told only how many
  unit_fen      INTEGER NOT NULL,
  personal_fen  INTEGER NOT NULL,
  for_year      INTEGER,                  -- the year it is for, where not the folio's
  arrived       INTEGER,                  -- day it reached the treasury, where told
  voucher       TEXT,
  PRIMARY KEY (folio, person, line)
) STRICT, WITHOUT ROWID;
-- Where a person's rows are found: employment periods.
CREATE TABLE employment (
  person     INTEGER NOT NULL,
  employer   INTEGER NOT NULL,
  since      INTEGER NOT NULL,            -- date
  until      INTEGER,
  folio      INTEGER NOT NULL,            -- that said so
  PRIMARY KEY (person, employer, since, folio)
) STRICT, WITHOUT ROWID;

-- Account records.
CREATE TABLE levy (
  folio         INTEGER NOT NULL,
  employer      INTEGER NOT NULL,
  line          INTEGER NOT NULL,
  voucher       TEXT NOT NULL,
  year          INTEGER NOT NULL,
  paid_on       INTEGER NOT NULL,
  amount_fen    INTEGER NOT NULL,         -- refunds negative
  voucher_kind  TEXT NOT NULL,            -- payment-book 税收通用缴款书, tax-receipt 税收通用完税证, levy-data
  insurance     TEXT NOT NULL,            -- pension, or the other insurance as received
  late_fee_fen  INTEGER NOT NULL,         -- never counts towards the account
  refund        INTEGER NOT NULL,
  PRIMARY KEY (folio, employer, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX levy_voucher ON levy (voucher);
-- Pension levy by employer and year: the sum of the rows above.
CREATE TABLE levy_year (
  employer   INTEGER NOT NULL,
  year       INTEGER NOT NULL,
  folio      INTEGER NOT NULL,
  amount_fen INTEGER NOT NULL,
  PRIMARY KEY (employer, year, folio)
) STRICT, WITHOUT ROWID;
CREATE TABLE opening (
  folio         INTEGER NOT NULL,
  person        INTEGER NOT NULL,
  line          INTEGER NOT NULL,
  year          INTEGER NOT NULL,         -- balances at the end of this year
  personal_principal_fen INTEGER NOT NULL,
  personal_interest_fen  INTEGER NOT NULL,
  unit_principal_fen     INTEGER NOT NULL,
  unit_interest_fen      INTEGER NOT NULL,
  PRIMARY KEY (folio, person, line)
) STRICT, WITHOUT ROWID;
-- The ledger: typed movements, and at the end of each settled year the balance
-- carried forward (kind 'balance', which is no movement).
CREATE TABLE movement (
  folio         INTEGER NOT NULL,
  person        INTEGER NOT NULL,
  line          INTEGER NOT NULL,
  year          INTEGER NOT NULL,
  kind          TEXT NOT NULL CHECK (kind IN ('credit', 'interest-opening', 'interest-year', 'balance')),
  personal_principal_fen INTEGER NOT NULL,
  personal_interest_fen  INTEGER NOT NULL,
  unit_principal_fen     INTEGER NOT NULL,
  unit_interest_fen      INTEGER NOT NULL,
  months        INTEGER NOT NULL,         -- set of months credited; 0 where it does not apply
  rate          INTEGER,                  -- millionths, of the interest
  source        INTEGER,                  -- folio that the credit or the opening balance rests on
  PRIMARY KEY (folio, person, line)
) STRICT, WITHOUT ROWID;
-- Where a person's account stands: the folio of each balance.
CREATE TABLE account_year (
  person     INTEGER NOT NULL,
  year       INTEGER NOT NULL,
  folio      INTEGER NOT NULL,            -- opening or settlement
  PRIMARY KEY (person, year, folio)
) STRICT, WITHOUT ROWID;

-- What replaced a row, and at which entry: the newest version is shown, the
-- seals keep all.
CREATE TABLE replacement (
  folio      INTEGER NOT NULL,
  subject    INTEGER NOT NULL,
  line       INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  by_folio   INTEGER NOT NULL,
  by_line    INTEGER NOT NULL,
  PRIMARY KEY (folio, subject, line, at)
) STRICT, WITHOUT ROWID;

-- What the employer said to the detail it was given (R4.2.3), on what paper.
CREATE TABLE acknowledgement (
  folio      INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  answer     TEXT NOT NULL CHECK (answer IN ('agreed', 'objected')),
  answered_on INTEGER NOT NULL,
  note       TEXT,
  document   TEXT NOT NULL,               -- blob
  PRIMARY KEY (folio, at)
) STRICT, WITHOUT ROWID;

-- A seal: one text over a list of folios of a batch, signed by every role that
-- the form asks for.
CREATE TABLE seal (
  id         INTEGER PRIMARY KEY,
  batch      INTEGER NOT NULL,
  at         INTEGER NOT NULL,            -- drawn up, with its first signature
  text       TEXT NOT NULL,
  digest     TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('open', 'closed', 'void')),
  ended_at   INTEGER                      -- closed or void
) STRICT;
CREATE INDEX seal_batch ON seal (batch, id);
CREATE TABLE seal_folio (
  folio      INTEGER NOT NULL,
  seal       INTEGER NOT NULL,
  PRIMARY KEY (folio, seal)
) STRICT, WITHOUT ROWID;
CREATE INDEX seal_folio_seal ON seal_folio (seal, folio);
CREATE TABLE seal_signature (
  seal       INTEGER NOT NULL,
  role       TEXT NOT NULL,
  staff      TEXT NOT NULL,
  at         INTEGER NOT NULL,
  signature  BLOB NOT NULL,
  PRIMARY KEY (seal, role)
) STRICT, WITHOUT ROWID;

-- What was confirmed stays as it is. (No trigger looks at an INSERT: that would
-- make a load three times slower, and a row slipped in breaks the root.)
CREATE TRIGGER journal_stays_u BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'R8.1: the journal is never changed'); END;
CREATE TRIGGER journal_stays_d BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'R8.1: the journal is never changed'); END;
CREATE TRIGGER employer_record_stays_u BEFORE UPDATE ON employer_record BEGIN SELECT RAISE(ABORT, 'R5.1: rows are not changed in place; pen-amend makes a new version'); END;
CREATE TRIGGER employer_record_stays_d BEFORE DELETE ON employer_record WHEN (SELECT confirmed_at FROM folio WHERE id = OLD.folio) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'R7.6: confirmed rows are deleted by pen-purge alone'); END;
CREATE TRIGGER registration_stays_u BEFORE UPDATE ON registration BEGIN SELECT RAISE(ABORT, 'R5.1: rows are not changed in place; pen-amend makes a new version'); END;
CREATE TRIGGER registration_stays_d BEFORE DELETE ON registration WHEN (SELECT confirmed_at FROM folio WHERE id = OLD.folio) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'R7.6: confirmed rows are deleted by pen-purge alone'); END;
CREATE TRIGGER contribution_stays_u BEFORE UPDATE ON contribution BEGIN SELECT RAISE(ABORT, 'R5.1: rows are not changed in place; pen-amend makes a new version'); END;
CREATE TRIGGER contribution_stays_d BEFORE DELETE ON contribution WHEN (SELECT confirmed_at FROM folio WHERE id = OLD.folio) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'R7.6: confirmed rows are deleted by pen-purge alone'); END;
CREATE TRIGGER levy_stays_u BEFORE UPDATE ON levy BEGIN SELECT RAISE(ABORT, 'R5.1: rows are not changed in place; pen-amend makes a new version'); END;
CREATE TRIGGER levy_stays_d BEFORE DELETE ON levy WHEN (SELECT confirmed_at FROM folio WHERE id = OLD.folio) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'R7.6: confirmed rows are deleted by pen-purge alone'); END;
CREATE TRIGGER opening_stays_u BEFORE UPDATE ON opening BEGIN SELECT RAISE(ABORT, 'R5.1: rows are not changed in place; pen-amend makes a new version'); END;
CREATE TRIGGER opening_stays_d BEFORE DELETE ON opening WHEN (SELECT confirmed_at FROM folio WHERE id = OLD.folio) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'R7.6: confirmed rows are deleted by pen-purge alone'); END;
CREATE TRIGGER movement_stays_u BEFORE UPDATE ON movement BEGIN SELECT RAISE(ABORT, 'R5.1: rows are not changed in place; pen-amend makes a new version'); END;
CREATE TRIGGER movement_stays_d BEFORE DELETE ON movement WHEN (SELECT confirmed_at FROM folio WHERE id = OLD.folio) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'R7.6: confirmed rows are deleted by pen-purge alone'); END;
