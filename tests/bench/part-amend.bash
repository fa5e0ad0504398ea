# shellcheck shell=bash disable=SC2034,SC2154
# Each step of a case, in a store of one small year and in one with many years of many
# people: what a step takes is its own, whatever the store holds. Then a case over one
# employer's wrong year, beside a mere copy of the rows that come out of it.

# sealed_agency PEOPLE EMPLOYERS ROWS STORE: where the year is settled, and everything
# sealed, with at least so many contributions of the years before (0: none); and the
# staff of a case.
sealed_agency() {
	made=
	agency "$1" "$2"
	quietly pen-admin staff add amender1 --name 孙七 --role amender --as head1
	quietly pen-import --confirm --expect-rows "$rows" registration registration.csv
	quietly pen-import --confirm --expect-rows "$rows" opening opening.csv
	sealed_batches 1-4
	if test "$3" != 0; then
		held "$3" store || fail "sqlite3 is not installed: it fills the store"
		rm -rf store && mv held store
	fi
	quietly pen-import --confirm --expect-rows "$rows" breakdown breakdown.csv
	quietly pen-seal acknowledge "$(newest batch)" --from answers.csv --document answers.csv
	sealed_batches "$(newest batch)"
	quietly pen-account settle --year 2024
	sealed_batches "$(newest batch)"
	rm -rf "$4" && mkdir "$4" && mv store config breakdown.csv "$4"
	echo original >original.pdf
	echo evidence >evidence.pdf
}

newest() { sqlite3 -readonly "$PEN_STORE/pen.db" "SELECT MAX(id) FROM $1"; }
rows_held() { sqlite3 -readonly "$1/store/pen.db" 'SELECT COUNT(*) FROM contribution'; }
in_store() { export PEN_STORE=$work/$1/store XDG_CONFIG_HOME=$work/$1/config; }

steps=(request approve-lead approve-head unseal apply check close list show)
papers='--reason base --original original.pdf --evidence evidence.pdf'
step() {
	case $1 in
	request) echo "pen-amend request --form change --person $person --year 2024 --set base=$base $papers" ;;
	approve-lead) echo "pen-amend approve $case --as lead1" ;;
	approve-head) echo "pen-amend approve $case --as head1" ;;
	unseal) echo "pen-amend unseal $case --as sys1" ;;
	apply) echo "pen-amend apply $case --as amender1" ;;
	check) echo "pen-amend check $case --as lead1" ;;
	close) echo "pen-amend close $case --as lead1" ;;
	list) echo 'pen-amend list' ;;
	show) echo "pen-amend show $case" ;;
	esac
}

# one_case STORE ROUND: another person's in each round; a base 100 yuan lower, which the
# levy covers.
one_case() {
	local name people person base case
	in_store "$1"
	people=$(($(wc -l <"$1/breakdown.csv") - 1))
	IFS=, read -r _ _ person _ base _ < <(sed -n "$((2 + people * (2 * $2 + 1) / (2 * runs)))p" "$1/breakdown.csv")
	base=$(awk -v b="$base" 'BEGIN { printf "%.2f", b - 100 }')
	case=$(($(sqlite3 -readonly "$PEN_STORE/pen.db" 'SELECT COUNT(*) FROM amendment') + 1))
	for name in "${steps[@]}"; do
		once true "$(step "$name")"
		times[$1.$name]+="$took "
	done
	test "$(sqlite3 -readonly "$PEN_STORE/pen.db" "SELECT state FROM amendment WHERE id = $case")" = closed ||
		fail "case $case in $1 is not closed"
}

median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }

amend_steps() {
	local round name many few
	declare -A times
	sealed_agency 2000 10 0 small
	sealed_agency "${PEN_BENCH_ROWS:-400000}" "$((${PEN_BENCH_ROWS:-400000} / 200))" "${PEN_BENCH_AMEND_ROWS:-10000000}" big
	many=$(rows_held big) few=$(rows_held small)
	heading "amend: a case, with $many contributions (aim: under 100 ms)" ratio
	for ((round = 0; round < runs; round++)); do
		one_case small "$round"
		one_case big "$round"
	done
	for name in "${steps[@]}"; do
		# shellcheck disable=SC2086
		line "$name" "$(median ${times[big.$name]})" "the same with $few" "$(median ${times[small.$name]})" ms 1
	done
	rm -rf small big
}

# The employer's people, each with a base that was 100 yuan too high.
wrong_year() {
	awk -F , 'NR == 2 { code = $2; print "数据表,公民身份号码,统一社会信用代码,年度,行号,修改项目,原数据,新数据" }
		NR > 1 && $2 == code { printf "缴费分解表,%s,%s,2024,,缴费基数,%s,%.2f\n", $3, code, $5, $5 - 100 }' "$1/breakdown.csv"
}

# The versions that the case made, and their tables without the triggers.
versions() {
	cat <<-'END'
		ATTACH 'applied/pen.db' AS s;
		CREATE TEMP TABLE made AS SELECT id FROM s.folio WHERE batch = (SELECT batch FROM s.amendment WHERE id = 1);
		BEGIN;
		INSERT INTO contribution SELECT * FROM s.contribution WHERE folio IN (SELECT id FROM made);
		INSERT INTO movement SELECT * FROM s.movement WHERE folio IN (SELECT id FROM made);
		INSERT INTO account_year SELECT * FROM s.account_year WHERE folio IN (SELECT id FROM made);
		INSERT INTO replacement SELECT * FROM s.replacement WHERE by_folio IN (SELECT id FROM made);
		COMMIT;
	END
}
empty_peer() {
	clean
	sqlite3 -readonly applied/pen.db "SELECT sql || ';' FROM sqlite_schema WHERE type = 'table'
		AND name IN ('contribution', 'movement', 'account_year', 'replacement')" | sqlite3 peer.db
}
unsealed() { rm -rf wide/store && cp -R open wide/store; }

amend_many() {
	local records=${PEN_BENCH_AMEND_RECORDS:-10000} person base case=1
	sealed_agency $((2 * records)) 2 0 wide
	in_store wide
	wrong_year wide >case.csv
	# shellcheck disable=SC2086
	quietly pen-amend request --form change --from case.csv $papers
	for name in approve-lead approve-head unseal; do
		eval "quietly $(step "$name")"
	done
	cp -R wide/store open
	quietly pen-amend apply 1 --as amender1
	rm -rf applied && mv wide/store applied
	versions >versions.sql
	heading "amend: a case over $records records, applied" ratio
	side_by_side 'pen-amend apply' unsealed 'pen-amend apply 1 --as amender1' '' \
		'sqlite3, insert the same versions' empty_peer 'sqlite3 peer.db <versions.sql' 10
	rm -rf wide open applied case.csv versions.sql
	clean
}

part_amend() {
	has sqlite3 || { echo 'amend: sqlite3 is not installed, skipped'; return 0; }
	amend_steps
	amend_many
	export PEN_STORE=$work/store XDG_CONFIG_HOME=$work/config
}
