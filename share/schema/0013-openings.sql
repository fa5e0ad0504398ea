-- What was paid for before the store, so that somebody can retire whose years are not in:
-- paid months (deemed ones apart) to the end of the opening's year, and their average index
-- as it was told, such as 0.8512. Both NULL: not told.
ALTER TABLE opening ADD COLUMN paid_months INTEGER;
ALTER TABLE opening ADD COLUMN wage_index TEXT;
