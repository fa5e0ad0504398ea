#!/usr/bin/env bats
# shellcheck disable=SC2154
# Rows that nothing is wrong with by themselves, and that somebody has to look at
# before they count (R8.1): one person at two employers in a month, contributions
# after retirement and after death. On their way through everything.

load helper

one=$(credit_code 91330106MA0000001)
two=$(credit_code 91330106MA0000002)	# newly covered
wang=$(citizen_id 330106 19800101 011)
li=$(citizen_id 330106 19790101 022)
zhao=$(citizen_id 330106 19640301 031)	# retired in June 2024, by approval
qian=$(citizen_id 330106 19640501 047)	# left in June 2024 for retirement
sun=$(citizen_id 330106 19700101 015)	# died in June 2024
head=年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费,起始月份

# Two employers with their people and the levy of 2024; batches 1 to 3.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config
	make_store ed25519-sha256
	{
		echo 统一社会信用代码,单位名称,行政区划,参保日期,新扩面
		echo "$one,第一机械厂,330106,2010-01-01,否"
		echo "$two,第二机械厂,330106,2024-07-01,是"
	} >employers.csv
	{
		echo 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数
		echo "$wang,王一,男,1980-01-01,$one,2020-01-01,2000-01-01,男职工,8000.00"
		echo "$li,李二,女,1979-01-01,$one,2020-01-01,2000-01-01,女干部,8000.00"
		echo "$zhao,赵三,男,1964-03-01,$two,2024-07-01,1984-01-01,男职工,8000.00"
		echo "$qian,钱四,男,1964-05-01,$one,2020-01-01,1984-01-01,男职工,8000.00"
		echo "$sun,孙五,男,1970-01-01,$one,2020-01-01,1990-01-01,男职工,8000.00"
	} >registration.csv
	{
		echo 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类
		echo "V1,$one,2024,2024-12-20,200000.00,税收通用缴款书"
		echo "V2,$two,2024,2024-12-20,40000.00,税收通用缴款书"
	} >levy.csv
	pen-import -q --confirm --expect-rows 2 employer employers.csv
	pen-import -q --confirm --expect-rows 5 registration registration.csv
	pen-import -q --confirm --expect-rows 2 levy levy.csv
}

setup() {
	cp -Rp "$BATS_FILE_TMPDIR/store" store
	cp -Rp "$BATS_FILE_TMPDIR/config" "$XDG_CONFIG_HOME"
	export PEN_STORE=$PWD/store PEN_STAFF=op1
	echo agreed >paper.pdf
}

ask() { sqlite3 -readonly "$PEN_STORE/pen.db" "$1"; }

# A line of a breakdown: EMPLOYER PERSON NAME MONTHS [FIRST].
paid() { printf '2024,%s,%s,%s,8000.00,%d,%d.00,%d.00,%s\n' "$1" "$2" "$3" "$4" $((1280 * $4)) $((640 * $4)) "${5:-}"; }

# Stages a breakdown: FILE HELD LINE…. Its receipt balances, in lines and in fen,
# and so many lines are held; the store is found whole.
stage() {
	local file=$1 held=$2
	shift 2
	printf '%s\n' $head "$@" >"$file"
	pen-import -f json breakdown "$file" >receipt.json || [ $? = 1 ]
	jq -e --argjson held "$held" --argjson lines $(($# + 1)) '.lines | .read == $lines and .held == $held and
		.read == .accepted + .rejected + .held + .other' receipt.json
	jq -e '.amount_fen | .read == .accepted + .rejected + .held' receipt.json
	batch=$(jq .batch receipt.json)
	clean
}

# Nothing is found but gaps in the parameters.
clean() { pen-verify -f ndjson >found.ndjson || { cat found.ndjson >&2; return 1; }; }

# The folio that holds a person's rows, and the rule.
held_of() { ask "SELECT DISTINCT f.id, h.rule FROM folio AS f JOIN hold AS h ON h.folio = f.id JOIN contribution AS c ON c.folio = f.id JOIN person_alias AS a ON a.person = c.person WHERE a.value = '$1' AND f.state = 'held'"; }

# Somebody retires in June 2024 by approval, somebody leaves for retirement, somebody dies.
end_three() {
	{
		echo 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参加工作时间,退休日期,采集依据,待遇开始年月,缴费月数,基础养老金,个人账户养老金,过渡性养老金,其他,基本养老金合计
		echo "$zhao,赵三,男,1964-03-01,$two,1984-01-01,2024-06-15,新扩面,2024-07,,1200.00,,,,"
	} >retired.csv
	{
		echo 公民身份号码,姓名,变动类型,变动年月,统一社会信用代码,转入单位统一社会信用代码,变动原因
		echo "$qian,钱四,减少,202406,$one,,退休"
		echo "$sun,孙五,减少,202406,$one,,死亡"
	} >left.csv
	pen-import -q --confirm --expect-rows 1 retirement retired.csv
	pen-import -q --confirm --expect-rows 2 movement left.csv
}

# Employers agree, two sign, and what can be closed is.
sign_and_close() {
	printf '统一社会信用代码,答复\n%s,同意\n' "$one" >answers.csv
	[ "$(ask "SELECT COUNT(*) FROM folio JOIN employer_alias USING (employer) WHERE folio.batch = $1 AND value = '$two' AND state <> 'rejected'")" = 0 ] ||
		echo "$two,同意" >>answers.csv
	pen-seal -q acknowledge "$1" --from answers.csv --document "${2:-paper.pdf}" || [ $? = 1 ]
	pen-seal -q sign "1-$1" || [ $? = 1 ]
	pen-seal -q sign "1-$1" --as lead1 || [ $? = 1 ]
	pen-seal -q close "1-$1" || [ $? = 1 ]
}

@test "one person at two employers in a month of one file: the second waits alone, and is shown by name" {
	stage b.csv 1 "$(paid "$one" "$wang" 王一 6 1)" "$(paid "$one" "$li" 李二 12 1)" "$(paid "$two" "$wang" 王一 7 6)" "$(paid "$two" "$zhao" 赵三 12 1)"
	[ "$(jq .folios receipt.json)" = 3 ]
	folio=$(held_of "$wang")
	[ "${folio#*|}" = person.elsewhere ]
	pen-import -f json held >held.json || [ $? = 1 ]
	jq -e --arg id "$wang" '.rows | length == 1 and (.[0] | .person_id == $id and .person_name == "王一" and .rule == "person.elsewhere" and
		.found == "months 6-12 of 2024" and (.expected | contains("another employer of this file has them")))' held.json
	pen-import -f json show "$batch" >shown.json || [ $? = 1 ]
	jq -e '[.rows[] | select(.state == "held")] | length == 1 and .[0].person_name == "王一"' shown.json
}

@test "months that are only counted are a conflict where no laying of them would do, in two files too" {
	stage a.csv 0 "$(paid "$one" "$wang" 王一 6)" "$(paid "$one" "$li" 李二 7)"
	pen-import -q confirm "$batch"
	stage b.csv 1 "$(paid "$two" "$wang" 王一 6)" "$(paid "$two" "$li" 李二 6)" "$(paid "$two" "$zhao" 赵三 6)"
	folio=$(held_of "$li")
	[ "${folio#*|}" = person.elsewhere ]
	pen-import -f json held >held.json || [ $? = 1 ]
	jq -e --arg one "$one" '.rows[0] | .found == "6 months of 2024" and (.expected | contains("of employer " + $one))' held.json
	pen-import -q confirm "$batch" || [ $? = 1 ]
	clean
	# A file that has nobody else's is as it was: the main folio is without the one.
	[ "$(ask "SELECT group_concat(rows || state) FROM folio WHERE batch = $batch")" = 2confirmed,1held ]
}

@test "contributions after retirement and death wait, each by itself; a lead releases them, and they count" {
	end_three
	stage b.csv 3 "$(paid "$one" "$wang" 王一 12 1)" "$(paid "$one" "$qian" 钱四 6 1)" "$(paid "$one" "$qian" 钱四 2 7)" \
		"$(paid "$one" "$sun" 孙五 9)" "$(paid "$two" "$zhao" 赵三 6 7)"
	retired=$(held_of "$zhao") left=$(held_of "$qian") dead=$(held_of "$sun")
	[ "${retired#*|} ${left#*|} ${dead#*|}" = 'person.retired person.retired person.died' ]
	pen-import -q confirm "$batch" || [ $? = 1 ]
	clean
	refuses 3 pen-import release "${retired%|*}" --reason 已核对
	[[ $message == *R8.1* ]]
	refuses 2 pen-import --as lead1 release "${retired%|*}"
	pen-import -q --as lead1 release "${retired%|*}" --reason 审批表有误，已更正
	pen-import -q --as lead1 release "${dead%|*}" --reason 补缴生前月份，已核对
	clean
	pen-report -f json statement-detail --year 2024 --employer "$two" >detail.json
	grep -q "$zhao" detail.json
	sign_and_close "$batch"
	clean
	[ "$(ask "SELECT group_concat(state) FROM (SELECT state FROM folio WHERE batch = $batch ORDER BY id)")" = sealed,held,sealed,sealed ]
	# The one that is left is turned down, and stays out.
	pen-import -q --as lead1 reject "${left%|*}" --reason 退休后缴费，退回
	clean
	# Of the one who retired, others paid the pension: what the account paid of it is not known.
	pen-account settle --year 2024 -f json >settled.json || [ $? = 1 ]
	jq -e '.summary.people | .settled == 3 and .left == 1' settled.json
	clean
	[ "$(ask "SELECT state FROM folio WHERE id = ${left%|*}")" = rejected ]
	pen-import -f json show "$batch" --rows >shown.json || [ $? = 1 ]
}

@test "an employer's other rows are signed while one waits, and what is let in later is signed by itself" {
	end_three
	stage b.csv 1 "$(paid "$one" "$wang" 王一 12 1)" "$(paid "$one" "$sun" 孙五 9)"
	dead=$(held_of "$sun")
	pen-import -q confirm "$batch" || [ $? = 1 ]
	pen-seal -q acknowledge "$batch" --employer "$one" --answer agreed --document paper.pdf || [ $? = 1 ]
	sign_and_close "$batch"
	[ "$(ask "SELECT group_concat(state) FROM folio WHERE batch = $batch")" = sealed,held ]
	pen-import -q --as lead1 release "${dead%|*}" --reason 已核对
	clean
	echo later >later.pdf
	pen-seal -q acknowledge "$batch" --employer "$one" --answer agreed --document later.pdf
	sign_and_close "$batch" later.pdf
	[ "$(ask "SELECT group_concat(state) FROM folio WHERE batch = $batch")" = sealed,sealed ]
	clean
}

@test "a levy lets in what waited for it, and nothing that waits for a review; what waits takes nothing from the others" {
	end_three
	stage b.csv 2 "$(paid "$one" "$wang" 王一 12 1)" "$(paid "$one" "$sun" 孙五 9)" \
		"$(paid "$two" "$li" 李二 12 1)" "$(paid "$two" "$qian" 钱四 6 1)" "$(paid "$two" "$zhao" 赵三 6 7)"
	retired=$(held_of "$zhao") dead=$(held_of "$sun")
	pen-import -q confirm "$batch" || [ $? = 1 ]
	[ "$(ask "SELECT group_concat(state) FROM folio WHERE batch = $batch")" = confirmed,confirmed,held,held ]
	# What a lead lets go is looked at then: it would be over.
	pen-import -q --as lead1 release "${retired%|*}" --reason 已核对 || [ $? = 1 ]
	[ "$(held_of "$zhao" | sort | tail -1)" = "$retired" ]
	[ "$(ask "SELECT rule FROM hold WHERE folio = ${retired%|*} AND ended_at IS NULL")" = levy.covers ]
	clean
	printf '%s\n' 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 "V3,$one,2024,2025-01-10,300000.00,税收通用缴款书" \
		"V4,$two,2024,2025-01-10,300000.00,税收通用缴款书" >more.csv
	pen-import -q --confirm --expect-rows 2 levy more.csv
	[ "$(ask "SELECT state FROM folio WHERE id IN (${retired%|*}, ${dead%|*}) ORDER BY state" | xargs)" = 'confirmed held' ]
	clean
}

@test "killed at any moment, the same file comes in with the same rows set aside" {
	end_three
	lines=("$(paid "$one" "$wang" 王一 12 1)" "$(paid "$one" "$sun" 孙五 9)" "$(paid "$two" "$wang" 王一 3 1)" "$(paid "$two" "$zhao" 赵三 6 7)")
	rows='SELECT c.line, f.state, c.person, c.sequence, c.months FROM contribution AS c JOIN folio AS f ON f.id = c.folio ORDER BY 1'
	cp -R store before
	stage b.csv 3 "${lines[@]}"
	ask "$rows" >undisturbed
	for moment in 0.01 0.02 0.03 0.05 0.08 0.12; do
		rm -rf store && cp -R before store
		timeout -s KILL "$moment" pen-import -q breakdown b.csv >/dev/null 2>&1 || true
		flock store/pen.lock true
		pen-import -q breakdown b.csv || [ $? = 1 ]
		ask "$rows" | diff undisturbed -
	done
	clean
}

@test "a batch with rows set aside is taken out whole, and comes in again as it was" {
	end_three
	stage b.csv 2 "$(paid "$one" "$wang" 王一 12 1)" "$(paid "$one" "$sun" 孙五 9)" "$(paid "$two" "$wang" 王一 3 1)"
	ask "SELECT person, line, sequence, months, unit_fen FROM contribution ORDER BY line" >before
	pen-import -q discard "$batch"
	[ "$(ask "SELECT (SELECT COUNT(*) FROM contribution) + (SELECT COUNT(*) FROM hold WHERE ended_at IS NULL)")" = 0 ]
	clean
	stage b.csv 2 "$(paid "$one" "$wang" 王一 12 1)" "$(paid "$one" "$sun" 孙五 9)" "$(paid "$two" "$wang" 王一 3 1)"
	ask "SELECT person, line, sequence, months, unit_fen FROM contribution ORDER BY line" | diff before -
}

@test "what became known while a batch lay staged refuses its confirming, and the file comes in again" {
	stage a.csv 0 "$(paid "$one" "$wang" 王一 8 1)" "$(paid "$one" "$sun" 孙五 9)"
	first=$batch
	stage b.csv 0 "$(paid "$two" "$wang" 王一 6 7)"
	pen-import -q confirm "$batch"
	refuses 3 pen-import confirm "$first"
	[[ $message == *confirm.elsewhere* && $message == *R8.1* && $message == *"line 2"* && $message == *"$wang"* && $message == *"$two"* ]]
	pen-import -q discard "$first"
	stage a.csv 1 "$(paid "$one" "$wang" 王一 8 1)" "$(paid "$one" "$sun" 孙五 9)"
	first=$batch
	end_three
	refuses 3 pen-import confirm "$first"
	[[ $message == *confirm.ended* && $message == *R8.1* && $message == *"line 3"* && $message == *"$sun"* ]]
	pen-import -q discard "$first"
	stage a.csv 2 "$(paid "$one" "$wang" 王一 8 1)" "$(paid "$one" "$sun" 孙五 9)"
	pen-import -q confirm "$batch" || [ $? = 1 ]
	clean
}

@test "what becomes known after the confirming is found by the verification, by the same rules" {
	stage a.csv 0 "$(paid "$one" "$wang" 王一 8 1)" "$(paid "$one" "$sun" 孙五 9)"
	pen-import -q confirm "$batch"
	clean
	end_three
	pen-verify -f ndjson >found.ndjson || [ $? = 1 ]
	jq -s -e --arg id "$sun" --argjson batch "$batch" 'map(select(.type == "finding" and .severity != "note")) | length == 1 and
		(.[0] | .rule == "person.died" and .clause == "R8.1" and .batch == $batch and .line == 3 and (.record | contains($id)))' found.ndjson
	pen-verify -q --rule person.elsewhere
}

@test "two lines of one person that both wait do not say the same months twice" {
	end_three
	stage b.csv 2 "$(paid "$one" "$wang" 王一 12 1)" "$(paid "$one" "$sun" 孙五 4 8)" "$(paid "$one" "$sun" 孙五 3 9)" "$(paid "$one" "$sun" 孙五 1 12)"
	jq -e '.lines.rejected == 1' receipt.json; cat receipt.json
	grep -q months.overlap b.batch"$batch".rejects.csv
	[ "$(ask "SELECT group_concat(line || ' ' || sequence) FROM contribution WHERE folio = $(held_of "$sun" | cut -d'|' -f1)")" = '3 1,5 2' ]
}
