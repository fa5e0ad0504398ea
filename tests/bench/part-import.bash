# shellcheck shell=bash disable=SC2154
# A year's breakdown staged and confirmed: all rules, the levy check, the receipt,
# the source kept. Beside what sqlite3 and DuckDB do with the same rows: sqlite3
# into one table without keys and without any check, DuckDB into a table with a key.

import() { pen-import --confirm --expect-rows "$rows" breakdown "$1"; }

import_into_sqlite() {
	sqlite3 peer.db 'CREATE TABLE contribution (year, employer, person, name, base, months, unit, personal, "from")' \
		'.mode csv' ".import --skip 1 $1 contribution"
}

import_into_duckdb() { node "$here/duckdb.js" "$build/bench" "$1" peer.duckdb; }

# The rows in three orders: as the generator makes them, employer after employer;
# by the ids of people; and as by chance, the same on every machine.
make_orders() {
	mv breakdown.csv by-employer.csv
	head -n 1 by-employer.csv | tee by-person.csv >by-chance.csv
	tail -n +2 by-employer.csv | LC_ALL=C sort -t , -k 3,3 >>by-person.csv
	tail -n +2 by-employer.csv | shuf --random-source=by-employer.csv >>by-chance.csv
	iconv -f UTF-8 -t GB18030 by-employer.csv >by-employer.gb.csv
}

part_import() {
	local order duckdb= sqlite=
	agency_before "${PEN_BENCH_ROWS:-1000000}"
	heading "import: $rows rows of $employers employers" aim
	make_orders
	if duckdb; then duckdb=import_into_duckdb; fi
	if has sqlite3; then sqlite=import_into_sqlite; fi
	for order in person employer chance; do
		side_by_side "pen-import --confirm, by $order" 'from before' "import by-$order.csv" '' \
			'sqlite3 .import, no key, no check' clean "${sqlite:+$sqlite by-$order.csv}" 0.80 \
			'DuckDB, read_csv into a keyed table' clean "${duckdb:+$duckdb by-$order.csv}" ''
	done
	side_by_side 'pen-import from GB18030' 'from before' 'import by-employer.gb.csv' '' \
		'pen-import from UTF-8' 'from before' 'import by-employer.csv' 1.20
	import_held "${PEN_BENCH_HELD:-10000000}"
	mv by-employer.csv breakdown.csv
	rm -rf held by-*
}

import_held() {
	if ! held "$1"; then
		echo "the store with rows of earlier years needs sqlite3: skipped"
		return
	fi
	side_by_side "pen-import beside $(((($1 + rows - 1) / rows) * rows)) rows" 'from held' 'import by-employer.csv' '' \
		'pen-import into the empty store' 'from before' 'import by-employer.csv' 1.25
}
