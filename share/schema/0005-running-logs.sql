-- The running logs: of the network (R6.1), of the database's inspections (R7.1), of
-- dangers and what was done against them (R7.3), of breaches and the points that
-- they cost (R8.3). What an entry has not, is null.

-- An entry is never changed: one that was wrong is corrected by a further one.
CREATE TABLE running_log (
  id          INTEGER PRIMARY KEY,
  kind        TEXT NOT NULL CHECK (kind IN ('network', 'inspect', 'incident', 'breach')),
  at          INTEGER NOT NULL,           -- the entry that made it: who, when, on which machine
  agency      TEXT NOT NULL,              -- whose log it is
  on_date     INTEGER NOT NULL,           -- the day that it is about
  until_date  INTEGER,                    -- breach: the last day of one that went on
  corrects    INTEGER,                    -- the entry in whose place it stands
  follows     INTEGER,                    -- the incident that it goes on with
  ports       TEXT,                       -- network: each port, servers, communication equipment
  servers     TEXT,
  equipment   TEXT,
  faults      TEXT,                       -- network: faults, and how they were handled
  entries     INTEGER,                    -- inspect: journal entries read
  findings    INTEGER,                    -- inspect: what does not hold, how many
  found       TEXT,                       -- inspect, incident, breach: what it was
  measures    TEXT,                       -- incident: what was done
  cut_off     INTEGER CHECK (cut_off IN (0, 1)), -- incident: access was cut
  reported_to TEXT,                       -- incident
  cleared     TEXT,                       -- incident: how the danger was removed
  unit        TEXT,                       -- breach: whose points
  points      INTEGER CHECK (points BETWEEN 1 AND 5),
  clause      TEXT,                       -- breach
  note        TEXT,
  document    TEXT                        -- blob
) STRICT;
CREATE INDEX running_log_kind ON running_log (kind, on_date, agency);
CREATE INDEX running_log_day ON running_log (on_date, id);
CREATE INDEX running_log_corrects ON running_log (corrects);

CREATE TRIGGER running_log_stays_u BEFORE UPDATE ON running_log BEGIN SELECT RAISE(ABORT, 'R6.1, R7.1: a running log is never changed; a further entry corrects it'); END;
CREATE TRIGGER running_log_stays_d BEFORE DELETE ON running_log BEGIN SELECT RAISE(ABORT, 'R6.1, R7.1: a running log is never changed; a further entry corrects it'); END;
