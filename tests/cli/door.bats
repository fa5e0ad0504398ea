#!/usr/bin/env bats
# shellcheck disable=SC2154
# The door: computers that are registered (R7.4), access that is cut off (R7.3).

load helper

setup() {
	make_store
	PEN_STAFF=head1
}

ask() { sqlite3 -readonly "$PEN_STORE/pen.db" "$1"; }
newest() { ask "SELECT $1 FROM journal ORDER BY at DESC LIMIT 1"; }
body() { newest text | sed -n 's/^body: //p'; }
here() { pen-admin terminal id -f json | jq -r .id; }

findings() { pen-verify "$@" -f ndjson 2>stderr.txt | jq -r 'select(.type == "finding") | "\(.rule) \(.severity) \(.record)"'; }

# An entry signed by somebody with their key, by openssl alone, and put into the
# tree: ACT SUBJECT STAFF TERMINAL. What a program of one's own can do.
forge() {
	local at time
	at=$(ask "SELECT count(*) FROM journal")
	time=$(newest time)
	printf 'pen-entry/v1\nat: %s\ntime: %s\nagency: 330100\nterminal: %s\nstaff: %s\nact: %s\nsubject: %s\n' \
		"$at" "$time" "$4" "$3" "$1" "$2" >entry.txt
	openssl dgst -sm3 -sigopt distid:1234567812345678 -sign "$XDG_CONFIG_HOME/pen/$3.pem" -out entry.sig entry.txt
	sqlite3 "$PEN_STORE/pen.db" "INSERT INTO journal (at, time, staff, act, subject, changes, text, signature)
		VALUES ($at, '$time', '$3', '$1', '$2', 0, CAST(readfile('entry.txt') AS TEXT), readfile('entry.sig'))"
}

# ---- terminals (R7.4) ----

@test "a computer's id is the digest of its machine id, in the store's suite or the one named" {
	[ "$(on_host other pen-admin terminal id -f json | jq -r .id)" = "$(printf 'pen-terminal/other' | openssl dgst -sm3 -r | cut -d' ' -f1)" ]
	unset PEN_STORE PEN_STAFF
	[ "$(on_host other pen-admin terminal id --suite ed25519-sha256 -f json | jq -r .id)" = "$(printf 'pen-terminal/other' | sha256sum | cut -d' ' -f1)" ]
	refuses 2 pen-admin terminal id --suite rsa
}

@test "on a computer that is not registered every tool is refused, and the attempt is entered and signed" {
	id=$(on_host other pen-admin terminal id -f json | jq -r .id)
	for command in 'pen-admin status' 'pen-import list' 'pen-seal list' 'pen-verify' 'pen-admin staff list' \
	    'pen-admin suspend --reason x' 'pen-backup create --to backup'; do
		# shellcheck disable=SC2086
		refuses 3 on_host other $command --as dba1
		[[ $message == *"terminal $id"*'pen-admin terminal add'*'[R7.4] (terminal.unknown)' ]]
		[ "$(newest "act || staff || (signature IS NOT NULL)")" = refuseddba11 ]
		[ "$(body | jq -r '.clause + .code')" = R7.4terminal.unknown ]
		[[ $command == "$(body | jq -r .command)"* ]]
	done
	run -0 pen-verify -q
}

@test "a computer registered from another one lets people in, and is refused again when it is taken away" {
	id=$(on_host other pen-admin terminal id -f json | jq -r .id)
	run -0 pen-admin terminal add "$id" --name 柜台4 --as sys1 -f json
	[ "$(jq -r '[.id, .name, .agency, .here] | join(" ")' <<<"$output")" = "$id 柜台4 330100 false" ]
	on_host other pen-admin status --as op1 -q
	run -0 pen-admin terminal list -f json
	[ "$(jq -r '.rows[] | select(.here == false) | [.id, .by, .until // "now"] | join(" ")' <<<"$output")" = "$id sys1 now" ]
	run -0 pen-admin terminal remove "${id:0:12}" -f json
	[ "$(jq -r .id <<<"$output")" = "$id" ]
	refuses 3 on_host other pen-admin status --as op1
	run -0 pen-admin terminal list -f json
	[ "$(jq -r .summary.registered <<<"$output")" = 1 ]
	[ "$(jq -r '.rows[] | select(.here == false) | .until' <<<"$output")" = "$(ask "SELECT time FROM journal WHERE act = 'terminal.remove'")" ]
	# What was done there while it was registered stays valid.
	run -0 pen-verify -q
	# Of two that begin alike one is to be told by more of its id.
	pen-admin terminal add "${id:0:40}$(printf '%024d' 1)" --name one -q
	pen-admin terminal add "${id:0:40}$(printf '%024d' 2)" --name two -q
	refuses 2 pen-admin terminal remove "${id:0:12}"
	[[ $message == *"2 registered terminals begin with"* ]]
}

@test "the same again changes nothing, another place is a further entry" {
	id=$(on_host other pen-admin terminal id -f json | jq -r .id)
	pen-admin terminal add "$id" --name one -q
	before=$(newest at)
	pen-admin terminal add "$id" --name one -q
	[ "$(newest at)" = "$before" ]
	pen-admin terminal add "$id" --name two -q
	[ "$(newest 'act')" = terminal.add ]
	run -0 pen-admin terminal list -f json
	[ "$(jq -r '[.rows[] | select(.until == null) | .name] | index("two") != null and index("one") == null' <<<"$output")" = true ]
	run -0 pen-verify -q
}

@test "nobody but the system lead and the head registers computers or takes them away" {
	id=$(on_host other pen-admin terminal id -f json | jq -r .id)
	for who in op1 lead1 dba1 amender1 auditor1; do
		refuses 3 pen-admin --as $who terminal add "$id" --name x
		[[ $message == *'[R7.4] (role.missing)' ]]
		refuses 3 pen-admin --as $who terminal remove "$id"
		[ "$(newest 'act || staff')" = "refused$who" ]
	done
	[ "$(ask "SELECT count(*) FROM terminal")" = 1 ]
}

@test "the computer acted from cannot be taken away, so that one always stays" {
	refuses 3 pen-admin terminal remove "$(here)"
	[[ $message == *'[R7.4] (terminal.own)' ]]
	refuses 3 pen-admin terminal add --name x --agency 330106
	[[ $message == *'[R7.4] (terminal.own)' ]]
	[ "$(ask "SELECT count(*) FROM journal WHERE act = 'refused'")" = 2 ]
}

@test "an id, a place, an agency that cannot be are refused" {
	id=$(on_host other pen-admin terminal id -f json | jq -r .id)
	refuses 2 pen-admin terminal add 12 --name x
	refuses 2 pen-admin terminal add "${id^^}" --name x
	refuses 2 pen-admin terminal add "$id"
	refuses 2 pen-admin terminal add "$id" --name "$(printf 'a\nb')"
	refuses 2 pen-admin terminal add "$id" --name x --agency 330200
	refuses 2 pen-admin terminal remove "$id"
	refuses 2 pen-admin terminal remove "${id:0:7}"
	pen-admin terminal add "$id" --name x --dry-run -q
	[ "$(ask "SELECT count(*) FROM terminal")" = 1 ]
}

@test "a county's computer serves that county's staff alone, the store's own serve everybody" {
	pen-admin staff add county1 --name 郑十 --role operator --agency 330106 -q
	pen-admin staff add county2 --name 冯一 --role operator --agency 330108 -q
	pen-admin terminal add "$(on_host far pen-admin terminal id -f json | jq -r .id)" --name 县 --agency 330106 -q
	on_host far pen-admin status --as county1 -q
	pen-admin status --as county1 -q
	for who in county2 op1 head1; do
		refuses 3 on_host far pen-admin status --as $who
		[[ $message == *330106*'[R7.4] (terminal.agency)' ]]
	done
	run -0 pen-verify -q
}

@test "a restored backup is read on any computer, and enters nothing" {
	pen-backup create --to backup --as dba1 -q
	pen-backup restore --from backup latest restored -q
	on_host new env -u PEN_STAFF pen-verify -s restored -q
	on_host new env -u PEN_STAFF pen-admin status -s restored -q
	[ "$(sqlite3 restored/pen.db "SELECT count(*) FROM journal")" -le "$(ask "SELECT count(*) FROM journal")" ]
}

@test "a store restored for good on a new computer is opened there by the head or the system lead, and by nobody else" {
	pen-backup create --to backup --as dba1 -q
	pen-backup restore --from backup latest restored -q
	rm restored/restored
	export PEN_STORE=$PWD/restored
	refuses 3 on_host new pen-admin status
	for who in op1 dba1; do
		refuses 3 on_host new pen-admin terminal add --name 机房 --as $who
		[[ $message == *'[R7.4] (role.missing)' ]]
	done
	# Nor does it open to another computer from there, nor to anything else.
	refuses 3 on_host new pen-admin terminal add "$(printf x | sha256sum | cut -d' ' -f1)" --name x
	[[ $message == *'(terminal.unknown)' ]]
	[ "$(newest act)" = refused ]
	on_host new pen-admin terminal add --name 机房 --as sys1 -q
	[ "$(newest 'act || staff')" = terminal.addsys1 ]
	on_host new pen-admin status --as op1 -q
	on_host new pen-verify -q
}

@test "a suspended store restored on a new computer is not shut for ever" {
	pen-admin suspend --reason 勒索病毒 --as dba1 -q
	refuses 3 on_host new pen-admin resume --as sys1
	on_host new pen-admin terminal add --name 机房 --as sys1 -q
	on_host new pen-admin resume --as sys1 -q
	on_host new pen-verify -q
}

@test "an entry made by a key and a program of one's own on a computer that is not registered is found" {
	forge verify.begin store op1 "$(printf 'pen-terminal/other' | openssl dgst -sm3 -r | cut -d' ' -f1)"
	[[ $(findings journal --rule journal.terminal) == "journal.terminal error journal entry "*" (verify.begin)" ]]
	run -5 pen-verify journal --rule journal.terminal
	# The same on this one is not.
	forge verify.begin store op1 "$(here)"
	[ "$(findings journal --rule journal.terminal | wc -l)" = 1 ]
}

# ---- suspension (R7.3) ----

@test "while the store is suspended every tool is refused, which says since when, by whom and why; the attempt is entered" {
	pen-admin suspend --reason '勒索病毒 on counter 4' --as dba1 -f json >suspended.json
	[ "$(jq -r '[.by, .reason, .done_before] | join(" ")' suspended.json)" = 'dba1 勒索病毒 on counter 4 false' ]
	for command in 'pen-import list' 'pen-import forms' 'pen-import breakdown x.csv' 'pen-import confirm 1' 'pen-seal list' 'pen-seal sign 1' \
	    'pen-seal checkpoint' 'pen-account settle --year 2024' 'pen-report statement-detail --year 2024' 'pen-admin staff list' \
	    'pen-admin terminal list' 'pen-admin param list' 'pen-admin staff add x --name x --role operator'; do
		test "$command" != 'pen-import forms' || { $command -q; continue; }	# needs no store
		# shellcheck disable=SC2086
		refuses 3 $command
		[[ $message == *"since $(jq -r .since suspended.json) by dba1 (勒索病毒 on counter 4)"*'[R7.3] (store.suspended)' ]]
		[ "$(newest "act || staff || (signature IS NOT NULL)")" = refusedhead11 ]
		[ "$(body | jq -r '.clause + .code')" = R7.3store.suspended ]
	done
	run -0 pen-verify -q
}

@test "verification, backups, what was found, the status and the end of it work while the store is suspended" {
	pen-admin suspend --reason 查毒 --as sys1 -q
	pen-verify -q --as auditor1
	pen-log -q incident --found 病毒 --measures 查杀 --as dba1
	pen-verify journal -q
	pen-backup create --to backup --verify --as dba1 -q
	pen-backup list --to backup -q
	pen-backup check --to backup -q
	pen-backup verify --to backup -q
	pen-backup restore --from backup latest restored -q
	run -0 pen-admin status --as op1 -f json
	[ "$(jq -r '.suspended | .by + .reason' <<<"$output")" = sys1查毒 ]
	run -0 pen-admin resume --as dba1 -f json
	[ "$(jq -r '[.was_suspended, .by, .reason] | join(" ")' <<<"$output")" = 'true sys1 查毒' ]
	run -0 pen-admin status -f json
	[ "$(jq -r .suspended.since <<<"$output")" = null ]
	pen-import list -q
	run -0 pen-verify -q
}

@test "suspending twice and resuming twice says so and enters nothing more" {
	pen-admin suspend --reason one --as dba1 -q
	before=$(ask "SELECT count(*) FROM journal")
	run -0 pen-admin suspend --reason two --as sys1 -f json
	[ "$(jq -r '[.by, .reason, .done_before] | join(" ")' <<<"$output")" = 'dba1 one true' ]
	[ "$(ask "SELECT count(*) FROM journal")" = "$before" ]
	pen-admin resume --as sys1 -q
	before=$(ask "SELECT count(*) FROM journal")
	run -0 pen-admin resume --as sys1 -f json
	[ "$(jq -r .was_suspended <<<"$output")" = false ]
	[ "$(ask "SELECT count(*) FROM journal")" = "$before" ]
}

@test "the system lead or the dba suspends, with a reason; the head, too, may end it" {
	for who in op1 lead1 amender1 auditor1 head1; do
		refuses 3 pen-admin suspend --reason x --as $who
		[[ $message == *'[R7.3] (role.missing)' ]]
	done
	refuses 2 pen-admin suspend --as dba1
	refuses 2 pen-admin suspend --reason '' --as dba1
	refuses 2 pen-admin suspend --reason "$(printf 'a\nb')" --as dba1
	refuses 2 pen-admin suspend --reason "$(printf '%0600d' 0)" --as dba1
	pen-admin suspend --reason x --dry-run --as dba1 -q
	pen-import list -q
	pen-admin suspend --reason x --as dba1 -q
	for who in op1 lead1 amender1 auditor1; do
		refuses 3 pen-admin resume --as $who
		[[ $message == *'[R7.3] (role.missing)' ]]
	done
	pen-admin resume --as head1 -q
	run -0 pen-verify -q
}

@test "an act entered behind the tools' back while the store is suspended is found" {
	pen-admin suspend --reason x --as dba1 -q
	forge import.read.begin held op1 "$(here)"
	[[ $(findings journal --rule journal.suspended) == "journal.suspended error journal entry "*" (import.read.begin)" ]]
	run -5 pen-verify journal --rule journal.suspended
	forge verify.begin store op1 "$(here)"
	[ "$(findings journal --rule journal.suspended | wc -l)" = 1 ]
}

@test "a suspension that is ended behind the tools' back is found, whoever signs it" {
	pen-admin suspend --reason x --as dba1 -q
	pen-verify journal -q --as auditor1	# entries behind it: an end that is cut off shows by a checkpoint alone
	forge admin.resume store op1 "$(here)"
	[[ $(findings journal --rule journal.role) == "journal.role error journal entry "*" (admin.resume)" ]]
	cp store/pen.db before.db
	sqlite3 store/pen.db "DROP TRIGGER journal_stays_u; UPDATE journal SET act = 'admin.note' WHERE act = 'admin.suspend'"
	run -5 pen-verify journal --rule journal.text
	cp before.db store/pen.db
	sqlite3 store/pen.db "DROP TRIGGER journal_stays_d; DELETE FROM journal WHERE act IN ('admin.suspend', 'admin.resume')"
	run -5 pen-verify journal
}
