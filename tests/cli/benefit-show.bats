#!/usr/bin/env bats
# shellcheck disable=SC2154
# What is shown of an assessment, and what it means to the rest of the store: every figure
# with its steps, and whoever was retired by it counts as retired.

load helper
load aged

# Sixteen years of one woman, from the examples: sealed, settled, and she retires.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	local year
	export XDG_CONFIG_HOME=$PWD/config
	at 2025-03-20
	make_store
	cp "$BATS_TEST_DIRNAME"/../../share/examples/*.csv .
	pen-admin -q param load parameters.csv --as head1
	pen-import -q --confirm --expect-rows 12 employer employers.csv
	pen-import -q --confirm --expect-rows 300 registration registration.csv
	pen-import -q --confirm --expect-rows 24 levy levy-2024.csv
	pen-import -q breakdown breakdown-2024.csv >/dev/null || test $? = 1
	pen-import -q confirm 4 >/dev/null || test $? = 1
	pen-import -q --confirm --expect-rows 294 opening opening.csv
	pen-import -q --confirm --expect-rows 16 levy levy-history.csv
	pen-import -q --confirm --expect-rows 16 breakdown breakdown-history.csv
	echo papers >answers.txt
	pen-seal -q acknowledge 4 --from answers-2024.csv --document answers.txt >/dev/null || test $? = 1
	pen-seal -q acknowledge 7 --from answers-history.csv --document answers.txt >/dev/null || test $? = 1
	seal 1-7
	pen-account -q settle --year 2024 >/dev/null || test $? = 1
	seal 8
	pen-benefit -q assess --person 330107197410097588 --retired-on 2025-01-20 >/dev/null
}

setup() {
	aged 2025-03-20
	she=330107197410097588
}

# Her rows of 2025 that are held by a rule, when that year's breakdown comes in.
held() {
	cp "$BATS_FILE_TMPDIR"/levy-2025.csv "$BATS_FILE_TMPDIR"/breakdown-2025.csv .
	{ head -n 1 breakdown-2025.csv; grep "$she" breakdown-2025.csv; } >hers.csv
	at 2026-01-20
	pen-import -q breakdown hers.csv >/dev/null || test $? = 1
	sql "SELECT count(*) FROM hold WHERE rule = '$1'"
}

@test "an assessment is shown with every figure, and the steps add up to them" {
	pen-benefit show --person "$she" -f json >shown.json
	[ "$(jq -c '.head | [.retired_on, .benefit_from, .category, .route, .paid_months, .sealed, .assessed_by, .approved_by]' shown.json)" = \
		'["2025-01-20","2025-02","female50","statutory",198,false,"op1",null]' ]
	[ "$(jq '.head | .basic_fen + .account_fen + .transitional_fen + .extra_fen == .pension_fen' shown.json)" = true ]
	# What was kept is what is shown: a step for each of the trace, in its order.
	[ "$(jq '.rows | length' shown.json)" = "$(jq .summary.steps shown.json)" ]
	[ "$(jq -r '[.rows[] | select(.name == "pension")] | last | .value' shown.json)" = "$(jq -r '.head.pension_fen | "\(. / 100 | floor).\(. % 100 + 100 | tostring | .[1:])"' shown.json)" ]
	# Each input names its record, and each parameter where it was published.
	[ "$(jq '[.rows[] | select(.step == "input" or .step == "parameter") | select(.source == null)] | length' shown.json)" = 0 ]
	[ "$(jq '[.rows[] | select(.step == "input") | select(.source | test("^contribution folio [0-9]+ line [0-9]+$"))] | length' shown.json)" = 17 ]
}

@test "an approved assessment is sealed, names who approved it, and the store verifies" {
	pen-benefit -q approve 9 --as lead1 >/dev/null
	pen-benefit show --person "$she" -f json >shown.json
	[ "$(jq -c '.head | [.sealed, .assessed_by, .approved_by]' shown.json)" = '[true,"op1","lead1"]' ]
	pen-benefit show --person "$she" | grep -q 养老待遇核定表
	pen-verify -f json >found.json || test $? = 1
	[ "$(jq -c '[.rows[] | select(.class == "seal" or .severity == "error")]' found.json)" = '[]' ] || { jq -c '.rows[]' found.json; false; }
}

@test "before an assessment there is none to show, and it says what comes first" {
	before=$(sql "SELECT min(at) - 1 FROM journal WHERE act = 'benefit.assess'")
	refuses 2 pen-benefit show --person "$she" --as-of "$before"
	[[ $message == *'pen-benefit assess --person'*'(assess.none)' ]]
	refuses 2 pen-benefit show
}

@test "months after the retirement of an assessment are held once it is sealed, and not before" {
	[ "$(held person.retired)" = 0 ]
	rm -rf store
	cp -Rp "$BATS_FILE_TMPDIR/store" store
	at 2025-03-20
	pen-benefit -q approve 9 --as lead1 >/dev/null
	[ "$(held person.retired)" -gt 0 ]
}

@test "replay assesses again from the plan, and names the row that somebody changed" {
	pen-benefit -q approve 9 --as lead1 >/dev/null
	pen-verify replay -f json >found.json
	[ "$(jq '[.rows[] | select(.rule == "computed.rows")] | length' found.json)" = 0 ]
	sqlite3 store/pen.db "DROP TRIGGER assessment_stays_u; UPDATE assessment SET extra_fen = extra_fen + 100, pension_fen = pension_fen + 100"
	run pen-verify replay -f json
	[ "$status" = 5 ]
	[ "$(jq -r '[.rows[] | select(.rule == "computed.rows" and .line == 1) | .field] | sort | join(" ")' <<<"$output")" = 'extra_fen pension_fen' ]
}
