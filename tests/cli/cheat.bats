#!/usr/bin/env bats
# shellcheck disable=SC2154
# Attempts to cheat: each is refused with its clause and entered in the journal; and
# what goes round the tools, with the sqlite3 shell and openssl, verification names.

load helper

# An employer with two people in each of two years; all is acknowledged.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config
	make_store
	local code id n year
	code=$(credit_code 91330106MA0000001)
	echo 统一社会信用代码,单位名称,行政区划,参保日期 >employer.csv
	echo "$code,第一机械厂,330106,2010-01-01" >>employer.csv
	echo 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数 >registration.csv
	echo 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 >levy.csv
	for year in 2022 2023; do
		echo "V$year,$code,$year,$year-12-20,50000.00,税收通用缴款书" >>levy.csv
		echo 年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费 >breakdown-$year.csv
	done
	for n in 1 3; do
		id=$(citizen_id 330106 19800101 "01$n")
		echo "$id,王$n,男,1980-01-01,$code,2010-01-01,2000-01-01,男职工,8000.00" >>registration.csv
		for year in 2022 2023; do
			echo "$year,$code,$id,王$n,8000.00,12,15360.00,7680.00" >>breakdown-$year.csv
		done
	done
	pen-import -q --confirm --expect-rows 1 employer employer.csv
	pen-import -q --confirm --expect-rows 2 registration registration.csv
	pen-import -q --confirm --expect-rows 2 levy levy.csv
	pen-import -q --confirm --expect-rows 2 breakdown breakdown-2022.csv
	pen-import -q --confirm --expect-rows 2 breakdown breakdown-2023.csv
	echo 盖章 >paper.txt
	pen-seal acknowledge 4-5 --employer "$code" --answer agreed --document paper.txt -q
}

setup() {
	cp -Rp "$BATS_FILE_TMPDIR/store" store
	cp -Rp "$BATS_FILE_TMPDIR/config" "$XDG_CONFIG_HOME"
	export PEN_STORE=$PWD/store PEN_STAFF=op1
}

ask() { sqlite3 -readonly "$PEN_STORE/pen.db" "$1"; }
newest() { ask "SELECT $1 FROM journal ORDER BY at DESC LIMIT 1"; }

# refuses 3, and the newest entry is the attempt, with clause and code: CLAUSE CODE
# SIGNED COMMAND…
attempt() {
	local clause=$1 code=$2 signed=$3
	shift 3
	refuses 3 "$@"
	[[ $message == *"[$clause] ($code)" ]] || { echo "$message"; return 1; }
	test "$(newest "act || ' ' || (signature IS NOT NULL)")" = "refused $signed" || { newest "act || text"; return 1; }
	test "$(newest text | sed -n 's/^body: //p' | jq -r '.clause + .code')" = "$clause$code" || { newest text; return 1; }
}

# The rules that verification names, the schema aside: triggers were dropped.
named() { pen-verify -f ndjson 2>stderr.txt | jq -r 'select(.type == "finding" and .rule != "store.schema") | .rule' | sort -u | paste -sd' '; }

whole() { pen-verify -q; }

sign() { openssl dgst -sm3 -sigopt distid:1234567812345678 -sign "$XDG_CONFIG_HOME/pen/$1.pem" "$2"; }

# Puts an entry into the journal as the tools would write it, signed by openssl:
# STAFF ACT SUBJECT BODY CHANGES. Its index goes to $forged.
forge() {
	local time terminal
	forged=$(ask "SELECT count(*) FROM journal")
	time=$(newest time)
	terminal=$(newest text | sed -n 's/^terminal: //p')
	printf 'pen-entry/v1\nat: %s\ntime: %s\nagency: 330100\nterminal: %s\nstaff: %s\nact: %s\nsubject: %s\nbody: %s\n' \
		"$forged" "$time" "$terminal" "$1" "$2" "$3" "$4" >entry.txt
	sign "$1" entry.txt >entry.sig
	sqlite3 "$PEN_STORE/pen.db" "INSERT INTO journal (at, time, staff, act, subject, changes, text, signature)
		VALUES ($forged, '$time', '$1', '$2', '$3', $5, CAST(readfile('entry.txt') AS TEXT), readfile('entry.sig'))"
}

# ---- with the tools ----

@test "signing twice under two roles" {
	pen-admin staff add both --name 钱 --role operator --as head1 -q
	pen-admin staff add both --name 钱 --role lead --as head1 -q
	pen-seal sign 4 --as both -q
	attempt R4.2.3 sign.role 1 pen-seal sign 4 --as both
	[[ $message == *'nobody approves what they entered'* ]]
	[ "$(ask "SELECT count(*) FROM seal_signature")" = 1 ]
	whole
}

@test "signing one's own batch as its lead" {
	pen-admin staff add op2 --name 钱 --role operator --as head1 -q
	pen-admin staff add op1 --role lead --as head1 -q
	pen-seal sign 4 --as op2 -q
	attempt R4.2.3 sign.role 1 pen-seal sign 4
	whole
}

@test "signing the same role a second time, as somebody else who holds it" {
	pen-admin staff add op2 --name 钱 --role operator --as head1 -q
	pen-seal sign 4 -q
	attempt R4.2.3 sign.role 1 pen-seal sign 4 --as op2
	[ "$(ask "SELECT group_concat(staff) FROM seal_signature")" = op1 ]
	whole
}

@test "signing, confirming, answering and closing for another agency" {
	pen-admin staff add county1 --name 县 --role operator --agency 330106 --as head1 -q
	pen-admin staff add county2 --name 长 --role lead --agency 330106 --as head1 -q
	attempt R4.2.3 role.missing 1 pen-seal sign 4 --as county1
	pen-seal sign 4 -q
	attempt R4.2.3 role.missing 1 pen-seal sign 4 --as county2
	attempt R4.2.3 role.missing 1 pen-seal close 4 --as county2
	attempt R4.2.3 role.missing 1 pen-seal acknowledge 5 --employer "$(credit_code 91330106MA0000001)" --answer objected --document "$BATS_FILE_TMPDIR/paper.txt" --as county1
	pen-import -q levy "$BATS_FILE_TMPDIR/levy.csv" || true
	sed 's/V20/W20/' "$BATS_FILE_TMPDIR/levy.csv" >more.csv
	pen-import -q levy more.csv
	attempt R4.1.2 role.missing 1 pen-import confirm 6 --as county1
	attempt R4.1.2 role.missing 1 pen-import discard 6 --as county1
	whole
}

@test "a key that was replaced, another person's key, and none" {
	openssl genpkey -algorithm SM2 -out new.pem 2>/dev/null
	openssl pkey -in new.pem -pubout -out new.pub
	pen-admin staff add op1 --role operator --public-key new.pub --as head1 -q
	attempt R8.1 key.other 0 pen-seal sign 4
	attempt R8.1 key.other 0 pen-seal sign 4 --key "$XDG_CONFIG_HOME/pen/lead1.pem"
	attempt R8.1 key.missing 0 pen-seal sign 4 --key nowhere.pem
	attempt R3 staff.unknown 0 pen-seal sign 4 --as mallory
	export PEN_KEY=$PWD/new.pem
	pen-seal sign 4 -q
	whole
}

@test "a role that was taken away, and a person who has none left" {
	pen-seal sign 4 -q
	pen-admin staff add lead1 --role auditor --as head1 -q
	pen-admin staff revoke lead1 --role lead --as head1 -q
	attempt R4.2.3 role.missing 1 pen-seal sign 4 --as lead1
	pen-admin staff revoke lead1 --as head1 -q
	attempt R3 staff.revoked 0 pen-seal sign 4 --as lead1
	whole
}

@test "a signature made before its role was taken away stays valid, and closes the seal" {
	pen-seal sign 1-3 -q
	pen-seal sign 1-3 --as lead1 -q
	pen-admin staff add lead2 --name 吴 --role lead --as head1 -q
	pen-admin staff revoke lead1 --as head1 -q
	pen-seal close 1-3 --as lead2 -q
	[ "$(ask "SELECT group_concat(DISTINCT state) FROM seal")" = closed ]
	whole
}

@test "a role granted after the signature makes it no more valid" {
	pen-admin staff add aud2 --name 吴 --role auditor --as head1 -q
	pen-seal sign 4 -q
	pen-seal sign 4 --as lead1 -q
	# Slipped into the place of the lead's; and then the role is granted.
	at=$(ask "SELECT at FROM seal_signature WHERE role = 'lead'")
	ask "SELECT text FROM seal" >text; truncate -s -1 text
	sign aud2 text >text.sig
	sqlite3 store/pen.db "UPDATE seal_signature SET staff = 'aud2', signature = readfile('text.sig') WHERE role = 'lead'"
	pen-admin staff add aud2 --role lead --as head1 -q
	refuses 5 pen-seal close 4
	[[ $(named) == *seal.role* ]]
	[ "$at" = "$(ask "SELECT at FROM seal_signature WHERE role = 'lead'")" ]
}

@test "closing with a signature missing" {
	pen-seal sign 4 -q
	run -1 pen-seal close 4 -f json
	[[ $(jq -r '.rows[0].reason' <<<"$output") == *lead* ]]
	[ "$(ask "SELECT state FROM seal")" = open ]
	[ "$(ask "SELECT count(*) FROM folio WHERE state = 'sealed'")" = 0 ]
}

@test "a clock set back brings no role and no key back" {
	pen-seal sign 4 -q
	granted=$(($(date +%s) - 3600))
	pen-admin staff revoke lead1 --as head1 -q
	PEN_CLOCK=$granted attempt R3 staff.revoked 0 pen-seal sign 4 --as lead1
	openssl genpkey -algorithm SM2 -out new.pem 2>/dev/null
	openssl pkey -in new.pem -pubout -out new.pub
	pen-admin staff add op1 --role operator --public-key new.pub --as head1 -q
	PEN_CLOCK=$granted attempt R8.1 key.other 0 pen-seal sign 5
	# Those attempts were made an hour ago, as they say: noted, and nothing else.
	run -0 pen-verify --key new.pem -f ndjson
	[ "$(jq -r 'select(.type == "finding") | .rule + .severity' <<<"$output" | sort | uniq -c | tr -s ' ')" = ' 2 journal.clocknote' ]
}

@test "work goes on under a clock that was set back or ahead, and says so" {
	PEN_CLOCK=$(($(date +%s) + 86400)) pen-seal sign 3 -q
	run -0 pen-admin status -f json
	[ "$(jq '.clock_behind > 86000' <<<"$output")" = true ]
	pen-seal sign 3 --as lead1 -q
	pen-seal close 3 -q
	[ "$(ask "SELECT state FROM seal")" = closed ]
	run -0 pen-admin status -f json
	[ "$(jq .clock_behind <<<"$output")" = null ]
	run -0 pen-verify -f ndjson
	[ "$(jq -r 'select(.type == "finding") | .rule + " " + .severity' <<<"$output")" = 'journal.clock note' ]
}

@test "a sound journal has no note of its clock" {
	pen-seal sign 3 -q
	run -0 pen-verify --rule journal.clock -f ndjson
	[ -z "$(jq -r 'select(.type == "finding") | .rule' <<<"$output")" ]
}

@test "a computer that is no registered terminal" {
	refuses 3 on_host elsewhere pen-seal sign 4
	[[ $message == *'[R7.4] (terminal.unknown)' ]]
	[ "$(newest act)" = refused ]
	[ "$(ask "SELECT count(*) FROM seal")" = 0 ]
	whole
}

# ---- behind the tools' back ----

@test "a signature copied from another batch" {
	pen-seal sign 4-5 -q
	pen-seal sign 4 --as lead1 -q
	sqlite3 store/pen.db "INSERT INTO seal_signature (seal, role, staff, at, signature)
		SELECT 2, role, staff, at, signature FROM seal_signature WHERE seal = 1 AND role = 'lead'"
	refuses 5 pen-seal close 5
	[[ $message == *'[R4.2.3] (close.changed)' ]]
	[ "$(newest 'act || subject')" = "refusedbatch 5" ]
	[ "$(ask "SELECT state FROM seal WHERE id = 2")" = open ]
	[[ $(named) == *seal.signature* ]]
}

@test "a batch changed after its first signature" {
	pen-seal sign 4 -q
	sqlite3 store/pen.db "DROP TRIGGER contribution_stays_u; UPDATE contribution SET personal_fen = personal_fen + 1
		WHERE folio = (SELECT id FROM folio WHERE batch = 4) AND line = 2"
	refuses 5 pen-seal sign 4 --as lead1
	[[ $message == *'[R4.2.3]'* ]]
	[ "$(newest 'act || subject')" = "refusedbatch 4" ]
	[ "$(ask "SELECT count(*) FROM seal_signature")" = 1 ]
	[[ $(named) == *seal.root* ]]
}

@test "a batch changed between its last signature and its closing" {
	pen-seal sign 4 -q
	pen-seal sign 4 --as lead1 -q
	sqlite3 store/pen.db "DROP TRIGGER contribution_stays_u; UPDATE contribution SET personal_fen = personal_fen + 1
		WHERE folio = (SELECT id FROM folio WHERE batch = 4) AND line = 2"
	refuses 5 pen-seal close 4
	[ "$(newest 'act || subject')" = "refusedbatch 4" ]
	[ "$(ask "SELECT count(*) FROM folio WHERE state = 'sealed'")" = 0 ]
}

@test "a seal closed in the sqlite3 shell with a signature missing" {
	pen-seal sign 4 -q
	sqlite3 store/pen.db "UPDATE seal SET state = 'closed', ended_at = at; UPDATE folio SET state = 'sealed', sealed_at = confirmed_at WHERE batch = 4"
	[[ $(named) == *seal.state* ]]
	run -5 pen-verify -q
}

@test "a role that an operator grants to themselves, with their own signature" {
	forge op1 staff.add 'staff op1' '{"agency":"330100","name":"张三","role":"lead"}' 1
	sqlite3 store/pen.db "INSERT INTO staff_role VALUES ('op1', 'lead', $forged, 1)"
	[[ " $(named) " == *' journal.role '* ]]
	run -5 pen-verify journal --rule journal.role
	# The same by the head is none.
	cp "$BATS_FILE_TMPDIR/store/pen.db" store/pen.db
	forge head1 staff.add 'staff op1' '{"agency":"330100","name":"张三","role":"lead"}' 1
	sqlite3 store/pen.db "INSERT INTO staff_role VALUES ('op1', 'lead', $forged, 1)"
	pen-verify journal --rule journal.role -q
}

@test "a computer that an operator registers, with their own signature" {
	forge op1 terminal.add "terminal $(printf 'pen-terminal/other' | openssl dgst -sm3 -r | cut -d' ' -f1)" '{"name":"x"}' 0
	sqlite3 store/pen.db "INSERT INTO terminal VALUES ('$(printf 'pen-terminal/other' | openssl dgst -sm3 -r | cut -d' ' -f1)', $forged, 'x', 1, NULL)"
	[[ " $(named) " == *' journal.role '* ]]
}

@test "a batch confirmed by its lead's own hand, with a program of their own" {
	sed 's/V20/W20/' "$BATS_FILE_TMPDIR/levy.csv" >more.csv
	pen-import -q levy more.csv
	forge lead1 import.confirm 'batch 6' '{"amount_fen":10000000,"folios":1,"rows":2}' 1
	[[ " $(named) " == *' journal.role '* ]]
}

# ---- keys under a passphrase ----

# Runs a command on a terminal of its own, and types each further line when it is
# asked for one: PROMPTS COMMAND LINE…
typed() {
	local prompts=$1 command=$2 line n=0 waited
	shift 2
	rm -f keys seen
	mkfifo keys
	script -qefc "$command" seen <keys >/dev/null 2>&1 &
	exec 5>keys
	for line; do
		n=$((n + 1))
		waited=0
		until test "$(tr '\r' '\n' <seen 2>/dev/null | grep -Eo "$prompts" | wc -l)" -ge "$n"; do
			kill -0 $! 2>/dev/null && test "$waited" -lt 100 || break
			sleep 0.1
			waited=$((waited + 1))
		done
		printf '%s\n' "$line" >&5
	done
	ended=0
	wait $! || ended=$?
	exec 5>&-
	return "$ended"
}

@test "a passphrase is asked for at the terminal, is not shown there, and is chosen twice" {
	command -v script >/dev/null || skip "no script(1)"
	openssl pkey -in "$XDG_CONFIG_HOME/pen/op1.pem" -aes-256-cbc -passout pass:sesame -out op1.enc
	typed 'Passphrase of your key:' "pen-import list --key op1.enc" sesame
	run ! grep -q sesame seen
	run -3 typed 'Passphrase of your key:' "pen-import list --key op1.enc" wrong
	typed 'Passphrase for the key:|The same again:' \
		"pen-admin staff add op2 --name 吴 --role operator --encrypt --as head1" 'open it' 'open it'
	openssl pkey -in "$XDG_CONFIG_HOME/pen/op2.pem" -passin 'pass:open it' -noout
	run -2 typed 'Passphrase for the key:|The same again:' \
		"pen-admin staff add op3 --name 吴 --role operator --encrypt --as head1" 'open it' 'close it'
	[ ! -e "$XDG_CONFIG_HOME/pen/op3.pem" ]
}

@test "every step works with keys under a passphrase, and none without it" {
	echo 口令一 >one
	echo 口令二 >two
	rm -rf store "$XDG_CONFIG_HOME"
	PEN_PASSPHRASE_FILE=one pen-admin init --agency 330100 --name 某市社会劳动保险经办机构 --head head1:王敏 --encrypt --as head1 -q
	PEN_PASSPHRASE_FILE=one pen-admin staff add op1 --name 张三 --role operator --encrypt --as head1 -q
	PEN_PASSPHRASE_FILE=one pen-admin staff add lead1 --name 李四 --role lead --encrypt --as head1 -q
	for key in head1 log-330100 op1 lead1; do
		grep -q 'BEGIN ENCRYPTED PRIVATE KEY' "$XDG_CONFIG_HOME/pen/$key.pem"
	done
	files=$BATS_FILE_TMPDIR
	ended=0
	pen-import -q employer "$files/employer.csv" </dev/null 2>stderr.txt || ended=$?
	[ "$ended" -ge 2 ]
	ended=0
	PEN_PASSPHRASE_FILE=two pen-import -q employer "$files/employer.csv" 2>stderr.txt || ended=$?
	[ "$ended" -ge 2 ]
	export PEN_PASSPHRASE_FILE=$PWD/one
	pen-import -q --confirm --expect-rows 1 employer "$files/employer.csv"
	pen-import -q --confirm --expect-rows 2 registration "$files/registration.csv"
	pen-seal -q sign 1-2
	pen-seal -q sign 1-2 --as lead1
	pen-seal -q close 1-2
	pen-seal checkpoint >cp.txt
	pen-backup -q create --to backup
	pen-import -q --confirm --expect-rows 2 levy "$files/levy.csv"
	pen-import -q --confirm --expect-rows 2 breakdown "$files/breakdown-2023.csv"
	pen-report statement-detail --year 2023 -f csv >detail.csv
	pen-account -q settle --year 2023 || test $? = 1	# nothing of it is sealed
	PEN_PASSPHRASE_FILE=$PWD/one pen-admin param list -q
	pen-verify -q --since cp.txt
	# A key of one's own, moved under another passphrase by openssl.
	openssl pkey -in "$XDG_CONFIG_HOME/pen/op1.pem" -passin file:one -aes-256-cbc -passout file:two -out mine.pem
	PEN_PASSPHRASE_FILE=$PWD/two pen-import list --key mine.pem -q
}
