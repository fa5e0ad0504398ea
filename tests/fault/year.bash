# shellcheck shell=bash disable=SC2154
# A year of the smallest agency, told as the commands that write: `year`, and behind it
# `benefits`, call step NAME STATUS COMMAND… for those that are tried, in an order in which
# each succeeds, and plain STATUS COMMAND… for what stands between them. Before them,
# `papers` makes the files that they read, in the current directory.

papers() {
	one=$(citizen_id 330106 19850312 004) two=$(citizen_id 330106 19900101 013)
	three=$(citizen_id 330106 19640301 015) four=$(citizen_id 330106 19500101 011)
	five=$(citizen_id 330106 19850312 006)
	code=$(awk -F, 'NR == 2 { print $1 }' "$top/share/examples/employers.csv")
	local people=公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数
	local months=年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费
	{ echo 统一社会信用代码,单位名称,行政区划,参保日期; echo "$code,某厂,330106,2010-01-01"; } >employers.csv
	{
		echo "$people"
		echo "$one,张三,女,1985-03-12,$code,2010-01-01,2005-07-01,女干部,8000.00"
		echo "$two,李四,男,1990-01-01,$code,2012-01-01,2012-01-01,男职工,6000.00"
	} >people.csv
	{
		echo "$people,采集依据,视同缴费月数"
		echo "$three,陈九,男,1964-03-01,$code,2010-01-01,1984-03-01,男职工,8000.00,两个确认,240"
	} >elder.csv
	{
		echo 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参加工作时间,退休日期,采集依据,待遇开始年月,缴费月数,视同缴费月数,基础养老金,个人账户养老金,过渡性养老金,其他,基本养老金合计
		echo "$four,吴十,男,1950-01-01,$code,1970-03-01,2010-01-05,退休审批表,2010-02,349,24,1200.00,300.00,0,0,1500.00"
	} >retired.csv
	cat >scheme.json <<-'JSON'
		{ "name": "one", "title": "调整", "area": "330000", "source": "of this test", "verified": "yes", "effective": "2024-01",
		  "retired-by": "2023-12-31", "fixed": { "amount": "30.00" }, "years": { "part-years": "up", "bands": [ { "over": 0, "amount": "1.00" } ] } }
	JSON
	sed '/,2025-01,/{/^wage.average/!{p; s/2025-/2024-/g;};}' "$top/share/examples/parameters.csv" >parameters.csv
	cat >>parameters.csv <<-'CSV'
		transitional.method,330100,,,,base,text,of this test,no,
		transitional.rate,330100,,,,1.2,percent,of this test,no,
		consolation.income,330100,,2023-01,2023-12,4000.00,yuan,of this test,no,
	CSV
	{ echo "$people"; echo "$(citizen_id 330106 19910101 017),王五,男,1991-01-01,$code,2012-01-01,2012-01-01,男职工,6000.00"; } >more.csv
	{
		echo 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类
		echo "V1,$code,2024,2024-12-20,99999.00,税收通用缴款书"
	} >levy.csv
	{ echo 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类; echo "V2,$code,2023,2023-12-20,100.00,税收通用缴款书"; } >less.csv
	{
		echo "$months"
		echo "2024,$code,$one,张三,8000.00,12,15360.00,7680.00"
		echo "2024,$code,$two,李四,6000.00,12,11520.00,5760.00"
		echo "2024,$code,$(citizen_id 330106 19800101 019),赵六,6000.00,13,1.00,1.00"
	} >months.csv
	{ echo "$months"; echo "2023,$code,$one,张三,8000.00,12,15360.00,7680.00"; } >over.csv
	{ cat over.csv; echo "2023,$code,$two,李四,6000.00,12,11520.00,5760.00"; } >over2.csv
	{ echo "$people"; echo "$five,张三,女,1985-03-12,$code,2010-01-01,2005-07-01,女干部,8000.00"; } >twice.csv
	printf '%s\n' 公民身份号码,姓名,截止年度,个人缴费本金,个人缴费利息,单位划转本金,单位划转利息 "$five,张三,2024,1234.56,78.90,0,0" >opening.csv
	{ echo "$months,起始月份"; echo "2025,$code,$three,陈九,8000.00,1,1280.00,640.00,2"; } >late.csv
	{ echo 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类; echo "V3,$code,2025,2025-12-20,99999.00,税收通用缴款书"; } >next.csv
	echo yes >paper.txt
	echo old >old.txt
	echo new >new.txt
	{
		echo "$months"
		echo "2024,$code,$three,陈九,8000.00,12,15360.00,7680.00"
	} >elder-months.csv
	{ cat "$top/share/params/interest.csv"; echo; } >interest.csv
}

one_of() { sqlite3 -readonly "$PEN_STORE/pen.db" "SELECT $1"; }
newest_batch() { one_of 'max(id) FROM batch'; }
seal_batch() {
	plain 0 pen-seal sign "$1"
	plain 0 pen-seal sign "$1" --as lead1
	plain 0 pen-seal close "$1"
}
seal_newest() { seal_batch "$(newest_batch)"; }
decide() { plain 0 pen-benefit approve "$(newest_batch)" --as lead1; }

year() {
	local change=(--form change --person "$one" --year 2024 --set base=6500.00 --reason 录错 --original old.txt --evidence new.txt)
	step init 0 pen-admin init --as head1 --agency 330100 --name 某市 --head head1:王敏 --suite "$suite"
	step staff-add 0 pen-admin staff add --as head1 op1 --name 张三 --role operator
	plain 0 pen-admin staff add --as head1 lead1 --name 李四 --role lead
	plain 0 pen-admin staff add --as head1 sys1 --name 赵五 --role syslead
	plain 0 pen-admin staff add --as head1 dba1 --name 钱六 --role dba
	plain 0 pen-admin staff add --as head1 amender1 --name 孙七 --role amender
	plain 0 pen-admin staff add --as head1 net1 --name 郑十 --role netadmin
	plain 0 pen-admin staff add --as head1 old1 --name 旧人 --role auditor
	step staff-revoke 0 pen-admin staff revoke --as head1 old1 --role auditor
	step terminal-add 0 pen-admin terminal add --as sys1 "$(printf one | sha256sum | cut -d ' ' -f 1)" --name 柜台
	step param-load 0 pen-admin param load --as sys1 interest.csv
	plain 0 pen-import --confirm --expect-rows 1 employer employers.csv
	step import-registration 0 pen-import --confirm --expect-rows 2 registration people.csv
	plain 0 pen-import --confirm --expect-rows 1 levy levy.csv
	step import-stage 1 pen-import breakdown months.csv
	step import-confirm 0 pen-import confirm 4
	plain 0 pen-import registration more.csv
	step import-discard 0 pen-import discard 5
	plain 0 pen-import --confirm --expect-rows 1 levy less.csv
	plain 1 pen-import --confirm --expect-rows 0 breakdown over.csv
	step import-reject 0 pen-import reject "$(one_of "id FROM folio WHERE state = 'held'")" --reason 查无此款
	step acknowledge 0 pen-seal acknowledge 4 --employer "$code" --answer agreed --document paper.txt
	step sign 0 pen-seal sign 1-4
	plain 0 pen-seal sign 1-4 --as lead1
	step close 0 pen-seal close 1-4
	step settle 0 pen-account settle --year 2024
	step statement 0 pen-report statement --year 2024 --person "$one" -o statement.txt
	step checkpoint 0 pen-seal checkpoint -o checkpoint.txt
	step cosign 0 pen-seal cosign checkpoint.txt --as lead1 -o cosigned.txt
	step export 0 pen-seal export 4 --to exported
	step prove 0 pen-seal prove --person "$one" --year 2024 -o proof.txt
	step request 0 pen-amend request "${change[@]}"
	step approve 0 pen-amend approve 1 --as lead1
	plain 0 pen-amend approve 1 --as head1
	step unseal 0 pen-amend unseal 1 --as sys1
	step apply 0 pen-amend apply 1 --as amender1
	step check 0 pen-amend check 1 --as lead1
	step close-case 0 pen-amend close 1 --as lead1
	local again=("${change[@]:2}")
	plain 0 pen-amend request "${change[@]/$one/$two}"
	step return 0 pen-amend return 2 --as lead1 --reason 原因不清
	step revise 0 pen-amend revise 2 "${again[@]/$one/$two}"
	step reject 0 pen-amend reject 2 --as lead1 --reason 证据不足
	plain 0 pen-report statement --year 2024 --person "$two" -o statement2.txt
	step object 0 pen-amend object --person "$two" --year 2024 --set base=6600.00 --reason 本人有异议 --original old.txt --evidence new.txt
	step network 0 pen-log network --as net1 --ports 正常 --servers 正常 --equipment 正常 --faults 无
	step inspect 0 pen-log inspect --as dba1
	step incident 0 pen-log incident --as dba1 --found 病毒 --measures 断网 --document paper.txt
	step breach 0 pen-log breach --as head1 --unit 信息中心 --points 1 --clause R7.2 --found 逾期未备份
	step verify 0 pen-verify -q
	step suspend 0 pen-admin suspend --as dba1 --reason 查毒
	step resume 0 pen-admin resume --as sys1
	step backup 0 pen-backup create --to backup
	plain 0 pen-admin staff add --as head1 aud2 --name 周八 --role auditor
	step backup-again 0 pen-backup create --to backup --verify
	plain 0 pen-seal checkpoint -o newest.txt
	step prune 0 pen-backup prune --to backup --keep-daily 1
	step restore 0 pen-backup restore --from backup latest restored
	step adopt 0 pen-backup adopt -s restored --as dba1 --reason 机房失火 --checkpoint newest.txt
}

# Behind the year: the pension of one, the months of another, the end of an account.
benefits() {
	seal_batch "$(one_of "min(batch) FROM folio WHERE form = 'settlement'")"
	plain 0 pen-import --confirm --expect-rows 1 registration elder.csv
	seal_newest
	plain 0 pen-import --confirm --expect-rows 1 breakdown elder-months.csv
	plain 0 pen-seal acknowledge "$(newest_batch)" --employer "$code" --answer agreed --document paper.txt
	seal_newest
	plain 0 pen-account settle --year 2024
	seal_newest
	plain 0 pen-admin param load --as sys1 parameters.csv
	step assess 0 pen-benefit assess --person "$three" --retired-on 2024-12-20
	decide
	plain 0 pen-import --confirm --expect-rows 1 retirement retired.csv
	seal_newest
	step roll 0 pen-benefit run --month 2024-11
	step benefit-approve 0 pen-benefit approve "$(newest_batch)" --as lead1
	step pay 0 pen-benefit pay --month 2024-11 -f csv -o payments.csv
	tr -d '\r' <payments.csv | awk -v OFS=, 'NR == 1 { print $0, "发放结果" } NR > 1 { print $0, "失败" }' >bank.csv
	step bank-return 0 pen-benefit pay --return bank.csv
	decide
	step stop 0 pen-benefit stop --person "$four" --reason prison --on 2024-10-05 --month 2024-11
	decide
	plain 0 pen-benefit run --month 2024-12
	decide
	step resume-benefit 0 pen-benefit resume --person "$four" --reason released --month 2024-12
	decide
	step adjust 0 pen-benefit adjust scheme.json --as lead1
	step close-out 0 pen-account close-out --person "$two" --reason death --on 2024-12-05 --note 'certificate 12'
	seal_newest
	step end 0 pen-benefit end --person "$four" --reason death --on 2024-12-10 --month 2025-01
	plain 0 pen-import --confirm --expect-rows 1 registration twice.csv
	plain 0 pen-import --confirm --expect-rows 1 opening opening.csv
	seal_newest
	plain 0 pen-import --confirm --expect-rows 1 levy next.csv
	plain 1 pen-import --confirm --expect-rows 0 breakdown late.csv
	step release 0 pen-import release "$(one_of "max(id) FROM folio WHERE state = 'held'")" --as lead1 --reason 已核对
	step merge 0 pen-account merge --person "$five" --into "$one" --note '户籍证明 12'
}
