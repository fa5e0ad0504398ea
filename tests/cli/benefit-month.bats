#!/usr/bin/env bats
# shellcheck disable=SC2154
# pen-benefit run and what follows: the month's roll goes on from the one before to the
# fen, whatever happened in between.

load helper

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
}

setup() {
	cp -Rp "$BATS_FILE_TMPDIR/store" store
	cp -Rp "$BATS_FILE_TMPDIR/config" "$XDG_CONFIG_HOME"
	cp "$BATS_FILE_TMPDIR"/*.csv .
	one=$(credit_code 91330106MA1080192)
	zhang=$(citizen_id 330106 19500101 011)
	li=$(citizen_id 330106 19510101 013)
	at 2026-12-20
	export PEN_STORE=$PWD/store PEN_STAFF=op1
}

at() { PEN_CLOCK=$(date -u -d "$1 04:00" +%s); export PEN_CLOCK; }
sql() { sqlite3 -readonly store/pen.db "$1"; }
newest() { sql "SELECT max(id) FROM batch"; }

seal() {
	local step
	for step in sign 'sign --as lead1' close; do
		# shellcheck disable=SC2086
		pen-seal -q $step "$1" >/dev/null || return 1
	done
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

# Nothing is found but notes, and duties that nobody has done in this store.
verifies() {
	pen-verify -f json >found.json || test $? = 1
	[ "$(jq -c '[.rows[] | select(.class == "seal" or .severity == "error")]' found.json)" = '[]' ] || { jq -c '.rows[]' found.json; return 1; }
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
	month 2026-02
	[ "$(side before)" = "3 510000" ]
	[ "$(side joined)" = "0 0" ]
	[ "$(side after)" = "3 510000" ]
	[ "$(row "$zhang" 202602 change,amount_fen,due_total_fen,paid_total_fen)" = "same|160000|320000|320000" ]
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
	pen-benefit -q approve "$(newest)" --as lead1 >/dev/null
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
