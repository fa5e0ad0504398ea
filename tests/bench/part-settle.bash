# shellcheck shell=bash disable=SC2154
# A year of accounts settled, beside a mere copy of the rows that come out of it.

insert_into_sqlite() {
	sqlite3 peer.db "ATTACH 'settled/pen.db' AS s" \
		'CREATE TABLE movement AS SELECT * FROM s.movement WHERE 0' 'INSERT INTO movement SELECT * FROM s.movement'
}

part_settle() {
	local sqlite=
	agency_year "${PEN_BENCH_ROWS:-200000}"
	heading "settle: $rows accounts"
	from closed
	quietly pen-account settle --year 2024
	rm -rf settled && mv store settled
	if has sqlite3; then sqlite=insert_into_sqlite; fi
	side_by_side 'pen-account settle' 'from closed' 'pen-account settle --year 2024' '' \
		'sqlite3, insert the same rows' clean "$sqlite" ''
}
