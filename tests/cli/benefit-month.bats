#!/usr/bin/env bats
# shellcheck disable=SC2154
# pen-benefit run and what follows: the month's roll goes on from the one before to the
# fen, whatever happened in between.

load helper
load aged

# A store of 2026 with one employer and people who retired before it, by form.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config
	at 2026-01-10
	make_store
	one=$(credit_code 91330106MA1080192)
	printf '%s\n' 统一社会信用代码,单位名称,行政区划,参保日期 "$one,一厂,330106,2000-01-01" >employers.csv
	pen-import -q --confirm --expect-rows 1 employer employers.csv
	{
		echo 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参加工作时间,退休日期,采集依据,待遇开始年月,缴费月数,视同缴费月数,基础养老金,个人账户养老金,过渡性养老金,其他,基本养老金合计
		echo "$(citizen_id 330106 19500101 011),张三,男,1950-01-01,$one,1970-03-01,2010-01-05,退休审批表,2010-02,300,24,1200.00,300.00,100.00,0,1600.00"
		echo "$(citizen_id 330106 19510101 013),李四,男,1951-01-01,$one,1970-03-01,2011-01-05,退休审批表,2011-02,300,24,1300.00,300.00,100.00,0,1700.00"
		echo "$(citizen_id 330106 19520101 015),王五,男,1952-01-01,$one,1970-03-01,2012-01-05,其他法定退休档案,2012-02,300,24,,,,,1800.00"
	} >retired.csv
	pen-import -q --confirm --expect-rows 3 retirement retired.csv
	seal 1-2
	printf '%s\n' name,area,category,valid_from,valid_to,value,unit,source,verified,note \
		'consolation.income,330000,,2025-01,2026-12,4000.00,yuan,made up for this test,no,' >income.csv
}

setup() {
	aged 2026-12-20
	one=$(credit_code 91330106MA1080192)
	zhang=$(citizen_id 330106 19500101 011)
	li=$(citizen_id 330106 19510101 013)
}

# A month's roll, approved; its outcome in out.json.
month() {
	pen-benefit run --month "$1" -f json >out.json || return 1
	pen-benefit -q approve "$(newest)" --as lead1 >/dev/null
}

# A side of the comparison: people and fen.
side() { jq -r --arg id "$1" '.rows[] | select(.id == $id) | "\(.people) \(.amount_fen)"' out.json; }

# Columns of somebody's row of a month.
row() {
	sql "SELECT $3 FROM payment WHERE month = $2 AND person = (SELECT person FROM person_alias WHERE value = '$1')"
}

@test "a month's roll pays what the forms say, and the next goes on from it" {
	month 2026-01
	[ "$(side before)" = "0 0" ]
	[ "$(side joined)" = "3 510000" ]
	[ "$(side after)" = "3 510000" ]
	[ "$(jq .summary.amount_fen out.json)" = 510000 ]
	[ "$(row "$zhang" 202601 basic_fen,account_fen,transitional_fen,extra_fen,amount_fen)" = "120000|30000|10000|0|160000" ]
	# What the paper does not part is among the others.
	[ "$(row "$(citizen_id 330106 19520101 015)" 202601 basic_fen,extra_fen,amount_fen)" = "0|180000|180000" ]
	# And the form to have it put right says on what paper it rests, in the form's own words.
	pen-amend template --kind retirement --person "$zhang" -f csv | grep -q 退休审批表
	month 2026-02
	[ "$(side before)" = "3 510000" ]
	[ "$(side joined)" = "0 0" ]
	[ "$(side after)" = "3 510000" ]
	[ "$(row "$zhang" 202602 change,amount_fen,due_total_fen,paid_total_fen)" = "same|160000|320000|320000" ]
	# What of it the personal account pays.
	[ "$(row "$zhang" 202602 drawn_fen,drawn_total_fen)" = "30000|60000" ]
	verifies
	pen-verify -q replay
}

@test "the month that has its roll is shown, and nothing is changed" {
	local before
	month 2026-01
	before=$(sha256sum <(sqlite3 -readonly store/pen.db "SELECT * FROM payment; SELECT * FROM batch; SELECT * FROM folio; SELECT max(at) FROM journal"))
	pen-benefit run --month 2026-01 -f json >again.json
	[ "$(jq -r '"\(.batch) \(.sealed) \(.changed)"' again.json)" = "$(newest) true false" ]
	[ "$(sha256sum <(sqlite3 -readonly store/pen.db "SELECT * FROM payment; SELECT * FROM batch; SELECT * FROM folio; SELECT max(at) FROM journal"))" = "$before" ]
}

@test "a dry run writes nothing and says the same" {
	pen-benefit run --month 2026-01 -n -f json >dry.json
	[ "$(sql "SELECT count(*) FROM payment")" = 0 ]
	[ "$(sql "SELECT count(*) FROM batch")" = 2 ]
	month 2026-01
	[ "$(jq -S 'del(.summary.batch,.summary.seal,.summary.next_role,.summary.dry_run,.head.reference_at)' dry.json)" = \
		"$(jq -S 'del(.summary.batch,.summary.seal,.summary.next_role,.summary.dry_run,.head.reference_at)' out.json)" ]
}

@test "months come one after the other, each sealed before the next, and none ahead of its time" {
	refuses 3 pen-benefit run --month 2027-01
	[[ $message == *roll.ahead* && $message == *R4.3.1d* ]]
	pen-benefit -q run --month 2026-01 >/dev/null
	refuses 3 pen-benefit run --month 2026-02
	[[ $message == *roll.open* ]]
	# Signed by all it waits for its closing, which an approval is beside.
	pen-seal -q sign "$(newest)" --as lead1
	refuses 3 pen-benefit approve "$(newest)" --as lead1
	[[ $message == *"is signed by all"*approve.done* ]]
	pen-seal -q close "$(newest)"
	refuses 3 pen-benefit run --month 2026-03
	[[ $message == *"the next month is 2026-02"*roll.order* ]]
	refuses 2 pen-benefit run --month 2026-13
	refuses 2 pen-benefit run
	refuses 3 pen-benefit run --month 2026-02 --as lead1
}

@test "nobody approves what they made, and who holds no role approves nothing" {
	pen-benefit -q run --month 2026-01 >/dev/null
	refuses 3 pen-benefit approve 3
	[[ $message == *approve.role* ]]
	pen-admin -q --as head1 staff add both --name 二任 --role lead
	pen-admin -q --as head1 staff add op1 --name 张三 --role lead
	refuses 3 pen-benefit approve 3
	[[ $message == *approve.own*  || $message == *R8.1* ]]
	[ "$(sql "SELECT count(*) FROM folio WHERE form = 'roll' AND state = 'sealed'")" = 0 ]
	pen-benefit -q approve 3 --as lead1 >/dev/null
	[ "$(sql "SELECT count(*) FROM folio WHERE form = 'roll' AND state = 'sealed'")" = 1 ]
	refuses 3 pen-benefit approve 3 --as lead1
	[[ $message == *approve.done* ]]
	refuses 2 pen-benefit approve 1 --as lead1
	[[ $message == *approve.form* ]]
	refuses 2 pen-benefit approve 99 --as lead1
}

@test "a supplement that is sealed later raises the pension from the beginning" {
	month 2026-01
	{
		echo 公民身份号码,姓名,基础养老金,个人账户养老金,过渡性养老金,其他
		echo "$(citizen_id 330106 19520101 015),王五,1400.00,300.00,100.00,0"
	} >filled.csv
	pen-import -q --confirm --expect-rows 1 benefit-supplement filled.csv
	# Not sealed yet: the row that it replaced counts.
	month 2026-02
	[ "$(row "$(citizen_id 330106 19520101 015)" 202602 basic_fen,extra_fen,amount_fen)" = "0|180000|180000" ]
	seal "$(sql "SELECT id FROM batch WHERE form = 'benefit-supplement'")"
	month 2026-03
	[ "$(row "$(citizen_id 330106 19520101 015)" 202603 basic_fen,extra_fen,amount_fen)" = "140000|0|180000" ]
	pen-verify -q replay
}

@test "who is known by the form alone is amended by it like anybody else, and the next roll makes it good" {
	month 2026-01
	echo 审批表 >paper.txt
	pen-amend request --form change --kind retirement --person "$zhang" --set basic=1300.00 --reason 录错 --original paper.txt --evidence paper.txt -f json >asked.json
	jq -e --arg zhang "$zhang" '.rows[0] | .id_number == $zhang and .name == "张三" and .pension_after_fen == 170000' asked.json
	pen-amend -q approve 1 --as lead1
	pen-amend -q approve 1 --as head1
	pen-amend -q unseal 1 --as sys1
	pen-amend -q apply 1 --as amender1
	pen-amend -q check 1 --as lead1
	pen-amend -q close 1 --as lead1
	pen-report amendment-log --month 2026-12 -f json >log.json
	[ "$(jq -r '.rows[].id_number' log.json | sort -u)" = "$zhang" ]
	month 2026-02
	[ "$(row "$zhang" 202602 basic_fen,arrears_fen,amount_fen)" = "130000|10000|180000" ]
	verifies
}

# change VERB ARGUMENT…: a decision, approved.
change() {
	pen-benefit "$@" -f json >change.json || return 1
	pen-benefit -q approve "$(newest)" --as lead1 >/dev/null
}

@test "a suspension keeps the row, and what was not paid comes in arrears when it is lifted" {
	month 2026-01
	change stop --person "$zhang" --reason qualification-overdue --month 2026-02
	month 2026-02
	[ "$(side left)" = "1 160000" ]
	[ "$(row "$zhang" 202602 change,amount_fen)" = "left|0" ]
	month 2026-03
	[ "$(row "$zhang" 202603 change,amount_fen)" = "same|0" ]
	refuses 3 pen-benefit stop --person "$zhang" --reason prison --month 2026-05
	[[ $message == *benefit.stopped* ]]
	change resume --person "$zhang" --reason qualified
	[ "$(jq -r .month change.json)" = 2026-02 ]
	month 2026-04
	[ "$(side joined)" = "1 160000" ]
	[ "$(row "$zhang" 202604 change,amount_fen,arrears_fen)" = "joined|480000|320000" ]
	refuses 3 pen-benefit resume --person "$zhang" --reason qualified --month 2026-05
	[[ $message == *benefit.paid* ]]
	verifies
	pen-verify -q replay
}

@test "a decision has no effect before a lead approved it, and another waits for it" {
	month 2026-01
	pen-benefit -q stop --person "$zhang" --reason missing --month 2026-02
	refuses 3 pen-benefit end --person "$zhang" --reason emigration --month 2026-02
	[[ $message == *benefit.waiting* ]]
	month 2026-02 || true
	[ "$(row "$zhang" 202602 amount_fen)" = 160000 ]
	refuses 2 pen-benefit stop --person "$li" --reason because --month 2026-03
	[[ $message == *"expected one of"*benefit.reason* ]]
	refuses 2 pen-benefit stop --person "$li" --reason other --month 2026-03
	refuses 2 pen-benefit stop --person "$li" --reason prison
	refuses 2 pen-benefit stop --person 330106195001010222 --reason prison --month 2026-03
}

@test "a death told late is tracked until what was overpaid is made good, and funeral and consolation are paid once" {
	echo 死亡证明 >paper.txt
	pen-admin -q --as sys1 param load income.csv
	month 2026-01
	month 2026-02
	month 2026-03
	change end --person "$zhang" --reason death --on 2026-01-15 --paper paper.txt
	[ "$(jq -r '"\(.month) \(.funeral_fen)"' change.json)" = "2026-02 800000" ]
	once=$(jq '.funeral_fen + .consolation_fen' change.json)
	month 2026-04
	[ "$(row "$zhang" 202604 change,once_fen,recovered_fen,overpaid_fen)" = "left|$once|320000|0" ]
	[ "$(row "$zhang" 202604 amount_fen)" = "$((once - 320000))" ]
	month 2026-05
	[ -z "$(row "$zhang" 202605 amount_fen)" ]
	[ "$(side after)" = "2 350000" ]
	verifies
	pen-verify -q replay
	[ "$(pen-benefit history --person "$zhang" -f json | jq -r '[.rows[].what] | join(" ")')" = "joined end same same left" ]
}

@test "what was overpaid is kept back by instalments, or handed back, and no more than it is" {
	month 2026-01
	month 2026-02
	change stop --person "$zhang" --reason prison --month 2026-01
	change resume --person "$zhang" --reason released --month 2026-03
	refuses 3 pen-benefit repaid --person "$li" --amount 1.00
	[[ $message == *benefit.owed* ]]
	month 2026-03
	[ "$(row "$zhang" 202603 recovered_fen,amount_fen,overpaid_fen)" = "160000|0|160000" ]
	change recover --person "$zhang" --amount 500.00
	month 2026-04
	[ "$(row "$zhang" 202604 recovered_fen,amount_fen,overpaid_fen)" = "50000|110000|110000" ]
	refuses 3 pen-benefit repaid --person "$zhang" --amount 1100.01
	change repaid --person "$zhang" --amount 1000.00 --on 2026-04-20
	month 2026-05
	[ "$(row "$zhang" 202605 recovered_fen,amount_fen,overpaid_fen)" = "10000|150000|0" ]
	verifies
	pen-verify -q replay
}

@test "the bank's file has a line a payment, and what it sends back is paid with the next roll" {
	refuses 3 pen-benefit pay --month 2026-01
	[[ $message == *pay.none* ]]
	refuses 2 pen-benefit pay --month 2026-13
	pen-benefit -q run --month 2026-01 >/dev/null
	refuses 3 pen-benefit pay --month 2026-01
	[[ $message == *pay.open* ]]
	pen-benefit -q approve "$(newest)" --as lead1 >/dev/null
	pen-benefit pay --month 2026-01 -f csv | tr -d '\r' >bank.csv
	pen-benefit pay --month 2026-01 -f csv | tr -d '\r' | cmp - bank.csv
	[ "$(head -n 1 bank.csv)" = 发放年月,表号,行号,公民身份号码,姓名,金额 ]
	[ "$(awk -F, 'NR > 1 { sum += $6; n++ } END { printf "%d %.2f", n, sum }' bank.csv)" = "3 5100.00" ]
	# One failed; the file comes back with results.
	awk -F, -v OFS=, 'NR == 1 { print $0, "发放结果", "失败原因" } NR == 2 { print $0, "失败", "账户已注销" } NR > 2 { print $0, "成功", "" }' bank.csv >back.csv
	sed 1q back.csv >wrong.csv
	refuses 4 pen-benefit pay --return wrong.csv
	[[ $message == *return.none* ]]
	sed '2s/,1600.00,/,1600.01,/' back.csv >wrong.csv
	refuses 3 pen-benefit pay --return wrong.csv
	[[ $message == *wrong.csv:2:*return.amount* ]] || { echo "$message"; return 1; }
	awk -F, -v OFS=, 'NR == 3 { $3 = 99 } { print }' back.csv >wrong.csv
	refuses 3 pen-benefit pay --return wrong.csv
	[[ $message == *wrong.csv:3:*return.unknown* ]]
	{ cat back.csv; sed -n 2p back.csv; } >wrong.csv
	refuses 3 pen-benefit pay --return wrong.csv
	[[ $message == *wrong.csv:5:*"line 2 is of this payment too"*return.twice* ]]
	[ "$(sql "SELECT count(*) FROM payment_return")" = 0 ]
	pen-benefit pay --return back.csv -f json >return.json
	[ "$(jq -r '"\(.lines) \(.failed) \(.failed_fen)"' return.json)" = "3 1 160000" ]
	# It counts once a lead approved it.
	pen-benefit run --month 2026-02 -n -f json >dry.json
	[ "$(jq .summary.arrears_fen dry.json)" = 0 ]
	pen-benefit -q approve "$(newest)" --as lead1 >/dev/null
	sed '2s/账户已注销/账户不存在/' back.csv >again.csv
	refuses 3 pen-benefit pay --return again.csv
	[[ $message == *again.csv:2:*return.repeated* ]]
	month 2026-02
	[ "$(row "$zhang" 202602 arrears_fen,amount_fen,paid_total_fen)" = "160000|320000|320000" ]
	verifies
	pen-verify -q replay
}

@test "a file of the bank that comes in twice is told to be in already, and changes nothing" {
	month 2026-01
	pen-benefit pay --month 2026-01 -f csv | tr -d '\r' | awk -F, -v OFS=, 'NR == 1 { print $0, "发放结果" } NR > 1 { print $0, "成功" }' >back.csv
	{ sed 1q back.csv; sed -n 2p back.csv | sed 's/成功/失败/'; } >failed.csv
	pen-benefit pay --return back.csv -f json >first.json
	[ "$(jq -c '[.lines, .paid, .failed]' first.json)" = '[3,3,0]' ]
	before=$(sql "SELECT (SELECT count(*) FROM journal) || ' ' || (SELECT count(*) FROM batch) || ' ' || (SELECT count(*) FROM payment_return)")
	cp back.csv other-name.csv
	pen-benefit pay --return other-name.csv -f json >second.json
	jq -e --slurpfile first first.json '.batch == $first[0].batch and (.changed | not)' second.json
	pen-benefit -q approve "$(newest)" --as lead1 >/dev/null
	pen-benefit pay --return back.csv | grep -q 'in already'
	pen-benefit pay --return back.csv -n | grep -q 'in already'
	[ "$(sql "SELECT (SELECT count(*) - 2 FROM journal) || ' ' || (SELECT count(*) FROM batch) || ' ' || (SELECT count(*) FROM payment_return)")" = "$before" ]
	# What the bank says otherwise later is another file, and what it said first is in still.
	pen-benefit pay --return failed.csv -f json | jq -e '.failed == 1'
	pen-benefit pay --return back.csv -f json | jq -e --slurpfile first first.json '.batch == $first[0].batch'
	verifies
}

@test "days and months out of order are refused with what they are held against, and nothing is decided" {
	month 2026-01
	refuses 2 pen-benefit end --person "$zhang" --reason death --on 2027-01-15
	[[ $message == *"has not come yet"*benefit.ahead* ]]
	refuses 3 pen-benefit end --person "$zhang" --reason death --on 2009-12-31
	[[ $message == *2009-12-31*"since 2010-02"*benefit.before* ]]
	refuses 3 pen-benefit stop --person "$zhang" --reason prison --month 2016-01
	[[ $message == *"2016-01 lies before 2026-01"*benefit.before* ]]
	pen-benefit pay --month 2026-01 -f csv | tr -d '\r' >bank.csv
	awk -F, 'NR == 1 { print $0 ",发放结果,回盘日期" } NR > 1 { print $0 ",成功," (NR == 3 ? "2025-12-31" : "2026-01-20") }' bank.csv >back.csv
	refuses 3 pen-benefit pay --return back.csv
	[[ $message == *back.csv:3:*"2025-12-31, and the payment is of 2026-01"*return.day* ]] || { echo "$message"; return 1; }
	sed "2s/$zhang/$(citizen_id 330106 19500101 033)/; 3s/2025-12-31/2026-01-20/" back.csv >unknown.csv
	refuses 3 pen-benefit pay --return unknown.csv
	[[ $message == *unknown.csv:2:*return.unknown* ]]
	[ "$(sql "SELECT (SELECT count(*) FROM benefit_change) + (SELECT count(*) FROM payment_return) + (SELECT count(*) FROM batch WHERE id > 3)")" = 0 ]
}

@test "a roll that was changed behind the tools' back is found, and by replay which row" {
	month 2026-01
	sqlite3 store/pen.db "DROP TRIGGER payment_stays_u; UPDATE payment SET amount_fen = amount_fen + 1 WHERE amount_fen = 160000"
	pen-verify -q -f ndjson >found.ndjson && return 1
	jq -e 'select(.rule == "folio.sums" and .field == "amount_fen")' found.ndjson >/dev/null || { cut -c1-200 found.ndjson; return 1; }
	jq -e 'select(.rule == "seal.root")' found.ndjson >/dev/null
	pen-verify -q replay -f ndjson >found.ndjson && return 1
	jq -e 'select(.rule == "computed.rows" and .field == "amount_fen" and .found == "1600.01" and .expected == "1600.00")' found.ndjson >/dev/null || { cut -c1-300 found.ndjson; return 1; }
}

# The batch is made, and its first signature is not.
power() {
	sqlite3 store/pen.db "CREATE TRIGGER stop BEFORE INSERT ON seal BEGIN SELECT RAISE(ABORT, 'the power is cut'); END"
	refuses 3 "$@" || return 1
	sqlite3 store/pen.db "DROP TRIGGER stop"
}

@test "of a return that was stopped while it was written nothing is there, and the same file brings all of it in" {
	month 2026-01
	pen-benefit pay --month 2026-01 -f csv | tr -d '\r' | awk -F, -v OFS=, 'NR == 1 { print $0, "发放结果", "失败原因" } NR == 2 { print $0, "失败", "账户已注销" }' >back.csv
	sqlite3 store/pen.db "CREATE TRIGGER stop BEFORE UPDATE OF state ON batch BEGIN SELECT RAISE(ABORT, 'the power is cut'); END"
	refuses 3 pen-benefit pay --return back.csv
	[ "$(sql "SELECT (SELECT count(*) FROM batch WHERE form = 'payment-return') + (SELECT count(*) FROM payment_return)")" = 0 ]
	sqlite3 store/pen.db "DROP TRIGGER stop"
	pen-benefit pay --return back.csv -f json >return.json
	[ "$(jq -c '[.batch, .failed]' return.json)" = "[$(newest),1]" ]
	[ "$(sql "SELECT state FROM batch WHERE id = $(newest)")" = confirmed ]
	pen-benefit -q approve "$(newest)" --as lead1
	verifies
}

@test "a roll, a return and a decision that were stopped before their first signature are signed by the same commands" {
	power pen-benefit run --month 2026-01
	ended=0
	pen-verify -q >/dev/null 2>&1 || ended=$?
	[ "$ended" != 5 ]
	pen-benefit run --month 2026-01 -f json | jq -e .changed
	pen-benefit -q approve "$(newest)" --as lead1
	pen-benefit run --month 2026-01 -f json | jq -e '.changed | not'
	pen-benefit pay --month 2026-01 -f csv | tr -d '\r' | awk -F, -v OFS=, 'NR == 1 { print $0, "发放结果", "失败原因" } NR == 2 { print $0, "失败", "账户已注销" }' >back.csv
	power pen-benefit pay --return back.csv
	refuses 3 pen-benefit approve "$(newest)" --as lead1
	pen-benefit pay --return back.csv -f json >there.json
	jq -e .changed there.json
	pen-benefit -q approve "$(newest)" --as lead1
	power pen-benefit stop --person "$zhang" --reason prison --on 2026-01-05 --month 2026-02
	refuses 3 pen-benefit approve "$(newest)" --as lead1
	refuses 3 pen-benefit stop --person "$zhang" --reason prison --on 2026-01-05 --month 2026-02
	[[ $message == *benefit.waiting* ]]
	pen-benefit -q approve "$(newest)" --as lead1
}
