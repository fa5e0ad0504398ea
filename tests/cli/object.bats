#!/usr/bin/env bats
# shellcheck disable=SC2154
# pen-amend object: an objection to a statement, in its time and about what it said.

load helper

code=$(credit_code 91330106MA0000001)
wang=$(citizen_id 330106 19800101 011)
li=$(citizen_id 330106 19820101 013)

# Ten in the morning of a day in China.
now() { PEN_CLOCK=$(date -u -d "${1}T02:00:00Z" +%s); export PEN_CLOCK; }

sign_and_close() {
	pen-seal -q sign "$1"
	pen-seal -q sign "$1" --as lead1
	pen-seal -q close "$1"
}

# Two people of one employer, two sealed and settled years.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config PEN_STORE=$PWD/store PEN_STAFF=head1 TZ=CST-8
	now 2026-01-05
	pen-admin init --agency 330100 --name 某市社会劳动保险经办机构 --head head1:王敏 --suite ed25519-sha256 -q
	pen-admin staff add op1 --name 张三 --role operator -q
	pen-admin staff add lead1 --name 李四 --role lead -q
	pen-admin staff add lead2 --name 周八 --role lead -q
	export PEN_STAFF=op1
	printf '%s\n' 统一社会信用代码,单位名称,行政区划,参保日期 "$code,第一机械厂,330106,2010-01-01" >employers.csv
	printf '%s\n' 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数 \
		"$wang,王一,男,1980-01-01,$code,2020-01-01,2000-01-01,男职工,8000.00" \
		"$li,李二,男,1982-01-01,$code,2020-01-01,2002-01-01,男职工,8000.00" >people.csv
	printf '%s\n' 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 \
		"V23,$code,2023,2023-12-05,90000.00,税收通用缴款书" "V24,$code,2024,2024-12-05,90000.00,税收通用缴款书" >levy.csv
	pen-import -q --confirm --expect-rows 1 employer employers.csv
	pen-import -q --confirm --expect-rows 2 registration people.csv
	pen-import -q --confirm --expect-rows 2 levy levy.csv
	sign_and_close 1-3
	echo 同意 >agreed.txt
	for year in 2023 2024; do
		printf '%s\n' 年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费 \
			"$year,$code,$wang,王一,8000.00,12,15360.00,7680.00" "$year,$code,$li,李二,8000.00,12,15360.00,7680.00" >b$year.csv
		pen-import -q --confirm --expect-rows 2 breakdown b$year.csv
		batch=$(sqlite3 store/pen.db "SELECT max(id) FROM batch")
		pen-seal -q acknowledge "$batch" --employer "$code" --answer agreed --document agreed.txt
		sign_and_close "$batch"
		pen-account -q settle --year $year
	done
	echo 原始 >original.txt
	echo 依据 >evidence.txt
}

setup() {
	cp -Rp "$BATS_FILE_TMPDIR/store" store
	cp -Rp "$BATS_FILE_TMPDIR/config" "$XDG_CONFIG_HOME"
	cp "$BATS_FILE_TMPDIR"/*.txt .
	export PEN_STORE=$PWD/store PEN_STAFF=op1 TZ=CST-8
	now 2026-01-07
}

sql() { sqlite3 -readonly store/pen.db "$1"; }
object() { pen-amend -f json object --reason 本人有异议 --original original.txt --evidence evidence.txt "$@"; }
statement() { pen-report statement --year "${2:-2024}" --person "$1" >/dev/null; }

@test "an objection in time is a case of its own, with what it comes to, and needs a lead alone" {
	statement "$wang"
	now 2026-03-20
	run -0 object --person "$wang" --year 2024 --set base=9000.00
	[ "$(jq -c '[.head.case, .head.form, .head.state, .rows[0].account_difference_fen]' <<<"$output")" = '[1,"objection","requested",97363]' ] ||
		{ jq -c .head,.rows <<<"$output"; return 1; }
	[ "$(sql "SELECT form, issue, state FROM amendment")" = 'objection|1|requested' ]
	[ "$(sql "SELECT subject, staff FROM journal WHERE act = 'amend.object'")" = 'case 1|op1' ]
	pen-amend -q approve 1 --as lead1
	[ "$(pen-report objections -f json | jq -c '.rows[] | [.case, .state, .issued_on, .last_day, .objected_on, .id_number, .staff]')" = \
		"[1,\"lead-approved\",\"2026-01-07\",\"2026-04-07\",\"2026-03-20\",\"$wang\",\"op1\"]" ]
}

@test "on the last day there is still time; on the day after it is refused, listed, and the long way is named" {
	statement "$wang"
	now 2026-04-07
	object --person "$wang" --year 2024 --set base=9000.00 --dry-run >/dev/null
	now 2026-04-08
	refuses 3 object --person "$wang" --year 2024 --set base=9000.00
	[[ $message == *2026-01-07*2026-04-07*"pen-amend request"*R4.2.3*objection.late* ]]
	# To print it again begins nothing anew.
	statement "$wang"
	refuses 3 object --person "$wang" --year 2024 --set base=9000.00
	[ "$(sql "SELECT count(*) FROM amendment")" = 0 ]
	[ "$(sql "SELECT count(*) FROM journal WHERE act = 'refused' AND subject = 'issue 1' AND text LIKE '%objection.late%'")" = 2 ]
	[ "$(pen-report objections -f json | jq -c '[.summary.refused, (.rows[0] | [.case, .state, .code, .last_day])]')" = \
		'[2,[null,"refused","objection.late","2026-04-07"]]' ]
}

@test "the employer objects to its detail, for its people and the year" {
	pen-report statement-detail --year 2024 --employer "$code" >/dev/null
	object --employer "$code" --person "$li" --year 2024 --set base=9000.00 >/dev/null
	[ "$(sql "SELECT a.issue, i.form, i.employer IS NOT NULL FROM amendment a JOIN statement_issue i ON i.id = a.issue")" = '1|statement-detail|1' ]
	[ "$(pen-report objections -f json | jq -c '.rows[] | [.credit_code, .id_number]')" = "[\"$code\",null]" ]
	# By the number of the detail its employer need not be said again.
	object --issue 1 --person "$wang" --set base=9000.00 --dry-run >/dev/null
}

@test "what a statement does not speak of is not objected to" {
	refuses 3 object --person "$wang" --year 2024 --set base=9000.00
	[[ $message == *王一*2024*R4.2.3*objection.none* ]]
	statement "$wang"
	printf '%s\n' 公民身份号码,年度,修改项目,新数据 "$li,2024,缴费基数,9000.00" >other.csv
	refuses 3 object --person "$wang" --year 2024 --from other.csv
	[[ $message == *objection.beyond* ]]
	printf '%s\n' 公民身份号码,年度,修改项目,新数据 "$wang,2023,缴费基数,9000.00" >year.csv
	refuses 3 object --person "$wang" --year 2024 --from year.csv
	[[ $message == *objection.beyond* ]]
	object --person "$wang" --year 2024 --kind registration --set worked_on=2000-03-01 >/dev/null
	refuses 2 object --set base=1
	[[ $message == *objection.which* ]]
	refuses 2 object --issue 9 --set base=1
	[[ $message == *objection.issue* ]]
	refuses 3 object --issue 1 --set base=9000.00 --as lead1
	[[ $message == *role.missing* ]]
}

@test "an objection that was sent back asks for no more than its statement says" {
	statement "$wang"
	object --issue 1 --set base=9000.00 >/dev/null
	pen-amend -q return 1 --reason 请附流水 --as lead1
	refuses 3 pen-amend revise 1 --person "$wang" --year 2023 --set base=9000.00 --reason 再报 --original original.txt --evidence evidence.txt
	[[ $message == *objection.beyond* ]]
	pen-amend -q revise 1 --person "$wang" --year 2024 --set base=9100.00 --reason 再报 --original original.txt --evidence evidence.txt
}

@test "a rejected objection keeps its reason" {
	statement "$wang"
	object --issue 1 --set base=9000.00 >/dev/null
	pen-amend -q reject 1 --reason 经核实无误 --as lead1
	[ "$(pen-report objections -f json | jq -c '.rows[] | [.state, .decided_by, .reason]')" = '["rejected","lead1","经核实无误"]' ]
	pen-report objections | grep -q 经核实无误
}

@test "an objection whose statement was handed out too long before is found" {
	statement "$wang"
	now 2026-03-20
	object --issue 1 --set base=9000.00 >/dev/null
	now 2026-03-24
	pen-verify -q rules --rule objection.time
	sqlite3 store/pen.db "DROP TRIGGER statement_issue_stays_u; UPDATE statement_issue SET on_date = 20251220"
	pen-verify -q rules --rule objection.time		# to the day
	sqlite3 store/pen.db "UPDATE statement_issue SET on_date = 20251219"
	run -1 pen-verify rules --rule objection.time -f ndjson
	[ "$(head -n 2 <<<"$output" | jq -r 'select(.type == "finding") | .record + ": " + .found + ", " + .expected')" = \
		'case 1: objected on 2026-03-20, by 2026-03-19' ] || { echo "$output"; return 1; }
}
