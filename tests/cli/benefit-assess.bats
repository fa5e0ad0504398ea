#!/usr/bin/env bats
# pen-benefit assess: pensions worked out from sealed records, and what is refused.
bats_require_minimum_version 1.5.0
load helper

# The official forms of benefit_vectors.csv, with what they rest on, in place of the incomes
# that are shipped (test_pension.c has the same).
parameters() {
	echo 'name,area,category,valid_from,valid_to,value,unit,source,verified,note'
	while IFS=, read -r area category year wage; do
		echo "wage.base,$area,$category,$year-01,$year-12,$wage,yuan,the form,yes,"
	done
}

# vectors ID: "item yuan" lines of one form.
vectors() {
	sqlite3 :memory: ".import --csv $BATS_TEST_DIRNAME/../reference/benefit_vectors.csv v" \
		"SELECT item || ' ' || expected FROM v WHERE id = '$1' AND item IN ('index_wage','basic','account','transitional','extra','total') ORDER BY item"
}

# form AREA ID DAY SET...: the same items as what-if gives them.
form() {
	local area=$1 id=$2 on=$3 s items
	shift 3
	export PEN_STORE=$PWD/$id/store XDG_CONFIG_HOME=$PWD/$id/config PEN_STAFF=head1
	mkdir "$id"
	pen-admin init -q --suite ed25519-sha256 --agency "$area" --name 某市 --head head1:王敏 || return
	pen-admin param -q load incomes.csv >&2 || return
	items=()
	for s; do items+=(--set "$s"); done
	pen-benefit assess --what-if --retired-on "$on" "${items[@]}" -f json >out.json || return
	jq -r 'def yuan: (. / 100 | floor | tostring) + "." + ((. % 100 + 100 | tostring)[1:]);
		{index_wage: .indexed_fen, basic: .basic_fen, account: .account_fen, transitional: .transitional_fen, extra: .extra_fen, total: .pension_fen}
		| to_entries[] | .key + " " + (.value | yuan)' out.json | sort
}

# The example agency with its accounts of 2024 settled and sealed, and one woman's sixteen
# years: what share/examples/demo has.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config
	make_store
	cp "$BATS_TEST_DIRNAME"/../../share/examples/*.csv "$BATS_TEST_DIRNAME"/../../share/examples/answers-2024.txt .
	pen-import -q --confirm --expect-rows 12 employer employers.csv
	pen-import -q --confirm --expect-rows 300 registration registration.csv
	pen-import -q --confirm --expect-rows 24 levy levy-2024.csv
	pen-import -q --confirm --expect-rows 16 levy levy-history.csv
	pen-import -q breakdown breakdown-2024.csv || test $? = 1
	pen-import -q confirm 5 || test $? = 1
	pen-import -q --confirm --expect-rows 16 breakdown breakdown-history.csv
	pen-import -q --confirm --expect-rows 294 opening opening.csv
	pen-seal -q acknowledge 5 --from answers-2024.csv --document answers-2024.txt || test $? = 1
	pen-seal -q acknowledge 6 --from answers-history.csv --document answers-2024.txt || test $? = 1
	for s in 'sign 1-7' 'sign 1-7 --as lead1' 'close 1-7'; do
		# shellcheck disable=SC2086
		pen-seal -q $s || test $? = 1
	done
	pen-account -q settle --year 2024 || test $? = 1
	pen-seal -q sign 8
	pen-seal -q sign 8 --as lead1
	pen-seal -q close 8
	pen-admin -q param load parameters.csv --as sys1
}

setup() {
	cp -Rp "$BATS_FILE_TMPDIR/store" store
	cp -Rp "$BATS_FILE_TMPDIR/config" "$XDG_CONFIG_HOME"
	cp "$BATS_FILE_TMPDIR"/*.csv .
	export PEN_STORE=$PWD/store PEN_STAFF=op1
	her=330107197410097588
}

@test "every figure of the official forms of three provinces comes out of the command" {
	parameters >incomes.csv <<'P'
510000,,2024,8079.00
510000,,2025,8321.00
410000,1,2024,6606.00
410000,1,2025,6738.00
410400,2,2024,5500.00
410100,2,2025,6000.00
220000,,2026,7322.08
P
	while IFS='|' read -r area id on sets; do
		# shellcheck disable=SC2086
		form "$area" "$id" "$on" $sets >found
		vectors "$id" | sort >expected
		test -s expected
		# The forms print what their province has: what they do not name is 0 or theirs.
		while read -r line; do grep -qx -- "$line" found || { echo "$id: $line"; cat found; return 1; }; done <expected
	done <<'F'
510100|SC1|2024-06-15|age-months=600 paid-months=208 index=0.84 balance=91147.87
510100|SC4|2025-06-15|age-months=600 paid-months=342 deemed-months=40 index=0.935 balance=150397.22
410400|HN-PDS-2412|2024-12-15|age-months=600 paid-months=360 deemed-months=13 indexed-wage=3941.92 transitional-wage=3787.30 balance=71310.26
410100|HN-ZZ-2512|2025-12-15|age-months=720 paid-months=372 deemed-months=7 indexed-wage=5076.33 transitional-wage=4984.30 balance=91074.68 extra=453.51
220100|JL-2602|2026-02-15|age-months=600 paid-months=368 deemed-months=4 index=0.75 balance=112406.89
F
}

@test "a pension is worked out, and has its effect when operator and lead have signed" {
	run -0 pen-benefit assess --person "$her" --retired-on 2025-01-15 -f json
	jq -e '.rows[0] | .paid_months == 198 and .benefit_from == "2025-02" and .category == "female50"
		and .basic_fen + .account_fen + .transitional_fen + .extra_fen == .pension_fen' <<<"$output"
	# The account of 2024 as it is settled, and on each part a month's interest of 2025, 1.50 %.
	test "$(sqlite3 -readonly store/pen.db "SELECT p + u + (p * 15 + 6000) / 12000 + (u * 15 + 6000) / 12000 FROM (
		SELECT m.personal_principal_fen + m.personal_interest_fen AS p, m.unit_principal_fen + m.unit_interest_fen AS u
		FROM assessment AS a JOIN movement AS m ON m.person = a.person AND m.kind = 'balance' AND m.year = 2024)")" = "$(jq '.rows[0].balance_fen' <<<"$output")"
	refuses 3 pen-benefit approve 9
	run -0 pen-benefit approve 9 --as lead1
	test "$(sqlite3 -readonly store/pen.db "SELECT state FROM folio WHERE batch = 9")" = sealed
	pen-verify -q -f ndjson >found || test $? = 1
	! grep -q '"severity":"error"' found
}

@test "each step is kept, and its figures come to those of the row" {
	pen-benefit -q assess --person "$her" --retired-on 2025-01-15
	digest=$(sqlite3 -readonly store/pen.db "SELECT trace FROM assessment")
	sqlite3 -readonly store/pen.db "SELECT hex(content) FROM blob_chunk WHERE digest = '$digest' ORDER BY number" | xxd -r -p | gunzip >trace.json
	test "$(jq -r '[.[] | select(.name == "pension")][0].value' trace.json)" = "$(sqlite3 -readonly store/pen.db "SELECT printf('%d.%02d', pension_fen / 100, pension_fen % 100) FROM assessment")"
	# Seventeen years of contributions, each with its record; every parameter with its source.
	test "$(jq '[.[] | select(.step == "input" and (.name | startswith("paid ")))] | length' trace.json)" = 17
	jq -e 'all(.[] | select(.step == "parameter"); .source != "" and .verified != "")' trace.json
}

@test "who may not retire yet is told from when on" {
	refuses 3 pen-benefit assess --person "$her" --retired-on 2024-09-15
	[[ $message == *2024-10*retire.age* ]]
	refuses 3 pen-benefit assess --person "$her" --retired-on 2025-01-15 --route early
	[[ $message == *retire.route* ]]
}

@test "months that are not enough are refused, and what the law asks for is said" {
	short=$(sed -n 11p registration.csv | cut -d, -f1)
	refuses 3 pen-benefit assess --person "$short" --retired-on 2025-01-15 -f json
	[[ $message == *180*retire.months* ]]
	# What the law leaves open, as data and as text. 48 months are there, 36 of them deemed; by
	# the years 240 are asked for from 2039 on, which 192 more are in 2041-01. She was insured
	# in 2008 and 50 in 2020-06: five years later the rest can be paid at once.
	jq -e '.rows[0] | .outcome == "left" and .missing_months == 132 and (.options | map(.option) == ["pay-on", "pay-at-once", "transfer", "end"])
		and (.options[0] | .months == 192 and .until == "2041-01" and .least_months == 240 and .amount_fen == null)
		and (.options[1] | .from == "2025-06" and .months == 127)' stdout.txt
	# What she is paid if she ends the relation is her account.
	account=$(jq '.rows[0].options[-1].amount_fen' stdout.txt)
	test "$account" = "$(jq '.rows[0].balance_fen' stdout.txt)"
	[[ $message == *"$(printf '%d.%02d' $((account / 100)) $((account % 100)))"* ]]
	run -0 pen-benefit assess --what-if --person "$short" --retired-on 2025-01-15 --set base=5000.00 -f json
	jq -e --argjson account "$account" '.missing_months == 132 and .options[0].amount_fen == 19200000 and .options[1].amount_fen == 12700000
		and .options[-1].amount_fen == $account' <<<"$output"
	test "$(sqlite3 -readonly store/pen.db "SELECT count(*) FROM assessment")" = 0
}

@test "the same again is refused, and so is another while the first waits" {
	pen-benefit -q assess --person "$her" --retired-on 2025-01-15
	refuses 3 pen-benefit assess --person "$her" --retired-on 2025-01-20
	[[ $message == *assess.waiting* ]]
	pen-benefit -q approve 9 --as lead1
	refuses 3 pen-benefit assess --person "$her" --retired-on 2025-01-15
	[[ $message == *assess.same* ]]
	# What was told then is sealed: the head alone tells it otherwise.
	refuses 3 pen-benefit assess --person "$her" --retired-on 2025-02-15
	[[ $message == *2025-01-15*R5.1*assess.told* ]]
	pen-benefit -q assess --what-if --person "$her" --retired-on 2025-02-15
	echo 更正退休日期 >paper.txt
	pen-benefit -q assess --person "$her" --retired-on 2025-02-15 --route exception --reason 更正退休日期 --paper paper.txt
}

@test "of a list, who cannot be assessed is left with the reason, and the others go on" {
	printf '%s\n' 公民身份号码,退休日期,退休方式 "$her,2025-01-15,法定" "$(sed -n 11p registration.csv | cut -d, -f1),2025-01-15," >list.csv
	run -1 pen-benefit assess list.csv -f json
	jq -e '.summary | .people == 1 and .left == 1' <<<"$output"
	jq -e '[.rows[] | select(.outcome == "left")][0] | .line == 3 and (.why | contains("retire.months"))' <<<"$output"
	printf '%s\n' 公民身份号码,退休日期,退休方式 "$her,2025-01-15,提前" >wrong.csv
	refuses 4 pen-benefit assess wrong.csv
	[[ $message == *wrong.csv:2* ]]
	printf '%s\n' 公民身份号码,退休日期,过渡性养老金指数 "$her,2025-01-15,0" >wrong.csv
	refuses 4 pen-benefit assess wrong.csv
}

@test "who reaches the age in a month is listed with what is there and missing, and the list can be assessed" {
	run -0 pen-benefit assess --due 2024-10 -f json
	# Nobody of these is delayed yet: whoever is 60, 55 or 50 in the month, by the registrations.
	awk -F, '($3 == "男" && $4 ~ /^1964-10/) || ($8 ~ /女干部|灵活就业/ && $3 == "女" && $4 ~ /^1969-10/) || ($8 == "女工人" && $4 ~ /^1974-10/) { print $1 }' registration.csv | sort >expected
	test -s expected
	jq -r '.rows[].id_number' <<<"$output" | sort | diff expected -
	jq -e --arg id "$her" '.rows[] | select(.id_number == $id) | .retired_on == "2024-10-09" and .category == "female50" and .paid_months == 196
		and .missing_months == 0' <<<"$output"
	jq -e --arg id "$her" '[.rows[] | select(.id_number != $id)] | all(.state == "short" and .missing_months == .least_months - .paid_months - .deemed_months
		and .options[0].option == "pay-on")' <<<"$output"
	# She went on paying: assessed on a later day she is on the list as such.
	pen-benefit assess --due 2024-10 -f csv >list.csv
	sed -i 's/2024-10-/2025-01-/' list.csv
	run -1 pen-benefit assess list.csv -f json
	jq -e '.summary | .people == 1 and .left == 1' <<<"$output"
	pen-benefit assess --due 2024-10 -f json | jq -e --arg id "$her" '.rows[] | select(.id_number == $id) | .state == "waiting" and .folio > 0'
	refuses 2 pen-benefit assess --due 2024-10 list.csv
	refuses 2 pen-benefit assess --due 2024-13
	[[ $message == *assess.due* ]]
	test "$(sqlite3 -readonly store/pen.db "SELECT count(*) FROM journal WHERE subject LIKE '%due 2024-10%'")" -ge 2
	# Of another the paper of the retirement is brought in.
	other=$(grep -v "$her" expected | head -n 1)
	{
		echo 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参加工作时间,退休日期,采集依据,待遇开始年月,缴费月数,视同缴费月数,基础养老金,个人账户养老金,过渡性养老金,其他,基本养老金合计
		awk -F, -v id="$other" '$1 == id { print $1 "," $2 "," $3 "," $4 "," $5 ",1990-03-01,2024-10-20,退休审批表,2024-11,300,24,1200.00,300.00,100.00,0,1600.00" }' registration.csv
	} >paper.csv
	pen-import -q --confirm --expect-rows 1 retirement paper.csv
	pen-benefit assess --due 2024-10 -f json | jq -e --arg id "$other" '.rows[] | select(.id_number == $id) | .state == "by-form"'
}

@test "a day out of order, a wage that is missing and an age beyond the divisors are refused, and nothing is written" {
	refuses 2 pen-benefit assess --person "$her" --retired-on 2099-01-15
	[[ $message == *"has not come yet"* ]]
	refuses 3 pen-benefit assess --person "$her" --retired-on 1970-01-15
	[[ $message == *"1970-01 is too early"*R4.3.1b*retire.age* ]]
	refuses 3 pen-benefit assess --what-if --retired-on 2025-01-15 --set age-months=475 --set paid-months=300 --set index=1 --set balance=1000.00
	[[ $message == *"39 years and 7 months lies beyond the table of divisors"*divisor.age* ]]
	sed -i '/^wage.average,330100,,2015-01/d' parameters.csv
	pen-admin param load parameters.csv --as sys1 >/dev/null
	refuses 3 pen-benefit assess --person "$her" --retired-on 2025-01-15
	[[ $message == *"wage.average for 2015"*parameter.missing* ]] || { echo "$message"; return 1; }
	printf '%s\n' 公民身份号码,退休日期 "$her,2025-01-15" >list.csv
	run -1 pen-benefit assess list.csv -f json
	jq -e '.rows[0] | .outcome == "left" and .line == 2 and (.why | contains("wage.average for 2015"))' <<<"$output"
	test "$(sqlite3 -readonly store/pen.db "SELECT (SELECT count(*) FROM assessment) + (SELECT count(*) FROM batch WHERE form LIKE 'assessment%')")" = 0
}

@test "what is told wrongly of a retirement is refused by name, and a dry run writes nothing" {
	wrong() { refuses 2 pen-benefit assess --person "$her" --retired-on 2025-01-15 "$@"; }
	refuses 2 pen-benefit assess --retired-on 2025-01-15
	[[ $message == *"say who retires"* ]]
	wrong --route flight
	[[ $message == *assess.route* ]]
	wrong --category male
	[[ $message == *assess.category* ]]
	wrong --index many
	[[ $message == *assess.index* ]]
	echo 批示 >paper.txt
	wrong --route exception --paper paper.txt --reason $'历史\n遗留'
	[[ $message == *"one line"* ]]
	refuses 2 pen-benefit assess --what-if --retired-on 2025-01-15 --set age-months=600
	[[ $message == *"without a person say with --set"* ]]
	# Of nobody, by the age of a category: 55 with the delay of that month of birth.
	pen-benefit assess --what-if --category female55 --retired-on 2025-01-15 --set age-months=660 --set paid-months=300 --set index=1 --set balance=1000.00 -f json |
		jq -e '.pension_fen > 0'
	# An index of four places counts beside an average of six.
	printf '%s\n' "$(head -n 1 parameters.csv)" index.decimals,330100,,,,6,count,invented,no, >places.csv
	pen-admin -q param load places.csv --as sys1
	pen-benefit assess -n --person "$her" --retired-on 2025-01-15 --index 0.8415 -f json >dry.json
	jq -e '.summary | .people == 1 and .dry_run and .batch == null' dry.json
	test "$(sqlite3 -readonly store/pen.db "SELECT count(*) FROM assessment")" = 0
}

@test "an exception in principle has its reason and paper, and three signatures" {
	refuses 3 pen-benefit assess --person "$her" --retired-on 2024-08-15 --route exception
	echo 批示 >paper.txt
	pen-benefit -q assess --person "$her" --retired-on 2025-01-15 --route exception --reason 历史遗留 --paper paper.txt
	run -1 pen-benefit approve 9 --as lead1
	run -0 pen-benefit approve 9 --as head1
	pen-verify -q -f ndjson >found || test $? = 1
	! grep -q '"severity":"error"' found
}

@test "what if writes nothing" {
	before=$(sqlite3 -readonly store/pen.db "SELECT count(*) FROM journal")
	run -0 pen-benefit assess --what-if --person "$her" --retired-on 2025-01-15 -f json
	jq -e '.pension_fen > 0 and (.trace | fromjson | length > 20)' <<<"$output"
	run -0 pen-benefit assess --what-if --person "$her" --retired-on 2025-01-15 --set balance=0 -f json
	jq -e '.account_fen == 0' <<<"$output"
	test "$(sqlite3 -readonly store/pen.db "SELECT count(*) FROM journal")" = "$before"
	refuses 2 pen-benefit assess --what-if --retired-on 2025-01-15 --set luck=7
	refuses 2 pen-benefit assess --person "$her" --retired-on 2025-01-15 --set index=1
}

@test "whoever was assessed is on the lists of retirees, is adjusted, and is not paid out by closing the account" {
	pen-benefit -q assess --person "$her" --retired-on 2025-01-15
	pen-benefit -q approve 9 --as lead1
	run -0 pen-report employer-retirees -f json
	jq -e --arg id "$her" '.rows | map(select(.id_number == $id)) | length == 1 and .[0].basis == "系统核定"' <<<"$output"
	cat >scheme.json <<'S'
{ "name": "example-2026", "title": "调整", "area": "330000", "source": "the test", "verified": "yes", "effective": "2026-01",
  "retired-by": "2025-12-31", "fixed": { "amount": "30.00" }, "years": { "part-years": "up", "bands": [ { "over": 0, "amount": "1.00" } ] } }
S
	run -0 pen-benefit adjust scheme.json --as lead1 -f json
	# 198 months are 17 years: 30.00 and 17.00.
	jq -e '.summary | .increase_fen == 4700' <<<"$output"
	pen-verify replay -q
	refuses 3 pen-account close-out --person "$her" --reason emigration --on 2025-03-01 --note 户口注销证明
	[[ $message == *account.pensioner* ]]
}

@test "an assessment that was stopped before its first signature is signed by the same command, which says what it waits for" {
	sqlite3 store/pen.db "CREATE TRIGGER stop BEFORE INSERT ON seal BEGIN SELECT RAISE(ABORT, 'the power is cut'); END"
	refuses 3 pen-benefit assess --person "$her" --retired-on 2025-01-15
	sqlite3 store/pen.db "DROP TRIGGER stop"
	refuses 3 pen-benefit approve 9 --as lead1
	refuses 3 pen-benefit assess --person "$her" --retired-on 2025-01-15
	[[ $message == *assess.waiting* ]]
	pen-benefit -q approve 9 --as lead1
}
