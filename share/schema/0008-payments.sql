-- The month: what stops, resumes or ends a benefit; what is paid to whom; what the bank
-- says to it. Made by pen-benefit, never read from a file as rows.

-- Benefit records (R4.3.1d). What is decided about somebody's benefit: it counts once its
-- folio is sealed, and from its month on.
CREATE TABLE benefit_change (
  folio         INTEGER NOT NULL,
  person        INTEGER NOT NULL,
  line          INTEGER NOT NULL,
  kind          TEXT NOT NULL CHECK (kind IN ('stop', 'resume', 'end', 'recover', 'repaid')),
  reason        TEXT NOT NULL,            -- death, qualification-overdue, prison, missing, …
  month         INTEGER NOT NULL,         -- first not paid; paid again; kept back from
  happened_on   INTEGER,                  -- the day of the death, of the proof, of the payment
  amount_fen    INTEGER,                  -- recover: most kept back a month; repaid: handed back
  funeral_fen   INTEGER,                  -- due once, of an end by death
  consolation_fen INTEGER,
  balance_fen   INTEGER,                  -- of the account, to the heirs
  note          TEXT,
  paper         TEXT,                     -- blob
  PRIMARY KEY (folio, person, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX benefit_change_person ON benefit_change (person);

-- The roll of a month, a row a person. The totals are of all months up to it, so that
-- of the past only somebody's newest row has to be known. A person's rows are found by
-- the employer of the record that they are paid by.
CREATE TABLE payment (
  folio         INTEGER NOT NULL,
  person        INTEGER NOT NULL,
  line          INTEGER NOT NULL,
  month         INTEGER NOT NULL,
  change        TEXT NOT NULL CHECK (change = 'same' OR change = 'joined' OR change = 'changed' OR change = 'left'),
  since         INTEGER NOT NULL,         -- the month from which on it is due
  basic_fen        INTEGER NOT NULL,      -- due for the month
  account_fen      INTEGER NOT NULL,
  transitional_fen INTEGER NOT NULL,
  extra_fen        INTEGER NOT NULL,
  adjustment_fen   INTEGER NOT NULL,
  arrears_fen      INTEGER NOT NULL,      -- due for earlier months
  recovered_fen    INTEGER NOT NULL,      -- kept back for what was overpaid
  once_fen         INTEGER NOT NULL,
  amount_fen       INTEGER NOT NULL,      -- paid
  once_total_fen   INTEGER NOT NULL,
  due_total_fen    INTEGER NOT NULL,
  paid_total_fen   INTEGER NOT NULL,      -- less what came back
  overpaid_fen     INTEGER NOT NULL,      -- to be recovered still
  PRIMARY KEY (folio, person, line)
) STRICT, WITHOUT ROWID;

-- What the bank says to a payment. What failed is due again once this is sealed.
CREATE TABLE payment_return (
  folio         INTEGER NOT NULL,
  person        INTEGER NOT NULL,
  line          INTEGER NOT NULL,
  payment_folio INTEGER NOT NULL,
  payment_line  INTEGER NOT NULL,
  result        TEXT NOT NULL CHECK (result IN ('paid', 'failed')),
  amount_fen    INTEGER NOT NULL,
  told_on       INTEGER NOT NULL,
  reason        TEXT,
  PRIMARY KEY (folio, person, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX payment_return_person ON payment_return (person);

CREATE TRIGGER benefit_change_stays_u BEFORE UPDATE ON benefit_change BEGIN SELECT RAISE(ABORT, 'R5.1: rows are not changed in place; pen-benefit makes a further one'); END;
CREATE TRIGGER benefit_change_stays_d BEFORE DELETE ON benefit_change WHEN (SELECT confirmed_at FROM folio WHERE id = OLD.folio) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'R7.6: confirmed rows are deleted by pen-purge alone'); END;
CREATE TRIGGER payment_stays_u BEFORE UPDATE ON payment BEGIN SELECT RAISE(ABORT, 'R5.1: rows are not changed in place; the next roll makes it good'); END;
CREATE TRIGGER payment_stays_d BEFORE DELETE ON payment WHEN (SELECT confirmed_at FROM folio WHERE id = OLD.folio) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'R7.6: confirmed rows are deleted by pen-purge alone'); END;
CREATE TRIGGER payment_return_stays_u BEFORE UPDATE ON payment_return BEGIN SELECT RAISE(ABORT, 'R5.1: rows are not changed in place; a further return says otherwise'); END;
CREATE TRIGGER payment_return_stays_d BEFORE DELETE ON payment_return WHEN (SELECT confirmed_at FROM folio WHERE id = OLD.folio) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'R7.6: confirmed rows are deleted by pen-purge alone'); END;
