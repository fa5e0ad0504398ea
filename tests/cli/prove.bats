#!/usr/bin/env bats
# The proof of single rows: what it shows, what it does not, and what is refused.

load helper

# Two employers; 王1 and 王2 at the first, 王3 at the second, where 王1 has a row too,
# which is signed and not sealed. Made once, and copied.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config
	make_store
	local i code
	one=$(credit_code 91330106MA0000001) two=$(credit_code 91330106MA0000002)
	for i in 1 2 3; do citizen_id 330106 19800101 "0${i}1"; done >ids
	mapfile -t id <ids
	printf '%s\n' "$one" "$two" >codes
	{
		echo 统一社会信用代码,单位名称,行政区划,参保日期
		echo "$one,第一机械厂,330106,2010-01-01"
		echo "$two,第二机械厂,330106,2010-01-01"
	} >employer.csv
	echo 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数 >registration.csv
	echo 年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费,起始月份 >breakdown.csv
	for i in 0 1 2; do
		code=$one; test $i = 2 && code=$two
		echo "${id[i]},王$((i + 1)),男,1980-01-01,$code,2010-01-01,2000-01-01,男职工,8000.00" >>registration.csv
		echo "2023,$code,${id[i]},王$((i + 1)),8000.00,6,7680.00,3840.00,1" >>breakdown.csv
	done
	echo "2023,$two,${id[0]},王1,8000.00,6,7680.00,3840.00,7" >>breakdown.csv
	{
		echo 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类
		echo "V1,$one,2023,2023-12-20,50000.00,税收通用缴款书"
		echo "V2,$two,2023,2023-12-20,50000.00,税收通用缴款书"
	} >levy.csv
	pen-import -q --confirm --expect-rows 2 employer employer.csv
	pen-import -q --confirm --expect-rows 3 registration registration.csv
	pen-import -q --confirm --expect-rows 2 levy levy.csv
	pen-import -q --confirm --expect-rows 4 breakdown breakdown.csv
	echo 盖章 >paper.txt
	pen-seal acknowledge 4 --employer "$one" --answer agreed --document paper.txt -q
	pen-seal sign 1-4 -q || test $? = 1
	pen-seal sign 1-4 --as lead1 -q || test $? = 1
	pen-seal close 1-4 -q || test $? = 1
	pen-seal checkpoint >checkpoint.txt
}

setup() {
	mapfile -t id <"$BATS_FILE_TMPDIR/ids"
	mapfile -t code <"$BATS_FILE_TMPDIR/codes"
	cp -R "$BATS_FILE_TMPDIR/store" store
	cp -R "$BATS_FILE_TMPDIR/config" config
	cp "$BATS_FILE_TMPDIR/checkpoint.txt" .
	export PEN_STORE=$PWD/store PEN_STAFF=op1
	keys=$XDG_CONFIG_HOME/pen
}

# shellcheck disable=SC2153
ask() { sqlite3 -readonly "$PEN_STORE/pen.db" "$1"; }
prove() { pen-seal prove --person "${id[0]}" --year 2023 --employer "${code[0]}" -o proof.txt "$@"; }
# Verifies with nothing else at hand.
alone() { env -u PEN_STORE -u PEN_STAFF pen-verify proof "$@"; }
broken() {
	run -5 --separate-stderr alone "$1" --keys "$keys" -f json
	[ "$(jq -r .outcome <<<"$output")" = broken ]
	[ "$(jq '.rows | length' <<<"$output")" = 0 ]
	jq -r '.findings[].check' <<<"$output" >checks
	grep -qx "$2" checks
}

@test "a proof is checked where there is no store, and says whose row it is, what it says, and who signed" {
	prove
	rm -rf store
	alone proof.txt --keys "$keys" -f json >out.json
	[ "$(jq -r '.outcome, .agency, .checkpoint.origin' out.json | paste -sd' ')" = "holds 330100 pen/330100" ]
	[ "$(jq -c '.rows[0] | [.id_number, .name, .year, .employer, .months, .month_set, .unit_fen, .personal_fen]' out.json)" = \
		"[\"${id[0]}\",\"王1\",2023,\"${code[0]}\",6,\"1-6\",768000,384000]" ]
	[ "$(jq -c '[.rows[].record]' out.json)" = '["contribution","registration"]' ]
	[ "$(jq -r '.signatures[] | select(.role == "lead") | .staff + " " + .name' out.json | sort -u)" = "lead1 李四" ]
	[ "$(jq '.findings | length' out.json)" = 0 ]
}

@test "every format shows it, and NDJSON ends in a summary" {
	prove
	alone proof.txt --keys "$keys" | grep -q "${id[0]}"
	alone proof.txt --keys "$keys" -f csv | grep -q "^holds,330100,"
	alone proof.txt --keys "$keys" -f ndjson >out.ndjson
	[ "$(jq -r .type out.ndjson | paste -sd' ')" = "proof summary" ]
	[ "$(tail -n 1 out.ndjson | jq -r .digest)" = "$(head -n 1 out.ndjson | sha256sum | cut -d' ' -f1)" ]
}

@test "nothing in a proof tells of other people or of other employers" {
	prove
	run ! grep -e "${id[1]}" -e "${id[2]}" -e "${code[1]}" -e 王2 -e 王3 proof.txt
	# But it is smaller than the seal's text with its signatures would be in a city.
	[ "$(wc -c <proof.txt)" -lt 20000 ]
}

@test "what is not sealed is not proven, and what comes next is said" {
	refuses 3 pen-seal prove --person "${id[2]}" --year 2023 -o proof.txt
	[[ $message == *"is confirmed, not sealed"*"pen-seal sign 4"*"[R4.2.3]"* ]]
	[ ! -e proof.txt ]
	[ "$(ask "SELECT count(*) FROM journal WHERE act = 'refused' AND text LIKE '%seal.prove%prove.sealed%'")" = 1 ]
}

@test "an employer with whom somebody is not registered is looked at when it is named" {
	pen-seal prove --person "${id[0]}" --year 2023 -o proof.txt
	[ "$(grep -c '"record":"contribution"' proof.txt)" = 1 ]
	refuses 3 pen-seal prove --person "${id[0]}" --year 2023 --employer "${code[1]}"
}

@test "all rows of a year are in one file" {
	pen-seal acknowledge 4 --employer "${code[1]}" --answer agreed --document "$BATS_FILE_TMPDIR/paper.txt" -q
	pen-seal sign 4 -q
	pen-seal sign 4 --as lead1 -q
	pen-seal close 4 -q
	pen-admin staff add op2 --name 吴九 --role operator --as head1 -q
	echo "公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数
${id[0]},王1,男,1980-01-01,${code[1]},2023-07-01,2000-01-01,男职工,8000.00" >more.csv
	pen-import -q --confirm --expect-rows 1 registration more.csv --as op2
	pen-seal prove --person "${id[0]}" --year 2023 -o proof.txt
	alone proof.txt --keys "$keys" -f json >out.json
	[ "$(jq -c '[.rows[] | select(.record == "contribution") | .employer]' out.json)" = "[\"${code[0]}\",\"${code[1]}\"]" ]
	# The registration that is not sealed yet disturbs nothing.
	[ "$(jq '.rows | length' out.json)" = 3 ]
}

@test "any sealed row is proven by its folio: a registration by itself, a levy with its employer" {
	pen-seal prove --folio "$(ask "SELECT id FROM folio WHERE batch = 2 LIMIT 1")" --person "${id[1]}" -o one.txt
	alone one.txt --keys "$keys" -f json | jq -e '.rows | length == 1 and .[0].name == "王2"'
	levy=$(ask "SELECT id FROM folio WHERE form = 'levy'")
	pen-seal prove --folio "$levy" --employer "${code[1]}" --line 3 -o two.txt
	alone two.txt --keys "$keys" -f json >out.json
	[ "$(jq -c '[.rows[].record]' out.json)" = '["levy","employer"]' ]
	jq -e '.values[] | select(.field == "amount_fen") | .value == "50000.00"' out.json
	refuses 2 pen-seal prove --folio "$levy" --person "${id[0]}"
	refuses 2 pen-seal prove --folio "$(ask "SELECT id FROM folio WHERE batch = 2 LIMIT 1")" --employer "${code[1]}"
	[[ $message == *"name one with --person ID"* ]]
	refuses 2 pen-seal prove --folio "$levy" --employer "${code[1]}" --line 2
	refuses 2 pen-seal prove --folio 99 --person "${id[0]}"
}

@test "rows have to be named, and people and years have to be there" {
	refuses 2 pen-seal prove --person "${id[0]}"
	[[ $message == *"--year YYYY"* ]]
	refuses 2 pen-seal prove --person "${id[0]}" --year 2023 --folio 1
	refuses 2 pen-seal prove --person 330106198001010010 --year 2023
	refuses 2 pen-seal prove --person "${id[0]}" --year 2019
	[[ $message == *"no contribution of 2019"* ]]
}

@test "a proof is a read that is entered before its first byte and at its end" {
	prove
	[ "$(ask "SELECT group_concat(act) FROM (SELECT act FROM journal ORDER BY at DESC LIMIT 3)")" = seal.prove,seal.checkpoint,seal.prove.begin ]
	person=$(ask "SELECT person FROM person_alias WHERE value = '${id[0]}'")
	[ "$(ask "SELECT subject FROM journal ORDER BY at DESC LIMIT 1")" = "person $person year 2023" ]
	ask "SELECT text FROM journal ORDER BY at DESC LIMIT 1" | grep -q '"rows":1}'
}

@test "a copy is proven from with a checkpoint that was kept, and enters nothing" {
	touch store/restored
	before=$(ask "SELECT count(*) FROM journal")
	refuses 3 env -u PEN_STAFF pen-seal prove --person "${id[0]}" --year 2023 -o proof.txt
	[[ $message == *"--checkpoint FILE"* ]]
	env -u PEN_STAFF pen-seal prove --person "${id[0]}" --year 2023 --checkpoint checkpoint.txt -o proof.txt
	alone proof.txt --keys "$keys" -q
	[ "$(ask "SELECT count(*) FROM journal")" = "$before" ]
}

@test "without the log key a checkpoint is asked for, and one that is too old or another's is refused" {
	mv "$keys/log-330100.pem" elsewhere.pem
	refuses 3 prove
	[[ $message == *"--checkpoint FILE"* ]]
	prove --log-key elsewhere.pem
	prove --checkpoint checkpoint.txt
	alone proof.txt --keys "$keys" -q
	pen-seal checkpoint --log-key elsewhere.pem >/dev/null
	sed '2s/.*/7/' checkpoint.txt >old.txt
	refuses 5 prove --checkpoint old.txt
	make_store
	pen-seal checkpoint >young.txt
	rm -rf store && cp -R "$BATS_FILE_TMPDIR/store" store
	refuses 5 prove --checkpoint young.txt
	refuses 4 prove --checkpoint "$BATS_FILE_TMPDIR/codes"
}

@test "the signatures of others under a checkpoint go with it" {
	{ cat checkpoint.txt; echo '— auditor1 MTIzNDU2Nzg='; } >cosigned.txt
	prove --checkpoint cosigned.txt
	grep -qx ' — auditor1 MTIzNDU2Nzg=' proof.txt
	alone proof.txt --keys "$keys" -q
}

@test "a checkpoint from before the closing does not do" {
	pen-seal acknowledge 4 --employer "${code[1]}" --answer agreed --document "$BATS_FILE_TMPDIR/paper.txt" -q
	pen-seal sign 4 -q
	pen-seal sign 4 --as lead1 -q
	pen-seal close 4 -q
	refuses 3 pen-seal prove --person "${id[2]}" --year 2023 --checkpoint checkpoint.txt
	[[ $message == *"give one that was made since"* ]]
	pen-seal prove --person "${id[2]}" --year 2023 -o proof.txt
	alone proof.txt --keys "$keys" -q
}

@test "one amount changed, or another person's row put in its place, and the proof does not hold" {
	prove
	sed '/^leaf: .*contribution/s/"personal_fen":384000/"personal_fen":384001/' proof.txt >other.txt
	broken other.txt proof.row
	# 王2's own row, with its right path, beside the registration of 王1.
	pen-seal prove --person "${id[1]}" --year 2023 --checkpoint checkpoint.txt -o second.txt
	pen-seal prove --person "${id[0]}" --year 2023 --checkpoint checkpoint.txt -o first.txt
	alone second.txt --keys "$keys" -q
	{ sed '/^row: 1$/,$d' first.txt; sed -n '/^row: 1$/,/^row: 2$/p' second.txt | sed '$d'; sed -n '/^row: 2$/,$p' first.txt; } >mixed.txt
	broken mixed.txt proof.person
}

@test "another key, role or checkpoint, and the proof does not hold" {
	prove
	sed '/^ body:.*staff\|^ act: staff.add/!s/"role":"operator"/"role":"lead"/' proof.txt >other.txt
	broken other.txt proof.entry
	sed 's/^ 2$/ 3/; /^checkpoint:/,/^end/s/^ \([0-9][0-9]*\)$/ 1\1/' proof.txt >other.txt
	broken other.txt proof.checkpoint
	cp "$keys/auditor1.pub" "$keys/lead1.pub"
	broken proof.txt proof.key
	# Somebody who had the key before keeps it beside the new one.
	sed -n '/^key: lead1$/,/^$/s/^ //p' proof.txt >"$keys/lead1.7.pub"
	alone proof.txt --keys "$keys" -q
}

@test "a key that is not there is a check that was not made, and it is said whose" {
	prove
	rm "$keys/lead1.pub"
	run -8 --separate-stderr alone proof.txt --keys "$keys" -f json
	[ "$(jq -r '.outcome, (.findings[] | .record, .made)' <<<"$output" | paste -sd' ')" = "incomplete lead1 false" ]
	# shellcheck disable=SC2154
	[[ $stderr == *lead1* ]]
	rm "$keys/log-330100.pub"
	run -8 --separate-stderr alone proof.txt --keys "$keys" -f json
	[ "$(jq .not_made <<<"$output")" = 2 ]
}

@test "what is no proof is told by its line, and keys have to be somewhere" {
	prove
	refuses 4 alone checkpoint.txt --keys "$keys"
	[[ $message == *checkpoint.txt:1:* ]]
	sed '/^entry: 0$/d' proof.txt >other.txt
	refuses 4 alone other.txt --keys "$keys"
	[[ $message == *"other.txt:$(grep -n '^entry: 0$' proof.txt | cut -d: -f1):"* ]]
	head -n 40 proof.txt >short.txt
	refuses 4 alone short.txt --keys "$keys"
	refuses 4 alone nowhere.txt --keys "$keys"
	refuses 2 alone proof.txt --keys nowhere
	refuses 2 alone proof.txt
}

@test "a sealed row that was changed in the store is not proven" {
	sqlite3 store/pen.db "DROP TRIGGER contribution_stays_u; UPDATE contribution SET personal_fen = personal_fen + 1 WHERE line = 3"
	refuses 5 prove
	[[ $message == *"run pen-verify seals"* ]]
	[ ! -e proof.txt ]
}

@test "a seal from before signatures named its folios is exported whole instead" {
	# As an older program left it: the entry does not name the paragraphs.
	sqlite3 store/pen.db "DROP TRIGGER journal_stays_u;
		UPDATE journal SET text = replace(text, '\"paragraphs\":', '\"older\":') WHERE act = 'seal.sign'"
	refuses 3 prove
	[[ $message == *"pen-seal export 4"* ]]
}

# ---- an auditor, with the manual alone ----

# What was kept outside: the checkpoint, the public keys. What is looked at: a backup. What
# it is looked at with: openssl, sqlite3, jq, gunzip and a shell, by the functions that
# pen-seal(5) gives in its EXAMPLES.
auditor_sits_down() {
	export PEN_CLOCK=1999999999
	pen-backup create --to backup -q --as dba1
	script_of by-hand
	functions_of man5/pen-seal.5 >functions
	mkdir outside audit
	cp config/pen/*.pub checkpoint.txt outside
	mkdir audit/store
	sh by-hand backup "$(basename backup/snapshots/*.manifest .manifest)" >audit/store/pen.db
	PATH=${PATH//"$PEN_BUILD/bin:"/}
	rm -rf store config backup
	unset PEN_STORE PEN_STAFF XDG_CONFIG_HOME
	cd audit
	# shellcheck disable=SC1091
	. ../functions
}
signed() { openssl dgst -sm3 -sigopt distid:1234567812345678 -verify "../outside/$1.pub" -signature "$3" "$2" >/dev/null; }
# An entry of the journal, into entry.txt, signed by whom it names.
signed_entry() {
	bytes "$(ask "SELECT hex(text) FROM journal WHERE at = $1")" >entry.txt
	bytes "$(ask "SELECT hex(signature) FROM journal WHERE at = $1")" >entry.sig
	grep -qx "staff: $2" entry.txt
	signed "$2" entry.txt entry.sig
}
body() { sed -n 's/^body: //p' entry.txt | jq -r ".$1"; }
folio_root() { leaves "$1" "$secret" | while IFS= read -r line; do printf %s "$line" | leaf; done | root; }
journal_root() {
	sqlite3 -readonly -separator ' ' store/pen.db "SELECT hex(text), hex(coalesce(signature, x'')) FROM journal WHERE at < $1 ORDER BY at" |
		while read -r text signature; do entry "$text" "$signature" | leaf; done | root
}

@test "with the manual, openssl, jq and sqlite3 alone an auditor gets from a restored row to the checkpoint on paper" {
	auditor_sits_down
	run ! command -v pen-verify
	# The checkpoint is the log's, and the restored journal begins with what it binds.
	head -n 3 ../outside/checkpoint.txt >checkpoint.txt
	sed -n 's/^— pen.330100 //p' ../outside/checkpoint.txt | base64 -d | tail -c +5 >checkpoint.sig
	signed log-330100 checkpoint.txt checkpoint.sig
	size=$(sed -n 2p checkpoint.txt)
	[ "$(bytes "$(journal_root "$size")" | base64)" = "$(sed -n 3p checkpoint.txt)" ]
	# The seal of the contributions, signed by two, each by an entry that the checkpoint binds.
	seal=$(ask "SELECT id FROM seal WHERE batch = 4")
	bytes "$(ask "SELECT hex(text) FROM seal WHERE id = $seal")" >seal.txt
	for who in operator:op1 lead:lead1; do
		bytes "$(ask "SELECT hex(signature) FROM seal_signature WHERE seal = $seal AND role = '${who%:*}'")" >seal.sig
		signed "${who#*:}" seal.txt seal.sig
		at=$(ask "SELECT at FROM journal WHERE act = 'seal.sign' AND subject = 'seal $seal' AND staff = '${who#*:}'")
		[ "$at" -lt "$size" ]
		signed_entry "$at" "${who#*:}"
		[ "$(body role)" = "${who%:*}" ]
		[ "$(body digest)" = "$(hash <seal.txt)" ]
		# The head granted that role, for that key, before.
		grant=$(ask "SELECT at FROM journal WHERE act = 'staff.add' AND subject = 'staff ${who#*:}'")
		[ "$grant" -lt "$at" ]
		signed_entry "$grant" head1
		[ "$(body role)" = "${who%:*}" ]
		[ "$(body key)" = "$(hash <"../outside/${who#*:}.pub")" ]
	done
	signed_entry "$(ask "SELECT at FROM journal WHERE act = 'seal.close' AND subject = 'seal $seal'")" op1
	[ "$(body digest)" = "$(hash <seal.txt)" ]
	# It follows on the seals before, and its root is that of its folios'.
	[ "$(value previous)" = "$(bytes "$(ask "SELECT hex(text) FROM seal WHERE id = $((seal - 1))")" | hash)" ]
	[ "$(value root)" = "$(sed -n '/^$/,$s/^root: //p' seal.txt | while read -r r; do bytes "$r" | leaf; done | root)" ]
	# The folio's root is that of the rows in the store, and its sum theirs.
	folio=$(value folio)
	secret=$(printf %s "$(value file-digest)/$(value form)" | mac "$(ask 'SELECT hex(secret) FROM store')")
	[ "$(folio_root "$folio")" = "$(sed -n '/^$/,$s/^root: //p' seal.txt)" ]
	[ "$(rows "$folio" | jq -s 'map(.unit_fen + .personal_fen) | add')" = "$(value amount | tr -d .)" ]
	# A fen more in one row, and it is another root.
	sqlite3 store/pen.db "DROP TRIGGER contribution_stays_u; UPDATE contribution SET personal_fen = personal_fen + 1 WHERE folio = $folio AND line = 2"
	[ "$(folio_root "$folio")" != "$(sed -n '/^$/,$s/^root: //p' seal.txt)" ]
}
