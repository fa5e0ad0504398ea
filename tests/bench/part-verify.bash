# shellcheck shell=bash disable=SC2154
# The rules over two years of everybody, beside what DuckDB takes for nine of them as
# SQL over tables of its own (made beforehand): months, base, both shares, months over
# twelve, people who are not registered, names, levies by employer and year, check
# digits. Names are compared on the way in; the others are looked at here.

# ./verified: the year 2024 as generated, and the same of 2023.
two_years() {
	agency_before "$1"
	sed 's/^2024,/2023,/' breakdown.csv >breakdown-2023.csv
	sed 's/^33/34/; s/,2024,2024-/,2023,2023-/' levy.csv >levy-2023.csv
	from before
	quietly pen-import --confirm --expect-rows "$rows" breakdown breakdown.csv
	quietly pen-import --confirm --expect-rows $((2 * employers)) levy levy-2023.csv
	quietly pen-import --confirm --expect-rows "$rows" breakdown breakdown-2023.csv
	mv store verified
}

nine='month.range,base.floor,base.cap,share.unit,share.personal,months.total,person.registered,levy.covers,id.check'

part_verify() {
	local duckdb=
	two_years "${PEN_BENCH_ROWS:-1000000}"
	heading "verify: $((2 * rows)) contributions of $rows people" aim
	if duckdb; then
		node "$here/duckdb-checks.js" "$build/bench" peer.duckdb breakdown.csv,breakdown-2023.csv registration.csv \
			levy.csv,levy-2023.csv >said 2>&1 || fail 'the tables of DuckDB'
		duckdb="node $here/duckdb-checks.js $build/bench peer.duckdb"
	fi
	side_by_side 'pen-verify rules, those nine' true "pen-verify rules --store verified --rule $nine" '' \
		'DuckDB, nine checks in SQL' true "$duckdb" 1.00
	side_by_side 'pen-verify rules' true 'pen-verify rules --store verified' '' \
		'DuckDB, nine checks in SQL' true "$duckdb" 2.00
	rm -rf verified peer.duckdb breakdown-2023.csv levy-2023.csv
}
