# shellcheck shell=bash disable=SC2154
# A store in which every table has rows, for the tests that change each of them: loaded
# behind tests/cli/helper.bash. rich_store makes it in ./store, its keys in ./config.

examples=$top/share/examples

sign_and_close() {
	local step
	for step in sign 'sign --as lead1' close; do
		# shellcheck disable=SC2086
		pen-seal -q $step "$1" >/dev/null || test $? = 1 || return 1
	done
}

# The example agency, settled twice; with a folio that was held and covered, one
# that is held, one that was turned down, a batch that was discarded, rejects that
# were mended, and somebody with an id of 15 digits.
rich_store() {
	export XDG_CONFIG_HOME=$PWD/config
	make_store
	cp "$examples"/*.csv "$examples"/*.txt .
	local code year month batch
	pen-import -q --confirm --expect-rows 12 employer employers.csv
	pen-import -q --confirm --expect-rows 300 registration registration.csv
	pen-import -q --confirm --expect-rows 24 levy levy-2024.csv
	pen-import -q breakdown breakdown-2024.csv >/dev/null || test $? = 1
	pen-import -q confirm 4 || test $? = 1
	pen-import -q --confirm --expect-rows 1 levy levy-2024-late.csv
	pen-import -q --confirm --expect-rows 294 opening opening.csv
	pen-seal -q acknowledge 4 --from answers-2024.csv --document answers-2024.txt
	sign_and_close 1-6
	pen-account -q settle --year 2024 >/dev/null || test $? = 1	# 24 of an employer who is silent
	code=$(sed -n 2p employers.csv | cut -d, -f1)
	# Somebody with an id of 15 digits, first in a batch that is discarded.
	echo 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数 >old.csv
	echo "330106800101121,旧号,男,1980-01-01,$code,2010-01-01,2000-01-01,男职工,8000.00" >>old.csv
	{ cat old.csv; echo; } >older.csv
	pen-import -q registration older.csv
	pen-import -q discard 8
	pen-import -q --confirm --expect-rows 1 registration old.csv
	# Over its levy and turned down; over its levy and waiting; covered later.
	echo 年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费,起始月份 >head.csv
	for year in 2020 2021 2022; do
		{ cat head.csv; echo "$year,$code,330106800101121,旧号,8000.00,1,1280.00,640.00,1"; } >breakdown-$year.csv
		pen-import -q --confirm --expect-rows 0 breakdown breakdown-$year.csv || test $? = 1
	done
	pen-import -q reject "$(sqlite3 store/pen.db "SELECT id FROM folio WHERE state = 'held' AND period = 2020")" --reason 查无此款
	echo 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 >levy-2021.csv
	echo "LATE21,$code,2021,2022-01-05,1920.00,税收通用缴款书" >>levy-2021.csv
	pen-import -q --confirm --expect-rows 1 levy levy-2021.csv
	# A year settled, and settled again when a month came after.
	sed 's/LATE21/LATE24/; s/,2021,/,2024,/; s/1920/3840/' levy-2021.csv >levy-more.csv
	pen-import -q --confirm --expect-rows 1 levy levy-more.csv
	for month in 1 2; do
		{ cat head.csv; echo "2024,$code,330106800101121,旧号,8000.00,1,1280.00,640.00,$month"; } >month.csv
		pen-import -q --confirm --expect-rows 1 breakdown month.csv
		batch=$(sqlite3 store/pen.db "SELECT max(id) FROM batch")
		pen-seal -q acknowledge "$batch" --employer "$code" --answer agreed --document answers-2024.txt
		sign_and_close "9,$batch"
		pen-account -q settle --year 2024 >/dev/null || test $? = 1
	done
	everything_else
}

# What a year does without: rejects that came in mended, and others that did not; every
# other form; a review that a lead decided; a settlement that is sealed, and a seal that
# is void; parameters and staff of a later day; a batch that nobody has confirmed.
everything_else() {
	local one two three person code
	one=$(sed -n 2p employers.csv | cut -d, -f1)
	two=$(sed -n 3p employers.csv | cut -d, -f1)
	three=$(sed -n 4p employers.csv | cut -d, -f1)
	sign_and_close 7
	# Of the rejects one is mended at the first go, and one at the second.
	sed 's/,6588.00,13,/,6588.00,12,/' breakdown-2024.batch4.rejects.csv >go1.csv
	pen-import -q --amends 4 breakdown go1.csv >/dev/null || test $? = 1
	pen-import -q confirm "$(newest_batch)" || test $? = 1
	sed 's/王小二/赵磊/' "go1.batch$(newest_batch).rejects.csv" >go2.csv
	pen-import -q --amends "$(newest_batch)" breakdown go2.csv >/dev/null || test $? = 1
	pen-import -q confirm "$(newest_batch)" || test $? = 1
	# Who retired, and what was filled in later; who moved and who died; a merger.
	person=$(citizen_id 330106 19500101 011)
	{
		echo 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参加工作时间,退休日期,采集依据,待遇开始年月,基础养老金
		echo "$person,张三,男,1950-01-01,$one,1970-03-01,2010-01-05,退休审批表,2010-02,1200.00"
	} >retired.csv
	pen-import -q --confirm --expect-rows 1 retirement retired.csv
	{
		echo 公民身份号码,姓名,缴费月数,个人账户养老金,过渡性养老金,其他,基本养老金合计,基础养老金,视同缴费月数
		echo "$person,张三,300,300.00,0,0,1500.00,1200.00,24"
	} >filled.csv
	pen-import -q --confirm --expect-rows 1 benefit-supplement filled.csv
	sign_and_close "$(($(newest_batch) - 1))-$(newest_batch)"
	{
		echo 公民身份号码,姓名,变动类型,变动年月,统一社会信用代码,转入单位统一社会信用代码,变动原因,缴费基数
		awk -F, -v two="$two" 'NR == 3 { print $1 "," $2 ",转移,2025-03," $5 "," two ",调动,9000.00" }
			NR == 4 { print $1 "," $2 ",减少,2025-03," $5 ",,死亡," }' registration.csv
	} >changes.csv
	pen-import -q --confirm --expect-rows 2 movement changes.csv
	{
		echo 原统一社会信用代码,原单位名称,承继统一社会信用代码,承继单位名称,生效日期
		echo "$three,旧厂,$two,新厂,2025-07-01"
	} >merged.csv
	pen-import -q --confirm --expect-rows 1 successor merged.csv
	# A month after a death, which a lead lets in; an employer that takes its word back.
	pen-import -q --confirm --expect-rows 24 levy levy-2025.csv
	{ cat head.csv; awk -F, 'NR == 4 { print "2025," $5 "," $1 "," $2 ",8000.00,1,1280.00,640.00,5" }' registration.csv; } >late.csv
	pen-import -q --confirm --expect-rows 0 breakdown late.csv || test $? = 1
	pen-import -q release --as lead1 "$(sqlite3 -readonly store/pen.db "SELECT folio FROM hold WHERE rule = 'person.died'")" \
		--reason 补缴生前工资
	{ cat head.csv; echo "2025,$one,330106800101121,旧号,8000.00,1,1280.00,640.00,1"; } >void.csv
	pen-import -q --confirm --expect-rows 1 breakdown void.csv
	for code in agreed objected; do
		pen-seal -q acknowledge "$(newest_batch)" --employer "$one" --answer "$code" --document answers-2024.txt
		pen-seal -q sign "$(newest_batch)" || test $? = 1
	done
	{ cat "$top/share/params/interest.csv"; echo; } >interest.csv
	pen-admin -q --as sys1 param load interest.csv
	pen-admin -q --as head1 staff add auditor2 --name 吴九 --role auditor
	pen-admin -q --as head1 staff revoke auditor2 --role auditor
	# What was handed out: two details and two statements.
	pen-report -q statement-detail --year 2024 --employer "$one" >/dev/null
	pen-report -q statement-detail --year 2024 --employer "$two" >/dev/null
	pen-report -q statement --year 2024 --person 330106800101121 >/dev/null
	pen-report -q statement --year 2024 --person "$(sed -n 6p registration.csv | cut -d, -f1)" >/dev/null
	pen-import -q breakdown breakdown-2025.csv >/dev/null || test $? = 1
	# A county's computer, and one that was taken away; access cut off, and given.
	pen-admin -q terminal add "$(printf one | sha256sum | cut -d' ' -f1)" --name 县 --agency 330106 --as sys1
	pen-admin -q terminal add "$(printf two | sha256sum | cut -d' ' -f1)" --name 柜台 --as sys1
	pen-admin -q terminal remove "$(printf two | sha256sum | cut -d' ' -f1)" --as sys1
	pen-admin -q suspend --reason 查毒 --as dba1
	pen-admin -q resume --as sys1
	# The running logs, one of them corrected.
	pen-admin --as head1 staff add net1 --name 郑十 --role netadmin -q
	pen-log network -q --as net1 --ports 正常 --servers 正常 --equipment 正常 --faults 无 --document old.csv
	pen-log network -q --as net1 --ports 正常 --servers 正常 --equipment 正常 --faults 已修复 --corrects 1
	pen-log incident -q --as dba1 --found 病毒 --measures 查杀
	cases
	month_by_month
	accounts_and_pensions
}

# Two months of benefits: one whom the bank sent back, a stop on a paper, a
# resumption.
month_by_month() {
	local person month
	person=$(citizen_id 330106 19500101 011)
	for month in "$(months_ago 2)" "$(months_ago 1)"; do
		pen-benefit -q run --month "$month" >/dev/null
		pen-benefit -q approve "$(newest_batch)" --as lead1 >/dev/null
		test -f bank.csv && continue
		pen-benefit pay --month "$month" -f csv | tr -d '\r' |
			awk -v OFS=, 'NR == 1 { print $0, "发放结果" } NR > 1 { print $0, "失败" }' >bank.csv
		pen-benefit -q pay --return bank.csv >/dev/null
		pen-benefit -q approve "$(newest_batch)" --as lead1 >/dev/null
	done
	pen-benefit -q stop --person "$person" --reason other --note 失联 --on 2026-01-05 --month "$(date +%Y)-12" --paper old.csv >/dev/null
	pen-benefit -q approve "$(newest_batch)" --as lead1 >/dev/null
	pen-benefit -q resume --person "$person" --reason found --month "$(date +%Y)-12" >/dev/null
}

# What was overpaid, kept back and handed back, and a death that nobody has approved; a scheme of adjustment; an
# account that was closed; a pension worked out from the records of seventeen years, once
# as an exception with a paper; months that no employment period leads to.
accounts_and_pensions() {
	local person her=330107197410097588 on
	person=$(citizen_id 330106 19500101 011)
	pen-benefit -q approve "$(newest_batch)" --as lead1 >/dev/null
	pen-benefit -q stop --person "$person" --reason prison --on "$(months_ago 2)-15" --month "$(months_ago 1)" >/dev/null
	pen-benefit -q approve "$(newest_batch)" --as lead1 >/dev/null
	pen-benefit -q run --month "$(months_ago 0)" >/dev/null
	pen-benefit -q approve "$(newest_batch)" --as lead1 >/dev/null
	pen-benefit -q recover --person "$person" --amount 100.00 --month "$(months_ago 0)" >/dev/null
	pen-benefit -q approve "$(newest_batch)" --as lead1 >/dev/null
	pen-benefit -q repaid --person "$person" --amount 10.00 --on "$(months_ago 0)-01" >/dev/null
	pen-benefit -q approve "$(newest_batch)" --as lead1 >/dev/null
	pen-admin -q param load parameters.csv --as sys1
	pen-benefit -q end --person "$person" --reason death --on "$(months_ago 0)-01" --month "$(date -d "$(date +%Y-%m-15) +1 month" +%Y-%m)" >/dev/null
	cat >scheme.json <<-'JSON'
		{ "name": "example", "title": "调整", "area": "330000", "source": "of this test", "verified": "yes", "effective": "2025-01",
		  "retired-by": "2024-12-31", "fixed": { "amount": "30.00" }, "years": { "part-years": "up", "bands": [ { "over": 0, "amount": "1.00" } ] } }
	JSON
	pen-benefit -q adjust scheme.json --as lead1 >/dev/null || test $? = 1
	pen-benefit -q approve "$(newest_batch)" --as head1 >/dev/null
	person=$(sed -n 12p registration.csv | cut -d, -f1)
	pen-account -q close-out --person "$person" --reason death --on 2025-03-05 --note 'certificate 12' >/dev/null
	sign_and_close "$(newest_batch)"
	pen-import -q --confirm --expect-rows 16 levy levy-history.csv
	on=$(newest_batch)
	{ cat head.csv; echo "2025,$(sed -n 3p employers.csv | cut -d, -f1),330106800101121,旧号,8000.00,1,1280.00,640.00,3"; } >aside.csv
	pen-import -q --confirm --expect-rows 1 breakdown aside.csv
	pen-import -q --confirm --expect-rows 15 breakdown breakdown-history.csv || test $? = 1	# of 2022 another waits
	pen-seal -q acknowledge "$(newest_batch)" --from answers-history.csv --document answers-2024.txt || test $? = 1
	sign_and_close "$on-$(newest_batch)"
	pen-benefit -q assess --person "$her" --retired-on 2025-01-15 >/dev/null
	pen-benefit -q approve "$(newest_batch)" --as lead1 >/dev/null
	pen-benefit -q assess --person "$her" --retired-on 2025-02-15 --route exception --reason 历史遗留 --paper old.csv >/dev/null
}

# Cases of amendment: one that is open after it was sent back, one unsealed, one rejected, one closed.
cases() {
	local papers=(--reason 基数录错 --original answers-2024.csv --evidence answers-2024.txt) row person step
	for row in 7 8 9 10; do
		person=$(sed -n ${row}p registration.csv | cut -d, -f1)
		pen-amend -q request --form change --person "$person" --year 2024 --set base=6500.00 "${papers[@]}"
	done
	pen-amend -q return 1 --as lead1 --reason 缺盖章
	pen-amend -q revise 1 --person "$(sed -n 7p registration.csv | cut -d, -f1)" --year 2024 --set base=6600.00 "${papers[@]}"
	pen-amend -q approve 2 --as lead1
	pen-amend -q approve 2 --as head1
	pen-amend -q unseal 2 --as sys1
	pen-amend -q reject 3 --as lead1 --reason 证据不足
	for step in approve\ lead1 approve\ head1 unseal\ sys1 apply\ amender1 check\ lead1 close\ lead1; do
		pen-amend -q "${step% *}" 4 --as "${step#* }" >/dev/null
	done
}

months_ago() { date -d "$(date +%Y-%m-15) -$1 month" +%Y-%m; }
newest_batch() { sqlite3 -readonly store/pen.db "SELECT max(id) FROM batch"; }
