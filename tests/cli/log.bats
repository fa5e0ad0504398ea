#!/usr/bin/env bats
# The running logs, and the duties that were missed.

load helper

# A store made on Thursday 2026-11-19, with staff for the logs; then it is `now`.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config PEN_STORE=$PWD/store PEN_STAFF=head1
	now 2026-11-19
	pen-admin init --agency 330100 --name 某市社会劳动保险经办机构 --head head1:王敏 --suite ed25519-sha256 -q
	pen-admin staff add net1 --name 吴九 --role netadmin -q
	pen-admin staff add dba1 --name 钱六 --role dba -q
	pen-admin staff add op1 --name 张三 --role operator -q
	pen-admin staff add net2 --name 郑十 --role netadmin --agency 330106 -q
}

setup() {
	cp -Rp "$BATS_FILE_TMPDIR/store" store
	cp -Rp "$BATS_FILE_TMPDIR/config" "$XDG_CONFIG_HOME"
	export PEN_STORE=$PWD/store PEN_STAFF=net1 TZ=CST-8
	now 2026-11-19
}

# Ten in the morning of a day in China.
now() { PEN_CLOCK=$(date -u -d "${1}T02:00:00Z" +%s); export PEN_CLOCK; }

sql() { sqlite3 -readonly store/pen.db "$1"; }

network() { pen-log network -f json --ports "${ports:-全部正常}" --servers 正常 --equipment 正常 --faults 无 "$@"; }

# What a rule finds, a record a line: RULE [OPTION]…
missed() {
	local rule=$1 ended=0
	shift
	pen-verify rules --rule "$rule" -f ndjson "$@" >found.ndjson || ended=$?
	jq -r 'select(.type == "finding") | .record + ": " + .found' found.ndjson
	test "$ended" = "$(jq 'select(.type == "summary") | .status' found.ndjson)"
}

@test "a network log is a record, signed and journalled by the network administrator" {
	run -0 network
	[ "$(jq -c '[.summary.entered, .rows[0].on, .rows[0].late_days]' <<<"$output")" = '[1,"2026-11-19",0]' ]
	[ "$(sql "SELECT kind, agency, on_date, ports, faults FROM running_log")" = 'network|330100|20261119|全部正常|无' ]
	[ "$(sql "SELECT act, subject, staff FROM journal ORDER BY at DESC LIMIT 1")" = 'log.network|log 1|net1' ]
	# The signature, checked by somebody else's program.
	sqlite3 store/pen.db "SELECT writefile('text', text), writefile('sig', signature) FROM journal WHERE act = 'log.network'" >/dev/null
	openssl pkeyutl -verify -pubin -inkey "$XDG_CONFIG_HOME/pen/net1.pub" -rawin -in text -sigfile sig
	# What the entry binds is what anybody may hash.
	grep -q "\"ports\":\"$(printf 全部正常 | sha256sum | cut -d' ' -f1)\"" text
	pen-verify -q
}

@test "every field of R6.1 is asked for, and none is taken that cannot be" {
	refuses 2 pen-log network --ports 正常 --servers 正常 --equipment 正常
	[[ $message == *--faults*R6.1*log.missing* ]]
	refuses 2 network --faults ' '
	[[ $message == *log.blank* ]]
	refuses 2 network --faults "$(printf 'a\nb')"
	[[ $message == *log.line* ]]
	refuses 2 network --faults "$(printf '\xff')"
	[[ $message == *log.utf8* ]]
	refuses 2 network --faults "$(printf '%4001s' x)x$(printf '%4001s' x)"
	[[ $message == *log.long* ]]
	[ "$(sql 'SELECT count(*) FROM running_log')" = 0 ]
}

@test "a log is about a day that has come, and one that comes late says so" {
	now 2026-11-24
	refuses 2 network --on 2026-11-25
	[[ $message == *2026-11-25*log.future* ]]
	run -0 network --on 2026-11-20
	[ "$(jq .rows[0].late_days <<<"$output")" = 4 ]
	pen-log list --kind network -f csv | tr -d '\r' >list.csv
	[ "$(head -n 1 list.csv)" = 序号,运行日期,端口运行状况,服务器工作状况,通信设备工作状况,故障处理排除情况,备注,附件,机构代码,人员编号,责任人员签名,签字时间,迟记天数,更正序号,已由更正 ]
	[ "$(tail -n 1 list.csv)" = 1,2026-11-20,全部正常,正常,正常,无,,,330100,net1,吴九,2026-11-24T02:00:00Z,4,, ]
}

@test "the same again is entered once; something else of the same day is refused, and corrected by a further entry" {
	network -q
	run -0 network
	[ "$(jq -r '.rows[0].outcome' <<<"$output")" = unchanged ]
	ports=二号口断 refuses 3 network
	[[ $message == *"--corrects 1"*R6.1*log.there* ]]
	[ "$(sql "SELECT act FROM journal ORDER BY at DESC LIMIT 1")" = refused ]
	now 2026-11-20
	ports=二号口断 run -0 network --corrects 1
	[ "$(jq -c '[.rows[0].log, .rows[0].on]' <<<"$output")" = '[2,"2026-11-19"]' ]
	ports=二号口断 run -0 network --corrects 1
	[ "$(jq -r '.rows[0].outcome' <<<"$output")" = unchanged ]
	ports=三号口断 refuses 3 network --corrects 1 --on 2026-11-19
	refuses 2 network --corrects 7
	[[ $message == *log.earlier* ]]
	[ "$(pen-log list --kind network -f json | jq -c '[.rows[] | [.log, .ports, .corrects, .corrected_by]]')" = \
		'[[1,"全部正常",null,2],[2,"二号口断",1,null]]' ]
	[ "$(sql "SELECT group_concat(ports) FROM running_log")" = 全部正常,二号口断 ]
	pen-verify -q --rule log.stands
}

@test "many days come as a file, all of it or nothing" {
	now 2026-11-24
	{
		echo 运行日期,各个端口运行状况,服务器工作状况,通信设备工作状况,故障处理排除情况,责任人员签名
		echo '2026-11-20,正常,正常,正常,"交换机重启, 已恢复",吴九'
		echo 2026-11-23,正常,正常,正常,无,net1
	} >days.csv
	iconv -f UTF-8 -t GB18030 days.csv >days-gb.csv
	run -0 pen-log network --from days-gb.csv -f json --document days.csv
	[ "$(jq -c '[.summary.entered, .summary.document]' <<<"$output")" = "[2,\"$(sha256sum days.csv | cut -d' ' -f1)\"]" ]
	[ "$(sql "SELECT group_concat(faults, '/') FROM running_log")" = '交换机重启, 已恢复/无' ]
	[ -z "$(missed duty.network)" ]
	run -0 pen-log network --from days.csv -f json --document days.csv
	[ "$(jq -c '[.summary.entered, .summary.unchanged]' <<<"$output")" = '[0,2]' ]
	echo 2026-11-24,正常,正常,正常,,吴九 >>days.csv
	refuses 4 pen-log network --from days.csv
	[[ $message == *days.csv:4*故障处理排除情况* ]]
	sed -i '4s/.*/2026-11-24,正常,正常,正常,无,郑十/' days.csv
	refuses 3 pen-log network --from days.csv
	[[ $message == *days.csv:4*郑十*R6.1* ]]
	sed -i '4s/郑十/吴九/; 2s/正常,正常/正常,停机/' days.csv
	refuses 3 pen-log network --from days.csv
	[[ $message == *days.csv:2*log.there* ]]
	# Who answers for a line need not be said.
	cut -d, -f1-5 days.csv | sed -n '1p; 4p' >unsaid.csv
	pen-log network --from unsaid.csv -n -f json | jq -e .summary.entered==1
	head -n 1 days.csv >none.csv
	refuses 4 pen-log network --from none.csv
	refuses 2 network --from days.csv
	[ "$(sql 'SELECT count(*) FROM running_log')" = 2 ]
}

@test "who may enter what is held to roles and agencies, and refused with the clause" {
	refuses 3 network --as op1
	[[ $message == *R6.1* ]]
	refuses 3 pen-log inspect
	[[ $message == *R7.1* ]]
	refuses 3 pen-log incident --as op1 --found 病毒 --measures 查杀
	[[ $message == *R7.3* ]]
	refuses 3 pen-log breach --as dba1 --unit 科 --points 1 --clause R7.2 --found 未备份
	[[ $message == *R8.3* ]]
	# Somebody of a county keeps the county's log, which is not the store's.
	network --as net2 -q
	now 2026-11-21
	network --as net2 -q --on 2026-11-20
	[ "$(missed duty.network)" = 'network log of 2026-11-20: none of 1 working day' ]
	refuses 2 network --corrects 1
}

@test "an inspection runs the checks, and enters what they found" {
	run -0 pen-log inspect --as dba1 --note 例行 -f json
	[ "$(jq -c '[.log, .on, .findings, .found]' <<<"$output")" = '[1,"2026-11-19",0,null]' ]
	[ "$(jq .entries <<<"$output")" = "$(sql "SELECT max(at) - 1 FROM journal")" ]
	sqlite3 store/pen.db "UPDATE staff SET name = '别人' WHERE id = 'op1'"
	run -5 pen-log inspect --as dba1 -q
	[ "$(sql "SELECT findings, found FROM running_log WHERE id = 2")" = "1|journal.acts: staff op1, by journal entry $(sql "SELECT at FROM staff WHERE id = 'op1'") (staff.add): 别人" ]
	[ "$(pen-log list --kind inspect -f json | jq -c '[.rows[].findings]')" = '[0,1]' ]
	run -5 pen-log inspect --as dba1 -n -q
	[ "$(sql 'SELECT count(*) FROM running_log')" = 2 ]
	# There is no inspection of another day.
	refuses 2 pen-log inspect --as dba1 --on 2026-11-18
}

@test "an incident says what was done and reported, and goes on until it is cleared" {
	PEN_STAFF=dba1
	refuses 2 pen-log incident --found 病毒
	[[ $message == *--measures*R7.3* ]]
	refuses 2 pen-log incident --found 病毒 --measures 断网 --cut-off
	[[ $message == *--reported-to* ]]
	: >virus.png
	refuses 4 pen-log incident --found 病毒 --measures 断网 --document virus.png
	[[ $message == *log.empty* ]]
	echo 截图 >virus.png
	pen-log incident -q --found 病毒 --measures 断网 --cut-off --reported-to 王敏 --document virus.png
	refuses 2 pen-log incident --follows 1
	refuses 2 pen-log incident --follows 9 --cleared 已恢复
	pen-log incident -q --follows 1 --cleared 查杀完毕,恢复接入
	[ "$(pen-log list --kind incident -f json | jq -c '[.rows[] | [.found, .cut_off, .follows, .cleared]]')" = \
		'[["病毒",true,null,null],[null,false,1,"查杀完毕,恢复接入"]]' ]
	[ "$(pen-log list --kind incident -f json | jq -r '.rows[0].document')" = "$(sha256sum virus.png | cut -d' ' -f1)" ]
	pen-verify -q
}

@test "a breach costs 1 to 5 points under a clause, and the points add up but for those corrected" {
	PEN_STAFF=head1
	for points in 0 6; do
		refuses 2 pen-log breach --unit 信息中心 --points $points --clause R7.2 --found 逾期未备份
		[[ $message == *R8.3* ]]
	done
	refuses 2 pen-log breach --unit 信息中心 --points 1 --clause 7.2 --found 逾期未备份
	[[ $message == *log.clause* ]]
	refuses 2 pen-log breach --unit 信息中心 --points 1 --clause R7.2 --found 逾期 --on 2026-11-19 --until 2026-11-18
	pen-log breach -q --unit 信息中心 --points 5 --clause R7.2 --found 逾期未备份
	pen-log breach -q --unit 信息中心 --points 2 --clause R7.2 --found 逾期未备份 --corrects 1
	refuses 3 pen-log breach --unit 信息中心 --points 3 --clause R7.2 --found 逾期未备份 --corrects 1
	[[ $message == *"corrected already, by entry 2"*log.corrected* ]]
	pen-log breach -q --unit 征缴科 --points 1 --clause R7.5 --found 批量查询无记录 --on 2026-11-18 --until 2026-11-19
	pen-log list -f json | jq -e 'any(.rows[]; .said | contains("截止日期 2026-11-19"))'
	[ "$(pen-log list --kind breach -f json | jq -c '[.summary.rows, .summary.points]')" = '[3,3]' ]
}

@test "a dry run enters nothing" {
	before=$(sql "SELECT count(*) FROM running_log")
	run -0 network -n
	[ "$(jq -c '[.summary.entered, .summary.dry_run]' <<<"$output")" = '[1,true]' ]
	[ "$(sql "SELECT count(*) FROM running_log")" = "$before" ]
	[ "$(sql "SELECT count(*) FROM journal WHERE act LIKE 'log.%'")" = 0 ]
}

@test "the list is by day, between days, as it stood, in every format, and leaves a record" {
	now 2026-11-24
	network -q
	network -q --on 2026-11-20
	pen-log inspect --as dba1 -q
	as_of=$(sql "SELECT max(at) FROM journal WHERE act = 'log.network'")
	[ "$(pen-log list -f json | jq -c '[.rows[] | [.log, .kind, .on]]')" = '[[2,"network","2026-11-20"],[1,"network","2026-11-24"],[3,"inspect","2026-11-24"]]' ]
	[ "$(pen-log list -f json --until 2026-11-20 | jq .summary.rows)" = 1 ]
	[ "$(pen-log list -f json --since 2026-11-21 | jq .summary.rows)" = 2 ]
	[ "$(pen-log list -f json --as-of "$as_of" | jq .summary.rows)" = 2 ]
	pen-log list -f ndjson >list.ndjson
	[ "$(tail -n 1 list.ndjson | jq -r .digest)" = "$(head -n -1 list.ndjson | sha256sum | cut -d' ' -f1)" ]
	pen-log list --kind network | grep -q ^网络运行日志
	refuses 2 pen-log list --kind weather
	[ "$(sql "SELECT act, subject FROM journal ORDER BY at DESC LIMIT 1")" = 'report.read|logs network' ]
	touch store/restored
	env -u PEN_STAFF pen-log list -f csv | grep -q 2026-11-20
	refuses 3 network --on 2026-11-23
}

@test "every column of every entry, changed in the sqlite3 shell, is found and the entry named" {
	echo 材料 >paper.txt
	network -q --document paper.txt --note 晴
	pen-log inspect -q --as dba1
	pen-log incident -q --as dba1 --found 病毒 --measures 断网 --cut-off --reported-to 王敏 --cleared 已查杀
	pen-log incident -q --as dba1 --follows 3 --measures 再查
	pen-log breach -q --as head1 --unit 科 --points 2 --clause R7.2 --found 逾期 --until 2026-11-19
	pen-log breach -q --as head1 --unit 科 --points 1 --clause R7.2 --found 逾期 --corrects 5
	local column id value changes=0
	sqlite3 store/pen.db "DROP TRIGGER running_log_stays_u"
	cp store/pen.db whole.db
	sql "SELECT p.name, r.id, CASE p.name
		  WHEN 'kind' THEN '''breach''' WHEN 'points' THEN 'COALESCE(points, 2) + 1' WHEN 'cut_off' THEN '1 - COALESCE(cut_off, 0)'
		  ELSE 'COALESCE(' || p.name || CASE p.type WHEN 'INTEGER' THEN ', 20261100) + 50' ELSE ', '''') || ''x''' END END
		FROM pragma_table_info('running_log') AS p, (SELECT 1 AS id UNION SELECT 3 UNION SELECT 5) AS r
		WHERE (p.name, r.id) <> ('kind', 5)" >columns.txt
	while IFS='|' read -r column id value; do
		cp whole.db store/pen.db
		sqlite3 store/pen.db "UPDATE running_log SET $column = $value WHERE id = $id"
		pen-verify -f ndjson >found.ndjson 2>/dev/null || true
		jq -se --arg record "log $id" 'any(.class == "seal" and .record != null and (.record | startswith($record)))' found.ndjson >/dev/null ||
			{ echo "$column of log $id was changed to $value, and not found"; return 1; }
		changes=$((changes + 1))
	done <columns.txt
	[ "$changes" -gt 60 ]
}

# ---- the duties ----

@test "a store made today, or whose first day is not over, has missed nothing" {
	pen-verify -q
	now 2026-11-20
	pen-verify -q
	[ "$(pen-admin status -f json | jq -c '[.duties[] | [.duty, .last, .due, .overdue]]')" = \
		'[["backup",null,"2026-11-24",false],["inspection",null,"2026-11-20",false],["network log",null,"2026-11-20",false],'\
'["amendment log",null,null,false],["clean-up",null,"2027-05-19",false]]' ]
	now 2026-11-01
	pen-verify -q
}

@test "working days without a network log are found, run by run; weekends are none, and a late entry mends them" {
	now 2026-11-25
	network -q --on 2026-11-23
	[ "$(missed duty.network)" = "network log of 2026-11-20: none of 1 working day
network log of 2026-11-24: none of 1 working day" ]
	network -q --on 2026-11-20
	network -q --on 2026-11-24
	[ -z "$(missed duty.network)" ]
	now 2026-12-01
	[ "$(missed duty.network)" = 'network log of 2026-11-25 to 2026-11-30: none of 4 working days' ]
	[ "$(pen-admin status -f json | jq -c '.duties[2] | [.last, .due, .overdue]')" = '["2026-11-24","2026-11-25",true]' ]
}

@test "a log that was corrected to another day leaves its own day without one" {
	now 2026-11-24
	network -q --on 2026-11-20
	network -q --corrects 1 --on 2026-11-23
	[ "$(missed duty.network)" = 'network log of 2026-11-20: none of 1 working day' ]
}

@test "a working day without an inspection is found, and answered by the breach that it was" {
	now 2026-11-24
	[ "$(missed duty.inspection)" = 'inspection of 2026-11-20 to 2026-11-23: none of 2 working days' ]
	pen-log inspect --as dba1 -q
	pen-log breach -q --as head1 --unit 信息中心 --points 1 --clause R7.2 --found 未检查 --on 2026-11-20 --until 2026-11-23
	[ "$(missed duty.inspection)" = 'inspection of 2026-11-20 to 2026-11-23: none of 2 working days' ]
	# Nor does a county answer for the store's own agency.
	pen-admin staff add head2 --name 冯二 --role head --agency 330106 --as head1 -q
	pen-log breach -q --as head2 --unit 信息中心 --points 1 --clause R7.1 --found 未检查 --on 2026-11-20 --until 2026-11-23
	[ "$(missed duty.inspection)" = 'inspection of 2026-11-20 to 2026-11-23: none of 2 working days' ]
	pen-log breach -q --as head1 --unit 信息中心 --points 1 --clause R7.1 --found 未检查 --on 2026-11-20 --until 2026-11-23
	now 2026-11-25
	[ -z "$(missed duty.inspection)" ]
}

@test "over five days without a backup are found; five are not, and a gap that is over is answered by a breach" {
	now 2026-11-24
	[ -z "$(missed duty.backup)" ]
	now 2026-11-25
	[ "$(missed duty.backup)" = 'backup after 2026-11-19: none until today, 6 days' ]
	[ "$(pen-admin status -f json | jq -c '.duties[0] | [.last, .due, .overdue]')" = '[null,"2026-11-24",true]' ]
	# As long as there is none, no breach answers it.
	pen-log breach -q --as head1 --unit 信息中心 --points 2 --clause R7.2 --found 逾期未备份 --on 2026-11-25
	[ -n "$(missed duty.backup)" ]
	pen-backup create --as dba1 --to backup -q
	[ -z "$(missed duty.backup)" ]
	now 2026-11-30
	[ -z "$(missed duty.backup)" ]
	now 2026-12-01
	[ "$(missed duty.backup)" = 'backup after 2026-11-25: none until today, 6 days' ]
	pen-backup create --as dba1 --to backup -q
	[ "$(missed duty.backup)" = 'backup after 2026-11-25: none until 2026-12-01, 6 days' ]
	pen-log breach -q --as head1 --unit 信息中心 --points 2 --clause R7.2 --found 逾期未备份 --on 2026-12-01
	[ -z "$(missed duty.backup)" ]
}

# A clean-up, as the journal would have it; nothing carries one out yet.
cleaned_up() {
	network -q
	sqlite3 store/pen.db "DROP TRIGGER IF EXISTS journal_stays_u; UPDATE journal SET act = '$1' WHERE at = (SELECT max(at) FROM journal)"
}

@test "half a year without a clean-up is found, to the day; before the first half year is over nothing is" {
	now 2027-05-19
	[ -z "$(missed duty.cleanup)" ]
	[ "$(pen-admin status -f json | jq -c '.duties[4]')" = \
		'{"duty":"clean-up","clause":"R7.6","last":null,"due":"2027-05-19","overdue":false}' ]
	now 2027-05-20
	[ "$(missed duty.cleanup)" = 'clean-up after 2026-11-19: none until today, 182 days' ]
	[ "$(pen-admin status -f json | jq -c '.duties[4] | [.due, .overdue]')" = '["2027-05-19",true]' ]
	# What is planned is not yet cleaned up.
	cleaned_up purge.plan
	[ -n "$(missed duty.cleanup)" ]
	cleaned_up purge.run
	[ "$(missed duty.cleanup)" = 'clean-up after 2026-11-19: none until 2027-05-20, 182 days' ]
	[ "$(pen-admin status -f json | jq -c '.duties[4] | [.last, .due, .overdue]')" = '["2027-05-20","2027-11-20",false]' ]
	pen-log breach -q --as head1 --unit 信息中心 --points 1 --clause R7.6 --found 逾期未清理 --on 2027-05-20
	[ -z "$(missed duty.cleanup)" ]
	now 2027-11-20
	[ -z "$(missed duty.cleanup)" ]
	now 2027-11-21
	[ "$(missed duty.cleanup)" = 'clean-up after 2027-05-20: none until today, 185 days' ]
}

@test "the breach of R7.6 answers for a clean-up that is not made, and half a year later no more" {
	now 2027-08-31
	[ -n "$(missed duty.cleanup)" ]
	pen-log breach -q --as head1 --unit 信息中心 --points 1 --clause R7.2 --found 逾期未清理 --on 2027-08-31
	[ -n "$(missed duty.cleanup)" ]
	pen-log breach -q --as head1 --unit 信息中心 --points 1 --clause R7.6 --found 逾期未清理 --on 2027-08-31
	[ -z "$(missed duty.cleanup)" ]
	now 2028-02-29
	[ -z "$(missed duty.cleanup)" ]
	now 2028-03-01
	[ "$(missed duty.cleanup)" = 'clean-up after 2026-11-19: none until today, 468 days' ]
}

@test "holidays are in a parameter table, which an agency may replace" {
	now 2026-11-24
	[ -n "$(missed duty.network)" ]
	cp "$top/share/params/workdays.csv" .
	echo 'workday.off,330100,,2026-11,2026-11,20 23,text,市政府通知,yes,' >>workdays.csv
	pen-admin param load workdays.csv --as head1 -q
	[ -z "$(missed duty.network)" ]
	[ -z "$(missed duty.inspection)" ]
	sed -i '$s/20 23/20,23/; $s/2026-11,20,23/2026-11,"20,23"/' workdays.csv
	refuses 4 pen-admin param load workdays.csv --as head1
}

@test "in a copy that is looked at later the days end with it" {
	now 2026-11-20
	pen-verify -q
	cp -R store copy
	touch copy/restored
	now 2028-01-01
	[ -z "$(missed duty.backup -s copy)" ]
	[ -z "$(missed duty.network -s copy)" ]
	[ -n "$(missed duty.network)" ]
}

@test "a system that goes live later owes nothing before" {
	rm -r store config
	PEN_STAFF=head1
	pen-admin init --agency 330100 --name 某市 --head head1:王敏 --live-on 2026-11-30 --suite ed25519-sha256 -q
	now 2026-11-30
	pen-verify -q
	now 2026-12-01
	[ "$(missed duty.network)" = 'network log of 2026-11-30: none of 1 working day' ]
}
