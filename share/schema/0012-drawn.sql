-- What of a pension comes out of the personal account. The account's part of all months
-- that are due so far (drawn_total_fen, which is among due_total_fen), and what of it the
-- line takes out; below 0 where months turned out not to be due. NULL: the roll was made
-- before this was said.
ALTER TABLE payment ADD COLUMN drawn_fen INTEGER;
ALTER TABLE payment ADD COLUMN drawn_total_fen INTEGER;
