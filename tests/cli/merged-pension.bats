#!/usr/bin/env bats
# shellcheck disable=SC2154
# The pension of somebody whose months were paid under two numbers, of which one was merged
# into the other: it comes to what it would have come to under one.

load helper
load aged

# He was paid under two numbers in 2024, in June under both; single has all of it under one.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config
	at 2026-01-10
	make_store
	people
	parameters
	printf '%s\n' 统一社会信用代码,单位名称,行政区划,参保日期 "$one,一厂,330106,2000-01-01" "$two,二厂,330106,2000-01-01" >employers.csv
	printf '%s\n' 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数,采集依据,视同缴费月数 \
		"$he,张三,男,1965-01-05,$one,2024-01-01,1981-02-01,男职工,6000.00,单位申报,203" \
		"$also,张三,男,1965-01-05,$two,2024-01-01,1981-02-01,男职工,6500.00,单位申报,203" \
		"$single,王五,男,1965-01-05,$one,2024-01-01,1981-02-01,男职工,6000.00,单位申报,203" >registration.csv
	printf '%s\n' 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 \
		"v24,$one,2024,2024-12-20,99999.00,税收通用缴款书" "w24,$two,2024,2024-12-20,99999.00,税收通用缴款书" \
		"v25,$one,2025,2025-12-20,99999.00,税收通用缴款书" >levy.csv
	title=年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费,起始月份
	printf '%s\n' $title "2024,$one,$he,张三,6000.00,6,5760.00,2880.00,1" "2024,$two,$also,张三,6500.00,7,7280.00,3640.00,6" \
		"2024,$one,$single,王五,6000.00,5,4800.00,2400.00,1" "2024,$one,$single,王五,6500.00,7,7280.00,3640.00,6" \
		"2025,$one,$he,张三,6100.00,6,5856.00,2928.00,1" "2025,$one,$single,王五,6100.00,6,5856.00,2928.00,1" >breakdown.csv
	bring employer,2,employers registration,3,registration levy,3,levy breakdown,6,breakdown
	acknowledged 4 "$one" "$two"
	seal 1-4
	pen-account -q settle --year 2024
	seal "$(newest)"
}

setup() {
	people
	aged 2026-01-20
}

people() {
	one=$(credit_code 91330106MA1080192)
	two=$(credit_code 91330106MA1080193)
	he=$(citizen_id 330106 19650105 011)
	also=$(citizen_id 330106 19650105 035)
	single=$(citizen_id 330106 19650105 053)
}

merged() {
	pen-account merge --person "$also" --into "$he" --note '户籍证明 12' -q
	seal "$(newest)"
}

assess() { pen-benefit assess --person "$1" --retired-on 2025-06-20 --route late -f json "${@:2}"; }

# Months, index and what rests on them, of somebody's assessment.
figures() {
	sql "SELECT paid_months || ' ' || deemed_months || ' ' || wage_index || ' ' || basic_fen || ' ' || transitional_fen FROM assessment
		WHERE person = (SELECT person FROM person_alias WHERE value = '$1')"
}

@test "months that were paid under a number that was merged into another count, those of both once" {
	merged
	assess "$he" >out.json
	pen-benefit -q approve "$(newest)" --as lead1 >/dev/null
	assess "$single" >/dev/null
	pen-benefit -q approve "$(newest)" --as lead1 >/dev/null
	[[ "$(figures "$he")" = "18 203 "* ]]
	[ "$(figures "$he")" = "$(figures "$single")" ]
	verifies
}

@test "the steps name each record, the other number, and by which folio they are one" {
	merged
	assess "$he" >out.json
	pen-benefit show --person "$he" -f json >shown.json
	[ "$(jq -c '[.rows[] | select(.source // "" | test("^contribution folio"))] | length' shown.json)" = 3 ]
	folio=$(sql "SELECT id FROM folio WHERE form = 'merge'")
	jq -e --arg also "$also" --arg source "merge folio $folio" 'any(.rows[]; .source == $source and ([.. | strings] | index($also)))' shown.json
	jq -e --arg also "$also" '[.rows[] | select(.source // "" | test("^contribution folio .* of \($also)$"))] | length == 1' shown.json
}

@test "a question what a pension would be counts them too" {
	merged
	assess "$he" --what-if >asked.json
	assess "$he" >/dev/null
	[ "$(jq .paid_months asked.json)" = 18 ]
	[ "$(jq .pension_fen asked.json)" = "$(sql "SELECT pension_fen FROM assessment")" ]
}

@test "before the merge is sealed they do not count" {
	pen-account merge --person "$also" --into "$he" --note '户籍证明 12' -q
	assess "$he" >/dev/null
	[[ "$(figures "$he")" = "12 203 "* ]]
}

@test "a number that was merged into another is nobody whose pension could fall due" {
	pen-benefit assess --due 2025-02 -f json >before.json || test $? = 1
	[ "$(jq -c '[.rows[].id_number] | sort' before.json)" = "$(jq -nc '$ARGS.positional | sort' --args "$he" "$also" "$single")" ]
	merged
	pen-benefit assess --due 2025-02 -f json >after.json || test $? = 1
	[ "$(jq -c '[.rows[].id_number] | sort' after.json)" = "$(jq -nc '$ARGS.positional | sort' --args "$he" "$single")" ]
	refuses 3 assess "$also"
	[[ $message == *account.closed* ]]
}
