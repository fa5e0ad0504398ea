-- Whose a terminal is (R7.4): null, the agency of the store, whose terminals serve
-- all its counties; or one county, and then its staff alone.
ALTER TABLE terminal ADD COLUMN agency TEXT;
