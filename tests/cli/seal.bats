#!/usr/bin/env bats
# Employers' answers, signatures, seals, checkpoints, exports.

load helper

# Three employers with two people each: the levies cover the breakdowns.
make_year() {
	make_store "$@"
	local i n code
	echo 统一社会信用代码,单位名称,行政区划,参保日期 >employers.csv
	echo 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数 >registration.csv
	echo 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 >levy.csv
	echo 年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费 >breakdown.csv
	for i in 1 2 3; do
		code=$(credit_code "91330106MA000000$i")
		echo "$code,第${i}机械厂,330106,2010-01-01" >>employers.csv
		echo "V$i,$code,2023,2023-12-20,50000.00,税收通用缴款书" >>levy.csv
		for n in 1 3; do
			local id
			id=$(citizen_id 330106 19800101 "0$i$n")
			echo "$id,王$i$n,男,1980-01-01,$code,2010-01-01,2000-01-01,男职工,8000.00" >>registration.csv
			echo "2023,$code,$id,王$i$n,8000.00,12,15360.00,7680.00" >>breakdown.csv
		done
		eval "employer$i=$code"
	done
	for form in employer registration levy breakdown; do
		local file=$form.csv
		test -f "$file" || file=${form}s.csv
		pen-import -q --confirm --expect-rows $(($(wc -l <"$file") - 1)) "$form" "$file"
	done
	echo 盖章 >paper.txt
}

answers() {
	echo 统一社会信用代码,核对意见,答复日期
	for code; do echo "$code,一致,2024-02-11"; done
}

acknowledge() {
	answers "$@" >answers.csv
	pen-seal acknowledge 4 --from answers.csv --document paper.txt -q
}

ask() { sqlite3 -readonly "$PEN_STORE/pen.db" "$1"; }

@test "a year is acknowledged, signed by two and sealed, and the folio of a silent employer alone stays open" {
	make_year
	acknowledge "$employer1" "$employer2"
	run -1 pen-seal sign 1-4 -f json
	[ "$(jq -r '.rows[] | select(.outcome == "left") | .employer' <<<"$output")" = "$employer3" ]
	[[ $(jq -r '.rows[] | select(.outcome == "left") | .reason' <<<"$output") == 第3机械厂:\ no\ answer* ]]
	run -1 pen-seal sign 1-4 --as lead1 -q
	run -1 pen-seal close 1-4 -f json
	[ "$(jq .summary.done <<<"$output")" = 4 ]
	[ "$(ask "SELECT count(*) FROM folio WHERE batch = 4 AND state = 'sealed'")" = 2 ]
	acknowledge "$employer3"
	run -1 pen-seal sign 4 --as lead1 -f json
	[[ $(jq -r '.rows[].reason' <<<"$output") == *"waits for the signature of role operator"* ]]
	pen-seal sign 4 -q
	pen-seal sign 4 --as lead1 -q
	pen-seal close 4 -q
	[ "$(ask "SELECT count(*) FROM folio WHERE state <> 'sealed'")" = 0 ]
	pen-verify -q
}

@test "the operator is not the lead, and the attempt is entered" {
	make_year
	acknowledge "$employer1" "$employer2" "$employer3"
	pen-seal sign 1-4 -q
	refuses 3 pen-seal sign 1-4
	[[ $message == *"[R4.2.3]"* ]]
	[ "$(ask "SELECT count(*) FROM journal WHERE act = 'refused' AND subject LIKE 'batch %'")" = 1 ]
}

@test "who brought a batch in does not sign it as lead, whatever roles they hold" {
	make_year
	acknowledge "$employer1" "$employer2" "$employer3"
	pen-seal sign 3 -q
	pen-admin staff add op1 --name 张三 --role lead --as head1 -q
	refuses 3 pen-seal sign 3
	[[ $message == *"nobody approves what they entered"* ]]
	# Nor who signed it first without having brought it in.
	pen-admin staff add both --name 钱 --role operator --as head1 -q
	pen-admin staff add both --name 钱 --role lead --as head1 -q
	pen-seal sign 4 --as both -q
	refuses 3 pen-seal sign 4 --as both
	pen-seal sign 4 --as lead1 -q
}

@test "staff of another agency neither sign nor close" {
	make_year
	pen-admin staff add county --name 县 --role operator --agency 330106 --as head1 -q
	refuses 3 pen-seal sign 3 --as county
	refuses 3 pen-seal close 3 --as county
	refuses 3 pen-seal sign 3 --as auditor1
}

@test "nothing is signed when a batch was changed after its first signature" {
	make_year
	acknowledge "$employer1" "$employer2" "$employer3"
	pen-seal sign 4 -q
	sqlite3 "$PEN_STORE/pen.db" "DROP TRIGGER contribution_stays_u; UPDATE contribution SET personal_fen = personal_fen + 1 WHERE line = 3"
	refuses 5 pen-seal sign 4 --as lead1
	[ "$(ask "SELECT count(*) FROM seal_signature")" = 1 ]
}

@test "nothing is sealed when a signature does not hold" {
	make_year
	pen-seal sign 3 -q
	pen-seal sign 3 --as lead1 -q
	sqlite3 "$PEN_STORE/pen.db" "UPDATE seal_signature SET signature = zeroblob(70) WHERE role = 'lead'"
	refuses 5 pen-seal close 3
	[ "$(ask "SELECT state FROM seal")" = open ]
}

@test "a folio over its levy by now voids its seal, and the others are signed again without it" {
	make_year
	acknowledge "$employer1" "$employer2" "$employer3"
	pen-seal sign 4 -q
	pen-seal sign 4 --as lead1 -q
	# A refund that comes after the signatures.
	printf '凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类,退费标识\nR1,%s,2023,2024-01-20,-20000.00,税收通用完税证,是\n' "$employer2" >refund.csv
	pen-import --confirm --expect-rows 1 levy refund.csv -q
	run -1 pen-seal close 4 -f json
	[ "$(jq -r '.rows[0].outcome' <<<"$output")" = void ]
	run -1 pen-seal sign 4 -f json
	[ "$(jq -r '.rows[] | select(.outcome == "left") | .employer' <<<"$output")" = "$employer2" ]
	run -1 pen-seal sign 4 --as lead1 -q
	run -1 pen-seal close 4 -q
	[ "$(ask "SELECT group_concat(state) FROM (SELECT state FROM folio WHERE batch = 4 ORDER BY id)")" = sealed,confirmed,sealed ]
}

@test "an objection after the first signature voids the seal" {
	make_year
	acknowledge "$employer1" "$employer2" "$employer3"
	pen-seal sign 4 -q
	pen-seal acknowledge 4 --employer "$employer1" --answer objected --document paper.txt -f json >out.json
	[ "$(jq '.rows[0].voided_seal' out.json)" = 1 ]
	[ "$(ask "SELECT state FROM seal")" = void ]
	run -1 pen-seal sign 4 -f json
	[[ $(jq -r '.rows[] | select(.outcome == "left") | .reason' <<<"$output") == *"the employer objected"* ]]
	[ "$(jq '.summary.done' <<<"$output")" = 1 ]
	# What was voided is nothing that goes out.
	pen-seal export 4 --to out -q
	[ "$(ls out/seal-*.txt)" = out/seal-2.txt ]
}

@test "a file of answers goes in as far as its folios can be answered, and the rest is told" {
	make_year
	sed '4,$d' levy.csv | sed '1!s/50000.00/100.00/; s/V/L/; s/,2023,/,2022,/' >levy2.csv
	sed '4,$d; 1!s/^2023/2022/' breakdown.csv >breakdown2.csv
	pen-import -q --confirm --expect-rows 2 levy levy2.csv
	run -1 pen-import -q --confirm --expect-rows 0 breakdown breakdown2.csv
	answers "$employer1" "$employer2" >answers.csv
	run -1 pen-seal acknowledge 4,6 --from answers.csv --document paper.txt -f json
	[ "$(jq -r '.rows[] | select(.outcome == "left") | .reason' <<<"$output")" = "its folio $(ask "SELECT id FROM folio WHERE state = 'held'") is held, not confirmed yet" ]
	[ "$(jq -r '.rows[] | select(.outcome == "left") | .line' <<<"$output")" = 2 ]
	[ "$(jq .summary.left <<<"$output")" = 1 ]
	[ "$(jq .summary.agreed <<<"$output")" = 2 ]
	[ "$(ask "SELECT count(*) FROM acknowledgement")" = 2 ]
	refuses 4 pen-seal acknowledge 6 --employer "$employer1" --answer agreed --document paper.txt
	[[ $message == *"is held, not confirmed yet"* ]]
}

@test "a credit code on the command line that cannot be one is said to be malformed" {
	make_year
	refuses 2 pen-seal acknowledge 4 --employer 9133 --answer agreed --document paper.txt
	[[ $message == *"4 characters"* ]]
	refuses 2 pen-seal acknowledge 4 --employer "${employer1:0:17}$([ "${employer1:17}" = 1 ] && echo 2 || echo 1)" --answer agreed --document paper.txt
	[[ $message == *"last character should be ${employer1:17}"* ]]
	refuses 2 pen-seal acknowledge 4 --employer 91330106MAOOOOOO1X --answer agreed --document paper.txt
	[[ $message == *"without I, O, S, V and Z"* ]]
	refuses 4 pen-seal acknowledge 4 --employer "$(credit_code 91330106MA0000009)" --answer agreed --document paper.txt
}

@test "answers that are malformed, or of nobody who is asked, refuse the file, and the line is named" {
	make_year
	answers "$employer1" "$(credit_code 91330106MA0000009)" >answers.csv
	refuses 4 pen-seal acknowledge 4 --from answers.csv --document paper.txt
	[[ $message == *answers.csv:3:* ]]
	[ "$(ask "SELECT count(*) FROM acknowledgement")" = 0 ]
	answers "$employer1" "$employer1" >answers.csv
	refuses 4 pen-seal acknowledge 4 --from answers.csv --document paper.txt
	[[ $message == *"answered on line 2 already"* ]]
}

@test "answers need the paper, and a form that asks for them" {
	make_year
	answers "$employer1" >answers.csv
	refuses 2 pen-seal acknowledge 4 --from answers.csv
	refuses 4 pen-seal acknowledge 4 --from answers.csv --document nowhere.pdf
	: >empty.pdf
	refuses 4 pen-seal acknowledge 4 --from answers.csv --document empty.pdf
	refuses 2 pen-seal acknowledge 4 --employer "$employer1" --answer perhaps --document paper.txt
	refuses 2 pen-seal acknowledge 3 --from answers.csv --document paper.txt
	refuses 3 pen-seal acknowledge 4 --from answers.csv --document paper.txt --as lead1
}

@test "the same answers again change nothing" {
	make_year
	acknowledge "$employer1"
	before=$(ask "SELECT count(*) FROM journal")
	pen-seal acknowledge 4 --from answers.csv --document paper.txt -f json >out.json
	[ "$(jq .summary.unchanged out.json)" = 1 ]
	[ "$(ask "SELECT count(*) FROM journal")" = "$before" ]
}

@test "a sealed folio takes no other answer" {
	make_year
	acknowledge "$employer1" "$employer2" "$employer3"
	pen-seal sign 4 -q
	pen-seal sign 4 --as lead1 -q
	pen-seal close 4 -q
	refuses 4 pen-seal acknowledge 4 --employer "$employer1" --answer objected --document paper.txt
	[[ $message == *pen-amend* ]]
}

@test "a dry run says what would be and changes nothing" {
	make_year
	before=$(ask .dump | sha256sum)
	answers "$employer1" >answers.csv
	pen-seal acknowledge 4 --from answers.csv --document paper.txt --dry-run -q
	run -1 pen-seal sign 1-4 --dry-run -f json
	[ "$(jq .summary.done <<<"$output")" = 3 ]
	[ "$(ask .dump | sha256sum)" = "$before" ]
}

@test "signing and closing again does nothing more" {
	make_year
	pen-seal sign 1-3 -q
	pen-seal sign 1-3 --as lead1 -q
	pen-seal close 1-3 -q
	pen-seal sign 1-3 -f json >out.json
	[ "$(jq .summary.done out.json)" = 0 ]
	pen-seal close 1-3 -q
	[ "$(ask "SELECT count(*) FROM seal")" = 3 ]
}

@test "a checkpoint covers its own entry, and needs the log key" {
	make_year
	pen-seal checkpoint >cp.txt
	[ "$(sed -n 1p cp.txt)" = pen/330100 ]
	[ "$(sed -n 2p cp.txt)" = "$(ask "SELECT count(*) FROM journal")" ]
	[ "$(ask "SELECT act FROM journal ORDER BY at DESC LIMIT 1")" = seal.checkpoint ]
	pen-verify journal --since cp.txt -q
	refuses 3 pen-seal checkpoint --log-key "$XDG_CONFIG_HOME/pen/op1.pem"
}

@test "an export is checked by openssl alone, under both suites" {
	make_year
	pen-seal sign 3 -q
	pen-seal sign 3 --as lead1 -q
	pen-seal export 3 --to out -q
	openssl dgst -sm3 -sigopt distid:1234567812345678 -verify out/op1.pub -signature out/seal-1.operator.op1.sig out/seal-1.txt
	openssl dgst -sm3 -sigopt distid:1234567812345678 -verify out/lead1.pub -signature out/seal-1.lead.lead1.sig out/seal-1.txt
	rm -rf store "$XDG_CONFIG_HOME"
	make_year ed25519-sha256
	pen-seal sign 3 -q
	pen-seal export 3 --to ed -q
	openssl pkeyutl -verify -pubin -inkey ed/op1.pub -rawin -in ed/seal-1.txt -sigfile ed/seal-1.operator.op1.sig
	# Whoever has a new key since signs by that, and the old one stays beside it.
	openssl genpkey -algorithm ed25519 -out new.pem
	openssl pkey -in new.pem -pubout -out new.pub
	pen-admin --as head1 staff add op1 --role operator --public-key new.pub -q
	pen-seal sign 2 --key new.pem -q
	pen-seal export 2,3 --to both --as lead1 -q
	[ "$(find both -name 'op1*.pub' | wc -l)" = 2 ]
	openssl pkeyutl -verify -pubin -inkey both/op1.*.pub -rawin -in both/seal-1.txt -sigfile both/seal-1.operator.op1.sig
}

@test "the root of an exported folio is made again from its leaves with openssl and a shell" {
	make_year ed25519-sha256
	pen-seal sign 3 -q
	pen-seal export 3 --to out -q
	folio=$(ask "SELECT id FROM folio WHERE batch = 3")
	leaf() { { printf '\0'; printf %s "$1"; } | openssl dgst -sha256 -binary | od -An -tx1 | tr -d ' \n'; }
	node() { { printf '\1'; printf %b "$(fold -w 2 <<<"$1$2" | sed 's/^/\\x/' | tr -d '\n')"; } | openssl dgst -sha256 -binary | od -An -tx1 | tr -d ' \n'; }
	mapfile -t leaves <"out/folio-$folio.leaves"
	[ "${#leaves[@]}" = 3 ]
	# RFC 9162, three leaves: ((1 2) 3).
	root=$(node "$(node "$(leaf "${leaves[0]}")" "$(leaf "${leaves[1]}")")" "$(leaf "${leaves[2]}")")
	[ "folio-$folio $root" = "$(cat out/roots)" ]
	grep -q "^root: $root\$" out/seal-1.txt
}

@test "list and show say who signed what" {
	make_year
	acknowledge "$employer1"
	run -1 pen-seal sign 1-4 -q
	pen-seal list -f csv >list.csv
	[ "$(wc -l <list.csv)" = 5 ]
	pen-seal show 4 -f json >show.json
	[ "$(jq -r '.rows[0].signatures' show.json)" = "operator op1" ]
	[ "$(jq -r '.rows[1].seal' show.json)" = null ]
	refuses 2 pen-seal show 9
	refuses 2 pen-seal sign
}
