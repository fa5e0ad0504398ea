# shellcheck shell=bash disable=SC2154
# A year of accounts settled, beside a mere copy of the rows that come out of it, and of
# where each account's stand.

# The tables as the store has them, without their triggers; and bare ones.
settled_peers() {
	clean
	sqlite3 -readonly settled/pen.db "SELECT sql || ';' FROM sqlite_schema WHERE type = 'table' AND name IN ('movement', 'account_year')" |
		sqlite3 peer.db
	sqlite3 peer.bare "ATTACH 'settled/pen.db' AS s" 'CREATE TABLE movement AS SELECT * FROM s.movement WHERE 0' \
		'CREATE TABLE account_year AS SELECT * FROM s.account_year WHERE 0'
}

# Of the year, which is all there is: without a condition the engine copies what it finds
# packed, and makes no rows.
insert_accounts() {
	sqlite3 "$1" "ATTACH 'settled/pen.db' AS s" 'BEGIN' 'INSERT INTO movement SELECT * FROM s.movement WHERE year = 2024' \
		'INSERT INTO account_year SELECT * FROM s.account_year WHERE year = 2024' 'COMMIT'
}

part_settle() {
	local same='' bare=''
	agency_year "${PEN_BENCH_ROWS:-1000000}"
	heading "settle: $rows accounts" aim
	from closed
	quietly pen-account settle --year 2024
	rm -rf settled && mv store settled
	if has sqlite3; then same='insert_accounts peer.db' bare='insert_accounts peer.bare'; fi
	side_by_side 'pen-account settle' 'from closed' 'pen-account settle --year 2024' '' \
		'sqlite3, insert into the same tables' settled_peers "$same" 3.00 \
		'sqlite3, insert into bare tables' settled_peers "$bare" ''
	rm -rf settled
}
