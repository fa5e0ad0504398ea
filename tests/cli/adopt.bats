#!/usr/bin/env bats
# shellcheck disable=SC2154
# A restored store put into service (R7.2): signed by two, who name what is lost, so that
# a checkpoint of the store that was lost explains itself.

load helper

# A store with a backup; then more was done, which only checkpoints kept outside know of.
setup() {
	make_store
	printf '统一社会信用代码,单位名称,行政区划,参保日期\n%s,第一机械厂,330106,2010-01-01\n' "$(credit_code 91330106MA0000001)" >employer.csv
	pen-seal checkpoint >early.txt
	pen-backup create --to backup --as dba1 -q
	size=$(sed -n 's/^journal-size: //p' backup/snapshots/*.manifest)
	pen-import -q --confirm --expect-rows 1 employer employer.csv
	pen-seal checkpoint >late.txt
	pen-import list -q >/dev/null
	pen-seal checkpoint >later.txt
	late=$(sed -n 2p late.txt)
	mv store lost
	pen-backup restore --from backup latest store -q
	export PEN_STORE=$PWD/store PEN_STAFF=op1
}

ask() { sqlite3 -readonly store/pen.db "$1"; }
adopt() { pen-backup adopt -q "$@"; }
verify() {
	local expected=$1 ended=0
	shift
	pen-verify -f ndjson "$@" >found.ndjson 2>stderr.txt || ended=$?
	test "$ended" = "$expected" || { cat found.ndjson stderr.txt; return 1; }
}
found() { jq -r "select(.type == \"finding\") | $1" found.ndjson; }

@test "a restored store is a copy until two have signed, and then is in service" {
	refuses 3 pen-import discard 1
	[[ $message == *'(store.copy)' ]]
	run -0 pen-backup adopt --as dba1 --reason 机房失火 --checkpoint late.txt -f json
	[ "$(jq -r '[.in_service, .signed, .and, .journal.size, .lost] | join(" ")' <<<"$output")" = "false dba1  $size $((late - size))" ]
	refuses 3 pen-import discard 1
	[[ $message == *'(store.copy)' ]]
	pen-verify -q -s store
	run -0 pen-backup adopt --as head1 -f json
	[ "$(jq -r '[.in_service, .signed, .and, .reason] | join(" ")' <<<"$output")" = "true dba1 head1 机房失火" ]
	[ ! -e store/restored ]
	pen-import -q --confirm --expect-rows 1 employer employer.csv
	verify 0
	verify 0 --since early.txt
}

@test "the entries say what was restored, how far it goes, and what is lost; openssl checks both signatures" {
	adopt --as sys1 --reason 机房失火 --checkpoint late.txt
	adopt --as dba1
	[ "$(ask "SELECT group_concat(at || staff || subject, ' ') FROM (SELECT * FROM journal WHERE act = 'backup.adopt' ORDER BY at)")" = \
		"${size}sys1snapshot $(basename backup/snapshots/*.manifest .manifest) $((size + 1))dba1snapshot $(basename backup/snapshots/*.manifest .manifest)" ]
	for at in "$size" $((size + 1)); do
		ask "SELECT text FROM journal WHERE at = $at" >entry.txt; truncate -s -1 entry.txt
		staff=$(sed -n 's/^staff: //p' entry.txt)
		ask "SELECT writefile('entry.sig', signature) FROM journal WHERE at = $at" >/dev/null
		openssl dgst -sm3 -sigopt distid:1234567812345678 -verify "$XDG_CONFIG_HOME/pen/$staff.pub" -signature entry.sig entry.txt
		[ "$(sed -n 's/^body: //p' entry.txt | jq -r '[.checkpoint_size, .size, .reason, .snapshot] | join(" ")')" = \
			"$late $size 机房失火 $(basename backup/snapshots/*.manifest .manifest)" ]
		[ "$(sed -n 's/^body: //p' entry.txt | jq -r .manifest)" = "sm3:$(openssl dgst -sm3 -r backup/snapshots/*.manifest | cut -d' ' -f1)" ]
		[ "$(sed -n 's/^body: //p' entry.txt | jq -r .root)" = "$(sed -n 's/^journal-root: //p' backup/snapshots/*.manifest)" ]
		[ "$(sed -n 's/^body: //p' entry.txt | jq -r .checkpoint_root)" = "$(sed -n 3p late.txt | base64 -d | od -An -v -tx1 | tr -d ' \n')" ]
	done
}

@test "the checkpoint that they named is explained, and named still; another of what is lost is not" {
	adopt --as dba1 --reason 机房失火 --checkpoint late.txt
	adopt --as head1
	for n in 1 2; do
		verify 1 --since late.txt
		[ "$(found '.rule + " " + .severity')" = 'restore.lost warning' ]
		[ "$(found .record)" = "journal entries $size to $((late - 1)) of a store that was lost, as entries $size and $((size + 1)) say (dba1, head1)" ]
		[ "$(tail -n 1 found.ndjson | jq .only.since)" = "$size" ]
		verify 5 --since later.txt
		[ "$(found .rule)" = journal.checkpoint ]
		# Once before the new journal has as many entries, and once after.
		for _ in 1 2 3 4 5 6; do pen-import list -q >/dev/null; done
	done
}

@test "what was restored is named by the marker, and how far it goes by the store where an older one does not say" {
	cp store/restored marker
	sed -i '/^snapshot:/d' store/restored
	refuses 4 pen-backup adopt --as dba1 --reason 机房失火
	[[ $message == *"does not say which snapshot was restored"* ]]
	sed '/^journal-/d' marker >store/restored
	run -0 pen-backup adopt --as dba1 --reason 机房失火 -f json
	[ "$(jq -r '[.signed, .journal.size] | join(" ")' <<<"$output")" = "dba1 $size" ]
}

@test "a store put back by hand explains nothing" {
	rm store/restored
	pen-import list -q >/dev/null
	verify 5 --since late.txt
	[ "$(found .rule)" = journal.checkpoint ]
	refuses 2 pen-backup adopt --as dba1 --reason x
	[[ $message == *'(adopt.living)' ]]
}

@test "one signature and work done under it is found, and so is work done before the second" {
	adopt --as dba1 --reason 机房失火
	cp -Rp store one
	rm one/restored
	pen-import list -q -s one >/dev/null
	verify 5 -s one
	[ "$(found .rule)" = restore.signed ]
	[[ $(found .expected) == *'two people'* ]]
	touch one/restored
	printf 'snapshot: x\n' >one/restored
	cp store/restored one/restored
	adopt -s one --as head1
	verify 5 -s one
	[ "$(found '.rule + .field')" = restore.signedat ]
}

@test "who may not sign, and who may not sign twice" {
	refuses 2 pen-backup adopt --as dba1
	[[ $message == *'(adopt.reason)' ]]
	refuses 3 pen-backup adopt --as lead1 --reason x
	[[ $message == *'[R7.2] (role.missing)' ]]
	adopt --as dba1 --reason x
	refuses 3 pen-backup adopt --as dba1
	[[ $message == *'[R7.2] (adopt.second)' ]]
	refuses 3 pen-backup adopt --as head1 --reason y
	[[ $message == *'[R7.2] (adopt.other)' ]]
	refuses 3 pen-backup adopt --as head1 --checkpoint late.txt
	[[ $message == *'[R7.2] (adopt.other)' ]]
	pen-backup adopt --as head1 --dry-run -q
	[ -e store/restored ]
	# Attempts are entered, and disturb nothing.
	[ "$(ask "SELECT count(*) FROM journal WHERE act = 'refused'")" -ge 3 ]
	adopt --as head1 --reason x
	verify 0
	refuses 2 pen-backup adopt --as head1
}

@test "two of the same kind are not enough, nor one person with both roles" {
	rm -rf store
	mv lost store
	pen-admin staff add dba2 --name 吴 --role dba --as head1 -q
	pen-admin staff add dba2 --role syslead --as head1 -q
	pen-backup create --to backup2 --as dba1 -q
	pen-backup restore --from backup2 latest two -q
	export PEN_STORE=$PWD/two
	adopt --as sys1 --reason x
	refuses 3 pen-backup adopt --as head1
	[[ $message == *'(adopt.second)' ]]
	adopt --as dba2
	verify 0
	pen-backup restore --from backup2 latest three -q
	export PEN_STORE=$PWD/three
	adopt --as dba2 --reason x
	refuses 3 pen-backup adopt --as dba2
	adopt --as dba1
	verify 0
}

@test "a checkpoint that says nothing of what is lost, or is another log's, is refused" {
	refuses 2 pen-backup adopt --as dba1 --reason x --checkpoint early.txt
	[[ $message == *'(adopt.checkpoint)' ]]
	sed '2s/.*/99/' late.txt >forged.txt
	refuses 5 pen-backup adopt --as dba1 --reason x --checkpoint forged.txt
	sed 's,pen/330100,pen/440100,' late.txt >other.txt
	refuses 4 pen-backup adopt --as dba1 --reason x --checkpoint other.txt
	[ "$(ask 'SELECT count(*) FROM journal')" = "$size" ]
}

@test "a journal that is not the snapshot's is not put into service" {
	sqlite3 store/pen.db "DROP TRIGGER journal_stays_d; DELETE FROM journal WHERE at = (SELECT max(at) FROM journal);
		DELETE FROM journal_node WHERE ((number + 1) << level) > (SELECT count(*) FROM journal)"
	refuses 5 pen-backup adopt --as dba1 --reason x
	[[ $message == *'(adopt.journal)' ]]
}

@test "a run that was killed between the second entry and the end is finished by the next" {
	adopt --as dba1 --reason x
	cp store/restored marker
	adopt --as head1
	before=$(ask 'SELECT count(*) FROM journal')
	cp marker store/restored
	run -0 pen-backup adopt --as sys1 -f json
	[ "$(jq -r .in_service <<<"$output")" = true ]
	[ ! -e store/restored ]
	[ "$(ask 'SELECT count(*) FROM journal')" = "$before" ]
}

@test "on another machine, and of a store that was suspended" {
	on_host new pen-backup adopt -q --as dba1 --reason x
	on_host new pen-backup adopt -q --as sys1
	refuses 3 on_host new pen-import list
	[[ $message == *'(terminal.unknown)' ]]
	on_host new pen-admin terminal add --name 机房 --as sys1 -q
	on_host new pen-verify -q
	rm -rf store
	mv lost store
	pen-admin suspend --reason 勒索病毒 --as dba1 -q
	pen-backup create --to backup2 --as dba1 -q
	pen-backup restore --from backup2 latest two -q
	export PEN_STORE=$PWD/two
	adopt --as dba1 --reason x
	adopt --as head1
	refuses 3 pen-import list
	[[ $message == *'(store.suspended)' ]]
	pen-admin resume --as sys1 -q
	verify 0
}

@test "a store that was restored and put into service is backed up, lost and restored once more" {
	adopt --as dba1 --reason x --checkpoint late.txt
	adopt --as head1
	pen-backup create --to backup --as dba1 -q
	pen-import list -q >/dev/null
	pen-seal checkpoint >third.txt
	rm -rf store
	pen-backup restore --from backup latest store -q
	adopt --as sys1 --reason y --checkpoint third.txt
	adopt --as dba1
	verify 1 --since third.txt
	[ "$(found .rule)" = restore.lost ]
	verify 1 --since late.txt
	[ "$(found .rule)" = restore.lost ]
	verify 0
}
