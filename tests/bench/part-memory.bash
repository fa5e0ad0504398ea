# shellcheck shell=bash disable=SC2034,SC2154
# The most memory that an import holds: a file of two years' rows of everybody, and
# the same file with every row rejected. 10 million rows of 5 million people take a
# quarter of an hour and 8 GB of disk.

# All are registered in the tables themselves, as an import would have left them:
# what counts here is how many they are.
register() {
	grep -v ^公民 registration.csv | sqlite3 store/pen.db '.mode csv' \
		'PRAGMA journal_mode = OFF' 'PRAGMA synchronous = OFF' 'PRAGMA cache_size = -200000' \
		'CREATE TEMP TABLE r (id, name, sex, born, employer, insured, worked, category, base, basis, deemed, checked)' \
		'.import /dev/stdin r' ".read $here/register.sql" >said 2>&1 || fail "registering"
}

# peak FILE: MB into $peak.
peak() {
	from before
	quietly "$build/bench/peak" peak pen-import -q --confirm --expect-rows "$2" breakdown "$1"
	peak=$(cat peak)
	line "pen-import, $3" "$peak" "256 MB" 256 MB 1.00
}

part_memory() {
	has sqlite3 || { echo "memory: needs sqlite3, skipped"; return; }
	made=''
	agency "${PEN_BENCH_ROWS:-5000000}"
	heading "memory: $((2 * rows)) rows, $rows people" aim
	mkdir -p "$build/bench"
	${CC:-cc} -O2 -o "$build/bench/peak" "$here/peak.c" || fail "peak.c"
	register
	sed '1d; s/,2024,/,2023,/' levy.csv | sed "s/^33/34/; 1i $(head -n 1 levy.csv)" >levy.2023.csv
	quietly pen-import --confirm --expect-rows $((2 * employers)) levy levy.2023.csv
	mv store before
	sed '1d; s/^2024/2023/' breakdown.csv >breakdown.2023.csv
	cat breakdown.csv breakdown.2023.csv >two.csv
	rm -f breakdown.2023.csv
	peak two.csv $((2 * rows)) "every row accepted"
	sed 's/,12,/,13,/' two.csv >bad.csv
	rm -f two.csv
	peak bad.csv 0 "every row rejected"
	rm -rf before bad.csv
}
