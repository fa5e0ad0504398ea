#!/usr/bin/env bats
# shellcheck disable=SC2154
# Forgeries that hang together: a row and its root, the seal over it, its signatures, the
# journal, step by step further (tests/tamper/forge, written from pen-seal(5)). Each step
# is found by what has not been forged yet, down to the last one, against which only what
# is kept outside helps.

load helper

forge() { "$top/tests/tamper/forge" "$1" store/pen.db "${@:2}"; }

# An employer with two people and a year's breakdown, sealed.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config
	make_store
	local code id n
	code=$(credit_code 91330106MA0000001)
	echo 统一社会信用代码,单位名称,行政区划,参保日期 >employer.csv
	echo "$code,第一机械厂,330106,2010-01-01" >>employer.csv
	echo 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数 >registration.csv
	echo 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 >levy.csv
	echo "V1,$code,2023,2023-12-20,50000.00,税收通用缴款书" >>levy.csv
	echo 年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费 >breakdown.csv
	for n in 1 3; do
		id=$(citizen_id 330106 19800101 "01$n")
		echo "$id,王$n,男,1980-01-01,$code,2010-01-01,2000-01-01,男职工,8000.00" >>registration.csv
		echo "2023,$code,$id,王$n,8000.00,12,15360.00,7680.00" >>breakdown.csv
	done
	pen-import -q --confirm --expect-rows 1 employer employer.csv
	pen-import -q --confirm --expect-rows 2 registration registration.csv
	pen-import -q --confirm --expect-rows 1 levy levy.csv
	pen-import -q --confirm --expect-rows 2 breakdown breakdown.csv
	echo 盖章 >paper.txt
	pen-seal acknowledge 4 --employer "$code" --answer agreed --document paper.txt -q
	pen-seal sign 1-4 -q
	pen-seal sign 1-4 --as lead1 -q
	pen-seal close 1-4 -q
	pen-seal export 4 --to exported -q
	pen-seal checkpoint >kept.txt
}

setup() {
	cp -Rp "$BATS_FILE_TMPDIR"/{store,exported,kept.txt} .
	cp -Rp "$BATS_FILE_TMPDIR/config" "$XDG_CONFIG_HOME"
	export PEN_STORE=$PWD/store PEN_STAFF=op1
	keys=$XDG_CONFIG_HOME/pen
}

ask() { sqlite3 -readonly store/pen.db "$1"; }

# The rules of class seal that a verification names: OPTIONS…; it enters nothing.
found() {
	rm -rf looked
	cp -Rp store looked
	pen-verify -s looked "$@" -f ndjson 2>stderr.txt |
		jq -r 'select(.type == "finding" and .class == "seal") | .rule' | sort -u | paste -sd' '
}

finds() { # RULES OPTIONS…
	local got
	got=$(found "${@:2}")
	test "$got" = "$1" || { printf 'found: %s\nexpected: %s\n' "$got" "$1"; return 1; }
}

# A base one fen higher, in the row and in its leaf.
change_row() {
	folio=$(ask "SELECT id FROM folio WHERE batch = 4")
	seal=$(ask "SELECT seal FROM seal_folio WHERE folio = $folio")
	forge sql "UPDATE contribution SET base_fen = base_fen + 1 WHERE folio = $folio AND line = (SELECT min(line) FROM contribution WHERE folio = $folio)"
	sed '1s/"base_fen":800000/"base_fen":800001/' "exported/folio-$folio.leaves" >leaves
	run ! cmp -s leaves "exported/folio-$folio.leaves"
}

# Seal and signatures after it; $digest and $paragraphs are what they came to.
change_seal() {
	was=$(ask "SELECT digest FROM seal WHERE id = $seal")
	was_paragraphs=$(ask "SELECT text FROM journal WHERE act = 'seal.sign' AND subject = 'seal $seal' LIMIT 1" | sed -n 's/.*"paragraphs":"\([0-9a-f]*\)".*/\1/p')
	forge folio "$folio" leaves
	read -r digest paragraphs <<<"$(forge seal "$seal")"
}

@test "the store is whole, and the forger forges nothing where nothing is changed" {
	finds ''
	change_row
	cp "$BATS_FILE_TMPDIR/store/pen.db" store/pen.db
	cp "exported/folio-$folio.leaves" leaves
	change_seal
	[ "$digest $paragraphs" = "$was $was_paragraphs" ]
	forge nodes
	forge sign "$seal" op1 "$keys/op1.pem"
	finds ''
	finds '' --since kept.txt
}

@test "a row, and the roots over it" {
	change_row
	[[ " $(found) " == *' seal.root '* ]]
	forge folio "$folio" leaves
	[[ " $(found) " == *' seal.text '* ]]
}

@test "a row, its roots, and the text of its seal" {
	change_row
	change_seal
	[[ " $(found) " == *' seal.signature '* ]]
	jq -se 'any(.rule == "seal.signature" and (.record | startswith("seal 4")))' <(pen-verify -s looked -f ndjson) >/dev/null
}

@test "a row, its roots, its seal, and the signatures of both who signed it" {
	change_row
	change_seal
	forge sign "$seal" op1 "$keys/op1.pem"
	[[ " $(found) " == *' seal.signature '* ]]
	forge sign "$seal" lead1 "$keys/lead1.pem"
	# What they signed in the journal is another text.
	[[ " $(found) " == *' seal.chain '* ]]
	pen-verify -s looked -f ndjson 2>stderr.txt | jq -se --arg seal "seal $seal, signed by journal entry" 'any(.rule == "seal.chain" and (.record | startswith($seal)))'
}

@test "all of that, and the journal: what was kept outside tells, and the source file" {
	change_row
	change_seal
	forge sign "$seal" op1 "$keys/op1.pem"
	forge sign "$seal" lead1 "$keys/lead1.pem"
	for at in $(ask "SELECT at FROM journal WHERE subject = 'seal $seal' AND act IN ('seal.sign', 'seal.close')"); do
		forge entry "$at" "$was" "$digest"
		if ask "SELECT text FROM journal WHERE at = $at" | grep -q paragraphs; then forge entry "$at" "$was_paragraphs" "$paragraphs"; fi
	done
	[[ " $(found) " == *' journal.signature '*journal.tree* ]]
	forge resign op1 "$keys/op1.pem"
	forge resign lead1 "$keys/lead1.pem"
	finds journal.tree
	forge nodes
	finds ''
	finds journal.checkpoint --since kept.txt
	# The file as it came still says what it said.
	run -5 pen-verify replay -f ndjson -s looked
	jq -se 'any(.class == "seal" and .batch == 4)' <<<"${output%$'\n'*}"
}

@test "somebody's key, and all that they ever signed, by the forger's own key" {
	openssl genpkey -algorithm SM2 -out mine.pem 2>/dev/null
	openssl pkey -in mine.pem -pubout -out mine.pub
	forge sql "UPDATE staff_key SET public_key = '$(cat mine.pub)
' WHERE staff = 'lead1'"
	[[ " $(found) " == *' journal.acts '*seal.signature* ]]
	for s in 1 2 3 4; do forge sign "$s" lead1 mine.pem; done
	forge resign lead1 mine.pem
	forge nodes
	finds journal.acts
	pen-verify -s looked -f ndjson 2>stderr.txt | jq -se 'any(.rule == "journal.acts" and .field == "key" and (.record | startswith("staff lead1")))'
	# The entry that names the key is the head's.
	key=$(openssl dgst -sm3 -r mine.pub | cut -d' ' -f1)
	at=$(ask "SELECT at FROM staff_key WHERE staff = 'lead1'")
	forge entry "$at" "$(ask "SELECT text FROM journal WHERE at = $at" | sed -n 's/.*"key":"\([0-9a-f]*\)".*/\1/p')" "$key"
	forge nodes
	finds journal.signature
	pen-verify -s looked -f ndjson 2>stderr.txt | jq -se --arg at "journal entry $at" 'any(.rule == "journal.signature" and (.record | startswith($at)))'
	# Who owns the name cannot work with their own key any more.
	refuses 3 pen-seal list --as lead1
}

# This needs nobody's key. What was kept outside tells, and the head's own key.
@test "the head's key, and every entry of the head, by the forger's own key" {
	openssl genpkey -algorithm SM2 -out mine.pem 2>/dev/null
	openssl pkey -in mine.pem -pubout -out mine.pub
	key=$(openssl dgst -sm3 -r mine.pub | cut -d' ' -f1)
	was=$(ask "SELECT text FROM journal WHERE at = 0" | sed -n 's/.*"key":"\([0-9a-f]*\)".*/\1/p')
	forge sql "UPDATE staff_key SET public_key = '$(cat mine.pub)
' WHERE staff = 'head1'"
	[[ " $(found) " == *' journal.acts '* ]]
	forge entry 0 "$was" "$key"
	forge resign head1 mine.pem
	finds journal.tree
	forge nodes
	finds ''
	finds journal.checkpoint --since kept.txt
	refuses 3 pen-admin staff list --as head1
	[[ $message == *'(key.other)' ]]
}

@test "the log's key, with the entry that names it" {
	openssl genpkey -algorithm SM2 -out mine.pem 2>/dev/null
	openssl pkey -in mine.pem -pubout -out mine.pub
	was=$(ask "SELECT text FROM journal WHERE at = 0" | sed -n 's/.*"log_key":"\([0-9a-f]*\)".*/\1/p')
	forge sql "UPDATE store SET log_key = '$(cat mine.pub)
'"
	finds journal.acts
	forge entry 0 "$was" "$(openssl dgst -sm3 -r mine.pub | cut -d' ' -f1)"
	forge nodes
	finds journal.signature
	# Not even by the head: a checkpoint kept outside is signed with the key that was.
	forge resign head1 "$keys/head1.pem"
	forge nodes
	finds ''
	finds journal.checkpoint --since kept.txt
}

@test "an entry taken out of the middle, those behind it moved up, and the tree made again" {
	at=$(ask "SELECT max(at) FROM journal WHERE act = 'import.confirm'")
	forge sql "DELETE FROM journal WHERE at = $at"
	[[ " $(found) " == *' journal.gap '* ]]
	forge sql "UPDATE journal SET at = -at WHERE at > $at; UPDATE journal SET at = -at - 1 WHERE at < 0"
	[[ " $(found) " == *' journal.text '* ]]
	for n in $(ask "SELECT at FROM journal WHERE at >= $at"); do forge entry "$n" "
at: $((n + 1))
" "
at: $n
"; done
	forge nodes
	[[ " $(found) " == *' journal.signature '* ]]
}

@test "an entry and what it binds" {
	at=$(ask "SELECT at FROM journal WHERE act = 'seal.acknowledge'")
	# The answer's paper, its bytes, its digest wherever it stands, and the entry's body.
	printf '盖过章\n' >other.txt
	old=$(ask "SELECT document FROM acknowledgement LIMIT 1") new=$(openssl dgst -sm3 -r other.txt | cut -d' ' -f1)
	gzip -n <other.txt >other.gz
	forge sql "UPDATE blob SET digest = '$new', bytes = $(wc -c <other.txt) WHERE digest = '$old';
		UPDATE blob_chunk SET digest = '$new', content = x'$(od -An -v -tx1 other.gz | tr -d ' \n')' WHERE digest = '$old';
		UPDATE acknowledgement SET document = '$new'"
	[[ " $(found) " == *' journal.acts '*seal.text* ]]
	forge entry "$at" "$old" "$new"
	forge nodes
	[[ " $(found) " == *' journal.signature '*seal.text* ]]
}

@test "a source file, with its digest wherever it stands" {
	sed '2s/8000.00/8000.01/' "$BATS_FILE_TMPDIR/breakdown.csv" >other.csv
	old=$(ask "SELECT file_digest FROM batch WHERE id = 4") new=$(openssl dgst -sm3 -r other.csv | cut -d' ' -f1)
	gzip -n <other.csv >other.gz
	forge sql "UPDATE blob SET digest = '$new', bytes = $(wc -c <other.csv) WHERE digest = '$old';
		UPDATE blob_chunk SET digest = '$new', content = x'$(od -An -v -tx1 other.gz | tr -d ' \n')' WHERE digest = '$old';
		UPDATE batch SET file_digest = '$new' WHERE id = 4"
	[[ " $(found) " == *' journal.acts '*seal.text* ]]
	for n in $(ask "SELECT at FROM journal WHERE subject = 'batch 4' AND text LIKE '%$old%'"); do forge entry "$n" "$old" "$new"; done
	forge resign op1 "$keys/op1.pem"
	forge nodes
	[[ " $(found) " == *' seal.text '* ]]
}

@test "the numbers of two people exchanged wherever they stand but in what was signed" {
	forge sql "UPDATE person_alias SET person = 3 - person; UPDATE employment SET person = -person;
		UPDATE employment SET person = 3 + person; UPDATE person_alias SET person = person"
	[[ " $(found) " == *' person.told '* ]]
}

@test "a computer that is registered, and the entry of another act that says so" {
	at=$(ask "SELECT max(at) FROM journal WHERE act = 'verify.read' OR act = 'seal.close'")
	id=$(printf 'pen-terminal/other' | openssl dgst -sm3 -r | cut -d' ' -f1)
	forge sql "INSERT INTO terminal VALUES ('$id', $at, 'x', 1, NULL)"
	finds journal.cites
	forge sql "UPDATE journal SET act = 'terminal.add', subject = 'terminal $id', staff = 'head1' WHERE at = $at"
	[[ " $(found) " == *' journal.text '* ]]
	text=$(ask "SELECT text FROM journal WHERE at = $at")
	forge sql "UPDATE journal SET text = '$(sed "s/^staff: .*/staff: head1/; s/^act: .*/act: terminal.add/; s/^subject: .*/subject: terminal $id/; s/^body: .*/body: {\"name\":\"x\"}/" <<<"$text")
' WHERE at = $at"
	forge nodes
	[[ " $(found) " == *' journal.signature '* ]]
}
