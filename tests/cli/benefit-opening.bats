#!/usr/bin/env bats
# shellcheck disable=SC2154
# Pensions of people whose years before the store are not brought in one by one: the opening
# says their months and their average index. And what is provisional, until the rate is there.
load helper
load aged

li=$(citizen_id 330106 19750901 022)		# a worker: 50 and five months in 2026-02
wu=$(citizen_id 330106 19750902 042)		# another, of few months
wang=$(citizen_id 330106 19800101 011)		# two more, of whom there is no opening
zhao=$(citizen_id 330106 19800102 031)
mill=$(credit_code 91330106MA0000001)

bring() { pen-import -q --confirm --expect-rows "$3" "$1" "$2"; }

# 200 months at 0.8512 until the end of 2025, then three months of 8000.00; the year's rate of
# interest is not published.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config
	make_store ed25519-sha256
	at 2026-04-10
	{
		echo 统一社会信用代码,单位名称,行政区划,参保日期
		echo "$mill,第一机械厂,330106,2005-01-01"
	} >employers.csv
	{
		echo 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数,采集依据
		echo "$li,李二,女,1975-09-01,$mill,2008-01-01,2000-01-01,女工人,8000.00,单位申报"
		echo "$wu,吴四,女,1975-09-02,$mill,2012-01-01,2000-01-01,女工人,8000.00,单位申报"
		echo "$wang,王一,男,1980-01-01,$mill,2012-01-01,2000-01-01,男职工,8000.00,单位申报"
		echo "$zhao,赵六,男,1980-01-02,$mill,2012-01-01,2000-01-01,男职工,8000.00,单位申报"
	} >registration.csv
	{
		echo 公民身份号码,姓名,截止年度,个人缴费本金,缴费月数,平均缴费工资指数
		echo "$li,李二,2025,80000.00,200,0.8512"
		echo "$wu,吴四,2025,30000.00,90,0.7"
	} >opening.csv
	printf '%s\n' 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类,险种 "1,$mill,2026,2026-04-01,5760.00,税收通用缴款书,基本养老保险" >levy.csv
	printf '%s\n' 年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费,起始月份 "2026,$mill,$li,李二,8000.00,3,3840.00,1920.00,1" >breakdown.csv
	printf '%s\n' 统一社会信用代码,核对意见,答复日期 "$mill,一致,2026-04-02" >answers.csv
	{
		echo name,area,category,valid_from,valid_to,value,unit,source,verified,note
		echo wage.average,330100,,2025-01,2025-12,7000.00,yuan,the test,yes,
		echo wage.base,330100,,2026-01,2026-12,9000.00,yuan,the test,yes,
	} >wages.csv
	pen-admin -q param load wages.csv --as sys1
	bring employer employers.csv 1
	bring registration registration.csv 4
	bring levy levy.csv 1
	bring breakdown breakdown.csv 1
	bring opening opening.csv 2
	pen-seal -q acknowledge 4 --from answers.csv --document answers.csv
	seal 1-5
}

setup() { aged 2026-04-10; }

# reckoned RATE: months, index, account and the two parts in fen, by a second computation.
reckoned() {
	awk -v rate="$1" 'function up(x) { return int(x + 0.5 + 1e-9) } BEGIN {
		months = 200 + 3
		z = up((200 * 0.8512 + 3 * 8000 / 7000) / months * 10000)
		wage = up(9000 * 100 * z / 10000)
		basic = up((900000 + wage) / 2 * months / 12 / 100)
		# Three months of what stood, and 640.00 a month that earns three, two and one.
		balance = 8000000 + up(8000000 * rate / 100 * 3 / 12) + 192000 + up(64000 * 6 * rate / 100 / 12)
		# 50 years and 6 months: between 195 and 190.
		print months, z * 100, balance, basic, up(balance / 192.5)
	}'
}
of_row() { jq -r '.rows[0] | "\(.paid_months) \(.index | tonumber * 1000000 | round) \(.balance_fen) \(.basic_fen) \(.account_fen)"' <<<"$output"; }

@test "months and index of an opening count with what was paid since, and the trace names record and seal" {
	run -0 pen-benefit assess --person "$li" --retired-on 2026-03-10 -f json
	[ "$(of_row)" = "$(reckoned 1.50)" ]
	pen-benefit show --person "$li" -f json >shown.json
	jq -e '.rows | map(select(.source == "opening folio 5 line 2 seal 5")) | map(.name + " " + .value)
		== ["paid until 2025 200", "average index until 2025 0.8512"]' shown.json
	jq -e '[.rows[] | select(.name == "index until 2025")] | .[0].with == "200 * 0.8512"' shown.json
	pen-verify replay -q
}

@test "a provisional pension is made again when the rate is published, counts then, and makes nobody new" {
	run -0 pen-benefit assess --person "$li" --retired-on 2026-03-10 -f json
	jq -e '.rows[0].provisional and .summary.provisional == 1' <<<"$output"
	pen-benefit -q approve 6 --as lead1
	refuses 3 pen-benefit assess --person "$li" --retired-on 2026-03-10
	[[ $message == *assess.same* ]]
	at 2027-07-01
	printf '%s\n' "$(head -n 1 wages.csv)" account.interest,000000,,2026-01,2026-12,1.70,percent,test,yes, >rate.csv
	pen-admin -q param load rate.csv --as sys1
	run -0 pen-benefit assess --person "$li" --retired-on 2026-03-10 -f json
	[ "$(of_row)" = "$(reckoned 1.70)" ]
	jq -e '.rows[0].provisional | not' <<<"$output"
	pen-benefit -q approve 7 --as lead1
	[ "$(pen-benefit show --person "$li" -f json | jq -c '[.head.folio, .head.provisional]')" = '[7,false]' ]
	[ "$(sql 'SELECT group_concat(provisional) FROM (SELECT provisional FROM assessment ORDER BY folio)')" = 1,0 ]
	# Both come out of replay, each under the parameters of its index.
	pen-verify replay -q
	[ "$(pen-report new-retirees --month 2026-04 -f json | jq .summary.rows)" = 1 ]
	[ "$(pen-report new-retirees --month 2027-07 -f json | jq .summary.rows)" = 0 ]
}

@test "an exception is made again by replay, with its reason and paper" {
	refuses 3 pen-benefit assess --person "$wu" --retired-on 2026-03-10
	[[ $message == *retire.months* ]]
	echo 批示 >paper.txt
	pen-benefit -q assess --person "$wu" --retired-on 2026-03-10 --route exception --reason 历史遗留 --paper paper.txt
	run -1 pen-benefit approve 6 --as lead1
	pen-benefit -q approve 6 --as head1
	pen-verify replay -q
	sqlite3 store/pen.db "DROP TRIGGER assessment_stays_u; UPDATE assessment SET reason = '其他'"
	run pen-verify replay -f json
	[ "$status" = 5 ]
	[ "$(jq -r '[.rows[] | select(.rule == "computed.rows") | .field] | unique | join(" ")' <<<"$output")" = reason ]
}

@test "months and index of an opening come in together, or not at all" {
	printf '%s\n' "$(head -n 1 opening.csv)" "$wang,王一,2025,100.00,200," "$zhao,赵六,2025,100.00,,0.7" >wrong.csv
	run -1 pen-import -f json opening wrong.csv
	[ "$(jq -c '[.lines.rejected, .lines.accepted]' <<<"$output")" = '[2,0]' ]
	[ "$(grep -c field.required "$(jq -r .rejects <<<"$output")")" = 2 ]
	printf '%s\n' "$(head -n 1 opening.csv)" "$wang,王一,2025,100.00,0,0.7" "$zhao,赵六,2025,100.00,9,many" >wrong.csv
	run -1 pen-import -f json opening wrong.csv
	[ "$(jq .lines.rejected <<<"$output")" = 2 ]
}
