#!/usr/bin/env bats
# The regulation's lists of people: who works for an employer, who retired from it, and
# whom the forms of a month brought in.

load helper

zhang=$(citizen_id 330106 19500101 011)		# retired before the system, not registered
zhao=$(citizen_id 330106 19550101 031)		# of an employer newly brought in, likewise
wang=$(citizen_id 330106 19800101 011)		# an employee
sun=$(citizen_id 330106 19850101 022)		# another
li=$(citizen_id 330106 19790101 022)		# flexible
one=$(credit_code 91330106MA0000001)
two=$(credit_code 91330106MA0000002)
own=$(credit_code 91330106MA0000003)		# the agency's own unit

retirement_head=公民身份号码,姓名,性别,出生日期,统一社会信用代码,参加工作时间,退休日期,采集依据,待遇开始年月,缴费月数,基础养老金,个人账户养老金,过渡性养老金,其他,基本养老金合计
movement_head=公民身份号码,姓名,变动类型,变动年月,统一社会信用代码,转入单位统一社会信用代码,变动原因,缴费基数

march() { PEN_CLOCK=$(date -d 2027-03-15T12:00 +%s) "$@"; }

# Two employers and the agency's own unit, two employees and a flexible payer: in March
# of 2027.
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
		echo 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数,采集依据
		echo "$wang,王一,男,1980-01-01,$one,2020-01-01,2000-01-01,男职工,8000.00,两个确认"
		echo "$sun,孙五,女,1985-01-01,$one,2021-07-01,2008-01-01,女干部,9000.00,单位申报"
		echo "$li,李二,女,1979-01-01,$own,2020-01-01,2000-01-01,灵活就业,7000.00,"
	} >registration.csv
	{
		echo $retirement_head
		echo "$zhang,张三,男,1950-01-01,$one,1970-03-01,2010-01-05,退休审批表,2010-02,,1200.00,,,,"
	} >retired.csv
	march pen-import -q --confirm --expect-rows 3 employer employers.csv
	march pen-import -q --confirm --expect-rows 3 registration registration.csv
	march pen-import -q --confirm --expect-rows 1 retirement retired.csv
}

setup() {
	cp -Rp "$BATS_FILE_TMPDIR/store" store
	cp -Rp "$BATS_FILE_TMPDIR/config" "$XDG_CONFIG_HOME"
	export PEN_STORE=$PWD/store PEN_STAFF=op1
	PEN_CLOCK=$(date -d 2027-04-15T12:00 +%s)
	export PEN_CLOCK
}

bring() { pen-import -q --confirm --expect-rows "$3" "$1" "$2"; }
# What a list says of each: the employer's name and the person's.
said() { pen-report "$@" -f csv | tr -d '\r' | sed 1d | cut -d, -f3,5 | paste -sd' '; }
# Signs and seals the batches from 1 to this one.
seal() {
	pen-seal -q sign "1-$1" >/dev/null
	pen-seal -q sign "1-$1" --as lead1 >/dev/null
	pen-seal -q close "1-$1"
}

@test "the roster has everybody who works for each employer, as registered" {
	[ "$(said employer-roster)" = "第一机械厂,王一 第一机械厂,孙五 代办窗口,李二" ]
	[ "$(said employer-roster --employer "$one")" = "第一机械厂,王一 第一机械厂,孙五" ]
	pen-report employer-roster -f json >out.json
	jq -e '.report == "employer-roster" and .title == "参保单位职工基本情况表" and .summary.rows == 3' out.json
	jq -e '.rows[1] | .sex == "女" and .born == "1985-01-01" and .worked_on == "2008-01-01" and .insured_on == "2021-07-01" and
	    .payer == "女干部" and .base_fen == 900000 and .basis == "单位申报" and (.sealed | not)' out.json
	jq -e '[.summary.employers[] | .people] == [2, 1]' out.json
	seal 3
	pen-report employer-roster -f json | jq -e '[.rows[] | .sealed] | all'
}

@test "who left is on the roster no more, who joined or moved is, and each once" {
	printf '%s\n' $movement_head "$wang,王一,转移,2027-04,$one,$two,调动,8500.00" "$li,李二,减少,2027-03,$own,,," >changes.csv
	bring movement changes.csv 2
	[ "$(said employer-roster)" = "第一机械厂,孙五 第二机械厂,王一" ]
	pen-report employer-roster --employer "$two" -f json | jq -e '.rows[0] | .since == "2027-04-01" and .base_fen == 850000 and .insured_on == "2020-01-01"'
	printf '%s\n' $movement_head "$li,李二,续保,2027-05,$own,,," >back.csv
	bring movement back.csv 1
	[ "$(said employer-roster --employer "$own")" = "代办窗口,李二" ]
	printf '%s\n' "公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数" \
		"$sun,孙五,女,1985-01-01,$two,2027-04-01,2008-01-01,女干部,9100.00" >second.csv
	bring registration second.csv 1
	[ "$(said employer-roster)" = "第一机械厂,孙五 第二机械厂,王一 第二机械厂,孙五 代办窗口,李二" ]
	# As of before all that it says what it said.
	[ "$(said employer-roster --as-of 2027-03-31)" = "第一机械厂,王一 第一机械厂,孙五 代办窗口,李二" ]
}

@test "new are those whom the forms of a month brought in, by registration, by joining, by moving" {
	[ "$(said new-insured --month 2027-03)" = "第一机械厂,王一 第一机械厂,孙五 代办窗口,李二" ]
	[ "$(said new-insured --month 2027-04)" = "" ]
	printf '%s\n' $movement_head "$wang,王一,转移,2027-04,$one,$two,调动," "$li,李二,减少,2027-03,$own,,," >changes.csv
	bring movement changes.csv 2
	[ "$(said new-insured --month 2027-04)" = "第二机械厂,王一" ]
	[ "$(said new-insured --month 2027-04 --employer "$one")" = "" ]
	pen-report new-insured --month 2027-04 -f json >out.json
	jq -e '.title == "新增参保人员基本情况表" and .head.month == "2027-04" and .rows[0].way == "转入" and .rows[0].since == "2027-04-01"' out.json
	seal 4
	pen-report new-insured --month 2027-03 -f json | jq -e '.summary.employers | length == 2 and all(.operator == "张三" and .lead == "李四" and .state == "已封存")'
}

@test "what a case corrected is no new entry, and the list shows what it is now" {
	seal 3
	printf 'paper' >old.pdf
	printf 'paper two' >new.pdf
	pen-amend -q request --form change --person "$sun" --kind registration --set base=9999.00 --reason 核对 --original old.pdf --evidence new.pdf
	pen-amend -q approve 1 --as lead1
	pen-amend -q approve 1 --as head1
	pen-amend -q unseal 1 --as sys1
	pen-amend -q apply 1 --as amender1
	[ "$(said new-insured --month 2027-04)" = "" ]
	pen-report new-insured --month 2027-03 -f json | jq -e '.rows | map(.base_fen) | sort == [700000, 800000, 999900]'
	pen-report employer-roster -f json | jq -e '.rows | length == 3 and (map(.base_fen) | sort == [700000, 800000, 999900])'
}

@test "the retirees of an employer, with what their papers tell, and the newest version of each" {
	[ "$(said employer-retirees)" = "第一机械厂,张三" ]
	pen-report employer-retirees -f json >out.json
	jq -e '.title == "参保单位退休人员基本情况表" and (.rows[0] | .basis == "退休审批表" and .retired_on == "2010-01-05" and
	    .benefit_from == "2010-02" and .paid_months == null and .basic_fen == 120000 and .pension_fen == null)' out.json
	# A supplement fills what was empty: one row still, that of the supplement.
	printf '%s\n' 公民身份号码,姓名,缴费月数,视同缴费月数,个人账户养老金,基本养老金合计 "$zhang,张三,301,60,300.00,1500.00" >more.csv
	bring benefit-supplement more.csv 1
	pen-report employer-retirees -f json >out.json
	jq -e '.summary.rows == 1 and .summary.pension_fen == 150000 and (.rows[0] | .paid_months == 301 and .deemed_months == 60 and .pension_fen == 150000)' out.json
	pen-report employer-retirees --as-of 2027-03-31 -f json | jq -e '.rows[0].pension_fen == null'
	# One of an employer newly brought in.
	printf '%s\n' $retirement_head "$zhao,赵四,男,1955-01-01,$two,1975-01-01,2015-01-31,新扩面,201502,300,100.00,20.00,3.00,0.00,123.00" >new.csv
	bring retirement new.csv 1
	[ "$(said employer-retirees)" = "第一机械厂,张三 第二机械厂,赵四" ]
	[ "$(said employer-retirees --employer "$two")" = "第二机械厂,赵四" ]
	pen-report employer-retirees -f json | jq -e '.summary | .pension_fen == 162300 and ([.employers[] | .pension_fen] == [150000, 12300])'
}

@test "newly retired are those whom the forms of a month brought in, as they are told by now" {
	[ "$(said new-retirees --month 2027-03)" = "第一机械厂,张三" ]
	printf '%s\n' 公民身份号码,姓名,缴费月数 "$zhang,张三,301" >more.csv
	bring benefit-supplement more.csv 1
	printf '%s\n' $retirement_head "$zhao,赵四,男,1955-01-01,$two,1975-01-01,2015-01-31,新扩面,201502,300,100.00,20.00,3.00,0.00,123.00" >new.csv
	bring retirement new.csv 1
	pen-report new-retirees --month 2027-03 -f json | jq -e '.title == "新增退休人员基本情况表" and (.rows | length == 1 and .[0].paid_months == 301)'
	[ "$(said new-retirees --month 2027-04)" = "第二机械厂,赵四" ]
	[ "$(said new-retirees --month 2027-04 --employer "$one")" = "" ]
}

@test "who retired works for nobody any more" {
	printf '%s\n' 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数 \
		"$zhao,赵四,男,1955-01-01,$two,2024-01-01,1975-01-01,男职工,5000.00" >registration.csv
	bring registration registration.csv 1
	[ "$(said employer-roster --employer "$two")" = "第二机械厂,赵四" ]
	printf '%s\n' $retirement_head "$zhao,赵四,男,1955-01-01,$two,1975-01-01,2015-01-31,新扩面,201502,300,100.00,20.00,3.00,0.00,123.00" >new.csv
	bring retirement new.csv 1
	[ "$(said employer-roster --employer "$two")" = "" ]
}

@test "a list is refused without its month, for no month, and for nobody's employer; and each read is entered" {
	refuses 2 pen-report new-insured
	refuses 2 pen-report new-retirees --month 2027-13
	[[ $message == *'"2027-13" is no month'* ]]
	refuses 2 pen-report employer-roster --employer "$(credit_code 91330106MA0000009)"
	pen-report -q employer-retirees --employer "$one" >/dev/null
	[ "$(sqlite3 -readonly store/pen.db "SELECT group_concat(act || ' ' || subject, ', ') FROM (SELECT * FROM journal ORDER BY at DESC LIMIT 2)")" = \
		"report.read employer-retirees $one, report.read employer-retirees $one" ]
}
