#!/usr/bin/env bats
# shellcheck disable=SC2154
# pen-admin: a store is made, people get roles, parameters come into force.

load helper

init() { pen-admin init --agency 330100 --name 某市社会劳动保险经办机构 --head head1:王敏 "$@"; }
newest() { sqlite3 -newline '' "$PEN_STORE/pen.db" "SELECT $1 FROM journal ORDER BY at DESC LIMIT 1"; }

setup() { export PEN_STORE=$PWD/store PEN_STAFF=head1; }

# ---- init ----

@test "init makes a store, the head's key pair and the log key, and says where" {
	init -f json >made.json
	[ "$(jq -r '[.id, .name, .role, .agency, .suite] | join(" ")' made.json)" = 'head1 王敏 head 330100 sm2-sm3' ]
	for key in key log_key; do
		file=$(jq -r .$key made.json)
		[ "$(stat -c %a "$file")" = 600 ]
		openssl pkey -in "$file" -noout -text | grep -q 'ASN1 OID: SM2'
	done
	for key in public_key log_public_key; do
		openssl pkey -pubin -in "$(jq -r .$key made.json)" -noout
	done
	[ "$(stat -c %a store)" = 700 ]
	[ "$(ls -A store)" = pen.db ]
	[ "$(ls -A)" = "$(printf 'config\nmade.json\nstore')" ]
}

@test "the first entry is admin.init, signed by the head: openssl says so" {
	init -q
	[ "$(sqlite3 store/pen.db 'SELECT act, staff, changes FROM journal WHERE at = 0')" = 'admin.init|head1|1' ]
	sqlite3 store/pen.db "SELECT writefile('entry', text), writefile('entry.sig', signature) FROM journal WHERE at = 0" >/dev/null
	openssl dgst -sm3 -sigopt distid:1234567812345678 -verify config/pen/head1.pub -signature entry.sig entry
	[ "$(head -n 1 entry)" = pen-entry/v1 ]
}

@test "under ed25519-sha256 the first entry verifies as Ed25519" {
	init -q --suite ed25519-sha256
	sqlite3 store/pen.db "SELECT writefile('entry', text), writefile('entry.sig', signature) FROM journal WHERE at = 0" >/dev/null
	openssl pkeyutl -verify -pubin -inkey config/pen/head1.pub -rawin -in entry -sigfile entry.sig
}

@test "the first entry binds the keys by their digest" {
	init -q --suite ed25519-sha256
	body=$(sqlite3 store/pen.db 'SELECT text FROM journal WHERE at = 0' | sed -n 's/^body: //p')
	[ "$(jq -r .key <<<"$body")" = "$(sha256sum <config/pen/head1.pub | cut -d' ' -f1)" ]
	[ "$(jq -r .log_key <<<"$body")" = "$(sha256sum <config/pen/log-330100.pub | cut -d' ' -f1)" ]
	[ "$(jq -r .secret <<<"$body")" = "$(sqlite3 store/pen.db "SELECT writefile('s', secret) FROM store" >/dev/null; sha256sum <s | cut -d' ' -f1)" ]
}

@test "every parameter table that came with the program is in force after init, and entered" {
	init -q
	[ "$(pen-admin param list -f csv | tail -n +2 | cut -d, -f1)" = "$(cd "$top/share/params" && basename -s .csv -- *.csv)" ]
	[ "$(sqlite3 store/pen.db "SELECT count(*) FROM journal WHERE act = 'parameters.load'")" = "$(find "$top/share/params" -name '*.csv' | wc -l)" ]
}

@test "init registers this machine" {
	init -q
	[ "$(sqlite3 store/pen.db 'SELECT count(*), min(allowed), length(min(machine)) FROM terminal')" = '1|1|64' ]
	if test -s /etc/machine-id; then
		[ "$(sqlite3 store/pen.db 'SELECT machine FROM terminal')" = "$(printf 'pen-terminal/%s' "$(cat /etc/machine-id)" | openssl dgst -sm3 -r | cut -d' ' -f1)" ]
	fi
}

@test "init in a directory that is empty makes the store there" {
	mkdir store
	init -q
	run -0 pen-admin status -q
}

@test "init refuses a directory that holds something, and touches nothing" {
	mkdir store
	echo mine >store/file
	refuses 2 init
	[[ $message == *'is not empty'*'(store.exists)' ]]
	[ "$(ls -A store)" = file ]
	[ ! -e config ]
}

@test "init refuses a file in the place of the store" {
	touch store
	refuses 2 init
	[ ! -e config ]
}

@test "init a second time refuses, and the store stays as it was" {
	init -q
	before=$(sha256sum store/pen.db config/pen/*)
	refuses 2 init
	[ "$before" = "$(sha256sum store/pen.db config/pen/*)" ]
}

@test "init never overwrites a key, and leaves no store then" {
	for key in head1.pem head1.pub log-330100.pem log-330100.pub; do
		mkdir -p config/pen
		echo precious >config/pen/$key
		refuses 2 init
		[[ $message == *"$key"*'(key.exists)' ]]
		[ "$(cat config/pen/$key)" = precious ]
		[ "$(ls -A config/pen)" = $key ]
		rm config/pen/$key
		[ "$(ls -A)" = "$(printf 'config\nstderr.txt\nstdout.txt')" ]
	done
}

# Goes through its first calls that change something, and is killed at the N-th.
killed_at() {
	local n=$1
	shift
	test -x inject || cc -D_GNU_SOURCE -std=c11 -O1 -o inject "$top/tests/fault/inject.c"
	./inject kill "$n" calls "$@" >stdout.txt 2>stderr.txt || true
}

@test "an init that is killed anywhere is done over by the same command, and leaves nothing" {
	# From the end: behind the keys, between them, between the store's files.
	killed_at 100000 pen-admin init --agency 330100 --name 某市 --head head1:王敏 -q
	read -r calls _ <calls
	rm -r store config
	for n in $calls $((calls - 1)) $((calls - 2)) $((calls - 3)) $((calls - 4)) $((calls - 8)) $((calls - 14)) $((calls / 2)) 3 2 1; do
		killed_at "$n" pen-admin init --agency 330100 --name 某市 --head head1:王敏 -q
		# At the very end there is nothing left to do but to tidy up.
		init -q || refuses 2 init
		pen-admin status --as head1 -q >/dev/null
		[ "$(ls -A config/pen)" = "$(printf '%s\n' head1.pem head1.pub log-330100.pem log-330100.pub)" ]
		[ "$(ls -A)" = "$(printf '%s\n' calls config inject stderr.txt stdout.txt store)" ]
		rm -r store config
	done
}

@test "a store whose making was stopped is not opened, and says what to do" {
	init -q
	touch store/unfinished
	refuses 4 pen-admin status --as head1
	[[ $message == *'pen-admin init again'*'(store.unfinished)' ]]
}

@test "init that cannot write its keys leaves nothing behind" {
	mkdir config
	touch config/pen
	refuses 7 init
	[ "$(ls -A)" = "$(printf 'config\nstderr.txt\nstdout.txt')" ]
}

@test "init with a parameter table that is damaged, or without any, leaves nothing behind" {
	cp -R "$top/share" share
	echo 'account.interest,000000,,2016-01,2016-12,lots,percent,x,yes,' >>share/params/interest.csv
	PEN_SHARE=$PWD/share refuses 4 init
	[[ $message == *interest*value* ]]
	rm -r share/params
	PEN_SHARE=$PWD/share refuses 7 init
	[[ $message == *share/params*PEN_SHARE* ]]
	[ ! -e store ]
	[ ! -e config ]
}

@test "init refuses an agency, a head, a suite, a name that cannot be" {
	refuses 2 init --agency 33010
	refuses 2 init --agency 000000
	refuses 2 init --agency 3301OO
	refuses 2 init --head 王敏
	refuses 2 init --head :王敏
	refuses 2 init --head head1:
	refuses 2 init --head ../head1:王敏
	refuses 2 init --suite rsa
	refuses 2 init --name ''
	refuses 2 init --name "$(printf 'two\nlines')"
	[ ! -e store ]
	[ ! -e config ]
}

@test "init takes a key pair that the head brings" {
	mkdir -p config/pen
	openssl genpkey -algorithm SM2 -out config/pen/head1.pem 2>/dev/null
	openssl pkey -in config/pen/head1.pem -pubout -out brought.pub
	init -q --public-key brought.pub
	[ "$(sqlite3 store/pen.db 'SELECT public_key FROM staff_key')" = "$(cat brought.pub)" ]
	run -0 pen-admin status -q
}

@test "init refuses a public key whose private half is not at hand" {
	openssl genpkey -algorithm SM2 -out pair.pem 2>/dev/null
	openssl pkey -in pair.pem -pubout -out brought.pub
	refuses 3 init --public-key brought.pub
	[[ $message == *'(key.missing)' ]]
	mkdir -p config/pen
	openssl genpkey -algorithm SM2 -out config/pen/head1.pem 2>/dev/null
	refuses 3 init --public-key brought.pub
	[[ $message == *'(key.other)' ]]
	[ ! -e store ]
}

@test "init --encrypt puts the keys under a passphrase" {
	echo 一二三四 >secret
	PEN_PASSPHRASE_FILE=secret init -q --encrypt
	for key in head1 log-330100; do
		grep -q 'BEGIN ENCRYPTED PRIVATE KEY' config/pen/$key.pem
		openssl pkey -in config/pen/$key.pem -passin file:secret -noout
	done
	PEN_PASSPHRASE_FILE=secret run -0 pen-admin status -q
}

# ---- staff ----

@test "staff add enters a person with a key pair, and says where it is" {
	make_store
	run -0 pen-admin --as head1 staff add op2 --name 吴九 --role operator -f json
	[ "$(jq -r '[.id, .name, .role, .agency, .key, .public_key] | join(" ")' <<<"$output")" = \
	    "op2 吴九 operator 330100 $XDG_CONFIG_HOME/pen/op2.pem $XDG_CONFIG_HOME/pen/op2.pub" ]
	[ "$(stat -c %a config/pen/op2.pem)" = 600 ]
	run -0 pen-admin status --as op2 -q
}

@test "staff add takes a public key, and makes none then" {
	make_store
	openssl genpkey -algorithm SM2 -out mine.pem 2>/dev/null
	openssl pkey -in mine.pem -pubout -out mine.pub
	run -0 pen-admin --as head1 staff add op2 --name 吴九 --role operator --public-key mine.pub -f json
	[ "$(jq -r .key <<<"$output")" = null ]
	[ ! -e config/pen/op2.pem ]
	run -0 pen-admin status --as op2 --key mine.pem -q
}

@test "a public key of the other suite, a private key and rubbish are refused" {
	make_store
	openssl genpkey -algorithm ED25519 -out other.pem
	openssl pkey -in other.pem -pubout -out other.pub
	refuses 4 pen-admin --as head1 staff add op2 --name x --role operator --public-key other.pub
	[[ $message == other.pub* || $message == *other.pub* ]]
	refuses 4 pen-admin --as head1 staff add op2 --name x --role operator --public-key config/pen/op1.pem
	echo rubbish >rubbish
	refuses 4 pen-admin --as head1 staff add op2 --name x --role operator --public-key rubbish
	refuses 4 pen-admin --as head1 staff add op2 --name x --role operator --public-key missing
	[ "$(sqlite3 store/pen.db "SELECT count(*) FROM staff WHERE id = 'op2'")" = 0 ]
}

@test "one key cannot be two people's" {
	make_store
	refuses 3 pen-admin --as head1 staff add op2 --name 吴九 --role lead --public-key config/pen/op1.pub
	[[ $message == *'that of op1'*'[R4.1.1] (key.shared)' ]]
}

# Every form in which openssl writes one SM2 key.
forms_of() {
	openssl ec -in "$1" -pubout -conv_form compressed -out compressed.pub 2>/dev/null
	openssl ec -in "$1" -pubout -conv_form hybrid -out hybrid.pub 2>/dev/null
	openssl ec -in "$1" -pubout -param_enc explicit -out explicit.pub 2>/dev/null
	openssl pkey -in "$1" -pubout -outform DER | base64 -w 0 |
		{ echo '-----BEGIN PUBLIC KEY-----'; fold -w 40; echo; echo '-----END PUBLIC KEY-----'; } >folded.pub
}

@test "one key in another form is the same key, and cannot be a second person's" {
	make_store
	forms_of config/pen/op1.pem
	for form in compressed hybrid explicit folded; do
		refuses 3 pen-admin --as head1 staff add op9 --name 吴九 --role lead --public-key $form.pub
		[[ $message == *'that of op1'*'[R4.1.1] (key.shared)' ]]
	done
	[ "$(sqlite3 store/pen.db "SELECT count(*) FROM staff WHERE id = 'op9'")" = 0 ]
}

@test "under ed25519-sha256 too, one key cannot be two people's, however its PEM is folded" {
	make_store ed25519-sha256
	openssl pkey -pubin -in config/pen/op1.pub -outform DER | base64 -w 0 |
		{ echo '-----BEGIN PUBLIC KEY-----'; fold -w 40; echo; echo '-----END PUBLIC KEY-----'; } >folded.pub
	run ! cmp -s folded.pub config/pen/op1.pub
	refuses 3 pen-admin --as head1 staff add op9 --name 吴九 --role lead --public-key folded.pub
	[[ $message == *'that of op1'*'(key.shared)' ]]
}

@test "a key that somebody had once is nobody else's afterwards, and the log's is nobody's" {
	make_store
	openssl genpkey -algorithm SM2 -out new.pem 2>/dev/null
	openssl pkey -in new.pem -pubout -out new.pub
	run -0 pen-admin --as head1 staff add op1 --role operator --public-key new.pub
	forms_of config/pen/op1.pem
	refuses 3 pen-admin --as head1 staff add op9 --name 吴九 --role lead --public-key compressed.pub
	[[ $message == *'that of op1'*'(key.shared)' ]]
	forms_of config/pen/log-330100.pem
	refuses 3 pen-admin --as head1 staff add op9 --name 吴九 --role lead --public-key compressed.pub
	[[ $message == *"that of the store's log"*'(key.shared)' ]]
}

@test "a key is stored in one form, whatever form it was given in" {
	make_store
	openssl genpkey -algorithm SM2 -out new.pem 2>/dev/null
	forms_of new.pem
	run -0 pen-admin --as head1 staff add op9 --name 吴九 --role operator --public-key compressed.pub
	[ "$(sqlite3 store/pen.db "SELECT public_key FROM staff_key WHERE staff = 'op9'")" = "$(openssl pkey -in new.pem -pubout)" ]
	before=$(newest at)
	run -0 pen-admin --as head1 staff add op9 --role operator --public-key hybrid.pub
	[ "$(newest at)" = "$before" ]
	openssl ec -in new.pem -conv_form compressed -out compressed.pem 2>/dev/null
	run -0 pen-admin status --as op9 --key compressed.pem -q
}

@test "a person gets a further role without a further key, and the same again changes nothing" {
	make_store
	run -0 pen-admin --as head1 staff add dba1 --role netadmin
	before=$(newest at)
	run -0 pen-admin --as head1 staff add dba1 --name 钱六 --role netadmin
	[ "$(newest at)" = "$before" ]
	[ "$(sqlite3 store/pen.db "SELECT count(*) FROM staff_key WHERE staff = 'dba1'")" = 1 ]
}

@test "a person's new key counts from then on, and the old one no more" {
	make_store
	openssl genpkey -algorithm SM2 -out new.pem 2>/dev/null
	openssl pkey -in new.pem -pubout -out new.pub
	run -0 pen-admin --as head1 staff add op1 --role operator --public-key new.pub
	refuses 3 pen-admin status
	[[ $message == *'(key.other)' ]]
	run -0 pen-admin status --key new.pem -q
}

@test "an id stays one person's" {
	make_store
	refuses 2 pen-admin --as head1 staff add op1 --name 李四 --role lead
	refuses 2 pen-admin --as head1 staff add op1 --role lead --agency 330106
}

@test "a new person needs a name, a role and an id that can be" {
	make_store
	refuses 2 pen-admin --as head1 staff add op2 --role operator
	refuses 2 pen-admin --as head1 staff add op2 --name 吴九
	refuses 2 pen-admin --as head1 staff add op2 --name 吴九 --role boss
	refuses 2 pen-admin --as head1 staff add ../op2 --name 吴九 --role operator
	refuses 2 pen-admin --as head1 staff add op2 --name "$(printf 'a\nb')" --role operator
	[ ! -e config/pen/op2.pem ]
}

@test "staff belong to the store's agency or to a county of it" {
	make_store
	run -0 pen-admin --as head1 staff add county1 --name 郑十 --role operator --agency 330106
	refuses 2 pen-admin --as head1 staff add op2 --name 吴九 --role operator --agency 330200
	refuses 2 pen-admin --as head1 staff add op2 --name 吴九 --role operator --agency 33
}

@test "staff add never overwrites a key file, and enters nobody then" {
	make_store
	echo precious >config/pen/op2.pub
	refuses 2 pen-admin --as head1 staff add op2 --name 吴九 --role operator
	[[ $message == *'(key.exists)' ]]
	[ "$(cat config/pen/op2.pub)" = precious ]
	[ ! -e config/pen/op2.pem ]
	[ "$(sqlite3 store/pen.db "SELECT count(*) FROM staff WHERE id = 'op2'")" = 0 ]
}

@test "nobody but a head grants or takes roles, and the attempt is entered, signed" {
	make_store
	for who in op1 lead1 sys1 dba1 amender1 auditor1; do
		refuses 3 pen-admin --as $who staff add op2 --name 吴九 --role operator
		[[ $message == *'[R3] (role.missing)' ]]
		[ "$(newest "act || ' ' || staff || ' ' || (signature IS NOT NULL)")" = "refused $who 1" ]
		refuses 3 pen-admin --as $who staff revoke op1
	done
	[ ! -e config/pen/op2.pem ]
}

@test "a head of a county does not act for the store's agency" {
	make_store
	run -0 pen-admin --as head1 staff add head2 --name 冯十一 --role head --agency 330106
	refuses 3 pen-admin --as head2 staff add op2 --name 吴九 --role operator
}

@test "a role that was taken away is gone from then on, and a person without one does not get in" {
	make_store
	run -0 pen-admin --as head1 staff add sys1 --role auditor
	run -0 pen-admin --as head1 staff revoke sys1 --role syslead
	run -0 pen-admin status --as sys1 -q
	refuses 3 pen-admin --as sys1 param load "$top/share/params/interest.csv"
	run -0 pen-admin --as head1 staff revoke sys1
	[[ $output == *auditor* ]]
	refuses 3 pen-admin status --as sys1
	[[ $message == *'(staff.revoked)' ]]
	run -0 pen-admin --as head1 staff add sys1 --role syslead
	run -0 pen-admin status --as sys1 -q
}

@test "a role that is not held cannot be taken away" {
	make_store
	refuses 2 pen-admin --as head1 staff revoke op1 --role lead
	refuses 2 pen-admin --as head1 staff revoke nobody
}

@test "the last head cannot be taken away, a further one can" {
	make_store
	refuses 3 pen-admin --as head1 staff revoke head1
	[[ $message == *'only head'*'[R3] (staff.last-head)' ]]
	run -0 pen-admin --as head1 staff add head2 --name 冯十一 --role head
	run -0 pen-admin --as head2 staff revoke head1
	refuses 3 pen-admin --as head2 staff revoke head2
}

@test "the list of staff says who holds what, since when, and until when" {
	make_store
	pen-admin --as head1 staff revoke dba1 -q
	run -0 pen-admin staff list -f json
	[ "$(jq -r '[.rows[] | select(.until == null) | .id] | join(" ")' <<<"$output")" = 'amender1 auditor1 head1 lead1 op1 sys1' ]
	[ "$(jq -r '.rows[] | select(.id == "dba1") | .until' <<<"$output")" = "$(newest time)" ]
	[ "$(jq -r .summary.held <<<"$output")" = 6 ]
}

# ---- parameters ----

@test "a table loaded is in force, the same again changes nothing, and the old one is kept" {
	make_store
	cp "$top/share/params/interest.csv" .
	before=$(newest at)
	run -0 pen-admin --as sys1 param load interest.csv
	[ "$(newest at)" = "$before" ]
	echo 'account.interest,000000,,2099-01,2099-12,2.5,percent,test,no,' >>interest.csv
	run -0 pen-admin --as sys1 param load interest.csv -f json
	[ "$(jq .at <<<"$output")" = $((before + 1)) ]
	[ "$(pen-admin param list interest -f csv | tail -n 1 | tr -d '\r')" = 'account.interest,000000,,2099-01,2099-12,2.5,percent,test,no,' ]
	[ "$(sqlite3 store/pen.db "SELECT count(*) FROM parameter_table WHERE name = 'interest'")" = 2 ]
}

@test "a head may load parameters, others may not" {
	make_store
	echo 'name,area,category,valid_from,valid_to,value,unit,source,verified,note' >local.csv
	echo 'base.floor,330100,,2024-01,2024-12,4812.00,yuan,test,yes,' >>local.csv
	refuses 3 pen-admin --as op1 param load local.csv
	[[ $message == *'[R3] (role.missing)' ]]
	run -0 pen-admin --as head1 param load local.csv
}

@test "a table that cannot be is refused with line and column, and nothing changes" {
	make_store
	before=$(newest at)
	echo 'name,area,category,valid_from,valid_to,value,unit,source,verified,note' >bad.csv
	echo 'base.floor,330100,,2024-13,2024-12,4812.00,yuan,test,yes,' >>bad.csv
	refuses 4 pen-admin --as sys1 param load bad.csv
	[[ $message == *'bad'*':2: valid_from: '* ]]
	refuses 4 pen-admin --as sys1 param load missing.csv
	: >empty.csv
	refuses 4 pen-admin --as sys1 param load empty.csv
	mkdir dir.csv
	refuses 4 pen-admin --as sys1 param load dir.csv
	[ "$(newest at)" = "$before" ]
	run -0 pen-admin param list -q
}

@test "a table that contradicts another in force is refused" {
	make_store
	head -n 2 "$top/share/params/interest.csv" >again.csv
	refuses 4 pen-admin --as sys1 param load again.csv
}

@test "a table that is not in force is wrong usage" {
	make_store
	refuses 2 pen-admin param list nothing
}

# ---- dry runs ----

# The whole of the store and of the keys, by digest.
picture() { find store config -type f -exec sha256sum {} + | sort; }

@test "a dry run of staff add says who would be entered, and leaves store and keys as they were" {
	make_store
	before=$(picture)
	run -0 pen-admin --as head1 staff add op2 --name 吴九 --role operator --dry-run -f json
	[ "$(jq -r '[.id, .role, .key, .dry_run] | join(" ")' <<<"$output")" = "op2 operator $XDG_CONFIG_HOME/pen/op2.pem true" ]
	run -0 pen-admin --as head1 staff add dba1 --role netadmin -n -q
	[ "$before" = "$(picture)" ]
	refuses 3 pen-admin --as head1 staff add op2 --name 吴九 --role lead --public-key config/pen/op1.pub -n
	refuses 2 pen-admin --as head1 staff add op1 --name 吴九 --role lead -n
	echo precious >config/pen/op2.pub
	refuses 2 pen-admin --as head1 staff add op2 --name 吴九 --role operator -n
	rm config/pen/op2.pub
	[ "$before" = "$(picture)" ]
	run -0 pen-admin --as head1 staff add op2 --name 吴九 --role operator -f json
	[ "$(jq .dry_run <<<"$output")" = false ]
}

@test "a dry run of staff revoke says which roles would go, and takes none" {
	make_store
	before=$(picture)
	run -0 pen-admin --as head1 staff revoke op1 --dry-run -f json
	[ "$(jq -r '[.id, .revoked, .dry_run] | join(" ")' <<<"$output")" = 'op1 operator true' ]
	refuses 3 pen-admin --as head1 staff revoke head1 -n
	refuses 2 pen-admin --as head1 staff revoke op1 --role lead -n
	[ "$before" = "$(picture)" ]
	run -0 pen-admin status -q
}

@test "a dry run of param load checks the table, and puts nothing in force" {
	make_store
	cp "$top/share/params/interest.csv" .
	echo 'account.interest,000000,,2099-01,2099-12,2.5,percent,test,no,' >>interest.csv
	before=$(picture)
	run -0 pen-admin --as sys1 param load interest.csv --dry-run -f json
	[ "$(jq -r '[.name, .dry_run] | join(" ")' <<<"$output")" = 'interest true' ]
	echo 'account.interest,000000,,2100-13,2100-12,2.5,percent,test,no,' >>interest.csv
	refuses 4 pen-admin --as sys1 param load interest.csv -n
	[ "$before" = "$(picture)" ]
}

@test "a dry run of init says what would be made, and makes nothing" {
	run -0 init --dry-run -f json
	[ "$(jq -r '[.id, .suite, .dry_run] | join(" ")' <<<"$output")" = 'head1 sm2-sm3 true' ]
	[ "$(jq .parameter_tables <<<"$output")" = "$(find "$top/share/params" -name '*.csv' | wc -l)" ]
	[ -z "$(ls -A)" ]
	refuses 2 init --agency 33010 -n
	mkdir store
	echo mine >store/file
	refuses 2 init -n
	rm store/file
	run -0 init -n -q
	[ -z "$(ls -A store)" ]
	[ ! -e config ]
}

# ---- status, copies ----

@test "status says what the store is and holds" {
	make_store
	run -0 pen-admin status -f json
	[ "$(jq -r '[.agency, .suite, .schema, .copy, .held] | join(" ")' <<<"$output")" = "330100 sm2-sm3 $(find "$top/share/schema" -name '*.sql' | wc -l) false 0" ]
	[[ $(jq -r .engine <<<"$output") == 'SQLite '* ]]
	[[ $(jq -r .encrypted <<<"$output") =~ ^(yes|no|unknown)$ ]]
	[ "$(jq .journal <<<"$output")" = $(($(newest at) + 1)) ]
}

@test "a restored copy is read without staff and key, and nothing is changed or entered there" {
	make_store
	touch store/restored
	unset PEN_STAFF
	rm -rf config
	before=$(sha256sum store/pen.db)
	run -0 pen-admin status -f json
	[ "$(jq .copy <<<"$output")" = true ]
	run -0 pen-admin staff list -q
	refuses 3 pen-admin --as head1 staff add op2 --name 吴九 --role operator
	[[ $message == *'copy'*'(store.copy)' ]]
	refuses 3 pen-admin --as sys1 param load "$top/share/params/interest.csv"
	[ "$before" = "$(sha256sum store/pen.db)" ]
}

@test "the journal is never changed with the sqlite3 shell in passing" {
	make_store
	run ! sqlite3 store/pen.db "UPDATE journal SET time = 'x'"
	[[ $output == *'R8.1'* ]]
	run ! sqlite3 store/pen.db 'DELETE FROM journal'
}
