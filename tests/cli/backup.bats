#!/usr/bin/env bats
# Backups: made while the store lives, proven, and got back, also by hand.

load helper

# shellcheck disable=SC2016,SC2059,SC2154
examples=$top/share/examples

# A store with employers and people in it, made once.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$BATS_FILE_TMPDIR/config
	make_store
	cp "$examples"/*.csv .
	pen-import -q --confirm --expect-rows 12 employer employers.csv
	pen-import -q --confirm --expect-rows 300 registration registration.csv
	pen-seal -q sign 1-2
	pen-seal -q sign 1-2 --as lead1
	pen-seal -q close 1-2
}

setup() {
	cp -Rp "$BATS_FILE_TMPDIR/store" store
	mkdir -p "$XDG_CONFIG_HOME"
	cp -Rp "$BATS_FILE_TMPDIR/config/." "$XDG_CONFIG_HOME"
	export PEN_STORE=$PWD/store PEN_STAFF=dba1
}

# An act that changes the store by little.
change() { pen-seal checkpoint --as head1 >/dev/null; }
# Backs up, and gives the snapshot's name.
backup() { pen-backup create --to backup -f json "$@" | jq -rs '.[0].snapshot'; }
dump() { sqlite3 -readonly "$1/pen.db" .dump; }
chunks_of() { sed -n 's/^chunk: \([0-9a-f]*\) .*/\1/p' "backup/snapshots/$1.manifest"; }
file_of() { echo "backup/chunks/${1:0:2}/$1.gz"; }

# The byte at an offset of a file, changed.
flip() {
	local byte
	byte=$(od -An -tu1 -j "$2" -N1 "$1" | tr -d ' ')
	printf "\\x$(printf %02x $((byte ^ 255)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# A recipient's certificate and private key, cert.pem and key.pem.
make_recipient() {
	local -A kinds=([rsa]=rsa:2048 [p256]='ec -pkeyopt ec_paramgen_curve:P-256' [p384]='ec -pkeyopt ec_paramgen_curve:P-384')
	openssl req -x509 -newkey ${kinds[$1]} -nodes -keyout "${2:-}key.pem" -out "${2:-}cert.pem" -subj /CN=backup -days 3650 2>/dev/null
}

# ---- making one ----

@test "a backup restores to what the store was" {
	dump store >before
	name=$(backup)
	change
	pen-backup restore --from backup "$name" restored
	dump restored | diff before -
	test "$(sqlite3 restored/pen.db 'PRAGMA integrity_check')" = ok
	grep -qx "snapshot: $name" restored/restored
	test "$(ls restored)" = "$(printf 'pen.db\nrestored')"
	pen-verify -s restored -q
}

@test "the store's journal says that there is a backup, and which" {
	pen-backup create --to backup -f json >made.json
	sqlite3 -readonly store/pen.db "SELECT subject, staff, text FROM journal WHERE act = 'backup.create'" >entry
	grep -q "^$(jq -r .snapshot made.json)|dba1|" entry
	grep -q "\"bytes\":$(jq .bytes made.json),\"digest\":\"$(jq -r .digest made.json)\"" entry
	pen-verify -q
}

@test "the manifest names the store, its journal and its counts as the sqlite3 shell finds them" {
	size=$(sqlite3 -readonly store/pen.db 'SELECT count(*) FROM journal')
	bytes=$(stat -c %s store/pen.db)
	manifest=backup/snapshots/$(backup).manifest
	test "$(head -n 1 "$manifest")" = pen-backup/v1
	for line in 'agency: 330100' 'suite: sm2-sm3' 'signer: dba1' "journal-size: $size" "bytes: $bytes" \
		'count: person 300' 'count: employer_record 12' "count: journal $size" 'folios: employer sealed 1 12 0 0 0'; do
		grep -qx "$line" "$manifest"
	done
	for table in $(sqlite3 -readonly store/pen.db "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'journal' AND name <> 'journal_node'"); do
		grep -qx "count: $table $(sqlite3 -readonly store/pen.db "SELECT count(*) FROM $table")" "$manifest"
	done
}

@test "the manual's script restores with gunzip alone, to the digest in the manifest" {
	name=$(backup)
	script_of by-hand
	test "$(wc -l <by-hand)" = 5
	sh by-hand backup "$name" >pen.db
	cmp pen.db <(pen-backup restore --from backup "$name" restored -q && cat restored/pen.db)
	grep -qx "digest: sha256:$(sha256sum pen.db | cut -d' ' -f1)" "backup/snapshots/$name.manifest"
	rm "$(file_of "$(chunks_of "$name" | head -n 1)")"
	run ! sh by-hand backup "$name"
}

@test "a manifest of before, with the digest in the store's suite, verifies and restores" {
	name=$(backup)
	manifest=backup/snapshots/$name.manifest
	pen-backup restore --from backup "$name" first -q
	sed -i "s/^digest: .*/digest: sm3:$(openssl dgst -sm3 -r first/pen.db | cut -d' ' -f1)/" "$manifest"
	openssl dgst -sm3 -sigopt distid:1234567812345678 -sign "$XDG_CONFIG_HOME/pen/dba1.pem" -out "backup/snapshots/$name.sig" "$manifest"
	pen-backup verify --to backup -q
	pen-backup restore --from backup "$name" second -q
	cmp first/pen.db second/pen.db
	for digest in "sm3:$(printf '%064d' 0)" "sha1:$(sha1sum first/pen.db | cut -d' ' -f1)"; do
		sed -i "s/^digest: .*/digest: $digest/" "$manifest"
		refuses 5 pen-backup restore --from backup "$name" third
		[[ $message == *digest* ]]
	done
}

@test "openssl checks the manifest's signature with the key in the restored store" {
	name=$(backup)
	pen-backup restore --from backup "$name" restored -q
	sqlite3 restored/pen.db "SELECT public_key FROM staff_key WHERE staff = 'dba1'" >dba1.pub
	openssl dgst -sm3 -sigopt distid:1234567812345678 -verify dba1.pub \
		-signature "backup/snapshots/$name.sig" "backup/snapshots/$name.manifest"
}

@test "a store of the suite ed25519-sha256 is backed up, verified and checked by openssl as well" {
	rm -rf store
	make_store ed25519-sha256
	export PEN_STAFF=auditor1
	name=$(backup --verify)
	pen-backup restore --from backup latest restored -q
	grep -qx "digest: sha256:$(sha256sum restored/pen.db | cut -d' ' -f1)" "backup/snapshots/$name.manifest"
	sqlite3 restored/pen.db "SELECT public_key FROM staff_key WHERE staff = 'auditor1'" >key.pub
	openssl pkeyutl -verify -pubin -inkey key.pub -rawin -in "backup/snapshots/$name.manifest" -sigfile "backup/snapshots/$name.sig"
}

@test "every chunk is named by the SHA-256 of its bytes" {
	name=$(backup)
	for chunk in $(chunks_of "$name"); do
		test "$(gunzip -c "$(file_of "$chunk")" | sha256sum | cut -d' ' -f1)" = "$chunk"
	done
}

@test "what is unchanged is not stored again, and each snapshot is a full one" {
	backup
	change
	pen-backup create --to backup -f json >second.json
	jq -e '.new_chunks > 0 and .new_chunks < .chunks' second.json
	pen-backup list --to backup -f json | jq -e '.rows | length == 2 and .[0].new_chunks > .[1].new_chunks'
	pen-backup list --to backup -f ndjson | jq -es 'last | .type == "summary" and .snapshots == 2'
	pen-backup verify --to backup all -q
}

@test "two snapshots of one second are two" {
	export PEN_CLOCK=1795421730
	first=$(backup)
	second=$(backup)
	test "$first-02" = "$second"
	test "$(pen-backup list --to backup -f json | jq -r '.rows[].snapshot')" = "$(printf '%s\n%s' "$first" "$second")"
}

@test "a copy has nobody to sign for it, so no backup is made of it" {
	backup
	pen-backup restore --from backup latest restored -q
	refuses 3 pen-backup create -s restored --to other
	test ! -e other
}

@test "nobody outside the staff makes a backup" {
	refuses 3 pen-backup create --to backup --as mallory
	test ! -e backup
}

@test "the repository is for its owner alone" {
	umask 022
	backup
	test -z "$(find backup -type d ! -perm 700 -o -type f ! -perm 600)"
	pen-backup restore --from backup latest restored -q
	test -z "$(find restored -type d ! -perm 700 -o -type f ! -perm 600)"
}

@test "create says which repository it needs" {
	refuses 2 pen-backup create
	[[ $message == *--to* ]]
}

# ---- killed, busy ----

@test "what a killed backup left is ignored, and cleaned by the next" {
	backup
	mkdir backup/create.tmp backup/verify-abcdef
	touch backup/{create.tmp,verify-abcdef}/{pen-scratch,pen.db} backup/create.tmp/new
	touch backup/snapshots/20261231T000000Z-330100.sig
	echo 20261231T000000Z-330100 >backup/create.tmp/snapshots
	test "$(pen-backup list --to backup -f json | jq '.rows | length')" = 1
	pen-backup verify --to backup all -q
	backup
	test ! -e backup/create.tmp
	test ! -e backup/verify-abcdef
	test ! -e backup/snapshots/20261231T000000Z-330100.sig
}

@test "a backup killed at any moment leaves a repository that holds, and the next one succeeds" {
	for moment in 0.005 0.01 0.02 0.03 0.05 0.08 0.12 0.2; do
		change
		timeout -s KILL "$moment" pen-backup create --to backup -q || true
		test ! -d backup/snapshots || test -z "$(ls backup/snapshots)" || pen-backup verify --to backup all -q
	done
	backup
	pen-backup verify --to backup all -q
	test -z "$(find backup -name '*.tmp' -o -name 'verify-*' -o -name new)"
	pen-verify -q
}

@test "a second backup to the same repository is told to wait" {
	backup
	flock backup/lock sleep 5 3>&- &
	while flock -n backup/lock true; do :; done
	refuses 6 pen-backup create --to backup
	kill %1
}

@test "a verification at work is not taken for a killed one" {
	backup
	mkdir backup/verify-abcdef
	touch backup/verify-abcdef/{pen-scratch,pen.db}
	flock backup/verify-abcdef sleep 5 3>&- &
	while flock -n backup/verify-abcdef true; do :; done
	backup
	test -e backup/verify-abcdef/pen.db
	kill %1
}

@test "a backup that cannot be written to its end fails and leaves what was there" {
	backup
	refuses 7 bash -c 'ulimit -f 100; trap "" XFSZ; exec pen-backup create --to backup'
	pen-backup verify --to backup all -q
	test "$(ls backup/snapshots | wc -l)" = 2
	backup
}

@test "a snapshot that cannot be entered in the journal is kept, and said to be good" {
	sqlite3 store/pen.db "CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'no more entries'); END"
	refuses 3 pen-backup create --to backup
	[[ $message == *"no more entries"*"(backup.not-entered)"* ]]
	name=$(pen-backup list --to backup -f json | jq -r '.rows[].snapshot')
	[[ $message == *"snapshot $name is good"* ]]
	pen-backup verify --to backup "$name" -q
}

@test "a store that is busy longer than the engine waits has its backup entered all the same" {
	# What takes long to copy and to pack, so that there is time to take the store meanwhile.
	sqlite3 store/pen.db "CREATE TABLE ballast AS SELECT randomblob(100000000)"
	pen-backup create --to backup -f json 3>&- >made.json &
	while sqlite3 store/pen.db 'BEGIN IMMEDIATE; ROLLBACK' 2>/dev/null; do kill -0 $!; done
	# Gets the store as soon as the copy is made, and keeps it.
	sqlite3 store/pen.db '.timeout 60000' 'BEGIN IMMEDIATE' '.shell test -e backup/create.tmp && touch kept; sleep 11' COMMIT
	test -e kept
	wait $!
	test "$(sqlite3 -readonly store/pen.db "SELECT subject FROM journal WHERE act = 'backup.create'")" = "$(jq -r .snapshot made.json)"
}

# ---- verify ----

@test "create --verify tries out what it made" {
	pen-backup create --to backup --verify -f json | jq -es 'length == 2 and .[1].rows[0].result == "good" and .[1].rows[0].snapshot == .[0].snapshot'
	pen-backup create --to backup --verify -f json | jq -es '.[1].rows[0] | .entries > 0 and .folios > 0 and .rows >= 312'
	test -z "$(find backup -name 'verify-*')"
}

@test "a chunk flipped, cut or missing is found, and the snapshots without it still restore" {
	first=$(backup)
	change
	second=$(backup)
	chunk=$(chunks_of "$second" | grep -vxF "$(chunks_of "$first")" | head -n 1)
	file=$(file_of "$chunk")
	cp "$file" kept
	for harm in 'flip $file 0' 'flip $file 4' 'flip $file 60' 'flip $file $(($(stat -c %s $file) - 1))' \
		'truncate -s 0 $file' 'truncate -s -1 $file' 'echo >>$file' 'rm $file'; do
		eval "$harm"
		refuses 5 pen-backup verify --to backup
		[[ $message == *$second*$chunk* ]]
		refuses 5 pen-backup verify --to backup all
		test "$(pen-backup verify --to backup all -f json 2>/dev/null | jq -r '.rows[].result')" = "$(printf 'good\ndamaged')"
		pen-backup verify --to backup "$first" -q
		pen-backup restore --from backup "$first" restored -q
		rm -rf restored
		cp kept "$file"
	done
	pen-backup verify --to backup all -q
}

@test "a damaged chunk keeps a snapshot from being restored, and leaves nothing behind" {
	name=$(backup)
	flip "$(file_of "$(chunks_of "$name" | tail -n 1)")" 100
	refuses 5 pen-backup restore --from backup latest restored
	test ! -e restored
	test ! -e restored.tmp
}

@test "once its damaged chunk is removed, the next backup stores it again" {
	name=$(backup)
	file=$(file_of "$(chunks_of "$name" | head -n 2 | tail -n 1)")
	flip "$file" 50
	refuses 5 pen-backup verify --to backup
	rm "$file"
	backup
	pen-backup verify --to backup all -q
}

@test "a chunk that was damaged meanwhile is mended by the next backup, which says so" {
	name=$(backup)
	change
	mapfile -t chunks < <(chunks_of "$name" | head -n 5)
	flip "$(file_of "${chunks[1]}")" 50
	truncate -s -3 "$(file_of "${chunks[2]}")"
	cp "$(file_of "${chunks[3]}")" "$(file_of "${chunks[4]}")"
	refuses 5 pen-backup verify --to backup
	pen-backup create --to backup -f json >made.json
	jq -e '.mended_chunks == 3' made.json
	pen-backup verify --to backup all -q
	pen-backup create --to backup -f json | jq -e '.mended_chunks == 0'
}

@test "a manifest with any line changed is found" {
	name=$(backup)
	manifest=backup/snapshots/$name.manifest
	cp "$manifest" kept
	lines=$(grep -vc '^chunk:' kept)
	for line in $(seq 1 "$lines"); do
		sed "${line}s/.\$/x/" kept >"$manifest"
		refuses 5 pen-backup verify --to backup
		[[ $message == *$name* ]]
	done
	sed '$d' kept >"$manifest"
	refuses 5 pen-backup verify --to backup
}

@test "a signature missing, changed or by another key is found" {
	name=$(backup)
	sig=backup/snapshots/$name.sig
	cp "$sig" kept
	flip "$sig" 30
	refuses 5 pen-backup verify --to backup
	openssl dgst -sm3 -sigopt distid:1234567812345678 -sign "$XDG_CONFIG_HOME/pen/lead1.pem" -out "$sig" "backup/snapshots/$name.manifest"
	refuses 5 pen-backup verify --to backup
	rm "$sig"
	refuses 5 pen-backup verify --to backup
	cp kept "$sig"
	pen-backup verify --to backup -q
}

@test "a manifest signed by somebody who is not of the staff is found" {
	name=$(backup)
	manifest=backup/snapshots/$name.manifest
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out mallory.pem 2>/dev/null
	sed -i 's/^signer: .*/signer: mallory/' "$manifest"
	openssl dgst -sm3 -sigopt distid:1234567812345678 -sign mallory.pem -out "backup/snapshots/$name.sig" "$manifest"
	refuses 5 pen-backup verify --to backup
	[[ $message == *staff* ]]
}

@test "counts that the signer made up are found against the restored store" {
	name=$(backup)
	manifest=backup/snapshots/$name.manifest
	sed -i 's/^count: person 300/count: person 301/' "$manifest"
	openssl dgst -sm3 -sigopt distid:1234567812345678 -sign "$XDG_CONFIG_HOME/pen/dba1.pem" -out "backup/snapshots/$name.sig" "$manifest"
	refuses 5 pen-backup verify --to backup
	[[ $message == *"count: person 301"* ]]
}

@test "a journal root that the signer made up is found against the entries" {
	name=$(backup)
	manifest=backup/snapshots/$name.manifest
	sed -i "s/^journal-root: .*/journal-root: $(printf '%064d' 0)/" "$manifest"
	openssl dgst -sm3 -sigopt distid:1234567812345678 -sign "$XDG_CONFIG_HOME/pen/dba1.pem" -out "backup/snapshots/$name.sig" "$manifest"
	refuses 5 pen-backup verify --to backup
}

@test "the true copy of a store that was tampered with is not called good" {
	sqlite3 store/pen.db "DROP TRIGGER registration_stays_u; UPDATE registration SET base_fen = base_fen + 1 WHERE person = 7"
	name=$(backup)
	refuses 5 pen-backup verify --to backup
	[[ $message == *$name*seal.root* ]]
}

@test "verify leaves its scratch where TMPDIR says, and leaves nothing there" {
	backup
	mkdir scratch
	TMPDIR=$PWD/scratch pen-backup verify --to backup -q
	test -z "$(ls scratch)"
	TMPDIR=$PWD/not-there refuses 7 pen-backup verify --to backup
}

# ---- restore ----

@test "nothing is restored over what is there already" {
	backup
	dump store >before
	refuses 2 pen-backup restore --from backup latest store
	mkdir empty
	refuses 2 pen-backup restore --from backup latest empty
	ln -s nowhere link
	refuses 2 pen-backup restore --from backup latest link
	dump store | diff before -
}

@test "a store that is called as the work beside it would be is left alone" {
	backup
	cp -r store restored.tmp
	refuses 2 pen-backup restore --from backup latest restored
	test -f restored.tmp/pen.db
}

@test "a killed restore is taken up by the next" {
	backup
	mkdir restored.tmp
	touch restored.tmp/pen-scratch
	echo half >restored.tmp/pen.db
	pen-backup restore --to backup latest restored/ -q
	pen-verify -s restored -q
	test ! -e restored.tmp
}

@test "a repository that may not be read is not taken for none" {
	backup >/dev/null
	for what in backup backup/snapshots; do
		chmod 000 $what
		refuses 7 bound pen-backup list --to backup
		[[ $message == *'may not be read by this user'*'Permission denied'* ]]
		run -7 bound pen-backup check --to backup --max-age 5d
		chmod 700 $what
	done
	chmod 000 backup/chunks
	run -7 bound pen-backup check --to backup --max-age 5d
	[[ $output != *missing* ]]
	chmod 700 backup/chunks
}

@test "a snapshot or a repository that is not there is said so" {
	refuses 4 pen-backup list --to backup
	refuses 4 pen-backup restore --from backup latest restored
	backup
	refuses 2 pen-backup restore --from backup 20200101T000000Z-330100 restored
	refuses 2 pen-backup verify --to backup ../../etc/passwd
	test ! -e restored
}

@test "an auditor reads a restored backup without a key, and enters nothing" {
	backup
	pen-backup restore --from backup latest restored -q
	before=$(dump restored | sha256sum)
	env -u PEN_STAFF XDG_CONFIG_HOME="$PWD/none" pen-verify -s restored -q
	test "$(dump restored | sha256sum)" = "$before"
}

@test "a store is replaced when that is said, and the old one is kept beside" {
	dump store >before
	name=$(backup)
	change
	dump store >after
	refuses 2 pen-backup restore --from backup "$name" store
	[[ $message == *--replace* ]]
	dump store | diff after -
	PEN_CLOCK=1795421730 pen-backup restore --from backup "$name" store/ --replace -f json >said.json
	test "$(jq -r .kept said.json)" = "$PWD/store.before-20261123T081530Z"
	dump store | diff before -
	dump store.before-20261123T081530Z | diff after -
	test "$(ls store)" = "$(printf 'pen.db\nrestored')"
	test ! -e store.tmp
	# Put back by its name, it is the store that it was.
	mv store copy
	mv store.before-20261123T081530Z store
	change
	pen-verify -q
}

@test "a store that cannot be opened any more is replaced, too, and kept as it is" {
	name=$(backup)
	for harm in 'flip store/pen.db 3' 'truncate -s 5000 store/pen.db' 'truncate -s 0 store/pen.db'; do
		eval "$harm"
		cp store/pen.db harmed
		pen-backup restore --from backup "$name" store --replace -q
		pen-verify -q
		cmp harmed store.before-*/pen.db
		rm -r store.before-*
	done
}

@test "a store is replaced where a link leads to" {
	name=$(backup)
	mv store real
	ln -s real store
	pen-backup restore --from backup "$name" store --replace -q
	test -L store
	test -f real/restored
	test -d real.before-*
}

@test "only a store is replaced" {
	backup
	mkdir other
	echo kept >other/file
	refuses 2 pen-backup restore --from backup latest other --replace
	echo kept >file
	refuses 2 pen-backup restore --from backup latest file --replace
	test "$(cat other/file)" = kept
	pen-backup restore --from backup latest fresh --replace -q
	test "$(pen-backup restore --from backup latest fresh2 --replace -f json | jq .kept)" = null
}

@test "a store that somebody is writing to is not taken away from under them" {
	backup
	dump store >before
	sqlite3 store/pen.db 'BEGIN IMMEDIATE' '.shell touch writing; sleep 20' COMMIT 3>&- &
	until test -e writing; do :; done
	refuses 6 pen-backup restore --from backup latest store --replace
	kill %1
	wait
	test "$(ls -d store*)" = store
	dump store | diff before -
}

@test "a damaged snapshot replaces nothing" {
	name=$(backup)
	change
	dump store >before
	flip "$(file_of "$(chunks_of "$name" | tail -n 1)")" 100
	refuses 5 pen-backup restore --from backup latest store --replace
	dump store | diff before -
	test "$(ls -d store*)" = store
}

# ---- check ----

# What check prints at some seconds since 1970.
check_at() { PEN_CLOCK=$1 pen-backup check --to backup "${@:2}"; }

@test "check tells the age in a line for Nagios" {
	PEN_CLOCK=1795421730 backup
	run -0 check_at 1795432530 --max-age 5d
	test "$output" = "PEN BACKUP OK - newest snapshot 20261123T081530Z-330100, 0 d 3 h old | age=10800s;;432000"
}

@test "check is quiet up to the age, and critical after it" {
	PEN_CLOCK=1795421730 backup
	run -0 check_at $((1795421730 + 432000))
	run -1 check_at $((1795421730 + 432001))
	[[ $output == "PEN BACKUP CRITICAL - newest snapshot 20261123T081530Z-330100, 5 d 0 h old: make a backup | age=432001s;;432000" ]]
	run -1 check_at $((1795421730 + 3601)) --max-age 1h
	run -0 check_at $((1795421730 + 3599)) --max-age 1h
}

@test "check is critical where there is no snapshot, or no repository" {
	run -1 check_at 1795421730
	[[ $output == "PEN BACKUP CRITICAL - "* ]]
	mkdir -p backup/snapshots
	run -1 check_at 1795421730
	[[ $output == "PEN BACKUP CRITICAL - "* ]]
}

@test "check does not believe a snapshot from the future" {
	PEN_CLOCK=1795421730 backup
	run -0 check_at $((1795421730 - 299))
	run -1 check_at $((1795421730 - 3600))
	[[ $output == *ahead* ]]
}

@test "check finds a newest manifest that cannot be read, one renamed, and a chunk that is gone" {
	name=$(backup)
	manifest=backup/snapshots/$name.manifest
	cp "$manifest" kept
	truncate -s 100 "$manifest"
	run -5 --separate-stderr pen-backup check --to backup
	[[ $output == "PEN BACKUP CRITICAL - snapshot $name"* ]]
	cp kept "$manifest"
	cp kept backup/snapshots/29991231T000000Z-330100.manifest
	run -5 pen-backup check --to backup
	rm backup/snapshots/29991231T000000Z-330100.manifest
	pen-backup check --to backup
	rm "$(file_of "$(chunks_of "$name" | tail -n 1)")"
	run -5 pen-backup check --to backup
}

@test "list shows a snapshot that cannot be read, and ends in 5" {
	backup
	change
	name=$(backup)
	echo x >>"backup/snapshots/$name.manifest"
	run -5 --separate-stderr pen-backup list --to backup -f json
	jq -e --arg name "$name" '.rows | length == 2 and .[1].snapshot == $name and .[1].bytes == null and .[0].bytes > 0' <<<"$output"
}

# ---- prune ----

# A backup of a day at noon UTC, each of another state of the store.
on_day() { change; PEN_CLOCK=$(date -u -d "$1 12:00" +%s) backup >/dev/null; }
names() { pen-backup list --to backup -f json | jq -r '.rows[].snapshot'; }
prune() { pen-backup prune --to backup "$@"; }

@test "prune keeps the newest of each of so many days, weeks and months" {
	export TZ=UTC
	for day in 2026-08-30 2026-09-30 2026-10-01 2026-10-31 2026-11-14 2026-11-15 2026-11-16 2026-11-22 2026-11-23; do
		on_day $day
	done
	PEN_CLOCK=$(date -u -d '2026-11-23 18:00' +%s) backup
	names >before
	prune --keep-daily 2 --keep-weekly 3 --keep-monthly 3 -n -f json >dry.json
	names | diff before -
	prune --keep-daily 2 --keep-weekly 3 --keep-monthly 3 -f json >said.json
	jq -r '.rows[] | .snapshot[0:8] + " " + .action + " " + (.why // "-")' said.json >rows
	# Weeks begin on Monday: the 15th and the 22nd are Sundays.
	diff rows - <<-'END'
	20260830 remove -
	20260930 keep monthly
	20261001 remove -
	20261031 keep monthly
	20261114 remove -
	20261115 keep weekly
	20261116 remove -
	20261122 keep daily weekly
	20261123 remove -
	20261123 keep last-good daily weekly monthly
	END
	jq -e '.summary | .kept == 5 and .removed == 5 and .removed_chunks > 0 and .removed_bytes > 0 and .dry_run == false' said.json
	diff <(jq '.summary | del(.dry_run, .digest)' dry.json) <(jq '.summary | del(.dry_run, .digest)' said.json)
	jq -r '.rows[] | select(.action == "keep") | .snapshot' said.json | diff - <(names)
	test "$(ls backup/snapshots | wc -l)" = 10
	# What is left are the chunks that are named, and no others.
	cat backup/snapshots/*.manifest | sed -n 's/^chunk: \([0-9a-f]*\) .*/\1/p' | sort -u | diff - <(find backup/chunks -name '*.gz' -printf '%f\n' | sed 's/\.gz$//' | sort)
	pen-backup verify --to backup all -q
	prune --keep-daily 2 --keep-weekly 3 --keep-monthly 3 -f json | jq -e '.summary.removed == 0 and .summary.removed_chunks == 0'
}

@test "days are those of the place" {
	for time in '2026-11-22 15:59' '2026-11-22 16:00'; do	# midnight in Shanghai
		PEN_CLOCK=$(date -u -d "$time" +%s) backup
	done
	TZ=Asia/Shanghai prune --keep-daily 2 -n -f json | jq -e '.summary.removed == 0'
	TZ=UTC prune --keep-daily 2 -n -f json | jq -e '.summary.removed == 1'
}

@test "the last good snapshot stays, whatever the numbers" {
	export TZ=UTC
	on_day 2026-11-01
	on_day 2026-11-02
	on_day 2026-11-03
	last=$(names | tail -n 1)
	good=$(names | head -n 2 | tail -n 1)
	# Only the newest has it; its length and its place are as they were.
	chunk=$(chunks_of "$last" | grep -vxF "$(chunks_of "$good")" | head -n 1)
	flip "$(file_of "$chunk")" 60
	run -5 --separate-stderr prune --keep-daily 0 -f json
	[[ $stderr == *$last*$chunk* ]]
	test "$(jq -r '.rows[] | .action + " " + (.why // "-")' <<<"$output")" = "$(printf 'remove -\nkeep last-good\nkeep damaged')"
	test "$(names)" = "$(printf '%s\n%s' "$good" "$last")"
	pen-backup verify --to backup "$good" -q
	on_day 2026-11-04
	pen-backup verify --to backup -q
}

@test "while a manifest cannot be read or is lost, nothing is removed" {
	for day in 2026-11-01 2026-11-02 2026-11-03; do on_day $day; done
	name=$(names | head -n 2 | tail -n 1)
	find backup -type f | sort >before
	cp "backup/snapshots/$name.manifest" kept
	truncate -s 200 "backup/snapshots/$name.manifest"
	refuses 5 prune --keep-daily 1
	[[ $message == *$name* ]]
	find backup -type f | sort | diff before -
	rm "backup/snapshots/$name.manifest"
	refuses 5 prune --keep-daily 1
	[[ $message == *$name*manifest* ]]
	refuses 5 pen-backup verify --to backup
	[[ $message == *$name*manifest* ]]
	cp kept "backup/snapshots/$name.manifest"
	find backup -type f | sort | diff before -
	prune --keep-daily 1 -q
	test "$(names | wc -l)" = 1
}

@test "stores of several agencies in one repository are pruned each for itself" {
	for day in 2026-11-01 2026-11-02; do on_day $day; done
	XDG_CONFIG_HOME=$PWD/config2 pen-admin init -s store2 --agency 330200 --name 某县 --head head1:王敏 -q
	PEN_CLOCK=$(date -u -d '2026-10-01 12:00' +%s) XDG_CONFIG_HOME=$PWD/config2 pen-backup create -s store2 --as head1 --to backup -q
	prune --keep-daily 1 -q
	test "$(names | cut -c 1-8,17-)" = "$(printf '20261001-330200\n20261102-330100')"
	pen-backup verify --to backup all -q
}

@test "prune waits for no one who reads, and does not remove from under them" {
	on_day 2026-11-01
	on_day 2026-11-02
	flock -s backup/snapshots sleep 20 3>&- &
	while flock -xn backup/snapshots true; do :; done
	refuses 6 prune --keep-daily 1
	prune --keep-daily 1 -n -q
	kill %1
	test "$(names | wc -l)" = 2
}

@test "prune says what it needs" {
	refuses 4 prune --keep-daily 1
	test ! -e backup
	backup
	refuses 2 prune
	[[ $message == *--keep-daily* ]]
	refuses 2 prune --keep-daily x
}

@test "a prune killed at any moment leaves what holds, and the next one finishes" {
	for day in 01 02 03 04 05 06; do on_day 2026-11-$day; done
	cp -Rp backup whole
	for moment in 0.002 0.005 0.008 0.011 0.014 0.02 0.03 0.05; do
		rm -rf backup
		cp -Rp whole backup
		timeout -s KILL "$moment" pen-backup prune --to backup --keep-daily 2 -q || true
		# It may still be dying, with its locks.
		flock backup/lock flock -s backup/snapshots true
		pen-backup list --to backup -q
		pen-backup verify --to backup -q
		pen-backup check --to backup --max-age 36500d
		prune --keep-daily 2 -q
		test "$(names | wc -l)" = 2
		test "$(ls backup/snapshots | wc -l)" = 4
		test ! -e backup/create.tmp
	done
	pen-backup verify --to backup all -q
}

@test "what a killed prune left in any order is known for what it is" {
	for day in 01 02 03; do on_day 2026-11-$day; done
	name=$(names | head -n 1)
	# As it is after the first manifest, and before its signature went.
	mkdir backup/create.tmp
	touch backup/create.tmp/pen-scratch
	names | head -n 2 >backup/create.tmp/snapshots
	rm "backup/snapshots/$name.manifest"
	pen-backup verify --to backup all -q
	change
	backup >/dev/null
	test ! -e "backup/snapshots/$name.sig"
	test "$(names | wc -l)" = 3
	prune --keep-daily 7 -f json | jq -e '.summary.removed == 0 and .summary.removed_chunks > 0'
	pen-backup verify --to backup all -q
}

# ---- encrypted ----

@test "an encrypted backup is read by the private key alone: pen-backup, and openssl with gunzip" {
	script_of by-hand-key
	test "$(wc -l <by-hand-key)" = 5
	for kind in rsa p256; do
		make_recipient $kind
		rm -rf backup
		dump store >before
		name=$(backup --recipient cert.pem)
		grep -qx "recipient: $(openssl x509 -in cert.pem -noout -fingerprint -sha256 | sed 's/.*=//; s/://g' | tr A-F a-f)" "backup/snapshots/$name.manifest"
		sh by-hand-key backup "$name" key.pem >pen.db
		grep -qx "digest: sha256:$(sha256sum pen.db | cut -d' ' -f1)" "backup/snapshots/$name.manifest"
		pen-backup restore --from backup "$name" restored --identity key.pem -q
		cmp pen.db restored/pen.db
		dump restored | diff before -
		pen-backup verify --to backup --identity key.pem -f json | jq -e '.rows[0].result == "good"'
		pen-verify -s restored -q
		rm -rf restored
	done
}

@test "the files of an encrypted backup are named by their own digest and give nothing away" {
	make_recipient p256
	name=$(backup --recipient cert.pem)
	mkdir plain
	pen-backup create --to plain -q
	test -z "$(find backup/chunks -name '*.gz')"
	find backup/chunks -type f | while read -r file; do
		test "$(sha256sum <"$file" | cut -d' ' -f1).gz.cms" = "${file##*/}"
	done
	# Neither a name nor a tag is the digest of what is in a chunk.
	cat plain/snapshots/*.manifest | sed -n 's/^chunk: \([0-9a-f]*\) .*/\1/p' | sort -u >digests
	run -1 grep -Ff digests "backup/snapshots/$name.manifest"
	run -1 grep -rlE '张|3301[0-9]{14}' backup
}

@test "of what is encrypted, too, the unchanged is not stored again, and another recipient gets all" {
	make_recipient p256
	make_recipient rsa other-
	backup --recipient cert.pem
	change
	pen-backup create --to backup --recipient cert.pem -f json | jq -e '.new_chunks > 0 and .new_chunks < .chunks'
	pen-backup list --to backup -f json | jq -e '.rows[1].new_chunks < .rows[1].chunks'
	pen-backup create --to backup --recipient other-cert.pem -f json | jq -e '.new_chunks >= .chunks / 2'
	name=$(names | tail -n 1)
	pen-backup verify --to backup "$name" --identity other-key.pem -q
	pen-backup verify --to backup "$(names | head -n 1)" --identity key.pem -q
	pen-backup prune --to backup --keep-daily 1 -q
	test "$(names)" = "$name"
	pen-backup verify --to backup all --identity other-key.pem -q
}

@test "without its private key an encrypted backup is looked at from outside, and not restored" {
	make_recipient p256
	make_recipient p256 other-
	name=$(backup --recipient cert.pem)
	refuses 8 pen-backup verify --to backup
	[[ $message == *--identity* ]]
	refuses 2 pen-backup restore --from backup latest restored
	[[ $message == *--identity* ]]
	refuses 2 pen-backup restore --from backup latest restored --identity other-key.pem
	refuses 4 pen-backup restore --from backup latest restored --identity cert.pem
	refuses 4 pen-backup restore --from backup latest restored --identity none.pem
	test ! -e restored
	test ! -e restored.tmp
	pen-backup check --to backup
	# A chunk that the next snapshot has too: the entry of a backup changes others.
	next=$(backup --recipient cert.pem)
	shared=$(comm -12 <(chunks_of "$name" | sort) <(chunks_of "$next" | sort) | head -n 1)
	flip "$(find backup/chunks -name "$shared*")" 40
	refuses 5 pen-backup verify --to backup
	[[ $message == *$next* ]]
	refuses 5 pen-backup verify --to backup --identity key.pem
	# What is damaged is stored anew for the snapshots to come.
	pen-backup create --to backup --recipient cert.pem -f json | jq -e '.mended_chunks == 1'
	pen-backup verify --to backup --identity key.pem -q
}

@test "a private key under a passphrase opens a backup" {
	make_recipient p256
	openssl pkey -in key.pem -aes256 -passout pass:geheim -out locked.pem
	backup --recipient cert.pem --verify --identity key.pem
	printf 'geheim\n' >passphrase
	PEN_PASSPHRASE_FILE=passphrase pen-backup verify --to backup --identity locked.pem -q
	printf 'falsch\n' >passphrase
	PEN_PASSPHRASE_FILE=passphrase refuses 3 pen-backup verify --to backup --identity locked.pem
	# Nobody is asked where there is no terminal.
	refuses 3 setsid -w pen-backup verify --to backup --identity locked.pem
	[[ $message == *no\ passphrase\ was\ given* ]]
}

@test "a certificate that cannot be encrypted to is refused, and so is what would come out unencrypted" {
	make_recipient p384
	refuses 4 pen-backup create --to backup --recipient cert.pem
	refuses 4 pen-backup create --to backup --recipient key.pem
	refuses 4 pen-backup create --to backup --recipient none.pem
	test -z "$(find backup -name '*.manifest')"
	make_recipient rsa
	backup --recipient cert.pem
	refuses 2 pen-backup create --to backup
	[[ $message == *--recipient* ]]
}

# ---- for cron and systemd ----

@test "the lines for cron and the units for systemd do what they say" {
	mkdir TO
	# Without the schedule, and by the names of the installed tools.
	sed -n 's/^[0-9][^\t]*\t//p' "$examples/backup/crontab" >commands
	sed -n 's/^ExecStart=//p' "$examples"/backup/*-{create,verify,prune,check}.service >>commands
	test "$(wc -l <commands)" = 8
	while read -r line; do
		TO=$PWD/TO sh -ec "$(sed 's|/usr/local/bin/||' <<<"$line")" </dev/null
	done <commands
	test "$(pen-backup list --to TO -f json | jq '.rows | length')" = 1
	for unit in create verify prune check; do
		grep -q '^OnCalendar=' "$examples/backup/pen-backup-$unit.timer"
		test ! -x "$(command -v systemd-analyze)" ||
			systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' "$examples/backup/pen-backup-$unit.timer")"
	done
	run -1 env TO="$PWD/none" sh -c "$(tail -n 1 "$examples/backup/crontab" | cut -f 2-); false"
	[[ $output == *CRITICAL* ]]
}

# ---- every file ----

# The snapshots that a file of the repository is of.
concerned() {
	local name=${1##*/}
	case $1 in
	*/snapshots/*) echo "${name%.*}" ;;
	*) basename -s .manifest -a $(grep -l "^chunk: ${name%%.*} " backup/snapshots/*.manifest) ;;
	esac
}

@test "every file of a repository, missing, cut anywhere or with a byte flipped, is found, and the other snapshots restore" {
	rm -rf store
	make_store
	export PEN_STAFF=dba1
	make_recipient p256
	backup >/dev/null
	pen-seal checkpoint --as head1 >/dev/null
	backup >/dev/null
	backup --recipient cert.pem >/dev/null
	names >all
	find backup/snapshots backup/chunks -type f | sort >files
	tried=0
	while read -r file; do
		cp "$file" kept
		size=$(stat -c %s kept)
		concerned "$file" | sort >expected
		for harm in rm 'truncate -s 0' "truncate -s $((size / 2))" "truncate -s $((size - 1))" \
			"flip 0" "flip $((size / 3))" "flip $((size - 1))"; do
			case $harm in
			flip*) flip "$file" "${harm#flip }" ;;
			*) $harm "$file" ;;
			esac
			echo "$file: $harm"
			run -5 --separate-stderr pen-backup verify --to backup all --identity key.pem -f json
			jq -r '.rows[] | select(.result == "damaged") | .snapshot' <<<"$output" | sort | diff expected -
			test "$(jq -r '.rows[] | select(.result == "good") | .snapshot' <<<"$output")" = "$(grep -vxF "$(cat expected)" all)"
			[[ $stderr == *$(head -n 1 expected)* ]]
			cp -p kept "$file"
			tried=$((tried + 1))
		done
		rm "$file"
		grep -vxF "$(cat expected)" all | while read -r name; do
			pen-backup restore --from backup "$name" restored --identity key.pem -q
			rm -r restored
		done
		cp kept "$file"
	done <files
	pen-backup verify --to backup all --identity key.pem -q
	echo "$tried harms tried" >&3
	test "$tried" -gt 50
}

# ---- while others work ----

@test "a backup made while others write is one moment of the store" {
	for i in 1 2 3 4 5 6 7 8; do change; done 3>&- &
	for i in 1 2 3 4; do backup; done
	wait
	pen-backup verify --to backup all -q
	pen-verify -q
}
