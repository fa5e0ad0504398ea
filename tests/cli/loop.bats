#!/usr/bin/env bats
# shellcheck disable=SC2154
# The loop around an import: what is declared, held, mended, waited for, stopped.

load helper

examples=$top/share/examples

ask() { sqlite3 "$PEN_STORE/pen.db" "$1"; }

# A store with the employers and people of the examples, and their levies; made
# once, and copied for each test.
before_the_breakdown() {
	local base=$BATS_FILE_TMPDIR/base
	make_store
	cp "$examples"/*.csv .
	if ! test -d "$base"; then
		pen-import -q --confirm --expect-rows 12 employer employers.csv
		pen-import -q --confirm --expect-rows 300 registration registration.csv
		pen-import -q --confirm --expect-rows 24 levy levy-2024.csv
		cp -R "$PEN_STORE" "$base"
	fi
	rm -rf "$PEN_STORE"
	cp -R "$base" "$PEN_STORE"
}

# ---- what is declared ----

@test "what is declared for a file is part of its plan, its receipt and its signed entry" {
	before_the_breakdown
	pen-import -f json --set 起始月份=1 --strict breakdown breakdown-2024.csv >receipt.json || [ $? = 1 ]
	jq -e '.strict and .given == [{"field": "first_month", "value": "1"}]' receipt.json
	jq -e '.assumptions[] | select(.code == "given.first_month") | .text == "1"' receipt.json
	[ "$(ask 'SELECT strict, given FROM batch WHERE id = 4')" = '1|{"first_month":"1"}' ]
	ask "SELECT text FROM journal WHERE act = 'import.staged' AND subject = 'batch 4'" | sed -n 's/^body: //p' |
		jq -e '.strict == 1 and .given == "{\"first_month\":\"1\"}"'
	# The same file under another plan is not the same delivery.
	refuses 2 pen-import breakdown breakdown-2024.csv
	[[ $message == *'batch 4'* && $message == *first_month* && $message == *stage.otherwise* ]]
	pen-import -q --strict --set first_month=1 breakdown breakdown-2024.csv || [ $? = 1 ]
	# What was declared is not changed behind the tools' back.
	[ "$(pen-verify -f json | jq '[.rows[] | select(.rule == "journal.acts")] | length')" = 0 ]
	ask "UPDATE batch SET given = '{}'"
	pen-verify -f json >verify.json || [ $? = 5 ]
	jq -e '.rows[] | select(.rule == "journal.acts" and .field == "given")' verify.json
}

@test "a declaration that says nothing, names no field, or one twice, is wrong usage" {
	make_store
	for given in year height=180 =2024 year=24; do
		refuses 2 pen-import --set "$given" breakdown "$examples/breakdown-2024.csv"
		[[ $message == *set.* ]]
	done
	refuses 2 pen-import --set year=2024 --set 年度=2024 breakdown "$examples/breakdown-2024.csv"
	[ "$(ask 'SELECT COUNT(*) FROM batch')" = 0 ]
}
