#!/usr/bin/env bats
# shellcheck disable=SC2154,SC1091
# What holds for every tool: help, options, formats, exit statuses, output files.

load helper

tools() { (cd "$PEN_BUILD/bin" && ls); }

@test "every tool prints its help, and its commands are in it" {
	for tool in $(tools); do
		run -0 "$tool" --help
		[[ ${lines[0]} == "$tool: "* ]]
		[[ $output == *"--store DIR"* && $output == *"Exit status: 0 clean"* ]]
	done
}

@test "every tool says its version in one line" {
	for tool in $(tools); do
		run -0 "$tool" --version
		[ "$output" = "$tool (pen) 0.1.0" ]
	done
}

@test "an option that is unknown is wrong usage, with every tool" {
	for tool in $(tools); do
		refuses 2 "$tool" --no-such-option
		[[ $message == "$tool: there is no option --no-such-option;"* ]]
		refuses 2 "$tool" -Z
		[[ $message == "$tool: there is no option -Z;"* ]]
	done
}

@test "the synopsis that a tool prints is sound mdoc" {
	for tool in $(tools); do
		run -0 "$tool" --synopsis
		[[ ${lines[0]} == ".Nm $tool" ]]
		{
			printf '.Dd November 23, 2026\n.Dt X 1\n.Os\n.Sh NAME\n.Nm %s\n.Nd try\n.Sh SYNOPSIS\n' "$tool"
			"$tool" --synopsis
			printf '.Sh DESCRIPTION\nText.\n'
		} >page.1
		mandoc -Tlint -Wwarning page.1
	done
}

@test "the completions that a tool prints are sound bash, and complete" {
	for tool in $(tools); do
		"$tool" --completion bash >completion
		bash -n completion
		shellcheck -s bash completion
	done
	. ./completion
	pen-admin --completion bash >completion
	. ./completion
	COMP_WORDS=(pen-admin staff '') COMP_CWORD=2
	_pen_admin
	[[ " ${COMPREPLY[*]} " == " add list revoke "* ]]
	COMP_WORDS=(pen-admin staff add --ro) COMP_CWORD=3
	_pen_admin
	[ "${COMPREPLY[*]}" = --role ]
	COMP_WORDS=(pen-admin -f '') COMP_CWORD=2
	_pen_admin
	[ "${COMPREPLY[*]}" = 'text csv json ndjson' ]
}

@test "completions for another shell are wrong usage" {
	refuses 2 pen-admin --completion zsh
	[[ $message == *'expected bash'* ]]
}

@test "a tool without a default command asks for one" {
	refuses 2 pen-admin
	[[ $message == *'say what to do: one of init, staff add, '* ]]
	refuses 2 pen-admin frobnicate
	[[ $message == *'there is no command "frobnicate"'* ]]
	refuses 2 pen-admin staff
	[[ $message == *'there is no command "staff"'* ]]
}

@test "a command's name may stand after options, and options after operands" {
	make_store
	run -0 pen-admin -f json --as head1 status
	run -0 pen-admin --as head1 staff list --format json
	run -0 pen-admin --as head1 staff -f json list
	run -0 pen-admin param list interest --as=head1 -fjson
}

@test "a command's own help shows that command" {
	run -0 pen-admin staff add --help
	[[ $output == *'pen-admin staff add [OPTION]... ID'* && $output != *'param load'* ]]
}

@test "an operand that is missing or one too many is wrong usage" {
	refuses 2 pen-admin staff add
	[[ $message == *'expected pen-admin staff add ID'* ]]
	refuses 2 pen-admin status now
	[[ $message == *'"now" is one too many'* ]]
	refuses 2 pen-admin status --store
	[[ $message == *'--store needs an argument'* ]]
}

@test "an operand after -- may begin with a dash" {
	make_store
	refuses 4 pen-admin --as head1 param load -- -x.csv
	refuses 2 pen-admin --as head1 param list -- -x
	[[ $message == *'no table "-x" is in force'* ]]
}

@test "a format that is unknown is wrong usage" {
	refuses 2 pen-admin status -f xml
	[[ $message == *'"xml": expected text, csv, json or ndjson'* ]]
}

@test "a date that is no date is wrong usage" {
	for date in 2024-13-01 2023-02-29 2024-1-1 20240101 2024-00-10 yesterday ''; do
		refuses 2 pen-admin init -s new --agency 330100 --name x --head h:x --live-on "$date"
		[[ $message == *'--live-on "'*'expected a date, such as 2024-12-31'* ]]
	done
	[ ! -e new ]
}

@test "no store named is wrong usage" {
	refuses 2 pen-admin status
	[[ $message == *'PEN_STORE or --store'* ]]
}

@test "a store that is not there is unusable input" {
	refuses 4 pen-admin status -s nowhere --as op1
	[[ $message == *'no store in nowhere'*'(store.missing)' ]]
	mkdir empty
	refuses 4 pen-admin status -s empty --as op1
}

@test "a file that is no store is unusable input" {
	mkdir other text
	sqlite3 other/pen.db 'CREATE TABLE t (x)'
	refuses 4 pen-admin status -s other --as op1
	[[ $message == *'(db.foreign)' ]]
	seq 10000 >text/pen.db
	refuses 4 pen-admin status -s text --as op1
	[[ $message == *'(db.foreign)' ]]
}

@test "a store newer than the program is refused, and says which it needs" {
	make_store
	sqlite3 store/pen.db 'PRAGMA user_version = 1000'
	before=$(sha256sum store/pen.db)
	refuses 4 pen-admin status
	[[ $message == *'is of version 1000; this program knows up to '*'use a newer pen (store.newer)' ]]
	[ "$before" = "$(sha256sum store/pen.db)" ]
}

@test "a store held by another for too long is busy" {
	make_store
	coproc holder { sqlite3 store/pen.db; }
	echo "BEGIN EXCLUSIVE; SELECT 'held';" >&"${holder[1]}"
	read -r line <&"${holder[0]}"
	[ "$line" = held ]
	refuses 6 pen-admin status
	echo 'ROLLBACK; SELECT 1;' >&"${holder[1]}"
	read -r line <&"${holder[0]}"
	run -0 pen-admin status
}

@test "a store that may not be read is not taken for none: permission denied" {
	make_store
	for what in store/pen.db store; do
		mode=$(stat -c %a $what)
		chmod 000 $what
		refuses 7 bound pen-admin status
		[[ $message == *'may not be read by this user'*'Permission denied'* ]]
		[[ $message != *init* ]]
		chmod "$mode" $what
	done
	refuses 4 bound pen-admin status -s nowhere
}

@test "a key in a directory that may not be read is not taken for a missing one" {
	make_store
	chmod 000 config/pen
	refuses 7 bound pen-admin status
	[[ $message == *op1.pem*'Permission denied'* ]]
	chmod 700 config/pen
	chmod 000 config/pen/op1.pem
	refuses 4 bound pen-admin status
	[[ $message == *'(file.unreadable)' ]]
}

@test "nobody named on a living store is wrong usage" {
	make_store
	unset PEN_STAFF
	refuses 2 pen-admin status
	[[ $message == *'say who acts: PEN_STAFF or --as'*'pen-backup restore'*'chmod -R a-w'* ]]
	refuses 2 pen-admin staff revoke op1
	[[ $message == *'say who acts: PEN_STAFF or --as'* ]]
}

@test "a store copied with cp is a living one until nobody may write to it" {
	make_store
	unset PEN_STAFF
	cp -r store copy
	refuses 2 bound pen-admin status -s copy
	chmod -R a-w copy
	run -0 --separate-stderr bound pen-admin status -s copy -f json
	[ "$(jq .copy <<<"$output")" = true ]
	chmod -R u+w copy
}

@test "somebody unknown is refused, and the attempt is entered unsigned" {
	make_store
	refuses 3 pen-admin status --as mallory
	[[ $message == *'nobody as "mallory"'*'[R3] (staff.unknown)' ]]
	run -0 sqlite3 store/pen.db "SELECT act, subject, staff IS NULL, signature IS NULL FROM journal ORDER BY at DESC LIMIT 1"
	[ "$output" = 'refused|staff mallory|1|1' ]
}

@test "somebody with another's key is refused, and the attempt is entered unsigned" {
	make_store
	refuses 3 pen-admin status --key "$XDG_CONFIG_HOME/pen/lead1.pem"
	[[ $message == *'[R8.1] (key.other)' ]]
	run -0 sqlite3 store/pen.db "SELECT subject, signature IS NULL FROM journal ORDER BY at DESC LIMIT 1"
	[ "$output" = 'staff op1|1' ]
}

@test "PEN_KEY is the key of PEN_STAFF, and not of somebody named with --as" {
	make_store
	mv "$XDG_CONFIG_HOME/pen/op1.pem" elsewhere.pem
	refuses 3 pen-admin status
	[[ $message == *'(key.missing)' ]]
	export PEN_KEY=elsewhere.pem
	run -0 pen-admin status
	run -0 pen-admin status --as lead1
	run -0 pen-admin status --as op1 --key elsewhere.pem
}

@test "a key under a passphrase opens with PEN_PASSPHRASE_FILE, and with the right one alone" {
	make_store
	echo 一二三四 >secret
	openssl pkey -in "$XDG_CONFIG_HOME/pen/op1.pem" -aes256 -passout file:secret -out op1.enc
	PEN_PASSPHRASE_FILE=secret run -0 pen-admin status --key op1.enc
	echo wrong >other
	PEN_PASSPHRASE_FILE=other refuses 3 pen-admin status --key op1.enc
	PEN_PASSPHRASE_FILE=missing refuses 3 setsid pen-admin status --key op1.enc
}

@test "-o writes the whole result, and nothing beside it" {
	make_store
	run -0 pen-admin status -f json -o status.json
	[ -z "$output" ]
	[ "$(jq -r .agency status.json)" = 330100 ]
	[ "$(echo status.json*)" = status.json ]
}

@test "-o leaves an existing file as it was when the command fails" {
	make_store
	echo before >result
	refuses 3 pen-admin status --as mallory -o result
	[ "$(cat result)" = before ]
	[ "$(echo result*)" = result ]
}

@test "-o follows a link, and writes to a device straight" {
	make_store
	echo before >target
	ln -s target link
	run -0 pen-admin status -o link
	[ -L link ]
	[ "$(cat target)" != before ]
	run -0 pen-admin status -f json -o /dev/stdout
	[[ $output == '{"store":'* ]]
}

@test "a result that cannot be written fails the command" {
	make_store
	refuses 7 bash -c 'pen-admin status >/dev/full'
	refuses 7 pen-admin status -o /dev/full
	refuses 7 pen-admin status -o no/such/directory
}

# Its output goes to a pipe whose reader is gone.
unread() { bash -c 'exec 3> >(exec true); wait $!; exec "$@" >&3 3>&-' - "$@"; }
entries() { sqlite3 store/pen.db 'SELECT count(*) FROM journal'; }

@test "a reader who has seen enough costs no message, no status and no entry" {
	make_store
	run -0 --separate-stderr unread pen-admin status
	[ -z "$stderr" ]
	run -0 --separate-stderr unread pen-verify catalogue -f csv
	[ -z "$stderr" ]
	before=$(entries)
	run -0 pen-verify
	full=$(($(entries) - before))
	[ "$full" = 2 ]
	for format in text csv json ndjson; do
		before=$(entries)
		run -0 --separate-stderr unread pen-verify -f $format
		[ -z "$stderr" ]
		[ $(($(entries) - before)) = "$full" ]
	done
	# Much more than a pipe holds.
	before=$(entries)
	run -0 --separate-stderr bash -c 'set -o pipefail; pen-verify catalogue -f json | head -c 1 >/dev/null'
	[ -z "$stderr" ]
}

@test "what failed fails as it does when somebody reads" {
	make_store
	run -3 unread pen-admin status --as mallory
	run -2 unread pen-report breakdown
}

@test "-q prints nothing but what failed" {
	make_store
	run -0 pen-admin status -q
	[ -z "$output" ]
	refuses 3 pen-admin status -q --as mallory
}

@test "-v says on stderr which store is open and who acts" {
	make_store
	run -0 --separate-stderr pen-admin status -v
	[[ $stderr == *"acting as op1"* ]]
}

@test "a progress bar is nowhere but on a terminal" {
	make_store
	run -0 --separate-stderr pen-admin status
	[ -z "$stderr" ]
}
