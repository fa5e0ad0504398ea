#!/usr/bin/env bats
# shellcheck disable=SC2154
# pen-account merge: two accounts of one person become one, with both sides in one signed
# batch; what goes over earns there as a second computation has it.

load helper
load aged

# She is registered under two numbers, and paid under both in 2024; he has her name.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config
	at 2026-01-10
	make_store
	people
	printf '%s\n' 统一社会信用代码,单位名称,行政区划,参保日期 "$one,一厂,330106,2000-01-01" >employers.csv
	printf '%s\n' 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数,采集依据,视同缴费月数 \
		"$wrong,李四,女,1990-02-03,$one,2023-01-01,2010-01-01,女干部,6000.00,单位申报,0" \
		"$right,李四,女,1990-02-03,$one,2023-01-01,2010-01-01,女干部,6000.00,单位申报,0" \
		"$he,李四,男,1990-02-03,$one,2023-01-01,2010-01-01,男职工,6000.00,单位申报,0" >registration.csv
	printf '%s\n' 公民身份号码,姓名,截止年度,个人缴费本金,个人缴费利息,单位划转本金,单位划转利息 \
		"$wrong,李四,2023,1234.56,78.90,55.55,4.44" "$right,李四,2023,5000.01,300.02,0,0" >opening.csv
	printf '%s\n' 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 \
		"v24,$one,2024,2024-12-20,99999.00,税收通用缴款书" "v25,$one,2025,2025-12-20,99999.00,税收通用缴款书" >levy.csv
	printf '%s\n' 年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费,起始月份 \
		"2024,$one,$wrong,李四,6000.00,6,5760.00,2880.00,1" "2024,$one,$right,李四,6000.00,6,5760.00,2880.00,7" \
		"2024,$one,$he,李四,6000.00,12,11520.00,5760.00,1" >breakdown.csv
	bring employer,1,employers registration,3,registration levy,2,levy opening,2,opening breakdown,3,breakdown
	acknowledged 5 "$one"
	seal 1-5
	pen-account -q settle --year 2024
	seal "$(newest)"
}

setup() {
	aged 2026-01-20
	people
}

people() {
	one=$(credit_code 91330106MA1080192)
	wrong=$(citizen_id 330106 19900203 020)
	right=$(citizen_id 330106 19900203 044)
	he=$(citizen_id 330106 19900203 035)
}

# The breakdown of 2025, sealed: lines without the year and the employer.
contributed() {
	printf '%s\n' 年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费,起始月份 "${@/#/2025,$one,}" >breakdown-2025.csv
	pen-import -q --confirm --expect-rows $# breakdown breakdown-2025.csv
	acknowledged "$(newest)"
	seal "$(newest)"
}

merge() { pen-account merge --person "$1" --into "$2" --note '户籍证明 12' -f json; }

@test "what stood on the one goes over to the other at the turn of the year, and earns there" {
	merge "$wrong" "$right" >out.json
	[ "$(jq -c '[.rows[] | [.year, .kind]]' out.json)" = '[[2025,"merge"],[2025,"balance"],[2025,"merge"]]' ]
	[ "$(jq '.rows[0].total_fen + .rows[2].total_fen' out.json)" = 0 ]
	# Until it is sealed it does not count.
	[ "$(pen-account show --person "$wrong" -f json | jq '.rows[-1].year')" = 2024 ]
	refuses 3 pen-seal sign "$(newest)" --as head1
	seal "$(newest)"
	[ "$(pen-account show --person "$wrong" -f json | jq -c '[.rows[-2:][].kind, .summary.balance_fen]')" = '["merge","balance",0]' ]
	contributed "$right,李四,6000.00,12,11520.00,5760.00,1" "$he,李四,6000.00,12,11520.00,5760.00,1"
	pen-account settle --year 2025 -f json >settled.json
	[ "$(jq -c '[.summary.people.settled, .summary.merged_fen]' settled.json)" = "[2,$(jq .summary.merged_fen out.json)]" ]
	seal "$(newest)"
	pen-account show --person "$right" -f json >shown.json
	[ "$(jq -c '[.rows[] | select(.year == 2025) | .kind]' shown.json)" = '["credit","merge","interest-opening","interest-merge","interest-year","balance"]' ]
	# The statement says it too, and the rows of the batch by which rate.
	pen-report statement --year 2025 --person "$right" -f json | grep -q '"merge'
	pen-import show "$(newest)" --rows -f json | jq -e 'any(.rows[]; .rate == 15000)'
	[ "$(jq -c '.rows[-1] | [.personal_principal_fen, .personal_interest_fen, .unit_principal_fen, .unit_interest_fen]' shown.json)" = "$(
		PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$BATS_TEST_DIRNAME/../benefit python3 - <<-'END'
			from fractions import Fraction as F
			from accounts import Account
			from law import half_up
			first = Account((123456, 7890, 5555, 444)).year(F(262, 10000), [(range(1, 7), 288000)]).parts
			a = Account((500001, 30002, 0, 0)).year(F(262, 10000), [(range(7, 13), 288000)])
			a.year(F(15, 1000), [(range(1, 13), 576000)])
			pp, pi, up, ui = first
			more = pp, pi + half_up((pp + pi) * F(15, 1000)), up, ui + half_up((up + ui) * F(15, 1000))
			print(str([x + y for x, y in zip(a.parts, more)]).replace(' ', ''))
		END
	)" ]
	verifies
}

@test "a merge that is sealed after the year was settled has it settled again" {
	merge "$wrong" "$right" >out.json
	batch=$(newest)
	contributed "$right,李四,6000.00,12,11520.00,5760.00,1"
	pen-account settle --year 2025 -f json >first.json
	[ "$(jq -c '[.summary.people.settled, .summary.merged_fen]' first.json)" = '[3,0]' ]
	seal "$(newest)"
	seal "$batch"
	pen-account settle --year 2025 -f json >again.json
	[ "$(jq -c '[.summary.people.again, .summary.people.unchanged, .summary.merged_fen]' again.json)" = "[1,1,$(jq .summary.merged_fen out.json)]" ]
	[ "$(pen-account show --person "$wrong" -f json | jq .summary.balance_fen)" = 0 ]
	seal "$(newest)"
	verifies
}

@test "what is paid late, or paid back, counts from its month on: of this year by the month it is for, of an earlier one by its arrival" {
	# Two months of 2024 paid in March 2025; May and June of 2025 paid twice, and paid back;
	# a month of 2024 paid back in October.
	{
		echo 年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费,起始月份,缴费类型,对应年度,到账日期
		echo "2025,$one,$right,李四,6000.00,12,11520.00,5760.00,1,正常,,"
		echo "2025,$one,$right,李四,6000.00,2,1920.00,960.00,1,补缴,2024,2025-03-10"
		echo "2025,$one,$he,李四,6000.00,12,11520.00,5760.00,1,正常,,"
		echo "2025,$one,$he,李四,6000.00,2,1920.00,960.00,5,补差,,"
		echo "2025,$one,$he,李四,6000.00,2,-1920.00,-960.00,5,退费,,"
		echo "2025,$one,$he,李四,6000.00,1,-960.00,-480.00,3,退费,2024,2025-10-08"
	} >breakdown-2025.csv
	pen-import -q --confirm --expect-rows 6 breakdown breakdown-2025.csv || { cat ./*.rejects.csv; return 1; }
	acknowledged "$(newest)"
	seal "$(newest)"
	pen-account -q settle --year 2025
	seal "$(newest)"
	pen-account show --person "$right" -f json >right.json
	pen-account show --person "$he" -f json >he.json
	[ "$(jq -c '.rows[-1] | [.personal_principal_fen, .personal_interest_fen]' right.json he.json | tr '\n' ' ')" = "$(
		PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$BATS_TEST_DIRNAME/../benefit python3 - <<-'END'
			from fractions import Fraction as F
			from accounts import Account
			a = Account((500001, 30002, 0, 0)).year(F(262, 10000), [(range(7, 13), 288000)])
			a.year(F(15, 1000), [(range(1, 13), 576000), ((3,), 96000)])
			b = Account((0, 0, 0, 0)).year(F(262, 10000), [(range(1, 13), 576000)])
			b.year(F(15, 1000), [(range(1, 13), 576000), ((10,), -48000)])
			print(*(str(x.parts[:2]).replace(' ', '') for x in (a, b)), '')
		END
	)" ]
	verifies
}

@test "what was changed of a merge behind the tools' back is named" {
	merge "$wrong" "$right" >out.json
	seal "$(newest)"
	sqlite3 store/pen.db "DROP TRIGGER movement_stays_u; UPDATE movement SET personal_interest_fen = personal_interest_fen + 1 WHERE kind = 'merge' AND personal_interest_fen > 0"
	pen-verify replay -f ndjson >found.ndjson && return 1
	jq -se 'any(.rule == "settlement.rows")' found.ndjson
}

@test "who is not shown to be the same person, or is not ready, is refused with the reason" {
	refuses 3 merge "$wrong" "$he"
	[[ $message == *"$wrong (李四), born 19900203, and $he (李四), born 19900203, are not shown"*account.another* ]]
	refuses 3 merge "$wrong" "$wrong"
	refuses 2 pen-account merge --person "$wrong" --into "$right" --note ''
	refuses 2 pen-account merge --person "$wrong" --into "$right"
	refuses 3 pen-account merge --person "$wrong" --into "$right" --note x --as lead1
	contributed "$wrong,李四,6000.00,12,11520.00,5760.00,1"
	refuses 3 merge "$wrong" "$right"
	[[ $message == *account.unready* ]]
	merge "$right" "$wrong" >out.json
	refuses 3 merge "$right" "$wrong"
	[[ $message == *"the account of $right (李四) is closed"*account.closed* ]]
	# A prediction changes nothing.
	[ "$(pen-account merge --person "$right" --into "$wrong" --note x -n -f json 2>/dev/null | jq .summary.batch)" = "" ]
}
