# shellcheck shell=bash disable=SC2034,SC2154
# The month and the assessments. A month's roll of everybody, worked out, written and
# signed, beside a mere copy of the rows that come out of it: the first, and the one that
# goes on from it. Then pensions out of the contributions of twenty years and more: many
# at once, and one.

# ---- the roll

# pensioners PEOPLE: ./drawing, where so many draw a pension who retired before the system.
pensioners() {
	made=
	rows=$1 employers=$(($1 / 200 + 1))
	"$here/generate" . "$rows" "$employers" 20241231 1930 || fail generate
	staffed
	quietly pen-import --confirm --expect-rows "$employers" employer employers.csv
	quietly pen-import --confirm --expect-rows "$rows" retirement retirement.csv
	sealed_batches 1-2
	rm -rf drawing && mv store drawing
}

# ./rolled, whose roll of a month is sealed, out of another store.
roll_of() {
	from "$1"
	quietly pen-benefit run --month "$2"
	quietly pen-benefit approve "$3" --as lead1
	rm -rf rolled && mv store rolled
}

# The table as the store has it, without its triggers; and a bare one.
empty_peers() {
	clean
	sqlite3 -readonly rolled/pen.db "SELECT sql || ';' FROM sqlite_schema WHERE type = 'table' AND name = 'payment'" | sqlite3 peer.db
	sqlite3 peer.bare "ATTACH 'rolled/pen.db' AS s" 'CREATE TABLE payment AS SELECT * FROM s.payment WHERE 0'
}
insert_payments() { sqlite3 "$1" "ATTACH 'rolled/pen.db' AS s" "INSERT INTO payment SELECT * FROM s.payment WHERE month = ${2/-/}"; }

# one_roll NAME MONTH BATCH: the next of ./drawing, which has it in the end.
one_roll() {
	local insert='' bare=''
	roll_of drawing "$2" "$3"
	if has sqlite3; then insert="insert_payments peer.db $2" bare="insert_payments peer.bare $2"; fi
	side_by_side "pen-benefit run, $1" 'from drawing' "pen-benefit run --month $2" '' \
		'sqlite3, insert into the same table' empty_peers "$insert" 3.00 \
		'sqlite3, insert into a bare table' empty_peers "$bare" ''
	rm -rf drawing && mv rolled drawing
}

benefit_rolls() {
	local second
	second=$(date +%Y-%m)
	pensioners "$1"
	heading "benefit: the roll of $rows pensioners" aim
	one_roll 'the first month' "$(date -d "$second-15 -1 month" +%Y-%m)" 3
	one_roll 'the next month' "$second" 4
	rm -rf drawing retirement.csv
	clean
}

# ---- assessments

# What is not published for everybody: wages, and what they are the base of.
wages() {
	echo name,area,category,valid_from,valid_to,value,unit,source,verified,note
	echo transitional.method,330000,,,,mean,text,made up,no,
	echo transitional.rate,330000,,,,1.3,percent,made up,no,
	awk 'BEGIN { for (y = 1990; y < 2026; y++) {
		printf "wage.average,330000,,%d-01,%d-12,%d.00,yuan,made up,no,\n", y, y, 800 + 130 * (y - 1990)
		printf "wage.base,330000,,%d-01,%d-12,%d.00,yuan,made up,no,\n", y, y, 900 + 140 * (y - 1990)
	} }'
}

# The men, born in 1964, retire on their sixtieth birthday: those who are insured for long
# enough, and whose pension begins in the year, of which no account has to be settled.
retiring() {
	echo 公民身份号码,退休日期
	awk -F , 'NR > 1 && $3 == "男" && $4 !~ /-12-/ && $6 < "2015" { sub("1964", "2024", $4); print $1 "," $4 }' cohort/registration.csv | head -n "$1"
}

# ./held, with the contributions of many people and of those born in 1964.
careers() {
	local cohort=$((4 * $1 + 100))
	made=
	rows=$2 employers=$(($2 / 200 + 1))
	"$here/generate" . "$rows" "$employers" || fail generate
	"$here/generate" cohort "$cohort" "$employers" 20241231 1964 1 || fail generate
	staffed
	wages >wages.csv
	quietly pen-admin param load wages.csv --as sys1
	quietly pen-import --confirm --expect-rows "$employers" employer employers.csv
	quietly pen-import --confirm --expect-rows "$rows" registration registration.csv
	quietly pen-import --confirm --expect-rows "$cohort" registration cohort/registration.csv
	quietly pen-import --confirm --expect-rows "$cohort" opening cohort/opening.csv
	sealed_batches 1-4
	# Fifteen years at least, which a pension asks for.
	held $(($3 > 15 * rows ? $3 : 15 * rows)) store
	# A pension rests on what is sealed.
	sqlite3 held/pen.db "UPDATE folio SET state = 'sealed', sealed_at = 0 WHERE form = 'breakdown'" >said 2>&1 || fail "sealing"
	rm -rf store
}

median_of() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }

# assess_one [OPTION]: one at a time, each another.
assess_one() {
	local round id day times=()
	from held
	for ((round = 0; round < runs; round++)); do
		IFS=, read -r id day < <(sed -n "$((2 + round))p" list.csv)
		once true "pen-benefit assess --person $id --retired-on $day $*"
		times+=("$took")
	done
	took=$(median_of "${times[@]}")
}

benefit_assessments() {
	local held times=() round
	has sqlite3 || { echo 'benefit: sqlite3 is not installed, assessments skipped'; return 0; }
	careers "$1" "$2" "$3"
	retiring "$1" >list.csv
	held=$(sqlite3 -readonly held/pen.db 'SELECT COUNT(*) FROM contribution')
	heading "benefit: assessments, with $held contributions" "of aim"
	for ((round = 0; round < runs; round++)); do
		once 'from held' 'pen-benefit assess list.csv -f json'
		times+=("$took")
	done
	test "$(grep -c '"outcome":"assessed"' said)" = "$1" || { sed -i '/"assessed"/d; 20q' said; fail "some could not be assessed"; }
	line "pen-benefit assess, $1 people" "$(median_of "${times[@]}")" 'aim' $(($1 / 2)) ms 1.00
	assess_one --what-if
	line 'pen-benefit assess --what-if, one' "$took" 'aim' 20 ms 1.00
	assess_one
	line 'pen-benefit assess, one, signed' "$took" 'aim' 20 ms 1.00
	rm -rf held store cohort list.csv wages.csv
}

part_benefit() {
	benefit_rolls "${PEN_BENCH_ROWS:-1000000}"
	benefit_assessments "${PEN_BENCH_ASSESSED:-10000}" "${PEN_BENCH_INSURED:-400000}" "${PEN_BENCH_HELD:-10000000}"
}
