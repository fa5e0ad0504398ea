#!/usr/bin/env bats
# shellcheck disable=SC2154
# pen-report: breakdown and detail as confirmed, statements as sealed, each as of
# an index, and every read entered.

load helper

examples=$top/share/examples

# The example agency with its breakdown of 2024 confirmed, before anybody signed.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config
	make_store
	cp "$examples"/*.csv "$examples"/*.txt .
	pen-import -q --confirm --expect-rows 12 employer employers.csv
	pen-import -q --confirm --expect-rows 300 registration registration.csv
	pen-import -q --confirm --expect-rows 24 levy levy-2024.csv
	pen-import -q breakdown breakdown-2024.csv >/dev/null || test $? = 1
	pen-import -q confirm 4 || test $? = 1
	pen-import -q --confirm --expect-rows 294 opening opening.csv
}

setup() {
	cp -Rp "$BATS_FILE_TMPDIR/store" store
	cp -Rp "$BATS_FILE_TMPDIR/config" "$XDG_CONFIG_HOME"
	cp "$BATS_FILE_TMPDIR"/*.csv "$BATS_FILE_TMPDIR"/*.txt .
	export PEN_STORE=$PWD/store PEN_STAFF=op1
	employer=$(sed -n 2p employers.csv | cut -d, -f1)
	person=$(sed -n 2p registration.csv | cut -d, -f1)
	silent=$(sed -n 103p registration.csv | cut -d, -f1)
}

sql() { sqlite3 -readonly store/pen.db "$1"; }
newest() { sql 'SELECT max(at) FROM journal'; }

# Agreed, signed twice, sealed, settled: as far as it goes.
seal_the_year() {
	pen-import -q --confirm --expect-rows 1 levy levy-2024-late.csv
	pen-seal -q acknowledge 4 --from answers-2024.csv --document answers-2024.txt
	pen-seal -q sign 4-5 >/dev/null || test $? = 1
	pen-seal -q sign 4-5 --as lead1 >/dev/null || test $? = 1
	pen-seal -q close 4-5 >/dev/null || test $? = 1
}
settle_the_year() { pen-account -q settle --year 2024 >/dev/null || test $? = 1; }

# ---- breakdown

@test "a breakdown has the rows and the sums of the file that came in" {
	pen-report breakdown --year 2024 --employer "$employer" -f csv >out.csv
	# The file's own lines, but for the planted defect of that employer.
	iconv -f GB18030 -t UTF-8 breakdown-2024.csv | awk -F, -v OFS=, -v e="$employer" '$2 == e { print $3, $4, $5, $6, $7, $8 }' |
		grep -v "^$(iconv -f GB18030 -t UTF-8 breakdown-2024.csv | sed -n 13p | cut -d, -f3)," | sort >theirs
	sed 1d out.csv | tr -d '\r' | awk -F, -v OFS=, '{ print $4, $5, $6, $7, $9, $10 }' | sort >ours
	test "$(wc -l <theirs)" = 24
	diff theirs ours
	head -n 1 out.csv | grep -q '^序号,表号,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,缴费月份,单位缴费,个人缴费,合计,封存'
	pen-report breakdown --year 2024 --employer "$employer" -f json >out.json
	jq -e '.title == "年度职工社会保险费缴费分解表" and .head.employer == "西湖茶叶进出口有限公司" and .head.state == "未封存"' out.json
	jq -e '(.rows | map(.total_fen) | add) == .summary.total_fen and .summary.rows == 24' out.json
}

@test "a breakdown of all the employers has a line for the signatures of each" {
	pen-report breakdown --year 2024 -f ndjson >out
	jq -s -e 'map(select(.type == "row")) | map(.folio) | unique | length == 11' out
	jq -e 'select(.type == "summary") | .folios | length == 11 and all(.lead == null)' out
	seal_the_year
	pen-report breakdown --year 2024 -f json >out.json
	jq -e '.summary.folios | map(select(.state == "已封存" and .operator == "张三" and .lead == "李四" and .lead_time != null)) | length == 11' out.json
	jq -e '.summary.folios | map(select(.state == "未封存" and .lead == null)) | length == 1' out.json
	jq -e '[.rows[] | select(.sealed | not)] | length == 24' out.json
	# The digest at the end is that of the lines before.
	test "$(sed '$d' out | sha256sum | cut -d' ' -f1)" = "$(tail -n 1 out | jq -r .digest)"
}

@test "in text columns stay in line with wide names, and signatures have their place" {
	seal_the_year
	pen-report breakdown --year 2024 --employer "$employer" >out
	grep -q '𠮷田明' out
	grep -q '业务人员.*业务负责人' out
	grep -q '张三.*李四' out
	grep -q '^状态 *已封存' out
}

# ---- statement-detail

@test "the detail gives each person a line with what goes to the account and the balance before" {
	pen-report statement-detail --year 2024 --employer "$employer" -f json >out.json
	jq -e '.title == "年度个人账户对账单明细表"' out.json
	jq -e --arg id "$person" '.rows[] | select(.id_number == $id) | .credited_fen == 1574592 and .before_fen == 8111825 and .months == 12 and .base_fen == 1640200' out.json
	# The seventh joined in July and had no account before.
	jq -e '.rows[] | select(.number == 7) | .months == 6 and .before_fen == null' out.json
}

@test "several rows of a person in one folio are one line of the detail" {
	local code id
	code=$(sed -n 3p employers.csv | cut -d, -f1)
	id=$(sed -n 27p registration.csv | cut -d, -f1)
	rm -rf store && mkdir other && cd other
	make_store
	cp ../*.csv .
	pen-import -q --confirm --expect-rows 12 employer employers.csv
	pen-import -q --confirm --expect-rows 300 registration registration.csv
	pen-import -q --confirm --expect-rows 24 levy levy-2024.csv
	local name
	name=$(sed -n 27p registration.csv | cut -d, -f2)
	printf '%s\n' 年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费,起始月份 \
		"2024,$code,$id,$name,6000.00,6,5760.00,2880.00,1" "2024,$code,$id,$name,7000.00,6,6720.00,3360.00,7" >two.csv
	pen-import -q --confirm --expect-rows 2 breakdown two.csv
	pen-report breakdown --year 2024 -f json | jq -e '.rows | length == 2'
	pen-report statement-detail --year 2024 -f json | jq -e '.rows | length == 1 and .[0].base_fen == 700000 and .[0].months == 12 and .[0].personal_fen == 624000'
}

# ---- statement

@test "a statement is refused until the lead has signed, the folio is sealed, the year settled; each time with what is next" {
	refuses 3 pen-report statement --year 2024 --person "$person"
	[[ $message == *"neither operator nor lead has signed"*"pen-seal sign 4"*R4.2.3* ]]
	pen-seal -q acknowledge 4 --employer "$employer" --answer agreed --document answers-2024.txt
	pen-seal -q sign 4 >/dev/null || test $? = 1
	refuses 3 pen-report statement --year 2024 --person "$person"
	[[ $message == *"the lead has not signed"*"pen-seal sign 4"* ]]
	pen-seal -q sign 4 --as lead1 >/dev/null || test $? = 1
	refuses 3 pen-report statement --year 2024 --person "$person"
	[[ $message == *"signed but not sealed"*"pen-seal close 4"* ]]
	pen-seal -q close 4 >/dev/null || test $? = 1
	refuses 3 pen-report statement --year 2024 --person "$person"
	[[ $message == *"the opening balance of"*"is not sealed"*"pen-seal sign 5"*R4.2.3* ]]
	pen-seal -q sign 5
	pen-seal -q sign 5 --as lead1
	pen-seal -q close 5
	refuses 3 pen-report statement --year 2024 --person "$person"
	[[ $message == *"not settled"*"pen-account settle --year 2024"* ]]
	settle_the_year
	pen-report statement --year 2024 --person "$person" >out
	grep -q '^备注 *结算未封存' out
	# Nothing of a refused statement came out, and the refusals are entered.
	test "$(sql "SELECT count(*) FROM journal WHERE act = 'refused' AND subject LIKE 'statement 2024 person %'")" = 5
}

@test "a statement adds up, by the file and by its own figures" {
	seal_the_year
	settle_the_year
	pen-report statement --year 2024 --person "$person" -f json >out.json
	jq -e '.closing.total_fen == .opening.total_fen + .credited_fen + .interest_opening_fen + .interest_year_fen' out.json
	jq -e '(.contributions | map(.personal_fen) | add) == .credited_fen' out.json
	jq -e '.employers == [{credit_code: "91330106MA1080192C", employer: "西湖茶叶进出口有限公司", folio: .employers[0].folio}]' out.json
	# 74548.72 and 6569.53 at 2.62 %; 15745.92 x 78 / 12 at 2.62 % / 12.
	jq -e '.opening.total_fen == 8111825 and .interest_opening_fen == 195318 + 17212 and .interest_year_fen == 22346' out.json
	jq -e '.note == "结算未封存" and .settlement.sealed == false' out.json
	pen-seal -q sign 7
	pen-seal -q sign 7 --as lead1
	pen-seal -q close 7
	pen-report statement --year 2024 --person "$person" -f json | jq -e '.note == null and .settlement.sealed'
	refuses 3 pen-report statement --year 2024 --person "$silent"
}

@test "a statement as of an index is the same to the byte whatever comes after" {
	seal_the_year
	settle_the_year
	local moment format
	moment=$(newest)
	for format in text csv json ndjson; do pen-report statement --year 2024 --person "$person" --as-of "$moment" -f $format >"moment.$format"; done
	pen-report breakdown --year 2024 --as-of "$moment" -f json >breakdown.then
	pen-report statement-detail --year 2024 --as-of 24 -f csv >detail.then
	pen-seal -q sign 7
	pen-seal -q sign 7 --as lead1
	pen-seal -q close 7
	pen-seal -q acknowledge 4 --employer "$(sed -n 6p employers.csv | cut -d, -f1)" --answer agreed --document answers-2024.txt
	pen-seal -q sign 4 >/dev/null
	pen-seal -q sign 4 --as lead1 >/dev/null
	pen-seal -q close 4 >/dev/null
	settle_the_year
	for format in text csv json ndjson; do pen-report statement --year 2024 --person "$person" --as-of "$moment" -f $format | cmp - "moment.$format"; done
	pen-report breakdown --year 2024 --as-of "$moment" -f json | cmp - breakdown.then
	pen-report statement-detail --year 2024 --as-of 24 -f csv | cmp - detail.then
	refuses 3 pen-report statement --year 2024 --person "$person" --as-of 24
}

# ---- what is handed out

@test "what an operator prints for one person or one employer is entered as handed out, with its day" {
	seal_the_year
	settle_the_year
	export TZ=Asia/Shanghai PEN_CLOCK=1798880400	# 2027-01-02 17:00 there
	pen-report statement --year 2024 --person "$person" -f json >out.json
	pen-report statement-detail --year 2024 --employer "$employer" >/dev/null
	sql "SELECT i.id, i.form, i.year, i.on_date, i.person IS NULL, i.employer IS NULL, j.act, j.subject, j.staff
		FROM statement_issue i JOIN journal j USING (at)" >issues
	test "$(cat issues)" = "1|statement|2024|20270102|0|1|report.issue|issue 1|op1
2|statement-detail|2024|20270102|1|0|report.issue|issue 2|op1"
	# It names the entry that it shows, by which it is printed again.
	test "$(sql "SELECT as_of FROM statement_issue WHERE id = 1")" = "$(jq .as_of out.json)"
	pen-report statement --year 2024 --person "$person" -f json --as-of "$(jq .as_of out.json)" | cmp - out.json
	pen-verify -q --rule issue.stands,journal.acts,journal.cites
}

@test "a reprint is no new issue, whatever was sealed since" {
	seal_the_year
	settle_the_year
	pen-report statement --year 2024 --person "$person" >/dev/null
	pen-report statement --year 2024 --person "$person" -f csv >/dev/null
	pen-seal -q sign 7
	pen-seal -q sign 7 --as lead1
	pen-seal -q close 7
	pen-report statement --year 2024 --person "$person" >/dev/null
	test "$(sql "SELECT count(*) FROM statement_issue")" = 1
	pen-report statement-detail --year 2024 --employer "$employer" >/dev/null
	test "$(sql "SELECT count(*) FROM statement_issue")" = 2
	pen-report statement-detail --year 2024 --employer "$employer" -f csv >/dev/null
	test "$(sql "SELECT count(*) FROM statement_issue")" = 2
}

@test "to look is not to hand out: as of an index, all employers, a breakdown, or by somebody who is no operator" {
	seal_the_year
	settle_the_year
	pen-report statement --year 2024 --person "$person" --as-of "$(newest)" >/dev/null
	pen-report statement-detail --year 2024 >/dev/null
	pen-report breakdown --year 2024 --employer "$employer" >/dev/null
	pen-report statement --year 2024 --person "$person" --as auditor1 >/dev/null
	pen-report statement-detail --year 2024 --employer "$employer" --as lead1 >/dev/null
	# A detail without a line has nothing to object to.
	pen-report statement-detail --year 2019 --employer "$employer" >/dev/null
	test "$(sql "SELECT count(*) FROM statement_issue")" = 0
}

# ---- reading

@test "every report is entered before its first byte and with its count at the end" {
	local before
	before=$(newest)
	pen-report breakdown --year 2024 --employer "$employer" >/dev/null
	sql "SELECT act, subject FROM journal WHERE at > $before" >entries
	test "$(cat entries)" = "report.read|breakdown 2024 $employer
report.read|breakdown 2024 $employer"
	sql "SELECT text FROM journal WHERE at = $before + 1" | grep -q '"step":"begin"'
	sql "SELECT text FROM journal WHERE at = $before + 2" | grep -q '"rows":24,"step":"end"'
}

@test "on a copy an auditor reads without a key, and nothing is entered" {
	seal_the_year
	settle_the_year
	local moment
	moment=$(newest)
	pen-report statement --year 2024 --person "$person" --as-of "$moment" -f json >living
	cp -Rp store copy
	touch copy/restored
	sha256sum copy/pen.db >before
	env -u PEN_STAFF PEN_STORE=copy pen-report statement --year 2024 --person "$person" --as-of "$moment" -f json | cmp - living
	# One of now is handed out to nobody either.
	env -u PEN_STAFF PEN_STORE=copy pen-report -q statement --year 2024 --person "$person" >/dev/null
	sha256sum -c before
	PEN_STORE=copy refuses 3 pen-account settle --year 2024
}

@test "what is not there is told apart: employer, person, year, report, index" {
	refuses 2 pen-report breakdown
	refuses 2 pen-report breakdown --year 2024 --employer "$(credit_code 91330106MA9999999)"
	[[ $message == *"no employer"* ]]
	refuses 2 pen-report breakdown --year 2024 --employer $'a\nb'
	refuses 2 pen-report statement --year 2024 --person "$(citizen_id 330106 19850312 011)"
	refuses 2 pen-report statement --year 2024 --person 33010819790617283X
	[[ $message == *"check character would be 2"* ]]
	refuses 2 pen-report breakdown --year 2024 --as-of 99999
	refuses 2 pen-report nothing --year 2024
	pen-report breakdown --year 1999 -f json | jq -e '.rows == [] and .summary.rows == 0'
	pen-report breakdown --year 1999 -f csv | head -n 1 | grep -q '^序号,'
}
