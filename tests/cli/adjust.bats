#!/usr/bin/env bats
# shellcheck disable=SC2154
# pen-benefit adjust: a scheme as data, applied to everybody who retired in time, signed by
# lead and head, and paid from its month on.

load helper
load aged

# Four people who retired before the system: one after the scheme's day, one of whom the
# months of contribution are not told.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config
	at 2026-01-10
	make_store
	one=$(credit_code 91330106MA1080192)
	two=$(credit_code 91330106MA1080193)
	printf '%s\n' 统一社会信用代码,单位名称,行政区划,参保日期 "$one,一厂,330106,2000-01-01" "$two,二厂,330108,2000-01-01" >employers.csv
	pen-import -q --confirm --expect-rows 2 employer employers.csv
	{
		echo 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参加工作时间,退休日期,采集依据,待遇开始年月,缴费月数,视同缴费月数,基础养老金,个人账户养老金,过渡性养老金,其他,基本养老金合计
		echo "$(citizen_id 330106 19500801 011),张三,男,1950-08-01,$one,1970-03-01,2010-08-05,退休审批表,2010-09,349,24,2200.00,600.00,211.78,0,3011.78"
		echo "$(citizen_id 330106 19600101 022),李四,女,1960-01-01,$two,1980-03-01,2010-01-05,退休审批表,2010-02,84,,1300.00,300.00,100.00,0,1700.00"
		echo "$(citizen_id 330106 19660101 024),王五,女,1966-01-01,$one,1985-03-01,2016-01-04,其他法定退休档案,2016-02,300,24,,,,,1800.00"
		echo "$(citizen_id 330106 19520101 026),赵六,女,1952-01-01,$one,1970-03-01,2007-01-05,退休审批表,2007-02,,,1000.00,200.00,0,0,1200.00"
	} >retired.csv
	pen-import -q --confirm --expect-rows 4 retirement retired.csv
	seal 1-2
	cat >scheme.json <<'JSON'
{ "name": "test-2026", "title": "2026年调整退休人员基本养老金", "area": "330000", "source": "of this test", "verified": "yes",
  "effective": "2026-01", "retired-by": "2015-12-31",
  "fixed": { "amount": "45.00" },
  "years": { "part-years": "up", "least": 10, "bands": [ { "over": 0, "to": 15, "amount": "1.00" }, { "over": 15, "amount": "2.00" } ] },
  "level": { "bands": [ { "over": 0, "rate": "1.27%" } ], "verified": "read in a newspaper" },
  "tilt": [ { "by": "age", "on": "2025-12-31", "bands": [ { "from": 70, "below": 80, "amount": "32.00" } ] },
            { "by": "area", "areas": ["330108"], "amount": "5.50" } ] }
JSON
}

setup() {
	aged 2026-06-20 lead1
	zhang=$(citizen_id 330106 19500801 011)
	li=$(citizen_id 330106 19600101 022)
	wang=$(citizen_id 330106 19660101 024)
	zhao=$(citizen_id 330106 19520101 026)
}

# Applies a scheme; the outcome in out.json. Somebody is always left out but in the end.
adjust() { pen-benefit adjust "$@" -f json >out.json || test $? = 1; }
approve() { pen-benefit -q approve "$(newest)" --as head1 >/dev/null; }
# Somebody's newest row: before, fixed, years, level, tilt, increase, after.
row() {
	sql "SELECT before_fen || ' ' || fixed_fen || ' ' || years_fen || ' ' || level_fen || ' ' || tilt_fen || ' ' || increase_fen || ' ' || after_fen
	    FROM adjustment WHERE person = (SELECT person FROM person_alias WHERE value = '$1') ORDER BY folio DESC LIMIT 1"
}

@test "each part is worked out to the fen, and who retired later gets nothing" {
	adjust scheme.json
	# 373 months are 32 years: 15 x 1.00 + 17 x 2.00; 3011.78 x 1.27% = 38.2496; 75 years old.
	[ "$(row "$zhang")" = "301178 4500 4900 3825 3200 16425 317603" ]
	# 84 months are 7 years, which count as 10; 1700 x 1.27% = 21.59; 65 years old, in 330108.
	[ "$(row "$li")" = "170000 4500 1000 2159 550 8209 178209" ]
	[ "$(row "$wang")" = "" ]
	jq -e '.summary | .people == 2 and .later == 1 and .increase_fen == 24634 and .fixed_fen == 9000 and .before_fen == 471178 and
	    .next_role == "head" and (.left | length == 1) and (.left[0].lacks == "months")' out.json
	jq -e --arg zhao "$zhao" '.summary.left[0].id_number == $zhao and .summary.left[0].name == "赵六"' out.json
	jq -e '[.rows[] | [.employer, .people, .increase_fen]] == [["一厂", 1, 16425], ["二厂", 1, 8209]]' out.json
}

@test "a preview says the totals, and writes nothing" {
	before=$(sql "SELECT (SELECT count(*) FROM journal), (SELECT count(*) FROM batch), (SELECT count(*) FROM adjustment)")
	adjust -n scheme.json
	jq -e '.summary | .dry_run and .batch == null and .people == 2 and .increase_fen == 24634 and .seal == null' out.json
	[ "$(sql "SELECT (SELECT count(*) FROM journal), (SELECT count(*) FROM batch), (SELECT count(*) FROM adjustment)")" = "$before" ]
}

@test "what is in doubt of the scheme is told in the result and in the receipt" {
	adjust scheme.json
	jq -e '.summary.assumptions == [{"code": "scheme.unverified", "where": "level", "text": "read in a newspaper"}]' out.json
	pen-import show "$(newest)" -f json | jq -e '[.. | objects | .assumptions // empty] == [[{"code":"scheme.unverified","count":1,"text":"level: read in a newspaper"}]]'
}

@test "the lead applies it and the head approves it, and nobody else" {
	refuses 3 pen-benefit adjust scheme.json --as op1
	refuses 3 pen-benefit adjust scheme.json --as head1
	adjust scheme.json
	refuses 3 pen-benefit approve "$(newest)" --as lead1
	refuses 3 pen-benefit approve "$(newest)" --as op1
	approve
	[ "$(sql "SELECT group_concat(DISTINCT state) FROM folio WHERE form = 'adjustment'")" = sealed ]
	[ "$(sql "SELECT group_concat(role || ' ' || staff, ', ') FROM (SELECT * FROM seal_signature ORDER BY at DESC LIMIT 2) ")" = "head head1, lead lead1" ]
	verifies
	pen-verify replay
}

@test "run again it changes nothing, sealed or not" {
	adjust scheme.json
	rows=$(sql "SELECT count(*) FROM adjustment")
	adjust scheme.json
	jq -e '.changed == false and .scheme == "test-2026"' out.json
	approve
	adjust scheme.json
	jq -e '.summary | .batch == null and .people == 0 and .unchanged == 2' out.json
	[ "$(sql "SELECT count(*) FROM adjustment")" = "$rows" ]
}

@test "who was left is adjusted when it is told what was not" {
	adjust scheme.json
	approve
	printf '%s\n' 公民身份号码,姓名,缴费月数,视同缴费月数 "$zhao,赵六,240,60" >more.csv
	pen-import -q --confirm --expect-rows 1 benefit-supplement more.csv --as op1
	seal "$(newest)"
	pen-benefit adjust scheme.json -f json >out.json
	jq -e '.summary | .people == 1 and .unchanged == 2 and .left == []' out.json
	# 300 months: 15 x 1.00 + 10 x 2.00; 1200 x 1.27% = 15.24; 73 years old.
	[ "$(row "$zhao")" = "120000 4500 3500 1524 3200 12724 132724" ]
	approve
	verifies
}

@test "a corrected scheme makes further rows for those of whom it says something else" {
	adjust scheme.json
	approve
	jq '.tilt = [.tilt[0]] | .name = "test-2026-b"' scheme.json >second.json
	adjust second.json
	jq -e '.summary | .people == 1 and .unchanged == 1' out.json
	[ "$(row "$li")" = "170000 4500 1000 2159 0 7659 177659" ]
	approve
	pen-benefit run --month 2026-06 --as op1 -f json >roll.json || test $? = 1
	[ "$(sql "SELECT adjustment_fen FROM payment WHERE person = (SELECT person FROM person_alias WHERE value = '$li')")" = 7659 ]
	verifies
	pen-verify replay
}

@test "the increase is paid once it is sealed, from its month on" {
	adjust scheme.json
	pen-benefit run --month 2026-06 --as op1 -f json -n >roll.json || test $? = 1
	jq -e '.summary.adjustment_fen == 0' roll.json
	approve
	pen-benefit run --month 2026-06 --as op1 -f json >roll.json || test $? = 1
	jq -e '.summary.adjustment_fen == 24634' roll.json
	[ "$(sql "SELECT amount_fen FROM payment WHERE person = (SELECT person FROM person_alias WHERE value = '$zhang')")" = 317603 ]
}

@test "the roll as a form has everybody, each item, and the totals of each employer" {
	adjust scheme.json
	approve
	pen-benefit run --month 2026-06 --as op1 >/dev/null || test $? = 1
	pen-report roll --month 2026-06 -f json >sheet.json
	jq -e '.title == "养老待遇发放表" and .head.month == "2026-06" and .summary.rows == 4' sheet.json
	jq -e --arg zhang "$zhang" '.rows[] | select(.id_number == $zhang) | .name == "张三" and .basic_fen == 220000 and .adjustment_fen == 16425 and
	    .amount_fen == 317603 and .change == "新增" and (.sealed | not)' sheet.json
	for item in basic account transitional extra adjustment arrears once recovered amount overpaid; do
		jq -e --arg k "${item}_fen" '(.rows | map(.[$k]) | add) == .summary[$k] and (.summary.employers | map(.[$k]) | add) == .summary[$k]' sheet.json
	done
	jq -e '.summary | .adjustment_fen == 24634 and ([.employers[] | [.employer, .people, .amount_fen]] == [["一厂", 3, 617603], ["二厂", 1, 178209]])' sheet.json
	jq -e '.summary.employers[0] | .operator == "张三" and .lead == null and .state == "未封存"' sheet.json
	pen-report roll --month 2026-06 --employer "$(credit_code 91330106MA1080193)" -f csv | tr -d '\r' | cut -d, -f5,6,16 | grep -q "$li,李四,1782.09"
	refuses 2 pen-report roll
}

@test "the next scheme goes on from what the one before came to" {
	adjust scheme.json
	approve
	sed 's/"2026-01"/"2026-05"/; s/test-2026/test-2026-05/' scheme.json | jq '{name, title, area, source, verified, effective, "retired-by", level}' >next.json
	adjust next.json
	# 3176.03 x 1.27% = 40.335581
	[ "$(row "$zhang")" = "317603 0 0 4034 0 4034 321637" ]
}

@test "a scheme that is not one, or not the agency's, is refused with its place, and nothing is written" {
	jq '.years.bands[1].over = 14' scheme.json >bad.json
	refuses 4 pen-benefit adjust bad.json
	[[ $message == *"bad.json"*"years.bands[2] overlaps"* ]]
	refuses 3 pen-benefit adjust "$top/share/examples/scheme-shanxi-2022.json"
	[[ $message == *"for area 140000"*"R4.3.1d"* ]]
	refuses 4 pen-benefit adjust nothing.json
	[ "$(sql "SELECT count(*) FROM adjustment")" = 0 ]
	[ "$(sql "SELECT count(*) FROM journal WHERE act = 'benefit.adjust'")" = 0 ]
	[ "$(sql "SELECT count(*) FROM journal WHERE act = 'refused' AND subject LIKE 'scheme %'")" = 1 ]
}

@test "an increase that was changed behind the tools' back is found and named" {
	adjust scheme.json
	approve
	sqlite3 store/pen.db "DROP TRIGGER adjustment_stays_u; UPDATE adjustment SET increase_fen = increase_fen + 100, after_fen = after_fen + 100 WHERE tilt_fen = 550"
	run -5 --separate-stderr pen-verify -f ndjson
	jq -se 'any(.type == "finding" and .rule == "seal.root")' <<<"$output"
	run -5 --separate-stderr pen-verify replay -f ndjson
	jq -se '[.[] | select(.rule == "computed.rows") | "\(.field) \(.found) \(.expected)"] == ["increase_fen 83.09 82.09", "after_fen 1783.09 1782.09"]' <<<"$output"
	jq -se --argjson li "$(sql "SELECT person FROM person_alias WHERE value = '$li'")" 'any(.rule == "computed.rows" and .person == $li)' <<<"$output"
}

@test "a payment that was changed behind the tools' back is named with what it comes to again" {
	adjust scheme.json
	approve
	pen-benefit run --month 2026-06 --as op1 >/dev/null || test $? = 1
	pen-benefit -q approve "$(newest)" --as lead1 >/dev/null
	pen-verify replay
	sqlite3 store/pen.db "DROP TRIGGER payment_stays_u; UPDATE payment SET amount_fen = amount_fen + 1 WHERE amount_fen = 317603"
	run -5 --separate-stderr pen-verify replay -f ndjson
	jq -se '[.[] | select(.rule == "computed.rows") | "\(.field) \(.found) \(.expected)"] == ["amount_fen 3176.04 3176.03"]' <<<"$output"
}

@test "a run that was stopped before its first signature is signed by the same command" {
	sqlite3 store/pen.db "CREATE TRIGGER stop BEFORE INSERT ON seal BEGIN SELECT RAISE(ABORT, 'the power is cut'); END"
	refuses 3 pen-benefit adjust scheme.json
	[ "$(sql "SELECT count(*) FROM adjustment")" != 0 ]
	[ "$(sql "SELECT count(*) FROM seal WHERE batch = $(newest)")" = 0 ]
	sqlite3 store/pen.db "DROP TRIGGER stop"
	# By nobody else, and not where it is only looked at.
	pen-admin -q --as head1 staff add lead2 --name 吴九 --role lead
	pen-benefit -q adjust scheme.json --as lead2
	pen-benefit -q adjust scheme.json --dry-run
	[ "$(sql "SELECT count(*) FROM seal WHERE batch = $(newest)")" = 0 ]
	pen-benefit adjust scheme.json -f json | jq -e .changed
	[ "$(sql "SELECT staff FROM seal_signature JOIN seal ON seal.id = seal WHERE batch = $(newest)")" = lead1 ]
	pen-benefit adjust scheme.json -f json | jq -e '.changed | not'
	approve
}
