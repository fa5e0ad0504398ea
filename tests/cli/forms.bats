#!/usr/bin/env bats
# The forms beyond the yearly round: each comes in, is confirmed, signed by two,
# sealed, and is found whole; and each is refused where it has to be.

load helper

zhang=$(citizen_id 330106 19500101 011)		# retired before the system, not registered
wang=$(citizen_id 330106 19800101 011)		# an employee
li=$(citizen_id 330106 19790101 022)		# flexible
one=$(credit_code 91330106MA0000001)
two=$(credit_code 91330106MA0000002)
own=$(credit_code 91330106MA0000003)		# the agency's own unit

retirement_head=公民身份号码,姓名,性别,出生日期,统一社会信用代码,参加工作时间,退休日期,采集依据,待遇开始年月,缴费月数,基础养老金,个人账户养老金,过渡性养老金,其他,基本养老金合计
movement_head=公民身份号码,姓名,变动类型,变动年月,统一社会信用代码,转入单位统一社会信用代码,变动原因

# Two employers and the agency's own unit, an employee and a flexible payer.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config
	make_store ed25519-sha256
	{
		echo 统一社会信用代码,单位名称,行政区划,参保日期,新扩面,灵活就业代办
		echo "$one,第一机械厂,330106,2010-01-01,否,"
		echo "$two,第二机械厂,330106,2023-06-01,是,否"
		echo "$own,代办窗口,330106,2010-01-01,,是"
	} >employers.csv
	{
		echo 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数
		echo "$wang,王一,男,1980-01-01,$one,2020-01-01,2000-01-01,男职工,8000.00"
		echo "$li,李二,女,1979-01-01,$own,2020-01-01,2000-01-01,灵活就业,8000.00"
	} >registration.csv
	pen-import -q --confirm --expect-rows 3 employer employers.csv
	pen-import -q --confirm --expect-rows 2 registration registration.csv
	{
		echo $retirement_head
		echo "$zhang,张三,男,1950-01-01,$one,1970-03-01,2010-01-05,退休审批表,2010-02,,1200.00,,,,"
	} >retired.csv
}

setup() {
	cp -Rp "$BATS_FILE_TMPDIR/store" store
	cp -Rp "$BATS_FILE_TMPDIR/config" "$XDG_CONFIG_HOME"
	cp "$BATS_FILE_TMPDIR/retired.csv" .
	export PEN_STORE=$PWD/store PEN_STAFF=op1
}

ask() { sqlite3 -readonly store/pen.db "$1"; }

# Brings a file in and confirms it: FORM FILE ROWS.
bring() { pen-import -q --confirm --expect-rows "$3" "$1" "$2"; }

# Signs and seals everything, looks at it as it lies, and takes it out.
seal() {
	local batch
	batch=$(ask "SELECT max(id) FROM batch")
	pen-import -f json show "$batch" --rows >shown.json
	pen-seal -q sign "1-$batch"
	pen-seal -q sign "1-$batch" --as lead1
	pen-seal -q close "1-$batch"
	test "$(ask "SELECT count(*) FROM folio WHERE state NOT IN ('sealed', 'discarded')")" = 0
	pen-seal -q export "$batch" --to exported
	pen-verify -f ndjson >found.ndjson || { cat found.ndjson >&2; return 1; }
}

# A staged file can be taken out again, with all that it brought: FORM FILE.
comes_and_goes() {
	local before
	before=$(ask "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM employment), (SELECT count(*) FROM person_alias)")
	pen-import -q "$1" "$2"
	pen-import -q discard "$(ask "SELECT max(id) FROM batch")"
	test "$(ask "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM employment), (SELECT count(*) FROM person_alias)")" = "$before"
	pen-verify -q
}

# One line of a form is rejected by a rule: RULE FORM LINE….
rejects() {
	local rule=$1 form=$2
	shift 2
	printf '%s\n' "$@" >refused.csv
	run -1 pen-import -q "$form" refused.csv --rejects refused.out --dry-run
	run -1 pen-import -q "$form" refused.csv --rejects refused.out
	grep -q ",$rule," refused.out || { cat refused.out; return 1; }
	pen-import -q discard "$(ask "SELECT max(id) FROM batch")"
}

@test "a retirement from before the system comes in without a registration, and is sealed" {
	comes_and_goes retirement retired.csv
	echo >>retired.csv
	bring retirement retired.csv 1
	seal
	[ "$(jq -r '.rows[] | [.name, .id_number, .benefit_from, .basic_fen, .pension_fen] | @csv' shown.json)" = "\"张三\",\"$zhang\",\"2010-02\",120000," ]
	grep -rq '"record":"retirement"' exported
}

@test "a retirement is refused since the system went live, for the dead, and a second time" {
	rejects retirement.basis retirement $retirement_head \
		"$wang,王一,男,1980-01-01,$one,2000-01-01,$(date +%F),退休审批表,,,,,,,"
	rejects retirement.basis retirement $retirement_head \
		"$zhang,张三,男,1950-01-01,$one,1970-03-01,2010-01-05,新扩面,,,,,,,"
	rejects retirement.dates retirement $retirement_head \
		"$zhang,张三,男,1950-01-01,$one,1970-03-01,1990-01-05,退休审批表,,,,,,,"
	rejects retirement.sum retirement $retirement_head \
		"$zhang,张三,男,1950-01-01,$one,1970-03-01,2010-01-05,退休审批表,,,1.00,2.00,3.00,4.00,11.00"
	bring retirement retired.csv 1
	rejects retirement.repeated retirement "$(head -1 retired.csv)" "$(sed -n 2p retired.csv)" ""
	printf '%s\n' $movement_head "$wang,王一,减少,2024-05,$one,,死亡" >died.csv
	bring movement died.csv 1
	rejects retirement.dead retirement $retirement_head \
		"$wang,王一,男,1980-01-01,$one,1995-01-01,2025-01-05,退休审批表,,,,,,,"
	# Of an employer newly brought in, before it was.
	printf '%s\n' $retirement_head "$(citizen_id 330106 19550101 031),赵四,男,1955-01-01,$two,1975-01-01,2015-01-31,新扩面,201502,300,100.00,20.00,3.00,0.00,123.00" >new.csv
	bring retirement new.csv 1
	pen-verify -q
}

@test "a supplement fills what is empty, is a version of its own, and the seals of both hold" {
	bring retirement retired.csv 1
	printf '%s\n' 公民身份号码,姓名,缴费月数,个人账户养老金,过渡性养老金,其他,基本养老金合计,基础养老金 \
		"$zhang,张三,300,300.00,0,0,1500.00,1200.00" >filled.csv
	comes_and_goes benefit-supplement filled.csv
	echo >>filled.csv
	bring benefit-supplement filled.csv 1
	[ "$(ask "SELECT folio || ' ' || by_folio FROM replacement")" = "$(ask "SELECT min(folio) || ' ' || max(folio) FROM retirement")" ]
	[ "$(ask "SELECT pension_fen || ' ' || benefit_from || ' ' || retired_on FROM retirement ORDER BY folio DESC LIMIT 1")" = "150000 201002 20100105" ]
	seal
	# A second one goes on from the first, and both files still give their rows.
	printf '%s\n' 公民身份号码,姓名,视同缴费月数 "$zhang,张三,24" >more.csv
	bring benefit-supplement more.csv 1
	[ "$(ask "SELECT count(*) FROM replacement")" = 2 ]
	pen-verify -q
}

@test "a supplement changes nothing that is filled, and two side by side do not both go in" {
	local head=公民身份号码,姓名,统一社会信用代码,基础养老金,缴费月数
	rejects supplement.none benefit-supplement $head "$zhang,张三,,1200.00,300"
	bring retirement retired.csv 1
	rejects supplement.filled benefit-supplement $head "$zhang,张三,,1300.00,300"
	rejects supplement.filled benefit-supplement $head "$zhang,张三,$two,,300"
	rejects supplement.nothing benefit-supplement $head "$zhang,张三,,1200.00,"
	rejects name.matches benefit-supplement $head "$zhang,张四,,,300"
	printf '%s\n' $head "$zhang,张三,,,300" >a.csv
	printf '%s\n' $head "$zhang,张三,,,301" >b.csv
	pen-import -q benefit-supplement a.csv
	pen-import -q benefit-supplement b.csv
	local last
	last=$(ask "SELECT max(id) FROM batch")
	pen-import -q confirm "$last"
	refuses 3 pen-import confirm $((last - 1))
	[[ $message == *"[R4.3.2] (confirm.supplement)" ]]
	# A replacement that says more than a supplement may.
	sqlite3 store/pen.db "DROP TRIGGER retirement_stays_u; UPDATE retirement SET retired_on = 20100106 WHERE paid_months = 301"
	run -5 pen-verify -f ndjson
	jq -se 'any(.rule == "replacement.stands")' <<<"${output%$'\n'*}"
}

@test "people join, leave and move, and the periods say so" {
	printf '%s\n' $movement_head "$wang,王一,转移,2024年7月,$one,$two,调动" "$li,李二,停保,202405,,,个人原因" >changes.csv
	comes_and_goes movement changes.csv
	echo >>changes.csv
	bring movement changes.csv 2
	[ "$(ask "SELECT e.since || '-' || coalesce(e.until, '') FROM employment e JOIN folio f ON f.id = e.folio WHERE f.form = 'movement' ORDER BY f.employer, e.employer" | paste -sd' ')" = \
		"20200101-20240630 20240701- 20200101-20240531" ]
	printf '%s\n' $movement_head "$li,李二,续保,2024-09,,," >back.csv
	bring movement back.csv 1
	printf '%s\n' $movement_head "$li,李二,减少,2024-12,,,死亡" >left.csv
	bring movement left.csv 1
	seal
	[ "$(jq -r '.rows[0] | [.name, .kind, .month, .since, .reason] | join(" ")' shown.json)" = "李二 leave 2024-12 2024-09-01 death" ]
	# An end that nobody told of.
	sqlite3 store/pen.db "UPDATE employment SET until = 20240530 WHERE until = 20240531"
	run -5 pen-verify -f ndjson
	jq -se 'any(.rule == "employment.told")' <<<"${output%$'\n'*}"
}

@test "a change that cannot be is rejected" {
	rejects person.registered movement $movement_head "$zhang,张三,减少,2024-07,$one,,"
	rejects movement.employed movement $movement_head "$wang,王一,减少,2024-07,$two,,"
	rejects movement.employed movement $movement_head "$wang,王一,新增,2024-07,$one,,"
	rejects movement.order movement $movement_head "$wang,王一,减少,2019-12,$one,,"
	rejects movement.order movement $movement_head "$wang,王一,新增,2099-12,$two,,"
	rejects movement.unit movement $movement_head "$wang,王一,转移,2024-07,$one,$own,"
	rejects movement.unit movement $movement_head "$wang,王一,减少,2024-07,$one,$two,"
	rejects movement.repeated movement $movement_head "$wang,王一,减少,2024-07,$one,," "$wang,王一,新增,2024-09,$one,,"
	rejects field.required movement $movement_head "$wang,王一,减少,2024-07,,,"
	rejects month.format movement $movement_head "$wang,王一,减少,24-07,$one,,"
	rejects registration.unit registration 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数 \
		"$(citizen_id 330106 19900101 011),赵四,男,1990-01-01,$own,2020-01-01,2010-01-01,男职工,8000.00"
}

@test "an employer is succeeded from a day on; months before it stay, later ones are the successor's" {
	local head=年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月份,单位缴费,个人缴费
	printf '%s\n' 原统一社会信用代码,原单位名称,承继统一社会信用代码,承继单位名称,生效日期 "$one,第一机械厂,$two,第二机械厂,2024-07-01" >merged.csv
	comes_and_goes successor merged.csv
	echo >>merged.csv
	bring successor merged.csv 1
	[ "$(pen-import -f json show "$(ask "SELECT max(id) FROM batch")" --rows | jq -r '.rows[] | [.successor, .since, .successor_name] | join(" ")')" = "$two 2024-07-01 第二机械厂" ]
	rejects employer.succeeded breakdown $head "2024,$one,$wang,王一,8000.00,7,1280.00,640.00"
	[[ $(cat refused.out) == *"employer $two, which succeeded it on 2024-07-01"* ]]
	rejects employer.succeeded registration 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数 \
		"$(citizen_id 330106 19900101 011),赵四,男,1990-01-01,$one,2024-08-01,2010-01-01,男职工,8000.00"
	printf '%s\n' 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 "V1,$one,2024,2024-12-20,50000.00,税收通用缴款书" >levy.csv
	bring levy levy.csv 1
	printf '%s\n' $head "2024,$one,$wang,王一,8000.00,1-6,7680.00,3840.00" >half.csv
	bring breakdown half.csv 1
	# The people go over with a move on that day.
	printf '%s\n' $movement_head "$wang,王一,转移,2024-07,$one,$two,合并" >over.csv
	bring movement over.csv 1
	pen-verify -q
}

@test "an employer is not succeeded twice, by itself, or in a circle" {
	local head=原统一社会信用代码,承继统一社会信用代码,生效日期
	rejects successor.same successor $head "$one,$one,2024-07-01"
	rejects successor.repeated successor $head "$one,$two,2024-07-01" "$one,$own,2024-08-01"
	rejects successor.circle successor $head "$one,$two,2024-07-01" "$two,$own,2024-08-01" "$own,$one,2024-08-01"
	rejects employer.known successor $head "$(credit_code 91330106MA0000009),$two,2024-07-01"
	printf '%s\n' $head "$one,$two,2024-07-01" >merged.csv
	bring successor merged.csv 1
	rejects successor.repeated successor $head "$one,$own,2024-08-01"
	rejects successor.circle successor $head "$two,$one,2024-08-01"
}

@test "a breakdown says its months by a period or a list, and its refunds by sign or by word" {
	printf '%s\n' 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 "V1,$one,2023,2023-12-20,90000.00,税收通用缴款书" >levy.csv
	bring levy levy.csv 1
	{
		echo 统一社会信用代码,公民身份号码,姓名,缴费基数,单位缴费,个人缴费,费款所属期,缴费月份,缴费类型,年度,对应年度
		echo "$one,$wang,王一,8000.00,3840.00,1920.00,202301-202303,,,,"
		echo "$one,$wang,王一,8000.00,1280.00,640.00,2023-04至2023-04,4,正常,2023,"
		echo "$one,$wang,王一,8000.00,2560.00,1280.00,2023年5月-2023年6月,,退费,,"
		echo "$one,$wang,王一,8000.00,1280.00,640.00,202212,,补缴,2023,2022"
		echo "$one,$wang,王一,8000.00,-10.00,-5.00,2023-07,,补差,,"
		echo "$one,$wang,王一,8000.00,-1280.00,-640.00,2023-01,,,,"
	} >periods.csv
	pen-import -f json --confirm --expect-rows 6 breakdown periods.csv >receipt.json
	jq -e '.amount_fen.read == 576000 + 192000 - 384000 + 192000 - 1500 - 192000 and (.assumptions | all(.code != "assume.months-laid"))' receipt.json
	[ "$(ask "SELECT kind || ':' || months || ':' || unit_fen || ':' || coalesce(for_year, '') FROM contribution ORDER BY line" | paste -sd' ')" = \
		"1:7:384000: 1:8:128000: 4:48:-256000: 2:2048:128000:2022 3:64:-1000: 4:1:-128000:" ]
	printf '%s\n' 统一社会信用代码,核对意见,答复日期 "$one,一致,2024-02-11" >answers.csv
	echo 盖章 >paper.txt
	pen-seal -q acknowledge "$(ask "SELECT max(id) FROM batch")" --from answers.csv --document paper.txt
	seal
}

@test "a period over two years, backwards, ahead, or that differs from what stands beside it is rejected" {
	local head=统一社会信用代码,公民身份号码,姓名,缴费基数,单位缴费,个人缴费,费款所属期起,费款所属期止,年度,缴费月数
	local row="$one,$wang,王一,8000.00,1280.00,640.00"
	rejects period.range breakdown $head "$row,202211,202302,,"
	rejects period.range breakdown $head "$row,202303,202302,,"
	rejects period.range breakdown $head "$row,202301,209902,,"
	rejects period.differs breakdown $head "$row,202301,202301,2022,"
	rejects period.differs breakdown $head "$row,202301,202301,,2"
	rejects field.required breakdown $head "$row,202301,,,"
	rejects field.required breakdown $head "$row,,,2023,"
	rejects choice.unknown breakdown "$head,缴费类型" "$row,202301,202301,,,10"
	rejects amount.negative breakdown "$head,缴费类型" "$one,$wang,王一,8000.00,-1280.00,-640.00,202301,202301,,,正常"
	printf '%s\n' 统一社会信用代码,公民身份号码,姓名,缴费基数,单位缴费,个人缴费 "$row" >short.csv
	refuses 4 pen-import breakdown short.csv
	[[ $message == *"年度/费款所属期起/费款所属期"* ]]
}
