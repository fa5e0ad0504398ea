#!/usr/bin/env bats
# shellcheck disable=SC2154
# The loop around an import: what is declared, held, mended, waited for, stopped.

load helper

examples=$top/share/examples

ask() { sqlite3 "$PEN_STORE/pen.db" "$1"; }

# A store with the employers and people of the examples, and their levies; made
# once, and copied for each test.
before_the_breakdown() {
	local base=$BATS_FILE_TMPDIR/base
	make_store
	cp "$examples"/*.csv .
	if ! test -d "$base"; then
		pen-import -q --confirm --expect-rows 12 employer employers.csv
		pen-import -q --confirm --expect-rows 300 registration registration.csv
		pen-import -q --confirm --expect-rows 24 levy levy-2024.csv
		cp -R "$PEN_STORE" "$base"
	fi
	rm -rf "$PEN_STORE"
	cp -R "$base" "$PEN_STORE"
}

# ---- what is declared ----

@test "what is declared for a file is part of its plan, its receipt and its signed entry" {
	before_the_breakdown
	pen-import -f json --set 凭证号码=V1 --strict breakdown breakdown-2024.csv >receipt.json || [ $? = 1 ]
	jq -e '.strict and .given == [{"field": "voucher", "value": "V1"}]' receipt.json
	jq -e '.assumptions[] | select(.code == "given.voucher") | .text == "V1"' receipt.json
	[ "$(ask 'SELECT strict, given FROM batch WHERE id = 4')" = '1|{"voucher":"V1"}' ]
	ask "SELECT text FROM journal WHERE act = 'import.staged' AND subject = 'batch 4'" | sed -n 's/^body: //p' |
		jq -e '.strict == 1 and .given == "{\"voucher\":\"V1\"}"'
	# The same file under another plan is not the same delivery.
	refuses 2 pen-import breakdown breakdown-2024.csv
	[[ $message == *'batch 4'* && $message == *voucher* && $message == *stage.otherwise* ]]
	pen-import -q --strict --set voucher=V1 breakdown breakdown-2024.csv || [ $? = 1 ]
	# What was declared is not changed behind the tools' back.
	[ "$(pen-verify -f json | jq '[.rows[] | select(.rule == "journal.acts")] | length')" = 0 ]
	ask "UPDATE batch SET given = '{}'"
	pen-verify -f json >verify.json || [ $? = 5 ]
	jq -e '.rows[] | select(.rule == "journal.acts" and .field == "given")' verify.json
}

@test "a declaration that says nothing, names no field, or one twice, is wrong usage" {
	make_store
	for given in year height=180 =2024 year=24; do
		refuses 2 pen-import --set "$given" breakdown "$examples/breakdown-2024.csv"
		[[ $message == *set.* ]]
	done
	refuses 2 pen-import --set year=2024 --set 年度=2024 breakdown "$examples/breakdown-2024.csv"
	[ "$(ask 'SELECT COUNT(*) FROM batch')" = 0 ]
}

# ---- held for review (R8.1) ----

# The hold that under_review puts in by hand is found as what it is, and nothing else.
whole_but_for_the_hold() {
	pen-verify -f json >verify.json || [ $? = 5 ]
	jq -e '[.rows[] | select(.severity != "note") | .rule + " " + .field] == ["journal.acts holds"]' verify.json || { jq -c '.rows[]' verify.json; false; }
}

# The breakdown of 2024 staged, its smallest covered folio waiting for a review, as
# the staging leaves it; its id in $folio.
under_review() {
	before_the_breakdown
	pen-import -q breakdown breakdown-2024.csv || [ $? = 1 ]
	folio=$(ask "SELECT id FROM folio WHERE batch = 4 AND state = 'staged' ORDER BY rows, id LIMIT 1")
	ask "INSERT INTO hold (folio, rule, at, found, expected) SELECT $folio, 'person.retired', staged_at, '2024-09 to 2024-12', 'no month after 2024-08' FROM batch WHERE id = 4;
		UPDATE folio SET state = 'held' WHERE id = $folio"
}

@test "what waits is listed with why, since when and whom it is about, in every format" {
	under_review
	person=$(ask "SELECT MIN(person) FROM contribution WHERE folio = $folio")
	name=$(ask "SELECT name FROM registration WHERE person = $person")
	pen-import -f json held >held.json || [ $? = 1 ]
	jq -e --argjson folio "$folio" --arg name "$name" '.rows[] | select(.folio == $folio) |
		.rule == "person.retired" and .found == "2024-09 to 2024-12" and .expected == "no month after 2024-08" and
		.person_name == $name and (.person_id | length) == 18 and .days == 0 and (.since | test("^20..-..-..$")) and .batch_state == "staged"' held.json
	jq -e '(.rows | map(.rule) | sort | unique) == ["levy.covers", "person.retired"] and .summary.folios == 2' held.json
	PEN_CLOCK=$(($(date +%s) + 10 * 86400 + 60)) pen-import -f csv held >held.csv || [ $? = 1 ]
	head -1 held.csv | grep -q 'rule,found,expected,since,days'
	grep -q 'person.retired,.*,10,' held.csv
	pen-import held | grep -q person.retired
	pen-import -f json show 4 >shown.json || [ $? = 1 ]
	jq -e --argjson folio "$folio" --arg name "$name" '.rows[] | select(.folio == $folio) |
		.state == "held" and (.hold | contains("person.retired")) and .person_name == $name and .held_since != null' shown.json
}

@test "a review is decided by a lead with a reason, by nobody else; what it lets in counts" {
	under_review
	pen-import -q confirm 4 || [ $? = 1 ]
	[ "$(ask "SELECT state FROM folio WHERE id = $folio")" = held ]
	# An operator lets nothing in, nor does a lead without saying why.
	refuses 3 pen-import release "$folio" --reason 'he works on'
	[[ $message == *R8.1* && $message == *lead* ]]
	refuses 2 pen-import --as lead1 release "$folio"
	[[ $message == *--reason* ]]
	# Nobody approves what they entered, whatever roles they hold.
	pen-admin --as head1 -q staff add op1 --role lead
	refuses 3 pen-import release "$folio" --reason 'he works on'
	[[ $message == *R8.1* && $message == *op1* ]]
	[ "$(ask "SELECT COUNT(*) FROM journal WHERE act = 'refused' AND subject = 'folio $folio'")" = 1 ]
	[ "$(ask "SELECT state FROM folio WHERE id = $folio")" = held ]
	pen-import -f json --as lead1 release "$folio" --reason '延迟退休，已核对' >released.json
	jq -e '.rows[0] | .state == "confirmed" and .rule == "person.retired" and .person_name != null' released.json
	ask "SELECT text FROM journal WHERE act = 'import.release'" | grep -q '"reason":"延迟退休，已核对"'
	[ "$(ask "SELECT decision, reason FROM hold WHERE folio = $folio")" = 'released|延迟退休，已核对' ]
	# It is a folio like any other from now on.
	employer=$(ask "SELECT value FROM employer_alias WHERE kind = 'credit-code' AND employer = (SELECT employer FROM folio WHERE id = $folio)")
	pen-seal -q acknowledge 4 --employer "$employer" --answer agreed --document breakdown-2024.csv
	pen-seal -q sign 4 || [ $? = 1 ]
	pen-seal -q sign 4 --as lead1 || [ $? = 1 ]
	pen-seal -q close 4 || [ $? = 1 ]
	[ "$(ask "SELECT state FROM folio WHERE id = $folio")" = sealed ]
	whole_but_for_the_hold
	# Neither decision nor reason is changed behind the tools' back, nor who took it.
	ask "UPDATE hold SET reason = 'other' WHERE folio = $folio"
	pen-verify -f json >verify.json || [ $? = 5 ]
	jq -e '.rows[] | select(.rule == "journal.acts" and .field == "reason")' verify.json
	ask "UPDATE hold SET reason = '延迟退休，已核对' WHERE folio = $folio; UPDATE batch SET planned_by = 'lead1' WHERE id = 4"
	pen-verify -f json >verify.json || [ $? = 5 ]
	jq -e '.rows[] | select(.rule == "hold.stands" and .field == "decision")' verify.json
}

@test "what the levy holds is decided by nobody; what is turned down is out, and the rest is let go" {
	under_review
	pen-import -q confirm 4 || [ $? = 1 ]
	levy=$(ask "SELECT folio FROM hold WHERE rule = 'levy.covers'")
	refuses 3 pen-import --as lead1 release "$levy" --reason 'it is right'
	[[ $message == *R4.2.1* ]]
	pen-import -q release "$levy" --reason 'it is right' || [ $? = 1 ]
	[ "$(ask "SELECT state FROM folio WHERE id = $levy")" = held ]
	pen-import -q reject "$folio" --reason '已退休，退费'
	[ "$(ask "SELECT state FROM folio WHERE id = $folio")" = rejected ]
	pen-verify -q rules || [ $? = 1 ]
	pen-import -q --confirm --expect-rows 1 levy levy-2024-late.csv
	[ "$(ask "SELECT state FROM folio WHERE id = $levy")" = confirmed ]
	pen-import held -f json | jq -e '.rows == [] and .summary.folios == 0'
	whole_but_for_the_hold
}

# ---- rejects, counted down ----

# Twelve employers of which ten have an area that there is not, as batch 1; its
# rejects file is e.batch1.rejects.csv.
ten_rejects() {
	local i area
	make_store
	echo 统一社会信用代码,单位名称,行政区划,参保日期 >e.csv
	for i in {10..21}; do
		if test "$i" -lt 20; then area=990000; else area=330106; fi
		echo "$(credit_code "91330106MA10000$i"),第${i}厂,$area,2010-01-01" >>e.csv
	done
	pen-import -q employer e.csv || [ $? = 1 ]
	pen-import -q confirm 1
	test -f e.batch1.rejects.csv
}

open_of() { pen-import -f json show "$1" | jq .head.open_rejects; }

@test "rejects that are mended in two goes are counted down, those rejected again stay open" {
	ten_rejects
	[ "$(open_of 1)" = 10 ]
	# Six of ten are mended, and all ten go in; four are rejected again.
	awk 'NR < 8 { gsub("990000", "330106") } 1' e.batch1.rejects.csv >go1.csv
	pen-import -q --amends 1 employer go1.csv || [ $? = 1 ]
	[ "$(open_of 1)" = 10 ]	# nothing has come in yet
	refuses 3 pen-import confirm 2 --expect-rows 10
	pen-import -q confirm 2 --expect-rows 6 --expect-amount 0
	[ "$(open_of 1)" = 4 ]
	pen-import -f json show 1 --rejected >open.json || [ $? = 1 ]
	jq -e '[.rows[].line] == [8, 9, 10, 11] and (.rows[0] | .rule == "area.code" and .found == "990000" and (.message | length) > 9)' open.json
	# The rest, with no more than the columns of the form and the line.
	sed 's/990000/330106/' e.batch1.rejects.csv | sed -n '1p; 8,11p' | cut -d, -f1-5 >go2.csv
	pen-import -q --confirm --expect-rows 4 --amends 1 employer go2.csv
	[ "$(open_of 1)" = 0 ]
	[ "$(ask 'SELECT group_concat(DISTINCT mended_by) FROM reject WHERE batch = 1')" = 2,3 ]
	[ "$(ask 'SELECT COUNT(*) FROM employer_record')" = 12 ]
	pen-import -f json show 1 --rejected | jq -e '.rows == []'
	pen-verify -q
}

@test "mending a batch that itself mends counts down every batch that waited for the line" {
	ten_rejects
	awk 'NR < 8 { gsub("990000", "330106") } 1' e.batch1.rejects.csv >go1.csv
	pen-import -q --amends 1 employer go1.csv || [ $? = 1 ]
	pen-import -q confirm 2
	[ "$(open_of 2)" = 4 ]
	sed 's/990000/330106/' go1.batch2.rejects.csv >go2.csv
	pen-import -q --amends 2 employer go2.csv
	[ "$(open_of 1) $(open_of 2)" = '4 4' ]
	# What is taken out again has mended nothing.
	pen-import -q discard 3
	[ "$(ask 'SELECT COUNT(*) FROM reject WHERE mended_by = 3')" = 0 ]
	pen-import -q --confirm --expect-rows 4 --amends 2 employer go2.csv
	[ "$(open_of 1) $(open_of 2)" = '0 0' ]
	[ "$(ask 'SELECT mended_by FROM reject WHERE batch = 1 AND line = 11')" = 4 ]
	pen-verify -q
	ask 'UPDATE retry SET parent_line = parent_line + 1'
	pen-verify -f json >verify.json || [ $? = 5 ]
	jq -e '.rows[] | select(.rule == "journal.acts" and .field == "turned" and .batch == 2)' verify.json
}

@test "open rejects say how old they are, never less than nothing; repairs are listed with the old value" {
	ten_rejects
	PEN_CLOCK=$(($(date +%s) + 30 * 86400 + 60)) pen-import -f json show 1 | jq -e '.head.open_days == 30 and (.head.open_since | test("^20..-..-..$"))'
	PEN_CLOCK=$(($(date +%s) + 30 * 86400 + 60)) pen-import -f json list | jq -e '.rows[0] | .open_rejects == 10 and .open_days == 30'
	PEN_CLOCK=1700000000 pen-import -f json list | jq -e '.rows[0].open_days == 0'
	printf '%s\n' 统一社会信用代码,单位名称,行政区划,参保日期 "$(credit_code 91330106MA1000030) ,某厂,３３0106,2010-01-01" >r.csv
	pen-import -q --confirm --expect-rows 1 employer r.csv
	pen-import -f json show 2 | jq -e '.head.open_since == null and .head.open_days == 0'
	pen-import -f csv show 2 --repairs >repairs.csv
	[ "$(sed -n 3p repairs.csv | tr -d '\r')" = "2,行政区划,repair.width,３３0106" ]
	[ "$(wc -l <repairs.csv)" = 3 ]
	refuses 2 pen-import show 1-2 --rejected
	refuses 2 pen-import show 1 --rows --repairs
}

# ---- who somebody is ----

@test "a name that differs in writing alone matches, is kept as received, and is told; an id of 15 is the same person" {
	make_store
	code=$(credit_code 91330106MA1000040)
	# 金 as U+F90A, U+00B7 for U+2022, a blank between; somebody else is somebody else.
	a=$(citizen_id 330106 19800101 001) b=$(citizen_id 330106 19800101 002)
	printf '%s\n' 统一社会信用代码,单位名称,行政区划,参保日期 "$code,某厂,330106,2010-01-01" >e.csv
	pen-import -q --confirm --expect-rows 1 employer e.csv
	printf '%s\n' 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数 \
		"$a,金〇,男,1980-01-01,$code,2010-01-01,2000-01-01,男职工,6000.00" \
		"$b,买买提·阿不都,女,1980-01-01,$code,2010-01-01,2000-01-01,女干部,6000.00" >r.csv
	pen-import -q --confirm --expect-rows 2 registration r.csv
	printf '%s\n' 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 "V1,$code,2023,2023-12-20,900000.00,税收通用缴款书" >l.csv
	pen-import -q --confirm --expect-rows 1 levy l.csv
	old=${a:0:6}${a:8:9}
	printf '%s\n' 年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,起始月份,单位缴费,个人缴费 \
		"2023,$code,$a,$(printf '\357\244\212')〇,6000.00,6,1,5760.00,2880.00" \
		"2023,$code,$old,金○,6000.00,6,7,5760.00,2880.00" \
		"2023,$code,$old,金〇,6000.00,1,7,960.00,480.00" \
		"2023,$code,$b,买买提 • 阿不都,6000.00,12,1,11520.00,5760.00" \
		"2023,$code,$b,买买提阿不都,6000.00,12,1,11520.00,5760.00" >b.csv
	pen-import -f json breakdown b.csv >receipt.json || [ $? = 1 ]
	jq -e '.lines.accepted == 3 and .lines.rejected == 2' receipt.json
	jq -e '[.repairs[] | select(.code == "name.folded") | .count] == [3]' receipt.json
	[ "$(ask "SELECT line || ' ' || old FROM repair WHERE code = 'name.folded' AND line > 2 ORDER BY line" | tr '\n' ,)" = '3 金○,5 买买提 • 阿不都,' ]
	# Both forms of the id are one person: months add up, and overlap is found.
	[ "$(ask 'SELECT COUNT(DISTINCT person), COUNT(*) FROM contribution')" = '2|3' ]
	[ "$(ask 'SELECT group_concat(line || rule) FROM reject')" = 4months.overlap,6name.matches ]
	pen-import -q confirm 4
	pen-verify -q
}

@test "two names for one new number, in two files that lay staged side by side, are seen at confirming" {
	make_store
	one=$(credit_code 91330106MA1000040) two=$(credit_code 91330106MA1000050)
	a=$(citizen_id 330106 19800101 001) b=$(citizen_id 330106 19500101 003)
	printf '%s\n' 统一社会信用代码,单位名称,行政区划,参保日期 "$one,一厂,330106,2000-01-01" "$two,二厂,330106,2000-01-01" >e.csv
	pen-import -q --confirm --expect-rows 2 employer e.csv
	register() { printf '%s\n' 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数 "$@"; }
	register "$a,买买提·阿不都,男,1980-01-01,$one,2010-01-01,2000-01-01,男职工,6000.00" >first.csv
	register "$a,买买提•阿不都,男,1980-01-01,$two,2011-01-01,2000-01-01,男职工,6000.00" \
		"$b,丙,男,1950-01-01,$two,2001-01-01,1990-01-01,男职工,6000.00" >folded.csv
	register "$a,乙,男,1980-01-01,$two,2012-01-01,2000-01-01,男职工,6000.00" >other.csv
	printf '%s\n' 公民身份号码,姓名,性别,出生日期,统一社会信用代码,退休日期,采集依据 "$b,丁,男,1950-01-01,$two,2010-01-31,退休审批表" >retired.csv
	for file in first folded other; do pen-import -q registration $file.csv; done
	pen-import -q retirement retired.csv
	# Another writing is the same name.
	pen-import -q confirm 2 3
	refuses 3 pen-import confirm 4
	[[ $message == *"line 2 of batch 4"*"$a 乙"*"batch 2"*买买提·阿不都*"discard batch 4"*'(confirm.names)'* ]]
	refuses 3 pen-import confirm 5
	[[ $message == *"$b 丁"*"batch 3"*丙*'(confirm.names)'* ]]
	# Brought in again, as the message says, the row is told by the rule.
	pen-import -q discard 4
	pen-import -q registration other.csv || [ $? = 1 ]
	[ "$(ask 'SELECT group_concat(rule) FROM reject')" = name.matches ]
	# The other way round, the registration comes second.
	rm -rf store && make_store
	pen-import -q --confirm --expect-rows 2 employer e.csv
	register "$b,丙,男,1950-01-01,$two,2001-01-01,1990-01-01,男职工,6000.00" >last.csv
	pen-import -q registration last.csv
	pen-import -q --confirm --expect-rows 1 retirement retired.csv
	refuses 3 pen-import confirm 2
	[[ $message == *"$b 丙"*丁*'(confirm.names)'* ]]
}

# ---- at the same time, and not to the end ----

@test "a second import is told who holds the store, or waits for it; a holder that died holds nothing" {
	make_store
	mkfifo pipe
	cat "$examples/employers.csv" >whole.csv
	# The first is in the middle of reading, and goes on when the pipe is written to.
	pen-import -q employer - <pipe &
	first=$!
	exec 8>pipe
	until test -s "$PEN_STORE/pen.lock"; do sleep 0.05; done
	refuses 6 pen-import employer whole.csv
	[[ $message == *pen-import* && $message == *op1* && $message == *"process $first"* && $message == *"$(hostname)"* && $message == *since* ]]
	refuses 6 pen-import --wait 1 employer whole.csv
	pen-import -q --wait 0 employer whole.csv &
	second=$!
	sleep 0.3
	kill -0 $second
	kill -KILL $first
	wait $first || true
	wait $second
	exec 8>&-
	[ "$(ask 'SELECT group_concat(state) FROM batch')" = staged ]
}

@test "a run that waits can be told to stop, and so can one that reads: nothing is staged" {
	make_store
	exec 9<>"$PEN_STORE/pen.lock"
	flock 9
	for signal in TERM INT; do
		pen-import -q --wait 0 employer "$examples/employers.csv" 2>stderr.txt 9>&- &
		waiting=$!
		sleep 0.4
		kill -$signal $waiting
		wait $waiting && false || [ $? = 8 ]
		grep -q 'nothing was done' stderr.txt
	done
	exec 9>&-
	[ "$(ask 'SELECT COUNT(*) FROM batch')" = 0 ]
}

@test "no room for the store or for the rejects: said so, nothing half done, and the same command finishes it" {
	before_the_breakdown
	kib=$(($(stat -c %s "$PEN_STORE/pen.db") / 1024))
	(
		ulimit -f $((kib + 8))
		refuses 7 pen-import -q breakdown breakdown-2024.csv
		[[ $message == *'make room'* ]]
	)
	pen-verify -q
	refuses 7 pen-import -q --rejects /dev/full breakdown breakdown-2024.csv
	[[ $message == *'No space left'* ]]
	[ "$(ask "SELECT COUNT(*) FROM batch WHERE form = 'breakdown' AND state <> 'staging'")" = 0 ]
	pen-verify -q
	pen-import -q --rejects rejects.csv breakdown breakdown-2024.csv || [ $? = 1 ]
	[ "$(wc -l <rejects.csv)" = 11 ]
	pen-import -q confirm 4 || [ $? = 1 ]
	pen-verify -q
}

@test "what waits for its levy is shown against the levy of today, and says when it is covered" {
	local code was folio
	before_the_breakdown
	pen-import -q breakdown breakdown-2024.csv || [ $? = 1 ]
	pen-import -f json held >held.json || [ $? = 1 ]
	code=$(jq -r '.rows[0].employer' held.json)
	folio=$(jq -r '.rows[0].folio' held.json)
	was=$(jq -r '.rows[0].expected' held.json)
	echo 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 >more.csv
	echo "W1,$code,2024,2024-12-30,1.00,征缴数据" >>more.csv
	pen-import -q --confirm --expect-rows 1 levy more.csv
	pen-import -f json held >held.json || [ $? = 1 ]
	jq -e --arg was "$was" '(.rows[0].expected | sub("[.]"; "") | tonumber) == ($was | sub("[.]"; "") | tonumber) + 100' held.json
	pen-import -f json show 4 >show.json || [ $? = 1 ]
	jq -e --arg now "$(jq -r '.rows[0].expected' held.json)" '.rows[] | select(.state == "held") | .hold | endswith("expected at most " + $now)' show.json
	# As if a voucher had been put right while nobody looked.
	ask "UPDATE levy_year SET amount_fen = amount_fen + 100000000 WHERE employer = (SELECT employer FROM folio WHERE id = $folio)"
	pen-import -f json held | jq -e --arg folio "$folio" '.rows[0] | .found == "covered by now" and .expected == "pen-import release " + $folio' || [ "${PIPESTATUS[0]}" = 1 ]
	[[ $(pen-import show 4 || true) == *"levy.covers: covered by now: pen-import release $folio"* ]]
}

@test "a batch whose rejects are all mended and confirmed has nothing left to be told" {
	before_the_breakdown
	echo 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 >levy.csv
	code=$(ask "SELECT value FROM employer_alias WHERE kind = 'credit-code' LIMIT 1")
	printf '%s\n' "W1,$code,2024,2024-12-30,1.00,征缴数据" "W2,$code,2024,2024-13-30,2.00,征缴数据" >>levy.csv
	pen-import -q --confirm --expect-rows 1 levy levy.csv || [ $? = 1 ]
	pen-import -q show 4 || [ $? = 1 ]
	sed 's/2024-13-30/2024-12-30/' levy.batch4.rejects.csv >mended.csv
	pen-import -q --confirm --expect-rows 1 --amends 4 levy mended.csv
	pen-import -f json show 4 >show.json
	jq -e '.head | .open_rejects == 0 and .lines.rejected == 1' show.json
}

@test "a file that is in already is the same delivery only for the batch that it came in to mend" {
	local code
	before_the_breakdown
	code=$(ask "SELECT value FROM employer_alias WHERE kind = 'credit-code' LIMIT 1")
	printf '%s\n' 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 "W2,$code,2024,2024-13-30,2.00,征缴数据" >levy.csv
	pen-import -q levy levy.csv || [ $? = 1 ]
	sed 's/2024-13-30/2024-12-30/' levy.batch4.rejects.csv >mended.csv
	pen-import -q levy mended.csv
	refuses 2 pen-import --amends 4 levy mended.csv
	[[ $message == *"batch 5, with no --amends, and now comes with --amends 4"*"pen-import discard 5"*stage.amends* ]]
	pen-import -q discard 5
	pen-import -q --amends 4 levy mended.csv
	pen-import -q --amends 4 levy mended.csv
	refuses 2 pen-import --amends 3 levy mended.csv
	[[ $message == *"with --amends 4, and now comes with --amends 3"* ]]
	refuses 2 pen-import levy mended.csv
	[[ $message == *"with --amends 4, and now comes with no --amends"* ]]
}
