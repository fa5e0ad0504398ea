#!/usr/bin/env bats
# shellcheck disable=SC2154,SC2016,SC2034
# Every rule of the catalogue: it stays silent where all is right, and it fires where
# something is planted. tests/structure/rules-tested holds the tables of this file
# (lines of rule|…) to the catalogue.

load helper

one=$(credit_code 91330106MA0000001)
two=$(credit_code 91330106MA0000002)
own=$(credit_code 91330106MA0000003)	# the agency's own unit
gone=$(credit_code 91330106MA0000004)	# succeeded in July 2024
five=$(credit_code 91330106MA0000005)	# not entered
wang=$(citizen_id 330106 19800101 011)
li=$(citizen_id 330106 19790101 022)	# flexible
zhao=$(citizen_id 330106 19500101 011)	# retired before the system
sun=$(citizen_id 330106 19700101 015)	# died in June 2024
qian=$(citizen_id 330106 19640501 047)	# left in June 2024 for retirement
zheng=$(citizen_id 330106 19750101 013)	# moved in July 2024
feng=$(citizen_id 330106 19700301 019)	# with deemed months
wu=$(citizen_id 330106 19900101 011)	# not entered
xu=$(citizen_id 330106 19550101 031)	# not entered, of an age to have retired

employer_head=统一社会信用代码,单位名称,行政区划,参保日期,新扩面,灵活就业代办
registration_head=公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数,视同缴费月数
levy_head=凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类
breakdown_head=统一社会信用代码,公民身份号码,姓名,缴费基数,单位缴费,个人缴费,缴费月份,年度,费款所属期,缴费类型
opening_head=公民身份号码,姓名,截止年度,个人缴费本金,个人缴费利息,单位划转本金,单位划转利息
retirement_head=公民身份号码,姓名,性别,出生日期,统一社会信用代码,参加工作时间,退休日期,采集依据,待遇开始年月,缴费月数,视同缴费月数,基础养老金,个人账户养老金,过渡性养老金,其他,基本养老金合计
benefit_supplement_head=公民身份号码,姓名,基础养老金,过渡性养老金
movement_head=公民身份号码,姓名,变动类型,变动年月,统一社会信用代码,转入单位统一社会信用代码,变动原因
successor_head=原统一社会信用代码,承继统一社会信用代码,生效日期

# Brings a file in and confirms it: FORM LINE….
bring() {
	local form=$1 head=${1}_head
	shift
	printf '%s\n' "${!head}" "$@" >"$form.csv"
	pen-import -q --confirm --expect-rows $# "$form" "$form.csv"
}

sign_and_close() {
	pen-seal -q sign "$1"
	pen-seal -q sign "$1" --as lead1
	pen-seal -q close "$1"
}

# A year with a form of each kind, sealed and settled; and behind it a levy and a
# registration that nobody has signed, a breakdown that is held for want of a levy,
# and a file that lies staged.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config
	make_store ed25519-sha256
	bring employer "$one,第一机械厂,330106,2010-01-01,," "$two,第二机械厂,330106,2010-01-01,," \
		"$own,代办窗口,330106,2010-01-01,,是" "$gone,老机械厂,330106,2010-01-01,,"
	bring registration "$wang,王一,男,1980-01-01,$one,2020-01-01,2000-01-01,男职工,8000.00," \
		"$li,李二,女,1979-01-01,$own,2020-01-01,2000-01-01,灵活就业,8000.00," \
		"$sun,孙五,男,1970-01-01,$one,2020-01-01,1990-01-01,男职工,8000.00," \
		"$qian,钱四,男,1964-05-01,$one,2020-01-01,1984-01-01,男职工,8000.00," \
		"$zheng,郑六,男,1975-01-01,$two,2020-01-01,1995-01-01,男职工,8000.00," \
		"$feng,冯七,男,1970-03-01,$one,2000-01-01,1990-01-01,男职工,8000.00,36"
	bring levy "V1,$one,2024,2024-12-20,90000.00,税收通用缴款书" "V2,$two,2024,2024-12-20,20000.00,税收通用完税证" \
		"V3,$own,2024,2024-12-20,20000.00,税收通用缴款书"
	bring retirement "$zhao,赵三,男,1950-01-01,$one,1970-03-01,2010-01-05,退休审批表,2010-02,360,100,1200.00,300.00,,0.00,"
	bring movement "$sun,孙五,减少,2024-06,$one,,死亡" "$qian,钱四,减少,2024-06,$one,,退休" "$zheng,郑六,转移,2024-07,$two,$one,调动"
	bring successor "$gone,$two,2024-07-01"
	bring opening "$wang,王一,2023,10000.00,500.00,0.00,0.00"
	bring breakdown "$one,$wang,王一,8000.00,15360.00,7680.00,1-12,2024,," "$one,$sun,孙五,8000.00,7680.00,3840.00,1-6,2024,," \
		"$one,$qian,钱四,8000.00,7680.00,3840.00,1-6,2024,," "$one,$zheng,郑六,8000.00,7680.00,3840.00,7-12,2024,," \
		"$one,$feng,冯七,8000.00,15360.00,7680.00,1-12,2024,," "$two,$zheng,郑六,8000.00,7680.00,3840.00,1-6,2024,," \
		"$own,$li,李二,8000.00,11520.00,7680.00,1-12,2024,,"
	printf '统一社会信用代码,答复\n%s,同意\n%s,同意\n%s,同意\n' "$one" "$two" "$own" >answers.csv
	echo 盖章 >paper.txt
	pen-seal -q acknowledge 8 --from answers.csv --document paper.txt
	sign_and_close 1-8
	pen-account -q settle --year 2024
	sign_and_close 9
	printf '%s\n' "$benefit_supplement_head" "$zhao,赵三,,0.00" >benefit_supplement.csv
	pen-import -q --confirm --expect-rows 1 benefit-supplement benefit_supplement.csv
	printf '%s\n' 公民身份号码,姓名,基本养老金合计 "$zhao,赵三,1500.00" >more.csv
	pen-import -q --confirm --expect-rows 1 benefit-supplement more.csv
	printf '%s\n' "$breakdown_head" "$two,$zheng,郑六,8000.00,1280.00,640.00,1,2025,," >held.csv
	pen-import -q breakdown held.csv || test $? = 1
	pen-import -q confirm 12 || test $? = 1
	printf '%s\n' "$registration_head" "$wu,吴八,男,1990-01-01,$two,2025-01-01,2010-01-01,男职工,8000.00," >staged.csv
	pen-import -q registration staged.csv
	cp store/pen.db bare.db
	sqlite3 bare.db "PRAGMA synchronous = OFF; BEGIN;
		$(sqlite3 bare.db "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_master WHERE type = 'trigger'") COMMIT"
}

setup() {
	cp -Rp "$BATS_FILE_TMPDIR/store" store
	cp -Rp "$BATS_FILE_TMPDIR/config" "$XDG_CONFIG_HOME"
	export PEN_STORE=$PWD/store PEN_STAFF=op1
}

ask() { sqlite3 -readonly store/pen.db "$1"; }

# ---- silent

@test "where all is right every rule is silent" {
	pen-verify -f json >found.json || { cat found.json; return 1; }
	[ "$(jq -c '.rows' found.json)" = '[]' ] || { jq -c '.rows[]' found.json; return 1; }
	[ "$(jq .summary.not_made found.json)" = 0 ]
	[ "$(ask "SELECT count(*) FROM reject")" = 0 ]
	[ "$(ask "SELECT group_concat(rule) FROM hold")" = levy.covers ]
	# And each record kind was there to be looked at.
	for table in employer_record registration contribution levy opening movement retirement employment_change succession; do
		[ "$(ask "SELECT count(*) FROM $table")" -gt 0 ]
	done
}

# ---- at import

# Lines of rule|line of the form, from stdin: each is turned down, or held, by its
# rule; a line without a rule is accepted. FORM [OPTION…].
turns_down() {
	local form=$1 head=${1//-/_}_head line rule expected='' n=1
	shift
	printf '%s\n' "${!head}" >defects.csv
	while IFS='|' read -r rule line; do
		n=$((n + 1))
		test -z "$rule" || expected="$expected$n $rule"$'\n'
		eval "printf '%b\n' \"$line\"" >>defects.csv
	done
	pen-import -q "$@" "$form" defects.csv || [ $? = 1 ]
	ask "SELECT line || ' ' || rule FROM reject WHERE batch = (SELECT max(id) FROM batch)
		UNION ALL SELECT r.line || ' ' || h.rule FROM hold h JOIN folio f ON f.id = h.folio JOIN contribution r ON r.folio = f.id
		WHERE f.batch = (SELECT max(id) FROM batch) AND h.rule <> 'levy.covers'" | sort -n | diff - <(printf %s "$expected")
}

@test "at import: cells, lines, and employers" {
	turns_down employer <<'LINES'
area.code|$five,五厂,3301,2010-01-01,,
credit.char|91330106MA00000O5X,五厂,330106,2010-01-01,,
credit.check|91330106MA0000005X,五厂,330106,2010-01-01,,
credit.length|9133010,五厂,330106,2010-01-01,,
date.format|$five,五厂,330106,2010-02-30,,
date.future|$five,五厂,330106,2999-01-01,,
choice.unknown|$five,五厂,330106,2010-01-01,也许,
field.required|$five,,330106,2010-01-01,,
row.columns|$five,五厂,330106
text.control|$five,五\\001厂,330106,2010-01-01,,
employer.repeated|$one,第一机械厂,330106,2010-01-01,,
LINES
}

@test "at import: registrations" {
	turns_down registration <<'LINES'
id.length|33010619900101,吴八,男,1990-01-01,$one,2020-01-01,2010-01-01,男职工,8000.00,
id.char|3301061990010100**,吴八,男,1990-01-01,$one,2020-01-01,2010-01-01,男职工,8000.00,
id.area|$(citizen_id 990106 19900101 011),吴八,男,1990-01-01,$one,2020-01-01,2010-01-01,男职工,8000.00,
id.date|$(citizen_id 330106 19901301 011),吴八,男,1990-01-01,$one,2020-01-01,2010-01-01,男职工,8000.00,
id.check|${wu%?}$(((${wu: -1} + 1) % 10)),吴八,男,1990-01-01,$one,2020-01-01,2010-01-01,男职工,8000.00,
id.zeros|330106199010041000,吴八,女,1990-10-04,$one,2020-01-01,2010-01-01,女工人,8000.00,
name.damaged|$wu,吴?,男,1990-01-01,$one,2020-01-01,2010-01-01,男职工,8000.00,
registration.sex|$wu,吴八,女,1990-01-01,$one,2020-01-01,2010-01-01,女工人,8000.00,
registration.born|$wu,吴八,男,1990-01-02,$one,2020-01-01,2010-01-01,男职工,8000.00,
registration.category|$wu,吴八,男,1990-01-01,$one,2020-01-01,2010-01-01,女工人,8000.00,
registration.dates|$wu,吴八,男,1990-01-01,$one,2020-01-01,2005-12-31,男职工,8000.00,
registration.deemed|$wu,吴八,男,1990-01-01,$one,2020-01-01,2010-01-01,男职工,8000.00,121
registration.repeated|$wang,王一,男,1980-01-01,$one,2020-01-01,2000-01-01,男职工,8000.00,
registration.unit|$wu,吴八,男,1990-01-01,$own,2020-01-01,2010-01-01,男职工,8000.00,
employer.known|$wu,吴八,男,1990-01-01,$five,2020-01-01,2010-01-01,男职工,8000.00,
employer.succeeded|$wu,吴八,男,1990-01-01,$gone,2024-08-01,2010-01-01,男职工,8000.00,
amount.format|$wu,吴八,男,1990-01-01,$one,2020-01-01,2010-01-01,男职工,八千,
amount.places|$wu,吴八,男,1990-01-01,$one,2020-01-01,2010-01-01,男职工,8000.001,
amount.range|$wu,吴八,男,1990-01-01,$one,2020-01-01,2010-01-01,男职工,0.00,
integer.format|$wu,吴八,男,1990-01-01,$one,2020-01-01,2010-01-01,男职工,8000.00,多
integer.range|$wu,吴八,男,1990-01-01,$one,2020-01-01,2010-01-01,男职工,8000.00,601
base.floor|$wu,吴八,男,1990-01-01,$one,2025-01-01,2010-01-01,男职工,4985.99,
base.cap|$wu,吴八,男,1990-01-01,$one,2025-01-01,2010-01-01,男职工,25299.01,
|$wu,吴八,男,1990-01-01,$one,2025-01-01,2010-01-01,男职工,25299.00,120
LINES
	turns_down registration --strict <<'LINES'
repair.strict|$wu,吴八,男,1990-01-01,$one,2020-01-01,2010-01-01,男职工,\"8,000.00\",
LINES
	# A county's staff bring in employers of their county alone.
	pen-admin -q --as head1 staff add county1 --name 县员 --role operator --agency 330107
	turns_down registration --as county1 <<'LINES'
employer.area|$wu,吴八,男,1990-01-01,$one,2020-01-01,2010-01-01,男职工,8000.00,
LINES
}

@test "at import: levies and breakdowns" {
	turns_down levy <<'LINES'
levy.repeated|V1,$one,2024,2024-12-20,90000.00,税收通用缴款书
year.range|V8,$one,1949,2024-12-20,1.00,税收通用缴款书
text.number|3.30124E+17,$one,2024,2024-12-20,1.00,税收通用缴款书
text.number|330124010203040000,$one,2024,2024-12-20,1.00,税收通用缴款书
text.number|330124.0,$one,2024,2024-12-20,1.00,税收通用缴款书
LINES
	turns_down breakdown <<'LINES'
amount.negative|$one,$wang,王一,8000.00,-1280.00,-640.00,1,2023,,正常
person.registered|$one,$xu,许九,8000.00,1280.00,640.00,1,2023,,
name.matches|$one,$wang,王二,8000.00,1280.00,640.00,1,2023,,
share.unit|$one,$wang,王一,8000.00,1280.01,640.00,1,2023,,
share.personal|$one,$wang,王一,8000.00,1280.00,640.01,1,2023,,
month.range|$one,$wang,王一,8000.00,1280.00,640.00,13,2023,,
month.format|$one,$wang,王一,8000.00,1280.00,640.00,,2023,2023年,
period.range|$one,$wang,王一,8000.00,1280.00,640.00,,2023,202301-202402,
period.differs|$one,$wang,王一,8000.00,1280.00,640.00,2,2023,202301,
months.overlap|$one,$wang,王一,8000.00,1280.00,640.00,1,2024,,
|$one,$wang,王一,8000.00,1280.00,640.00,1,2023,,
person.elsewhere|$two,$wang,王一,8000.00,1280.00,640.00,1,2023,,
person.died|$one,$sun,孙五,8000.00,1280.00,640.00,7,2024,,
person.retired|$one,$qian,钱四,8000.00,1280.00,640.00,7,2024,,
LINES
}

@test "at import: openings, retirements, supplements, changes, successions" {
	turns_down opening <<'LINES'
opening.repeated|$wang,王一,2022,1.00,0.00,0.00,0.00
opening.settled|$feng,冯七,2024,1.00,0.00,0.00,0.00
LINES
	turns_down retirement <<'LINES'
retirement.basis|$xu,许九,男,1955-01-01,$one,1975-01-01,2015-01-31,新扩面,,,,,,,,
retirement.dates|$xu,许九,男,1955-01-01,$one,1975-01-01,1999-12-31,退休审批表,,,,,,,,
retirement.dead|$sun,孙五,男,1970-01-01,$one,1990-01-01,2024-05-31,退休审批表,,,,,,,,
retirement.months|$xu,许九,男,1955-01-01,$one,1975-01-01,2015-01-31,退休审批表,,400,82,,,,,
retirement.repeated|$zhao,赵三,男,1950-01-01,$one,1970-03-01,2010-01-05,退休审批表,,,,,,,,
retirement.sum|$xu,许九,男,1955-01-01,$one,1975-01-01,2015-01-31,退休审批表,,,,1.00,2.00,3.00,4.00,11.00
|$xu,许九,男,1955-01-01,$one,1975-01-01,2015-01-31,退休审批表,,400,81,,,,,
LINES
	turns_down benefit-supplement <<'LINES'
supplement.none|$wang,王一,1.00,
supplement.filled|$zhao,赵三,1.00,
supplement.nothing|$zhao,赵三,1200.00,
LINES
	benefit_supplement_head=公民身份号码,姓名,过渡性养老金,视同缴费月数
	bring retirement "$xu,许九,男,1955-01-01,$one,1975-01-01,2015-01-31,其他法定退休档案,,,,,,,,"
	turns_down benefit-supplement <<'LINES'
|$xu,许九,1.00,
supplement.repeated|$xu,许九,,1
LINES
	turns_down movement <<'LINES'
movement.employed|$wang,王一,减少,2024-07,$two,,辞职
movement.order|$wang,王一,减少,2019-12,$one,,辞职
movement.unit|$wang,王一,增加,2024-07,$own,,新增
|$feng,冯七,减少,2024-12,$one,,辞职
movement.repeated|$feng,冯七,增加,2025-01,$one,,新增
LINES
	turns_down successor <<'LINES'
successor.same|$one,$one,2024-07-01
successor.repeated|$gone,$one,2024-07-01
successor.circle|$two,$gone,2024-08-01
LINES
}

@test "at import: JSON" {
	cat >defects.json <<-JSON
		[{"voucher": "V7", "credit_code": "$one", "year": "2024", "paid_on": "2024-12-20", "amount": 1.5, "voucher_kind": "levy-data"},
		 {"voucher": ["V7"], "credit_code": "$one", "year": "2024", "paid_on": "2024-12-20", "amount": "1.00", "voucher_kind": "levy-data"},
		 {"voucher": true, "credit_code": "$one", "year": "2024", "paid_on": "2024-12-20", "amount": "1.00", "voucher_kind": "levy-data"}]
	JSON
	pen-import -q levy defects.json || [ $? = 1 ]
	ask "SELECT rule FROM reject ORDER BY line" | diff - <(sed -n 's/^ *\(json[a-z.]*\)|.*/\1/p' <<-'LINES'
		json.number|an amount
		json.nested|a list
		json.truth|a truth
	LINES
	)
}

# ---- in the store

# Lines of rule|what the record is called|change: each, made in the sqlite3 shell
# where no triggers are, is found by its rule, which names the record.
finds() {
	local rule record change missed=0
	touch store/restored	# a copy enters nothing in its journal
	while IFS='|' read -r rule record change; do
		cp "$BATS_FILE_TMPDIR/bare.db" store/pen.db
		eval "record=\"$record\""
		sqlite3 store/pen.db "PRAGMA synchronous = OFF; BEGIN; $change; COMMIT; SELECT CASE total_changes() WHEN 0 THEN 'changed nothing' END" >changed.txt
		pen-verify -f ndjson --rule "$rule" >found.ndjson 2>stderr.txt || true
		if grep -q nothing changed.txt || ! jq -se --arg rule "$rule" --arg record "$record" \
		    'any(.type == "finding" and .rule == $rule and (.record | contains($record)) and .found != null) and .[-1].not_made == 0' found.ndjson >/dev/null; then
			echo "not found as $rule of $record: $change ($(cat changed.txt stderr.txt)); but $(grep -c '"finding"' found.ndjson): $(grep -m 3 '"finding"' found.ndjson | jq -c '[.rule, .record, .found]')"
			missed=1
		fi
	done
	return "$missed"
}

@test "in the store: the rules over rows" {
	finds <<'LINES'
account.carried|$wang|UPDATE movement SET personal_principal_fen = personal_principal_fen + 1 WHERE kind = 'balance' AND person = 1
account.credited|$wang|UPDATE movement SET personal_principal_fen = personal_principal_fen + 1 WHERE kind = 'credit' AND person = 1
account.credited|$feng|UPDATE movement SET months = 1 WHERE kind = 'credit' AND person = 6
account.interest|$wang|UPDATE movement SET personal_interest_fen = personal_interest_fen + 1 WHERE kind = 'interest-opening'
account.interest|$feng|UPDATE movement SET rate = 26201 WHERE kind = 'interest-year' AND person = 6
account.interest|$feng|DELETE FROM movement WHERE kind = 'interest-year' AND person = 6
base.floor|registration of $feng|UPDATE registration SET base_fen = 1, insured_on = 20250101 WHERE person = 6
credit.check|employer of ${one%?}|UPDATE employer_record SET credit_code = substr(credit_code, 1, 17) || 'X' WHERE employer = 1
date.format|levy of $one|UPDATE levy SET paid_on = 20240230 WHERE voucher = 'V1'
date.future|levy of $one|UPDATE levy SET paid_on = 29991231 WHERE voucher = 'V1'
deemed.late|registration of $feng|UPDATE registration SET deemed_months = 97 WHERE person = 6
id.check|registration of ${feng%?}|UPDATE registration SET id_number = substr(id_number, 1, 17) || ((substr(id_number, 18) + 1) % 10) WHERE person = 6
main.account|levy of $one|UPDATE levy SET voucher = '' WHERE voucher = 'V1'
main.account|contribution of $wang|UPDATE contribution SET base_fen = 0 WHERE person = 1
main.base|registration of $wang|UPDATE registration SET worked_on = 0 WHERE person = 1
main.benefit|retirement of $zhao|UPDATE retirement SET account_fen = NULL WHERE folio = (SELECT max(folio) FROM retirement)
month.range|contribution of $wang|UPDATE contribution SET months = 0 WHERE person = 1
movement.order|employment-change of $sun|UPDATE employment_change SET month = 201901 WHERE person = 3
name.matches|retirement of $wang|INSERT INTO retirement SELECT folio, 1, 99, (SELECT id_number FROM registration WHERE person = 1), '王二', 1, 19800101, worked_on, retired_on, benefit_from, basis, paid_months, deemed_months, basic_fen, account_fen, transitional_fen, extra_fen, pension_fen FROM retirement LIMIT 1
person.died|contribution of $sun|UPDATE contribution SET months = 127 WHERE person = 3
person.elsewhere|contribution of $zheng|UPDATE contribution SET months = 4095 WHERE person = 5
person.registered|contribution of person 99|UPDATE contribution SET person = 99 WHERE person = 1
person.retired|contribution of $qian|UPDATE contribution SET months = 127 WHERE person = 4
registration.dates|registration of $feng|UPDATE registration SET worked_on = 19850101 WHERE person = 6
registration.deemed|registration of $feng|UPDATE registration SET deemed_months = 121 WHERE person = 6
registration.sex|registration of $feng|UPDATE registration SET sex = 2 WHERE person = 6
retirement.months|retirement of $zhao|UPDATE retirement SET paid_months = 400 WHERE folio = (SELECT max(folio) FROM retirement)
retirement.sum|retirement of $zhao|UPDATE retirement SET basic_fen = 1 WHERE folio = (SELECT max(folio) FROM retirement)
share.personal|contribution of $wang|UPDATE contribution SET personal_fen = personal_fen + 7 WHERE person = 1
share.unit|contribution of $li|UPDATE contribution SET unit_fen = unit_fen + 7 WHERE person = 2
LINES
}

@test "in the store: the rules over people, employers and their money" {
	finds <<'LINES'
contribution.aside|contribution of number 1,|DELETE FROM employment WHERE person = 1
contribution.entry|contribution of $wang|UPDATE employment SET since = 20240201 WHERE person = 1
contribution.entry|contribution of $feng|UPDATE employment SET since = 20240701 WHERE person = 6; UPDATE contribution SET months_assumed = 1 WHERE person = 6
contribution.gaps|person $wang year 2024|UPDATE contribution SET months = 4094 WHERE person = 1
contribution.gaps|person $zheng year 2024|DELETE FROM contribution WHERE person = 5 AND months = 4032
assessment.once|person number 6|INSERT INTO assessment SELECT (SELECT max(id) FROM folio WHERE state = 'sealed'), 6, 99, 20240820, 202409, 'male60', 'statutory', 720, 200, 0, 1000000, 1, 1, 1, 1390, 1, 1, 0, 0, 2, 0, NULL, NULL, 'x'; INSERT INTO retirement SELECT folio, 6, 98, id_number, name, sex, born, worked_on, retired_on, benefit_from, basis, paid_months, deemed_months, basic_fen, account_fen, transitional_fen, extra_fen, pension_fen FROM retirement WHERE folio = (SELECT max(folio) FROM retirement)
employer.known|employer number 99|UPDATE levy SET employer = 99 WHERE voucher = 'V2'
employer.repeated|employer $one|INSERT INTO employer_record SELECT folio, employer, 99, credit_code, name, area, insured_on, newly_covered, unit_number, pseudo_unit FROM employer_record WHERE employer = 1
entry.age|registration of $feng|UPDATE registration SET insured_on = 20330301 WHERE person = 6
levy.covers|employer $one year 2024|UPDATE levy_year SET amount_fen = 1 WHERE employer = 1
levy.repeated|levy voucher V1|INSERT INTO levy SELECT folio, employer, 99, voucher, year, paid_on, amount_fen, voucher_kind, insurance, late_fee_fen, refund FROM levy WHERE voucher = 'V1'
levy.year|levy of $one year 2024|UPDATE levy_year SET amount_fen = 1 WHERE employer = 1
months.overlap|contribution of $wang|INSERT INTO folio SELECT 99, batch, form, employer, period, 2, state, 1, 0, 0, 0, root, replaces, confirmed_at, sealed_at, ended_at FROM folio WHERE form = 'breakdown' AND employer = 1 AND period = 2024; INSERT INTO contribution SELECT 99, person, line, 1, 1, base_fen, 1, 0, 0, 0, NULL, NULL, NULL FROM contribution WHERE person = 1
months.total|person $wang 王一, year 2024|INSERT INTO contribution SELECT folio, person, 99, 2, 1, base_fen, 1, 0, 0, 0, NULL, NULL, NULL FROM contribution WHERE person = 1
opening.repeated|opening of $wang|INSERT INTO opening SELECT (SELECT id FROM folio WHERE form = 'successor'), person, line, year, 0, 0, 0, 0, NULL, NULL FROM opening
person.alike|王一|UPDATE registration SET id_number = (SELECT substr(id_number, 1, 14) || '0310' FROM registration WHERE person = 1), name = '王一' WHERE person = 6
person.dates|person $qian|INSERT INTO retirement SELECT folio, 4, 99, id_number, name, sex, born, worked_on, 20190101, benefit_from, basis, paid_months, deemed_months, basic_fen, account_fen, transitional_fen, extra_fen, pension_fen FROM retirement LIMIT 1
person.dates|person $sun|INSERT INTO retirement SELECT folio, 3, 99, id_number, name, sex, born, worked_on, 20240801, benefit_from, basis, paid_months, deemed_months, basic_fen, account_fen, transitional_fen, extra_fen, pension_fen FROM retirement LIMIT 1
person.repeated|citizen id $wang|INSERT INTO person_alias SELECT kind, value, 6, batch FROM person_alias WHERE person = 1
registration.repeated|registration of $wang|INSERT INTO registration SELECT (SELECT max(folio.id) FROM folio WHERE employer = 1 AND state = 'sealed' AND form = 'breakdown'), person, 99, id_number, name, sex, born, insured_on, worked_on, status, payer, base_fen, basis, deemed_months FROM registration WHERE person = 1
retirement.repeated|person $zhao|INSERT INTO retirement SELECT folio, person, 99, id_number, name, sex, born, worked_on, retired_on, benefit_from, basis, paid_months, deemed_months, basic_fen, account_fen, transitional_fen, extra_fen, pension_fen FROM retirement WHERE folio = (SELECT max(folio) FROM retirement)
successor.circle|employer $two|INSERT INTO succession SELECT folio, successor, 99, NULL, employer, NULL, since FROM succession
successor.repeated|employer $gone|INSERT INTO succession SELECT folio, employer, 99, NULL, 1, NULL, since FROM succession
LINES
}

@test "in the store: what waits longer than the agency allows" {
	PEN_CLOCK=$(date -d '+33 days' +%s)
	export PEN_CLOCK
	finds <<'LINES'
batch.staged|batch 13 (registration, staged.csv)|UPDATE store SET one = 1
folio.held|(breakdown) of batch 12|UPDATE store SET one = 1
folio.unsigned|(benefit-supplement) of batch 10|UPDATE store SET one = 1
LINES
	PEN_CLOCK=$(date -d '+29 days' +%s)
	cp "$BATS_FILE_TMPDIR/store/pen.db" store/pen.db
	pen-verify -q
	# An agency that has a term of its own sets it; one that has taken it away is told.
	unset PEN_CLOCK
	rm store/restored
	sed 's/^\(workflow.sign-days,.*,\)31,/\10,/' "$top/share/params/policy.csv" >policy.csv
	pen-admin --as head1 param load policy.csv -q
	sleep 1
	run -1 pen-verify -q
	grep -v ^workflow "$top/share/params/policy.csv" >policy.csv
	pen-admin --as head1 param load policy.csv -q
	run -8 pen-verify -f ndjson --class workflow
	[ "$(jq -rs '[.[] | select(.type == "finding") | .rule] | join(" ")' <<<"${output%$'\n'*}")" = 'batch.staged case.waits folio.held folio.unsigned' ]
}

@test "in the store: what is not what was entered and signed" {
	finds <<'LINES'
account.stands|person number 1|DELETE FROM account_year WHERE person = 1 AND year = 2024
aside.stands|person number 1|INSERT INTO contribution_aside VALUES (1, 2024, 1)
batch.counts|batch 1|UPDATE batch SET lines_read = lines_read + 1 WHERE id = 1
blob.digest|paper paper.txt|UPDATE blob_chunk SET content = (SELECT content FROM blob_chunk WHERE digest = (SELECT file_digest FROM batch WHERE id = 1)) WHERE digest = (SELECT digest FROM blob WHERE kind = 'paper')
blob.kept|batch 1|DELETE FROM blob WHERE digest = (SELECT file_digest FROM batch WHERE id = 1)
digest.whole|seal 2|UPDATE seal SET digest = digest || 'x' WHERE id = 2
employer.told|employer number 2|DELETE FROM employer_alias WHERE employer = 2
employment.told|person number 1|UPDATE employment SET until = 20241231 WHERE person = 1
folio.seal|folio 1 |UPDATE folio SET sealed_at = NULL WHERE id = 1
folio.state|folio 1 |UPDATE folio SET state = 'confirmed' WHERE id = 1
folio.sums|folio 1 |UPDATE folio SET rows = rows + 1 WHERE id = 1
hold.stands|folio |UPDATE hold SET decision = 'released'
journal.acts||UPDATE store SET log_key = (SELECT public_key FROM staff_key WHERE staff = 'op1')
journal.changes|journal entry|UPDATE journal SET changes = 1 - changes WHERE act = 'seal.close'
journal.cites|role lead of staff op1|INSERT INTO staff_role (staff, role, at, granted) SELECT 'op1', 'lead', at, 1 FROM staff_role WHERE staff = 'lead1'
journal.gap|journal entry 12 is gone|DELETE FROM journal WHERE at = 12
journal.signature|12|UPDATE journal SET signature = (SELECT signature FROM journal WHERE at = 11) WHERE at = 12
journal.text|12|UPDATE journal SET act = 'seal.sign' WHERE at = 12
journal.tree||UPDATE journal_node SET hash = zeroblob(32) WHERE level = 2 AND number = 0
person.told|person number 1|DELETE FROM person_alias WHERE person = 1
reject.mended|line 2 of batch 99|INSERT INTO reject VALUES (99, 2, 0, '', 'id.check', '', '', '', NULL)
replacement.stands|person number 1|INSERT INTO replacement SELECT folio, person, line, 60, folio, line FROM contribution WHERE person = 1
seal.answers||INSERT INTO acknowledgement SELECT (SELECT max(id) FROM folio), at, answer, answered_on, note, document FROM acknowledgement LIMIT 1
seal.chain||DELETE FROM seal WHERE id = 2
folio.number|folio |UPDATE folio SET number = 9 WHERE id = (SELECT MAX(id) FROM folio WHERE form = 'breakdown' AND state = 'sealed')
seal.folios|folio 1 in seal 99|UPDATE seal_folio SET seal = 99 WHERE folio = 1
seal.role|seal 2 |UPDATE seal_signature SET staff = 'auditor1' WHERE seal = 2 AND role = 'lead'
seal.root|(registration |UPDATE registration SET base_fen = base_fen + 1 WHERE person = 1
seal.signature|seal 2 |UPDATE seal_signature SET signature = zeroblob(64) WHERE seal = 2 AND role = 'lead'
seal.state||UPDATE seal SET state = 'void' WHERE id = 2
seal.sums|(registration |UPDATE registration SET line = 99 WHERE person = 1; DELETE FROM registration WHERE person = 1
seal.text|seal 2 |UPDATE seal SET text = replace(text, 'registration', 'registratiom') WHERE id = 2
source.rows|$wang|UPDATE registration SET base_fen = base_fen + 1 WHERE person = 1
staff.key|key of staff op1|UPDATE staff_key SET public_key = (SELECT public_key FROM staff_key WHERE staff = 'op1') WHERE staff = 'lead1'
store.schema|index levy_voucher|DROP INDEX levy_voucher; UPDATE store SET one = 1
LINES
	# What is told by something outside, or needs more than one statement.
	while IFS='|' read -r rule file name; do
		grep -qF "$name" "$top/$file" || { echo "no test of $rule: $name"; return 1; }
	done <<'LINES'
amendment.rows|tests/unit/test_amendwalk.c|a_new_version_that_was_changed_is_named_by_record
blob.name|tests/cli/tamper.bats|what is kept whole, and the digests that name it
case.application|tests/cli/amend.bats|what was changed of a case behind the tools' back is found, and named by the case
case.belongs|tests/cli/amend.bats|what was changed of a case behind the tools' back is found, and named by the case
case.people|tests/cli/amend.bats|whoever approves with a key and a program of their own what they asked for is found
case.rows|tests/unit/test_casewalk.c|a_version_that_is_not_what_was_approved_is_found
case.steps|tests/cli/amend.bats|what was changed of a case behind the tools' back is found, and named by the case
computed.rows|tests/cli/benefit-month.bats|a roll that was changed behind the tools' back is found, and by replay which row
case.waits|tests/cli/amend.bats|a case that waits longer than the agency allows is told as a warning
duty.amendment-log|tests/cli/amendlog.bats|a month with a change whose log was not printed is found, area by area
duty.backup|tests/cli/log.bats|over five days without a backup are found; five are not
duty.cleanup|tests/cli/log.bats|half a year without a clean-up is found
duty.inspection|tests/cli/log.bats|a working day without an inspection is found
duty.network|tests/cli/log.bats|working days without a network log are found
field.length|tests/unit/test_field.c|a_text_beyond_its_room_is_refused
folio.belongs|tests/cli/replay.bats|rows of no folio, and folios of no batch, are named
issue.stands|tests/cli/tamper.bats|statements that were handed out, and on which day
journal.checkpoint|tests/cli/verify.bats|the newest journal row taken out is found by a checkpoint kept outside
journal.clock|tests/cli/cheat.bats|journal.clock note
journal.role|tests/cli/door.bats|journal.role error journal entry
journal.suspended|tests/cli/door.bats|an act entered behind the tools' back while the store is suspended is found
journal.terminal|tests/cli/door.bats|on a computer that is not registered is found
log.stands|tests/cli/tamper.bats|entries of the running logs
objection.time|tests/cli/object.bats|an objection whose statement was handed out too long before is found
replay.root|tests/cli/replay.bats|a row that was changed, with sums and root made to fit, is named with what the file says
restore.lost|tests/cli/adopt.bats|the checkpoint that they named is explained, and named still
restore.signed|tests/cli/adopt.bats|one signature and work done under it is found
seal.nodes|tests/unit/test_sealwalk.c|seal.nodes
settlement.rows|tests/cli/replay.bats|a movement of a sealed settlement is named by person, by plain verification too
store.integrity|tests/cli/tamper.bats|the schema beneath, and the file
text.encoding|tests/unit/test_intake.c|name:text.encoding
LINES
}

# What a pass of the program finds, against the same rule as SQL: RULE|CHANGE, told of in
# the same words, record by record, and as often among all rules, where passes share what
# they read. A sum in fen is written with two decimals by the tools.
@test "in the store: passes of the program find what their witnesses in SQL do" {
	local rule change missed=0
	touch store/restored
	while IFS='|' read -r rule change; do
		cp "$BATS_FILE_TMPDIR/bare.db" store/pen.db
		sqlite3 store/pen.db "PRAGMA synchronous = OFF; BEGIN; $change; COMMIT"
		pen-verify rules -f ndjson >all.ndjson 2>stderr.txt || true
		pen-verify rules -f ndjson --rule "$rule" 2>stderr.txt | jq -c --arg rule "$rule" 'select(.type == "finding" and .rule == $rule) |
			[.record, .field, (.found, .expected | tostring | sub("(?<yuan>^-?[0-9]+)[.](?<fen>[0-9]{2})$"; .yuan + .fen) |
			sub("^(?<sign>-?)0+(?<rest>[0-9])"; .sign + .rest)), .batch // 0, .line // 0]' | sort >found || true
		sqlite3 -json store/pen.db <"$BATS_TEST_DIRNAME/witness/$rule.sql" | jq -c '.[] |
			[.record, .field, (.found, .expected | tostring), .batch // 0, .line // 0]' | sort >witnessed
		if ! test -s witnessed || ! diff witnessed found ||
		    ! [ "$(jq -s --arg rule "$rule" 'map(select(.type == "finding" and .rule == $rule)) | length' all.ndjson)" = "$(wc -l <found)" ]; then
			echo "$rule: $change: $(wc -l <witnessed) witnessed, $(wc -l <found) found $(cat stderr.txt)"
			missed=1
		fi
	done <<'LINES'
contribution.entry|UPDATE employment SET since = 20240201 WHERE person IN (1, 2, 5)
contribution.entry|UPDATE employment SET since = 20240701; UPDATE contribution SET months_assumed = 1
contribution.entry|UPDATE employment SET since = 20240701; UPDATE contribution SET months = 1 << (person % 12), for_year = 2023 + person % 2
contribution.entry|UPDATE employment SET since = 20240701; DELETE FROM registration WHERE person = 1; INSERT INTO replacement SELECT folio, person, line, 1, folio, line FROM contribution WHERE person = 2
contribution.gaps|UPDATE contribution SET months = 4094
contribution.gaps|DELETE FROM contribution
contribution.gaps|UPDATE contribution SET months = 3, kind = person % 4 + 1
contribution.gaps|UPDATE contribution SET for_year = 2023 WHERE person % 2 = 1; UPDATE employment SET until = 20240930 WHERE person = 2
contribution.gaps|DELETE FROM contribution; INSERT INTO employment SELECT person, employer, since, 20240331, folio FROM employment WHERE person = 1 AND until IS NULL ON CONFLICT DO UPDATE SET until = 20240331; INSERT INTO employment SELECT person, employer + 1, 20240201, 20240831, folio FROM employment WHERE person = 2
contribution.gaps|DELETE FROM contribution; UPDATE retirement SET person = 1, retired_on = 20240515 WHERE folio = (SELECT max(folio) FROM retirement); DELETE FROM registration WHERE person = 2
contribution.gaps|INSERT INTO replacement SELECT folio, person, line, 1, folio, line FROM contribution
person.alike|UPDATE registration SET id_number = (SELECT substr(id_number, 1, 14) || '0310' FROM registration WHERE person = 1), name = '王一' WHERE person = 6
folio.sums|UPDATE folio SET rows = rows + 1, unit_fen = unit_fen - 7, personal_fen = personal_fen + 1200, amount_fen = 0
folio.sums|UPDATE contribution SET unit_fen = unit_fen + 1; UPDATE levy SET amount_fen = -5; UPDATE opening SET unit_interest_fen = 99999
folio.sums|DELETE FROM registration WHERE person = 1; DELETE FROM contribution WHERE person = 2; DELETE FROM levy; DELETE FROM succession; DELETE FROM movement; DELETE FROM employment_change; DELETE FROM retirement; DELETE FROM employer_record WHERE employer = 1
folio.sums|INSERT INTO contribution SELECT (SELECT id FROM folio WHERE form = 'levy' LIMIT 1), person, line, 1, 1, base_fen, 1, 0, 5, 7, NULL, NULL, NULL FROM contribution; INSERT INTO levy SELECT (SELECT id FROM folio WHERE form = 'breakdown' LIMIT 1), employer, 99, voucher, year, paid_on, amount_fen, voucher_kind, insurance, late_fee_fen, refund FROM levy
folio.sums|UPDATE folio SET rows = 99, state = CASE WHEN id % 3 = 0 THEN 'replaced' WHEN id % 3 = 1 THEN 'held' ELSE state END; UPDATE batch SET ended_at = 3 WHERE id = 2
person.alike|UPDATE registration SET id_number = '33010619800101' || (1000 + person % 3), name = '王' || (person % 2), sex = 1
person.alike|UPDATE registration SET id_number = CASE person % 2 WHEN 0 THEN '33010619800101001X' ELSE '330106800101001' END, name = '王', sex = 1; INSERT INTO registration SELECT folio, person, 99, '330106198001010028', name, sex, born, insured_on, worked_on, status, payer, base_fen, basis, deemed_months FROM registration WHERE person = 1
person.alike|UPDATE registration SET id_number = '证件' || (person % 2), name = '王', sex = person % 2
person.repeated|INSERT INTO person_alias SELECT kind, value, person + 1, batch + 1 FROM person_alias
person.repeated|INSERT INTO person_alias SELECT 'foreign-document', 'X' || (person % 2), person, batch FROM person_alias
registration.repeated|INSERT INTO registration SELECT (SELECT max(folio.id) FROM folio WHERE employer = 1 AND state = 'sealed' AND form = 'breakdown'), person, 99, id_number, name, sex, born, insured_on, worked_on, status, payer, base_fen, basis, deemed_months FROM registration WHERE person = 1
registration.repeated|INSERT INTO folio SELECT 98, batch, form, employer, period, 3, state, 0, 0, 0, 0, root, replaces, confirmed_at, sealed_at, ended_at FROM folio WHERE form = 'registration' AND employer = 1 ORDER BY id LIMIT 1; INSERT INTO registration SELECT 98, person, line + 90, id_number, name || '二', sex, born, insured_on, worked_on, status, payer, base_fen, basis, deemed_months FROM registration WHERE person <> 2; UPDATE registration SET insured_on = 20210101 WHERE person = 3 AND folio = 98; INSERT INTO replacement SELECT folio, person, line, 1, folio, line FROM registration WHERE person = 4 AND folio = 98
registration.repeated|UPDATE folio SET employer = NULL WHERE form IN ('registration', 'movement'); INSERT INTO registration SELECT folio.id, person, 99, id_number, name, sex, born, insured_on, worked_on, status, payer, base_fen, basis, deemed_months FROM registration, folio WHERE folio.form = 'movement'
LINES
	return "$missed"
}
