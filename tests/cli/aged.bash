# shellcheck shell=bash disable=SC2034,SC2154
# What the tests of accounts and benefits start from, beside helper: a store that setup_file
# made in $BATS_FILE_TMPDIR, copied for each test, and days that a test sets.
#
#   aged [DAY [STAFF]] the store, the keys and the files of setup_file, on that day, acting
#                      as op1 or STAFF
#   at DAY             the day that it is from now on
#   sql STATEMENT      what the store says
#   newest             the batch made last
#   seal BATCHES       signed by op1 and lead1, and closed; somebody may be left
#   verifies           nothing is found but notes and duties, and all is made again as it is
#
# And for setup_file:
#
#   parameters         the example's, and a transitional method for the agency's own area
#   bring FORM,ROWS,FILE…  files of so many rows, each as a confirmed batch: FILE.csv
#   acknowledged BATCH CODE…  the employers agree with what they were told; again for another
#                      batch, without codes, by the same paper

at() { PEN_CLOCK=$(date -u -d "$1 04:00" +%s); export PEN_CLOCK; }
sql() { sqlite3 -readonly store/pen.db "$1"; }
newest() { sql "SELECT max(id) FROM batch"; }

aged() {
	cp -Rp "$BATS_FILE_TMPDIR/store" store
	cp -Rp "$BATS_FILE_TMPDIR/config" "$XDG_CONFIG_HOME"
	find "$BATS_FILE_TMPDIR" -maxdepth 1 -type f -exec cp -p {} . \;
	test -z "${1:-}" || at "$1"
	export PEN_STORE=$PWD/store PEN_STAFF=${2:-op1}
}

seal() {
	local step
	for step in 'sign --as op1' 'sign --as lead1' 'close --as op1'; do
		# shellcheck disable=SC2086
		pen-seal -q $step "$1" >/dev/null || test $? = 1 || return 1
	done
}

verifies() {
	pen-verify -f json >found.json || test $? = 1
	[ "$(jq -c '[.rows[] | select(.class == "seal" or .severity == "error")]' found.json)" = '[]' ] || { jq -c '.rows[]' found.json; return 1; }
	pen-verify replay -q
}

parameters() {
	pen-admin -q param load "$top/share/examples/parameters.csv" --as head1
	{
		head -n 1 "$top/share/params/benefits.csv"
		printf '%s\n' transitional.method,330100,,,,base,text,invented,no, transitional.rate,330100,,,,1.2,percent,invented,no,
	} >transitional.csv
	pen-admin -q param load transitional.csv --as head1
}

bring() {
	local form rows file
	for form; do
		IFS=, read -r form rows file <<<"$form"
		pen-import -q --confirm --expect-rows "$rows" "$form" "$file.csv" || { cat ./*.rejects.csv >&2; return 1; }
	done
}

acknowledged() {
	local batch=$1
	shift
	if test $# != 0; then
		echo papers >papers.txt
		echo 统一社会信用代码,核对意见,答复日期,说明 >answers.csv
		printf '%s,一致,2026-01-09,盖章\n' "$@" >>answers.csv
	fi
	pen-seal -q acknowledge "$batch" --from answers.csv --document papers.txt || test $? = 1
}
