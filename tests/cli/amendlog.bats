#!/usr/bin/env bats
# shellcheck disable=SC2154
# 业务数据修改日志表: what was changed in a month, and that its log was printed.

load helper

code=$(credit_code 91330106MA0000001)
wang=$(citizen_id 330106 19800101 011)

# Ten in the morning of a day in China.
now() { PEN_CLOCK=$(date -u -d "${1}T02:00:00Z" +%s); export PEN_CLOCK; }

# A store made on Monday 2026-11-02 with one employer and one person.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config PEN_STORE=$PWD/store PEN_STAFF=head1 TZ=CST-8
	now 2026-11-02
	pen-admin init --agency 330100 --name 某市社会劳动保险经办机构 --head head1:王敏 --suite ed25519-sha256 -q
	local id name role agency
	while read -r id name role agency; do
		pen-admin staff add "$id" --name "$name" --role "$role" --agency "$agency" -q
	done <<-EOF
		op1 张三 operator 330100
		op6 冯七 operator 330106
		lead1 李四 lead 330100
		sys1 赵五 syslead 330100
		amender1 孙七 amender 330100
		lead2 周八 lead 330100
	EOF
	export PEN_STAFF=op1
	printf '%s\n' 统一社会信用代码,单位名称,行政区划,参保日期 "$code,第一机械厂,330106,2010-01-01" >employers.csv
	printf '%s\n' 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数 \
		"$wang,王一,男,1980-01-01,$code,2020-01-01,2000-01-01,男职工,8000.00" >people.csv
	pen-import -q --confirm --expect-rows 1 employer employers.csv
	pen-import -q --confirm --expect-rows 1 registration people.csv
}

setup() {
	cp -Rp "$BATS_FILE_TMPDIR/store" store
	cp -Rp "$BATS_FILE_TMPDIR/config" "$XDG_CONFIG_HOME"
	export PEN_STORE=$PWD/store PEN_STAFF=op1 TZ=CST-8
	now 2026-11-03
}

sql() { sqlite3 -readonly store/pen.db "$1"; }

# An entry of somebody's, that the journal then says was that act: its index.
entry() {
	pen-report breakdown --year 2024 --as "$1" >/dev/null
	local at
	at=$(sql "SELECT max(at) FROM journal")
	sqlite3 store/pen.db "DROP TRIGGER IF EXISTS journal_stays_u; UPDATE journal SET act = '$2', subject = 'case $3' WHERE at = $at"
	echo "$at"
}

# A case as its steps leave it, of an area, changed on the day that it is now.
plant() {
	local case=$1 agency=$2 requester=$3 number=1 move staff at
	sqlite3 store/pen.db "INSERT INTO amendment (id, form, agency, requested_by, state, revision, at) VALUES ($case, 'change', '$agency', '$requester', 'checked', 2, 0);
		INSERT INTO amendment_application VALUES ($case, 1, 0, 't', 'd1', '错了', 'o1', 'e1'), ($case, 2, 0, 't', 'd2', '录入有误', 'o2', 'e2');
		INSERT INTO amendment_record VALUES ($case, 2, 1, 'contribution', 'breakdown', 7, 1, 4, 1, 2024), ($case, 2, 2, 'registration', 'registration', 2, 1, 1, 1, 0);
		INSERT INTO amendment_field VALUES ($case, 2, 1, 1, 'base_fen', '600000', '650000', 0), ($case, 2, 1, 2, 'personal_fen', '576000', '624000', 1),
			($case, 2, 2, 1, 'worked_on', 'null', '20000301', 0), ($case, 1, 1, 1, 'base_fen', '1', '2', 0);"
	while read -r move staff; do
		at=$(entry "$staff" "amend.$move" "$case")
		sqlite3 store/pen.db "INSERT INTO amendment_step VALUES ($case, $number, '$move', $at, NULL)"
		number=$((number + 1))
	done <<-EOF
		request $requester
		approve lead2
		return head1
		revise $requester
		approve lead1
		approve head1
		unseal sys1
		apply amender1
		check lead2
	EOF
}

log() { pen-report amendment-log -f json "$@"; }

@test "each field has its old and its new value, who did what on whose approval, and the papers by digest" {
	plant 1 330100 op1
	log --month 2026-11 >out.json
	jq -e '.title == "业务数据修改日志表" and .head.month == "2026-11" and .head.area == null' out.json
	jq -e '[.rows[] | [.case, .form, .agency, .record, .folio, .line, .field, .old, .new, .follows]] == [
		[1, "业务数据修改申请表", "330100", "年度缴费", 7, 4, "缴费基数", "6000.00", "6500.00", false],
		[1, "业务数据修改申请表", "330100", "年度缴费", 7, 4, "个人缴费", "5760.00", "6240.00", true],
		[1, "业务数据修改申请表", "330100", "基本养老保险登记", 2, 1, "参加工作时间", null, "2000-03-01", false]]' out.json ||
		{ jq -c '.rows[] | [.case, .form, .agency, .record, .folio, .line, .field, .old, .new, .follows]' out.json; return 1; }
	jq -e --arg id "$wang" --arg code "$code" 'all(.rows[]; .id_number == $id and .name == "王一" and .credit_code == $code)' out.json
	# Of the application that counts, not of the one that was sent back.
	jq -e '.rows[0] | .reason == "录入有误" and .application == "d2" and .original == "o2" and .evidence == "e2"' out.json
	jq -e '.rows[0] | [.requested.staff, .lead.staff, .head.staff, .unsealed.staff, .applied.staff, .checked.staff, .closed.staff] ==
		["op1", "lead1", "head1", "sys1", "amender1", "lead2", null]' out.json
	jq -e '.rows[0] | .lead.name == "李四" and .applied.time == "2026-11-03T02:00:00Z"' out.json
	jq -e '.rows[0] | [.kind, .column, .old_value, .new_value] == ["contribution", "base_fen", "600000", "650000"]' out.json
	jq -e '.summary | .rows == 3 and .cases == 1 and .areas == [{agency: "330100", cases: 1, fields: 3}]' out.json
	pen-report amendment-log --month 2026-11 -f csv | tr -d '\r' >out.csv
	head -n 1 out.csv | grep -q '^序号,申请号,申请表,行政区划,公民身份号码,姓名,统一社会信用代码,年度,记录,表号,行号,修改项目,原值,新值,'
	test "$(wc -l <out.csv)" = 4
	pen-report amendment-log --month 2026-11 | grep -q '6000.00 *6500.00'
}

@test "a month is that of the local day of the change, and an area is that which asked" {
	now 2026-11-30
	plant 1 330106 op6
	PEN_CLOCK=$(date -u -d 2026-11-30T16:30:00Z +%s)	# past midnight in China
	plant 2 330100 op1
	test "$(log --month 2026-11 | jq -c '[.rows[].case] | unique')" = '[1]'
	test "$(log --month 2026-12 | jq -c '[.rows[].case] | unique')" = '[2]'
	test "$(log --month 2026-11 --agency 330100 | jq .summary.rows)" = 0
	test "$(log --month 2026-11 --agency 330106 | jq -c '[.head.area, .summary.rows]')" = '["330106",3]'
	plant 3 330106 op6
	test "$(log --month 2026-12 | jq -c '[.summary.areas[] | [.agency, .cases, .fields]]')" = '[["330100",1,3],["330106",1,3]]'
	refuses 2 pen-report amendment-log
	[[ $message == *--month* ]]
	refuses 2 pen-report amendment-log --month 2026-13
	[[ $message == *2026-13*2024-03*report.month* ]]
	refuses 2 pen-report amendment-log --month 2026-12 --agency 440100
	[[ $message == *440100* ]]
}

@test "the log as of an index is the same to the byte, whoever checked since" {
	plant 1 330100 op1
	local index
	index=$(sql "SELECT at FROM amendment_step WHERE move = 'apply'")
	log --month 2026-11 --as-of "$index" >then.json
	jq -e '.rows[0] | .applied.staff == "amender1" and .checked.staff == null' then.json
	plant 2 330100 op1
	log --month 2026-11 --as-of "$index" | cmp - then.json
	# Before the change there was none.
	test "$(log --month 2026-11 --as-of "$((index - 1))" | jq .summary.rows)" = 0
}

# What the rule finds, a record a line.
missed() {
	pen-verify rules --rule duty.amendment-log -f ndjson >found.ndjson || test $? = 1
	jq -r 'select(.type == "finding") | .record + ": " + .found' found.ndjson
}

# The same duty, as the status has it: last, due, overdue.
duty() { pen-admin status -f json | jq -c '.duties[] | select(.clause == "R5.3.3") | [.last, .due, .overdue]'; }

@test "a month with a change whose log was not printed is found, area by area" {
	test "$(duty)" = '[null,null,false]'
	plant 1 330100 op1
	plant 2 330106 op6
	plant 3 330106 op6
	log --month 2026-11 >/dev/null		# too early: the month goes on
	test -z "$(missed)"
	test "$(duty)" = '["2026-11-03","2026-12-01",false]'
	now 2026-11-30
	test -z "$(missed)"
	now 2026-12-01				# its first working day is not over
	test -z "$(missed)"
	test "$(duty)" = '["2026-11-03","2026-12-01",false]'
	now 2026-12-02
	test "$(duty)" = '["2026-11-03","2026-12-01",true]'
	test "$(missed)" = "amendment log of 2026-11 of agency 330100: none since the month was over, of 1 case
amendment log of 2026-11 of agency 330106: none since the month was over, of 2 cases"
	log --month 2026-11 --agency 330106 >/dev/null
	test "$(missed)" = "amendment log of 2026-11 of agency 330100: none since the month was over, of 1 case"
	log --month 2026-11 --as-of "$(sql "SELECT max(at) FROM journal")" >/dev/null	# a look
	log --month 2026-12 >/dev/null							# another month
	test -n "$(missed)"
	test "$(duty)" = '["2026-12-02","2026-12-01",true]'
	log --month 2026-11 >/dev/null
	test -z "$(missed)"
	test "$(duty)" = '["2026-12-02",null,false]'
	test "$(sql "SELECT subject FROM journal WHERE act = 'report.amendment-log' ORDER BY at DESC LIMIT 1")" = 'amendment-log 2026-11'
}

@test "a month in which nothing was changed needs no log" {
	now 2027-02-01
	test -z "$(missed)"
}
