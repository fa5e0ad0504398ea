#!/usr/bin/env bats
# shellcheck disable=SC2154
# The account of somebody who draws a pension: what the rolls take out of it, the year of
# retirement and those after it, by a second computation in exact fractions.

load helper
load aged

# One employer of 2024 to 2026: he retires in June 2025 and is assessed late, she works on,
# and old retired in 2010, before the system, with a small account.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config
	at 2026-01-10
	make_store
	people
	parameters
	printf '%s\n' 统一社会信用代码,单位名称,行政区划,参保日期 "$one,一厂,330106,2000-01-01" >employers.csv
	printf '%s\n' 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数,采集依据,视同缴费月数 \
		"$he,张三,男,1965-01-05,$one,2024-01-01,1981-02-01,男职工,6000.00,单位申报,203" \
		"$she,李四,女,1990-02-03,$one,2024-01-01,2010-01-01,女干部,6000.00,单位申报,0" \
		"$old,王五,男,1950-01-01,$one,2000-01-01,1970-03-01,男职工,1000.00,单位申报,0" \
		"$also,赵六,男,1951-01-01,$one,2000-01-01,1970-03-01,男职工,1000.00,单位申报,0" >registration.csv
	printf '%s\n' 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 \
		"v24,$one,2024,2024-12-20,99999.00,税收通用缴款书" "v25,$one,2025,2025-12-20,99999.00,税收通用缴款书" >levy.csv
	title=年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费
	printf '%s\n' $title "2024,$one,$he,张三,6000.00,12,11520.00,5760.00" "2024,$one,$she,李四,6000.00,12,11520.00,5760.00" \
		"2025,$one,$he,张三,6100.00,6,5856.00,2928.00" "2025,$one,$she,李四,6000.00,12,11520.00,5760.00" >breakdown.csv
	printf '%s\n' 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参加工作时间,退休日期,采集依据,待遇开始年月,缴费月数,视同缴费月数,基础养老金,个人账户养老金,过渡性养老金,其他,基本养老金合计 \
		"$old,王五,男,1950-01-01,$one,1970-03-01,2010-01-05,退休审批表,2010-02,300,24,1200.00,100.00,100.00,0,1400.00" >retired.csv
	printf '%s\n' 公民身份号码,姓名,截止年度,个人缴费本金,个人缴费利息,单位划转本金,单位划转利息 \
		"$old,王五,2025,401.00,99.03,200.07,50.01" >opening.csv
	bring employer,1,employers registration,4,registration levy,2,levy breakdown,4,breakdown retirement,1,retired opening,1,opening
	acknowledged 4 "$one"
	seal 1-6
	settle 2024
	cp -Rp store unretired
	pen-benefit -q assess --person "$he" --retired-on 2025-06-20 --route late >/dev/null
	pen-benefit -q approve "$(newest)" --as lead1 >/dev/null
	local month
	for month in 09 10 11 12; do month 2025-$month || return 1; done
}

setup() {
	aged 2026-01-20
	people
}

people() {
	one=$(credit_code 91330106MA1080192)
	he=$(citizen_id 330106 19650105 011)
	she=$(citizen_id 330106 19900203 020)
	old=$(citizen_id 330106 19500101 013)
	also=$(citizen_id 330106 19510101 017)
}

# A year settled and sealed; its outcome in settled.json.
settle() {
	pen-account settle --year "$1" -f json >settled.json || test $? = 1 || return 1
	seal "$(newest)"
}

month() {
	pen-benefit -q run --month "$1" >/dev/null || return 1
	pen-benefit -q approve "$(newest)" --as lead1 >/dev/null
}

# What the tables have of somebody, as Python reads it: drawn by month of a year.
drawn() {
	sql "SELECT '{' || group_concat((month % 100) || ':' || drawn_fen, ',') || '}' FROM payment
		WHERE month / 100 = $2 AND person = (SELECT person FROM person_alias WHERE value = '$1')"
}

# The four parts at the end of a year.
balance() {
	sql "SELECT '[' || group_concat(p, ', ') || ']' FROM (SELECT personal_principal_fen || ', ' || personal_interest_fen || ', ' ||
		unit_principal_fen || ', ' || unit_interest_fen AS p FROM movement AS m WHERE kind = 'balance' AND year = $2
		AND NOT EXISTS (SELECT 1 FROM replacement AS r WHERE r.folio = m.folio AND r.subject = m.person)
		AND person = (SELECT person FROM person_alias WHERE value = '$1'))"
}

# python3 with Account of the second computation: prints what its lines say.
witness() {
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$BATS_TEST_DIRNAME/../benefit python3 -c "from fractions import Fraction as F
from accounts import Account
$1"
}

@test "in the year of retirement the account earns to its month, and then less what rolls take out of it" {
	# He came late on the roll: September pays July to September.
	part=$(sql "SELECT account_fen FROM assessment")
	[ "$(drawn "$he" 2025)" = "{9:$((3 * part)),10:$part,11:$part,12:$part}" ]
	settle 2025
	[ "$(jq -c '[.summary.people.settled, .summary.people.opened, .summary.people.left]' settled.json)" = '[2,0,0]' ]
	[ "$(balance "$he" 2025)" = "$(witness "
a = Account((0, 0, 0, 0)).year(F(262, 10000), [(range(1, 13), 576000)])
a.year(F(15, 1000), [(range(1, 7), 292800)], 6)
a.pension(F(15, 1000), 6, $(drawn "$he" 2025))
print(a.parts)")" ]
	# What the pension began with is what stood there then.
	pen-account show --person "$he" -f json >shown.json
	[ "$(jq -c '[.rows[] | select(.year == 2025) | .kind]' shown.json)" = '["credit","interest-opening","interest-year","pension","interest-pension","balance"]' ]
	[ "$(jq '[.rows[] | select(.year == 2024 and .kind == "balance" or .year == 2025 and (.kind == "credit" or .kind == "interest-opening" or .kind == "interest-year")) | .total_fen] | add' shown.json)" = \
		"$(sql "SELECT balance_fen FROM assessment")" ]
	[ "$(jq '.rows[] | select(.year == 2025 and .kind == "pension") | .total_fen' shown.json)" = $((-6 * part)) ]
	jq -r '.rows[] | select(.kind == "interest-pension") | .basis' shown.json >basis
	grep -Eq '^\([0-9.]+ x 6 - [0-9.]+ x 4 - [0-9.]+ x 6\) x 1\.50% / 12$' basis
	[ "$(jq '.summary.pension_fen' settled.json)" = $((6 * part)) ]
	pen-report statement --year 2025 --person "$he" -f json | grep -q '"pension'
	verifies
}

@test "after it the account pays as long as there is something in it, and is settled every year" {
	settle 2025
	at 2027-01-20
	sed '1!s/2025/2026/g; s/v24.*//; s/v25/v26/' levy.csv | grep . >levy-2026.csv
	grep -v "$he" breakdown.csv | sed '/^2024/d; s/^2025/2026/' >breakdown-2026.csv
	pen-import -q --confirm --expect-rows 1 levy levy-2026.csv
	pen-import -q --confirm --expect-rows 1 breakdown breakdown-2026.csv
	acknowledged "$(newest)"
	seal "$(($(newest) - 1))-$(newest)"
	for m in 01 02 03 04 05 06 07 08 09 10 11; do month 2026-$m; done
	# Not before the whole year's rolls are there.
	pen-account settle --year 2026 -f json >left.json || test $? = 1
	[ "$(jq -c '[.summary.people.settled, .summary.people.left]' left.json)" = '[1,2]' ]
	[ "$(jq -c '[.rows[] | [.roll, .people]]' left.json)" = '[["2026-12",2]]' ]
	month 2026-12
	settle 2026
	[ "$(jq -c '[.summary.people.settled, .summary.people.left]' settled.json)" = '[2,0]' ]
	[ "$(balance "$old" 2026)" = "$(witness "print(Account((40100, 9903, 20007, 5001)).pension(F(15, 1000), 0, $(drawn "$old" 2026)).parts)")" ]
	[ "$(balance "$he" 2026)" = "$(witness "print(Account($(balance "$he" 2025)).pension(F(15, 1000), 0, $(drawn "$he" 2026)).parts)")" ]
	# Of 750.11 the account paid all, and its interest is what is left.
	[ "$(pen-account show --person "$old" -f json | jq -c '[.rows[] | .total_fen] | [.[1], .[2] == .[3], .[3] > 0]')" = '[-75011,true,true]' ]
	verifies
}

@test "a year that was settled is settled again when a roll that takes something out of the account is sealed after it" {
	rm -rf store
	cp -Rp "$BATS_FILE_TMPDIR/unretired" store
	# Nobody knows yet that he draws a pension.
	settle 2025
	[ "$(jq -c '[.summary.people.settled, .summary.pension_fen]' settled.json)" = '[2,0]' ]
	first=$(balance "$he" 2025)
	pen-benefit -q assess --person "$he" --retired-on 2025-06-20 --route late >/dev/null
	pen-benefit -q approve "$(newest)" --as lead1 >/dev/null
	for m in 09 10 11; do month 2025-$m; done
	# Without its last roll the year stays as it was settled.
	pen-benefit -q run --month 2025-12 >/dev/null
	pen-account settle --year 2025 -f json >left.json || test $? = 1
	[ "$(jq -c '[.summary.people.again, .summary.people.unchanged, .rows[0].roll]' left.json)" = '[0,1,"2025-12"]' ]
	[ "$(balance "$he" 2025)" = "$first" ]
	pen-benefit -q approve "$(newest)" --as lead1 >/dev/null
	settle 2025
	part=$(sql "SELECT account_fen FROM assessment")
	[ "$(jq -c '[.summary.people.again, .summary.people.unchanged, .summary.people.left, .summary.pension_fen]' settled.json)" = "[1,1,0,$((6 * part))]" ]
	[ "$(balance "$he" 2025)" = "$(witness "
a = Account((0, 0, 0, 0)).year(F(262, 10000), [(range(1, 13), 576000)])
a.year(F(15, 1000), [(range(1, 7), 292800)], 6)
a.pension(F(15, 1000), 6, $(drawn "$he" 2025))
print(a.parts)")" ]
	verifies
}

@test "what others paid before the first roll is not guessed: the person is left, with what comes first" {
	sed "s/$old,王五,男,1950/$also,赵六,男,1951/" retired.csv >also.csv
	sed "s/$old,王五,2025/$also,赵六,2024/" opening.csv >earlier.csv
	pen-import -q --confirm --expect-rows 1 retirement also.csv
	pen-import -q --confirm --expect-rows 1 opening earlier.csv
	seal "$(($(newest) - 1))-$(newest)"
	settle 2025
	[ "$(jq -c '[.summary.people.left, (.rows[] | .roll, .people)]' settled.json)" = '[1,"2025-01",1]' ]
	jq -e '.rows[0].next | test("others paid .* opening balance at the end of 2025")' settled.json
}

# The end of somebody's pension by a death, approved.
died() {
	printf '%s\n' name,area,category,valid_from,valid_to,value,unit,source,verified,note \
		'consolation.income,330000,,2024-01,2026-12,4000.00,yuan,made up for this test,no,' >income.csv
	pen-admin -q param load income.csv --as head1
	pen-benefit -q end --person "$1" --reason death --on "$2" >/dev/null
	pen-benefit -q approve "$(newest)" --as lead1 >/dev/null
}

close_out() { pen-account close-out --person "$1" --reason death --on "$2" --note 'certificate 12' -f json; }

@test "a death closes the account: what the pension has left of it to the end of that month goes to the heirs" {
	settle 2025
	at 2026-05-20
	for m in 01 02 03 04; do month 2026-$m; done
	refuses 3 close_out "$he" 2026-02-10
	[[ $message == *"goes on after 2026-02"* ]]
	died "$he" 2026-02-10
	# March and April were not due, and are not the account's.
	close_out "$he" 2026-02-10 >out.json
	part=$(sql "SELECT account_fen FROM assessment")
	[ "$(jq .summary.payout_fen out.json)" = "$(witness "print(Account($(balance "$he" 2025)).pension(F(15, 1000), 0, {1: $part, 2: $part}, 2).total())")" ]
	[ "$(jq -c '[.rows[] | .kind]' out.json)" = '["pension","interest-pension","payout","balance"]' ]
	seal "$(newest)"
	pen-account show --person "$he" -f json >shown.json
	[ "$(jq -c '[.rows[-4:][].kind, .summary.balance_fen]' shown.json)" = '["pension","interest-pension","payout","balance",0]' ]
	jq -r '.rows[-3].basis' shown.json | grep -Eq '^\([0-9.]+ x 2 - [0-9.]+ x 3\) x 1\.50% / 12$'
	[ "$(jq '.rows[-2].total_fen' shown.json)" = "-$(jq .summary.payout_fen out.json)" ]
	# The roll takes the two months back, and the closed account is not touched by it.
	month 2026-05
	[ "$(sql "SELECT drawn_fen FROM payment WHERE month = 202605 AND person = (SELECT person FROM person_alias WHERE value = '$he')")" = $((-2 * part)) ]
	verifies
}

@test "an account is not closed before the rolls that take something out of it are sealed" {
	died "$he" 2026-01-15
	refuses 3 close_out "$he" 2026-01-15
	[[ $message == *"roll of 2026-01 is not sealed"*account.unready* ]]
}

@test "what a late approval pays after the death comes out of what the heirs get" {
	died "$he" 2025-08-10
	close_out "$he" 2025-08-10 >out.json
	part=$(sql "SELECT account_fen FROM assessment")
	[ "$(jq .summary.payout_fen out.json)" = "$(witness "
a = Account((0, 0, 0, 0)).year(F(262, 10000), [(range(1, 13), 576000)])
a.year(F(15, 1000), [(range(1, 7), 292800)], 6)
print(a.pension(F(15, 1000), 6, {}, 8, 2 * $part).total())")" ]
	seal "$(newest)"
	sqlite3 store/pen.db "DROP TRIGGER movement_stays_u; UPDATE movement SET personal_principal_fen = personal_principal_fen - 1 WHERE kind = 'pension'"
	refuses 5 pen-verify replay -q
}

@test "a pension that was changed behind the tools' back is named by rules and by replay" {
	settle 2025
	sqlite3 store/pen.db "DROP TRIGGER movement_stays_u; UPDATE movement SET personal_principal_fen = personal_principal_fen + 100 WHERE kind = 'pension'"
	pen-verify rules --rule account.credited -f json >found.json || test $? = 1
	[ "$(jq -c '[.rows[] | select(.rule == "account.credited")] | length > 0' found.json)" = true ]
	refuses 5 pen-verify replay -q
}
