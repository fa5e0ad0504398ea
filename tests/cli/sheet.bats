#!/usr/bin/env bats
# shellcheck disable=SC2154
# pen-import: sheets as spreadsheets and printers make them.

load helper

ask() { sqlite3 "$PEN_STORE/pen.db" "$1"; }

# Two employers with three people each, registered, and paid for. Made once for all
# the tests here, each of which works on a copy.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$BATS_FILE_TMPDIR/config
	make_store
	local e n code id
	echo 统一社会信用代码,单位名称,行政区划,参保日期 >employers.csv
	echo 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数 >registration.csv
	echo 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 >levy.csv
	: >people
	for e in 1 2; do
		code=$(credit_code "91330106MA000000$e")
		echo "$code,第${e}机械厂,330106,2010-01-01" >>employers.csv
		echo "V$e,$code,2023,2023-12-20,90000.00,税收通用缴款书" >>levy.csv
		for n in 1 3 5; do
			id=$(citizen_id 330106 19800101 "0$e$n")
			echo "$id,王$e$n,男,1980-01-01,$code,2010-01-01,2000-01-01,男职工,8000.00" >>registration.csv
			echo "$code $id 王$e$n" >>people
		done
	done
	pen-import -q --confirm --expect-rows 2 employer employers.csv
	pen-import -q --confirm --expect-rows 6 registration registration.csv
	pen-import -q --confirm --expect-rows 2 levy levy.csv
}

setup() {
	cp -Rp "$BATS_FILE_TMPDIR/store" "$BATS_FILE_TMPDIR/config" "$BATS_FILE_TMPDIR/people" .
	export PEN_STORE=$PWD/store PEN_STAFF=op1
}

# E N: the employer, the id or the name of a person.
code() { sed -n "$((3 * $1 - 3 + $2))p" people | cut -d ' ' -f 1; }
id() { sed -n "$((3 * $1 - 3 + $2))p" people | cut -d ' ' -f 2; }
name() { sed -n "$((3 * $1 - 3 + $2))p" people | cut -d ' ' -f 3; }

titles=年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费
# A plain row: E N.
row() { echo "2023,$(code "$1" "$2"),$(id "$1" "$2"),$(name "$1" "$2"),8000.00,12,15360.00,7680.00"; }

# What a spreadsheet makes of it when somebody has printed it with care. 22 records
# besides 6 rows.
make_sheet() {
	local wide
	# shellcheck disable=SC2001
	wide=$(sed 'y/0123456789X/０１２３４５６７８９Ｘ/' <<<"$(id 1 3)")
	cat <<-END
		某市企业职工基本养老保险缴费分解表,,,,,,,
		填报单位：某市机械,,,,,,打印日期：2024-02-01,
		,,,,,,,
		年度,统一社会信用代码,公民身份号码,姓名,缴费基数（月）,缴费月数,全年缴费金额（元）,
		,,,,,,单位缴费,个人缴费
		2023,$(code 1 1),="$(id 1 1)",$(name 1 1),"8,000.00",12,"15,360.00","￥7,680.00"
		2023年,$(code 1 2),'$(id 1 2),$(name 1 2) ,8000,12个月,15360,7680元
		2023.0,$(code 1 3),$wide,$(name 1 3),8000.00,12.0,15360.00,7680.00
		,,,小 计：,,36,"46,080.00","23,040.00"
		,,,,,,第 1 页 共 2 页,
		某市企业职工基本养老保险缴费分解表,,,,,,,
		年度,统一社会信用代码,公民身份号码,姓名,缴费基数(月),缴费月数,全年缴费金额(元),
		,,,,,,单位缴费,个人缴费
		2023,$(code 2 1),	$(id 2 1),$(name 2 1),8000.00,12,15360.00,7680.00
		2023,$(code 2 2),$(id 2 2),$(name 2 2),8000.00,12,15360.00,7680.00
		2023,$(code 2 3),$(id 2 3),$(name 2 3),8000.00,12,15360.00,7680.00
		2023,$(code 2 1),小计,,,,46080.00,23040.00
		合计,共 6 人,,,,,92160.00,46080.00
		制表人：张三,,审核：李四,,负责人：,,,
		备注：单位：元
	END
}

@test "a sheet as a spreadsheet makes it comes in with all its rows, every mending listed" {
	make_sheet >sheet.csv
	pen-import -f json breakdown sheet.csv >receipt.json
	jq -e '.lines == {"read": 20, "accepted": 6, "rejected": 0, "held": 0, "other": 14}' receipt.json
	jq -e '.amount_fen.read == 13824000 and .amount_fen.accepted == 13824000' receipt.json
	[ "$(jq -r '.repairs | map("\(.code) \(.count)") | join(" ")' receipt.json)" = \
		'repair.currency 2 repair.formula 1 repair.month 2 repair.point 2 repair.quote 1 repair.separator 3 repair.space 2 repair.width 1' ]
	[ "$(ask "SELECT line || ' ' || column_name || ' ' || old FROM repair WHERE code = 'repair.point' ORDER BY column_name")" = \
		$'8 年度 2023.0\n8 缴费月数 12.0' ]
	[ "$(ask "SELECT line || ' ' || old FROM repair WHERE code = 'repair.formula'")" = "6 =\"$(id 1 1)\"" ]
	[ "$(ask 'SELECT COUNT(*), SUM(unit_fen), SUM(personal_fen) FROM contribution')" = '6|9216000|4608000' ]
	jq -e '.assumptions | map(select(.code == "other.lines")) | .[0].count == 3 and (.[0].text | test("19: 制表人：张三"))' receipt.json
	jq -e 'all(.assumptions[]; .code != "total.unchecked")' receipt.json
}

@test "a batch of such a sheet is read again from its source, row by row" {
	make_sheet >sheet.csv
	pen-import -q breakdown sheet.csv
	pen-import -q confirm 4
	pen-verify -q
}

@test "a wrong total stops the file, and nothing of it is staged" {
	{ echo "$titles"; row 1 1; row 1 2; echo 合计,,,,,,30720.00,15360.01; } >sheet.csv
	refuses 4 pen-import breakdown sheet.csv
	[[ $message == *sheet.csv:4:*个人缴费*15360.01*15360.00*total.wrong* ]]
	[ "$(ask 'SELECT COUNT(*) FROM batch')" = 3 ]
	[ "$(ask 'SELECT COUNT(*) FROM contribution')" = 0 ]
}

@test "a rejected row counts in the sums, one of another width leaves them unchecked and says so" {
	{ echo "$titles"; row 1 1; row 1 2 | sed 's/王/玉/'; echo 合计,,,,,,30720.00,15360.00; } >named.csv
	pen-import -f json breakdown named.csv >receipt.json || [ $? = 1 ]
	jq -e '.lines.accepted == 1 and .lines.rejected == 1 and .lines.other == 2 and .amount_fen.read == 4608000 and .assumptions == (.assumptions | map(select(.code != "total.unchecked")))' receipt.json
	{ echo "$titles"; row 1 1; row 1 2 | sed 's/王/王,/'; echo 合计,,,,,,99999.99,15360.00; } >wide.csv
	pen-import -f json breakdown wide.csv >receipt.json || [ $? = 1 ]
	jq -e '.lines.accepted == 1 and .lines.rejected == 1 and .lines.other == 2' receipt.json
	jq -e '.assumptions | map(select(.code == "total.unchecked")) | .[0].count == 1' receipt.json
}

@test "what might be data is never taken for a line below the sum" {
	{ echo "$titles"; row 1 1; echo 合计,,,,,,15360.00,7680.00; row 1 2 | sed 's/,王.*/,,,,,/'; echo ',,3.30106E+17,张三,,,,'; } >sheet.csv
	pen-import -f json breakdown sheet.csv >receipt.json || [ $? = 1 ]
	jq -e '.lines == {"read": 5, "accepted": 1, "rejected": 2, "held": 0, "other": 2}' receipt.json
}

@test "the rejects of a sheet with a header of two lines go in again under one" {
	make_sheet | sed "s/$(name 2 3)/张三/" >sheet.csv
	pen-import -q --rejects rejects.csv breakdown sheet.csv || [ $? = 1 ]
	[ "$(head -n 1 rejects.csv | cut -d , -f 7-9)" = 单位缴费,个人缴费,line ]
	sed "s/,张三,/,$(name 2 3),/" rejects.csv >mended.csv
	pen-import -f json --amends 4 breakdown mended.csv >receipt.json
	jq -e '.lines.accepted == 1 and .amends == 4 and all(.assumptions[]; .code != "amends.unmatched")' receipt.json
}

@test "a header that lacks a column is told from the line that came nearest" {
	make_sheet | sed 's/公民身份号码/编号/' >sheet.csv
	refuses 4 pen-import breakdown sheet.csv
	[[ $message == *sheet.csv:4:*公民身份号码* ]]
	{ row 1 1; row 1 2; echo "$titles"; row 1 3; } >below.csv
	refuses 4 pen-import breakdown below.csv
	[[ $message == *below.csv:1:*header.below* ]]
}

@test "a new person's number that ends in zeros is let in when somebody has compared it" {
	local zeros=110000196501150000 code
	code=$(code 1 1)
	{
		echo 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数,证件已核
		echo "$zeros,赵一,女,1965-01-15,$code,2010-01-01,2000-01-01,女工人,8000.00,"
		echo "$(citizen_id 330106 19850101 013),赵?,男,1985-01-01,$code,2010-01-01,2005-01-01,男职工,8000.00,"
	} >people.csv
	pen-import -q --rejects rejects.csv registration people.csv || [ $? = 1 ]
	[ "$(ask 'SELECT group_concat(rule) FROM (SELECT rule FROM reject ORDER BY line)')" = id.zeros,name.damaged ]
	sed -e '/id.zeros/s/8000.00,,/8000.00,是,/' -e 's/赵?/赵二/' rejects.csv >mended.csv
	pen-import -f json --amends 4 registration mended.csv >receipt.json || cat *rejects.csv
	jq -e '.lines.accepted == 2' receipt.json
}

@test "other titles further down the sheet refuse it, the same by other names are passed over" {
	{ echo "$titles"; row 1 1; echo 年度,统一社会信用代码,姓名,公民身份号码,缴费基数,缴费月数,单位缴费,个人缴费; row 1 2; } >sheet.csv
	refuses 4 pen-import breakdown sheet.csv
	[[ $message == *sheet.csv:3:*"column 3 is 姓名 here"*"公民身份号码 by the titles on line 1"*header.another* ]]
	[ "$(ask 'SELECT COUNT(*) FROM batch')" = 3 ]
	{ echo "$titles"; row 1 1; echo 所属年度,社会信用代码,身份证号,职工姓名,月缴费基数,月数,单位缴费额,个人缴费额; row 1 2; } >sheet.csv
	pen-import -f json breakdown sheet.csv | jq -e '.lines == {"read": 4, "accepted": 2, "rejected": 0, "held": 0, "other": 2}'
}

@test "what the file has instead of a missing column is told" {
	{ sed 's/单位缴费/企业部分/' <<<"$titles"; row 1 1; } >sheet.csv
	refuses 4 pen-import breakdown sheet.csv
	[[ $message == *"missing: 单位缴费; found 年度, 统一社会信用代码, 公民身份号码, 姓名, 缴费基数, 缴费月数, 企业部分, 个人缴费;"*header.missing* ]]
}

@test "yuan behind a title is its unit, any other unit refuses the file" {
	{ sed 's/单位缴费,个人缴费/单位缴费(元),个人缴费（元）/' <<<"$titles"; row 1 1; } >sheet.csv
	pen-import -n -f json breakdown sheet.csv | jq -e '.lines.accepted == 1 and .amount_fen.read == 2304000'
	{ sed 's/个人缴费/个人缴费（万元）/' <<<"$titles"; row 1 1 | sed 's/7680.00/0.77/'; } >sheet.csv
	refuses 4 pen-import breakdown sheet.csv
	[[ $message == *sheet.csv:1:*个人缴费*万元*header.unit* ]]
	{ echo 分解表,,,,,,金额单位：万元,; echo "$titles"; row 1 1; } >sheet.csv
	refuses 4 pen-import breakdown sheet.csv
	[[ $message == *sheet.csv:1:*万元*header.unit* ]]
	{ echo 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类,滞纳金[千元]; echo "V9,$(code 1 1),2023,2023-12-01,1.00,征缴数据,1"; } >levy.csv
	refuses 4 pen-import levy levy.csv
	[[ $message == *levy.csv:1:*滞纳金*千元*header.unit* ]]
}

@test "a sum with 人民币 before it or a count of people behind it is a total row" {
	local word
	for word in 人民币合计 合计2人 合计：共2人 '总计(2人)'; do
		{ echo "$titles"; row 1 1; row 1 2; echo "$word,,,,,,30720.00,15360.00"; } >sheet.csv
		pen-import -n -f json breakdown sheet.csv | jq -e '.lines.accepted == 2 and .lines.other == 2 and .totals_checked == 1'
		sed -i 's/,15360.00$/,15360.01/' sheet.csv
		refuses 4 pen-import -n breakdown sheet.csv
		[[ $message == *sheet.csv:4:*total.wrong* ]]
	done
}

@test "UTF-32 is called by its name" {
	{ echo "$titles"; row 1 1; } >sheet.csv
	local kind
	for kind in UTF-32 UTF-32LE UTF-32BE; do
		iconv -f UTF-8 -t "$kind" sheet.csv >wide.csv
		refuses 4 pen-import breakdown wide.csv
		[[ $message == *UTF-32*charset.utf32* ]]
	done
}

@test "one citizen id has one name: the registered one, or that of the line which brought it in" {
	local new old head=公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数
	new=$(citizen_id 330106 19860606 113)
	old=${new:0:6}${new:8:9}
	{
		echo $head
		echo "$(id 1 1),李四,男,1980-01-01,$(code 2 1),2015-01-01,2000-01-01,男职工,8000.00"
		echo "$(id 1 2),王 13,男,1980-01-01,$(code 2 1),2015-01-01,2000-01-01,男职工,8000.00"
		echo "$new,赵一,男,1986-06-06,$(code 1 1),2015-01-01,2006-01-01,男职工,8000.00"
		echo "$new,钱二,男,1986-06-06,$(code 1 1),2016-01-01,2006-01-01,男职工,8000.00"
		echo "$new,赵　一,男,1986-06-06,$(code 1 1),2017-01-01,2006-01-01,男职工,8000.00"
		echo "$new,孙三,男,1986-06-06,$(code 2 1),2018-01-01,2006-01-01,男职工,8000.00"
		echo "$old,周五,男,1986-06-06,$(code 2 1),2019-01-01,2006-01-01,男职工,8000.00"
	} >people.csv
	pen-import -f json --rejects rejects.csv registration people.csv >receipt.json || [ $? = 1 ]
	jq -e '.lines.accepted == 3 and .lines.rejected == 4' receipt.json
	[ "$(ask "SELECT line || ' ' || rule || ' ' || expected FROM reject ORDER BY line")" = \
		"2 name.matches 王11
5 name.matches the name that line 4 has with this citizen id
7 name.matches the name that line 4 has with this citizen id
8 name.matches the name that line 4 has with this citizen id" ]
	[ "$(ask "SELECT group_concat(line) FROM repair WHERE code = 'name.folded'")" = 3,6 ]
	pen-import -q confirm 4
	pen-verify -q
}

# ---- what is said of a row, in the words of the file ----

# The rejects of a file of a form, as RULE COLUMN FOUND a line.
rejected() {
	pen-import -q --rejects r.csv "$1" "$2" 2>stderr.txt || [ $? = 1 ] || { cat stderr.txt; return 1; }
	ask "SELECT line || ' ' || rule || ' ' || column_name || ' ' || found FROM reject WHERE batch = (SELECT max(id) FROM batch) ORDER BY line"
}

@test "what was found in a column of words is said in the form's words" {
	printf '%s\n' 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数 \
		"$(id 1 1),王11,男,1980-01-01,$(code 1 1),2012-01-01,2000-01-01,女干部,8000.00" \
		"$(id 1 2),王13,女性,1980-01-01,$(code 1 1),2012-01-01,2000-01-01,灵活就业人员,8000.00" >file.csv
	[ "$(rejected registration file.csv)" = "2 registration.category 用工类别 女干部
3 registration.sex 性别 女" ]
	printf '%s\n' 公民身份号码,姓名,性别,出生日期,统一社会信用代码,退休日期,采集依据 \
		"$(citizen_id 330106 19500101 001),某,男,1950-01-01,$(code 1 1),2009-12-31,新扩面" >file.csv
	[ "$(rejected retirement file.csv)" = '2 retirement.basis 采集依据 新扩面' ]
	grep -q '退休审批表' r.csv
}

@test "months that overlap are told of the column that says them, and a kind that is none breaks no other rule" {
	who="$(code 1 1),$(id 1 1),$(name 1 1),8000"
	printf '%s\n' 统一社会信用代码,公民身份号码,姓名,缴费基数,单位缴费,个人缴费,费款所属期 \
		"$who,3840,1920,202301-202303" "$who,1280,640,202303" >file.csv
	[ "$(rejected breakdown file.csv)" = '3 months.overlap 费款所属期 3' ]
	printf '%s\n' 统一社会信用代码,公民身份号码,姓名,缴费基数,单位缴费,个人缴费,年度,缴费月数,起始月份,缴费类型,对应年度 \
		"$who,1280,640,2023,1,7,10,2022" >file.csv
	[ "$(rejected breakdown file.csv)" = '2 choice.unknown 缴费类型 10' ]
}

@test "of two columns of one field both are named as they stand there" {
	{ echo "$titles,AAE180"; echo "$(row 1 1),1"; } >file.csv
	refuses 4 pen-import breakdown file.csv
	[[ $message == *'columns 5 and 9 both give 缴费基数 ("缴费基数", "AAE180")'* ]]
	echo '{"base_fen": 1, "缴费基数": "1"}' >file.json
	refuses 4 pen-import breakdown file.json
	[[ $message == *'"base_fen"'*'"缴费基数"'*'(header.twice)'* ]]
}

@test "a total row without an amount is no total row, and the receipt says so" {
	{ echo 年度缴费分解表,,,,,,,; echo "$titles"; row 1 1; echo 合计,,,,,,,; } >file.csv
	pen-import -f json breakdown file.csv >receipt.json
	jq -e 'any(.assumptions[]; .code == "total.none")' receipt.json
	sed -i 's/^合计.*/合计,,,,,,15360.00,/' file.csv
	pen-import -f json breakdown file.csv >receipt.json
	jq -e 'all(.assumptions[]; .code != "total.none") and .totals_checked == 1' receipt.json
}

@test "a control character of any kind in a cell rejects its row, and is shown" {
	{ echo "$titles"; row 1 1 | sed "s/王/王$(printf '\302\205')/"; row 1 2 | sed "s/王/王$(printf '\177')/"; row 1 3; } >file.csv
	[ "$(rejected breakdown file.csv)" = '2 text.control 姓名 王<U+0085>11
3 text.control 姓名 王␡13' ]
	# GB 18030 has them in four bytes.
	{ echo "$titles"; row 1 1 | sed "s/王/王$(printf '\302\205')/"; } | iconv -t GB18030 >file.gb.csv
	[ "$(rejected breakdown file.gb.csv)" = '2 text.control 姓名 王<U+0085>11' ]
}

@test "an amount cut in two by its comma moves nothing under another title, though the line ends in empty fields" {
	echo 公民身份号码,姓名,截止年度,个人缴费本金,个人缴费利息,单位划转本金,单位划转利息 >file.csv
	{
		echo "$(id 1 1),$(name 1 1),2022,10,000.00,500.00,,"	# 10.00, 0.00, 500.00?
		echo "$(id 1 2),$(name 1 2),2022,￥1,234,56,,"
		echo "$(id 1 3),$(name 1 3),2022,10000.00,500.00,,,"	# a comma at the end, no more
		echo "$(id 2 1),$(name 2 1),2022,10.00,500.00,,,"
		echo "$(id 2 2),$(name 2 2),2022,10,500.00,0,0"
	} >>file.csv
	[ "$(rejected opening file.csv)" = '2 row.columns  8 fields
3 row.columns  8 fields' ]
	[ "$(ask 'SELECT group_concat(line) FROM opening')" = 4,5,6 ]
}
