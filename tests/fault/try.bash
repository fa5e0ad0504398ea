# shellcheck shell=bash disable=SC2154
# One command and one fault. Behind tests/cli/helper.bash and year.bash; $work and
# $tools (inject, nomemory.so) are set.
#
# A scene lies in $work/scene/NAME: `before`, the directory that the command is run in;
# `after`, the same when it was left alone; `command`, and `status`, how it ended, with
# `again`, how it ends when it is run once more. What a directory holds is told as lines
# of table, column and all its values in order; what differs between two undisturbed runs
# (signatures, keys) is no part of it, and neither is the journal, where stops stand.

tab=$'\t'
faults='eio eio+ full full+ tear short kill torn cut part'

# ---- what a directory holds

tables() {
	sqlite3 "$1" "SELECT 'SELECT ''' || t.name || '.' || c.name || ''', ifnull(replace(replace(group_concat(quote(v), char(9)), char(10), char(32)), char(13), char(32)), '''') FROM (SELECT \"' || c.name || '\" AS v FROM \"' || t.name || '\" ORDER BY v);'
		FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'"
}

# The stores of a directory, put right first if a run was ended in the middle, as whoever
# opens them next would do; fails if one is not sound.
holds() {
	local store
	for store in store restored; do
		test -e "$1/$store/pen.db" || continue
		tables "$1/$store/pen.db" >"$1.sql" || return 1
		{ echo 'PRAGMA integrity_check;'; cat "$1.sql"; } | sqlite3 "$1/$store/pen.db" >"$1.held" || return 1
		test "$(head -n 1 "$1.held")" = ok || return 1
		sed "1d; s/^/$store./" "$1.held"
	done
	(
		cd "$1" || exit 1
		find . -type f ! -path '*/pen.db*' ! -name pen.lock ! -name lock -exec sha256sum {} + | awk '{ print $2 " " $1 }' | sort
	)
}

names() { (cd "$1" && find . -mindepth 1 ! -path '*/pen.db*' ! -name pen.lock ! -name lock | sort); }

# What is the same in two undisturbed runs: the places that are compared.
steady() { comm -12 <(sort "$1") <(sort "$2") | grep -vE '^(store|restored)\.journal' | cut -d '|' -f 1 | cut -d ' ' -f 1; }

compared() {
	grep -vE '^(store|restored)\.journal' "$2" |
		awk -v places="$1" 'BEGIN { while ((getline line <places) > 0) steady[line] } { split($0, part, /[| ]/) } part[1] in steady'
}

# What a second run makes anew, and writes otherwise since it comes after an entry: not
# compared as it stands, but by what it says (see says_the_same).
varying() {
	case $1 in
	statement) echo '^([.]/statement[.]txt|store[.]statement_issue[.](at|as_of))$' ;;
	prove) echo '^[.]/proof[.]txt$' ;;
	inspect) echo '^store[.]running_log[.](at|entries|findings|found)$' ;;
	backup*) echo '^[.]/backup/' ;;
	*) echo '^$' ;;
	esac
}

# A repository whose snapshots are called good, and whose newest holds what it would hold:
# all but the journal.
holds_backup() {
	local dir=$1
	rm -rf "$dir.backup"
	mkdir "$dir.backup"
	in_scene "$dir" pen-backup verify --to backup -q >"$dir.verified" 2>&1 || return 1
	in_scene "$dir" pen-backup restore --from backup latest "$dir.backup/restored" -q >>"$dir.verified" 2>&1 || return 1
	holds "$dir.backup" >"$dir.backed" || return 1
	grep '^restored' "$dir.backed" | grep -vE '^restored[.]journal'
}

# What the varying files of a directory that is done come to.
says() {
	case $name in
	statement) grep -vE '^截至(记录|时间) ' "$1/statement.txt" ;;
	prove) in_scene "$1" pen-verify proof proof.txt --keys config/pen -q && sed '/^path:/d; /^ pen[/]/,$d' "$1/proof.txt" ;;
	backup*) holds_backup "$1" ;;
	esac
}

says_the_same() {
	says "$2" >"$2.says" 2>"$2.unsaid" && cmp -s "$2.says" "$1/says"
}

# ---- the scenes

in_scene() {
	(
		cd "$1" || exit 1
		export PEN_STORE=$PWD/store XDG_CONFIG_HOME=$PWD/config TMPDIR=$PWD/tmp PEN_CLOCK=1735600000
		shift
		"$@"
	)
}

command_in() {
	local dir=$1
	shift
	in_scene "$dir" "$@" "${command[@]}" >"$dir.said" 2>"$dir.error"
}

plain() {
	local expected=$1 ended=0
	shift
	"$@" >"$work/said" 2>&1 || ended=$?
	test "$ended" = "$expected" && return
	echo "status $ended, expected $expected: $*" >&2
	cat "$work/said" >&2
	exit 1
}

step() {
	local scene=$work/scene/$1 expected=$2
	shift 2
	mkdir -p "$scene"
	basename "$scene" >>"$work/order"
	cp -Rp . "$scene/before"
	printf '%s\0' "$@" >"$scene/command"
	plain "$expected" "$@"
}

# Makes all scenes, but for those of benefits if $brief; $suite is the suite of the store.
make_scenes() {
	mkdir -p "$work/year/tmp" "$work/scene"
	(
		cd "$work/year" || exit 1
		export PEN_STORE=$PWD/store XDG_CONFIG_HOME=$PWD/config TMPDIR=$PWD/tmp PEN_STAFF=op1
		papers
		year
		test -n "${brief:-}" || benefits
	)
}

# Runs a scene's command undisturbed, twice, and once more behind the first.
look_at() {
	local scene=$work/scene/$1 dir
	mapfile -d '' command <"$scene/command"
	holds "$scene/before" >"$scene/before.holds" || return 1
	for dir in after other; do
		rm -rf "${scene:?}/$dir"
		cp -Rp "$scene/before" "$scene/$dir"
		command_in "$scene/$dir"
		echo $? >"$scene/status"
		holds "$scene/$dir" >"$scene/$dir.holds" || return 1
	done
	names "$scene/before" >"$scene/before.names"
	{ names "$scene/before"; names "$scene/after"; } | sort -u >"$scene/names"
	name=$1
	says "$scene/after" >"$scene/says" || test "$(varying "$1")" = '^$' || test "$1" = inspect || return 1
	cp -Rp "$scene/after" "$scene/twice"
	command_in "$scene/twice"
	echo $? >"$scene/again"
	holds "$scene/twice" >"$scene/twice.holds" || return 1
	steady "$scene/after.holds" "$scene/other.holds" | grep -vE "$(varying "$1")" >"$scene/places"
	compared "$scene/places" "$scene/after.holds" >"$scene/done"
	# Where a run stopped behind its entry there are two of it.
	compared "$scene/places" "$scene/twice.holds" >"$scene/done.twice"
	"$tools/inject" count 0 "$scene/count" true
	rm -rf "$scene/other" "$scene/twice"
	cp -Rp "$scene/before" "$scene/other"
	command_in "$scene/other" "$tools/inject" count 0 "$scene/count"
	read -r calls _ <"$scene/count"
	# Every command here writes: where no call is seen, no fault would strike.
	test "$calls" -gt 0
}

# ---- one fault

# Says why a fault was not survived.
lost() { printf '%s\n' "$1"; }

# Whether the directory is as it was, done, or between: before, done, between, unsound.
state_of() {
	local scene=$1 dir=$2
	holds "$dir" >"$dir.holds" 2>/dev/null || { echo unsound; return; }
	if cmp -s "$dir.holds" "$scene/before.holds"; then
		echo before
	elif test -n "$(missing "$scene" "$dir")"; then
		echo between
	else
		compared "$scene/places" "$dir.holds" >"$dir.done"
		if { cmp -s "$dir.done" "$scene/done" || cmp -s "$dir.done" "$scene/done.twice"; } && says_the_same "$scene" "$dir"; then
			echo "done"
		else
			echo between
		fi
	fi
}

missing() { comm -23 <(names "$1/after" | grep -v '[.]copy') <(names "$2"); }

# (A further snapshot is no stray.)
strays() { comm -13 "$1/names" <(names "$2") | grep -vE "${adds:-^$}"; }

# pen-verify of each store of a directory finds no tampering. (It is shown a copy: what it
# has looked at is entered.)
verified() {
	local store
	for store in store restored; do
		test -e "$1/$store/pen.db" || continue
		test ! -e "$1/$store/unfinished" || continue	# nothing opens it until it is made over
		rm -rf "$1.copy"
		cp -Rp "$1" "$1.copy"
		in_scene "$1.copy" pen-verify --as head1 -q -s $store >"$1.verified" 2>&1
		case $? in 0 | 1 | 8) ;; *) return 1 ;; esac
	done
}

# What became of a run that a fault befell and that ended with a status: prints why it is
# lost, or nothing. The same command has to come to the same as if it was left alone.
judge() {
	local scene=$1 dir=$2 fault=$3 ended=$4 state again expected killed=''
	expected=$(cat "$scene/status")
	# A further snapshot, with its chunks, is no stray.
	adds=''
	case $name in backup*) adds='^[.]/backup/(snapshots|chunks)/' ;; esac
	case $fault in kill | torn | cut | part) killed=1 ;; esac
	case $ended in
	"$expected" | 8) ;;		# 8: it says itself what it could not do
	7) test -s "$dir.error" || { lost "status 7 without a word"; return; } ;;
	137) test -n "$killed" || { lost "killed"; return; } ;;
	*) lost "status $ended: $(head -n 1 "$dir.error")"; return ;;
	esac
	state=$(state_of "$scene" "$dir")
	test "$state" != unsound || { lost "the store is not sound"; return; }
	if test "$ended" = "$expected" && test "$state" != "done"; then
		cp "$dir.holds" "$dir.lost"
		lost "said that it is done (status $ended), and is not ($state)"
		return
	fi
	# What could not be removed is left to the next run, and so is what prune has removed and
	# could not make last: its list says of what.
	if test -z "$killed" && test "${fault%+}" = "$fault" && test "$call" != unlink && test "$call" != rmdir && test "$name $call" != 'prune fsync'; then
		test -z "$(strays "$scene" "$dir")" || { lost "left behind: $(strays "$scene" "$dir" | paste -sd' ')"; return; }
	fi
	# As it was, to the last byte: run again, it is the undisturbed run (and now and then is).
	if test "$state" = before && test -z "$(strays "$scene" "$dir")" && test $((n % 10)) != 1; then return; fi
	verified "$dir" || { lost "pen-verify: $(head -n 1 "$dir.verified")"; return; }
	# Done, but for what a killed run did not tidy up any more: the next does.
	if test "$state" = "done" && test -z "$(strays "$scene" "$dir")"; then return; fi
	command_in "$dir"
	again=$?
	# 1 where a part was done the first time, and is told as what is left out now.
	test "$again" = "$expected" || test "$again" = "$(cat "$scene/again")" || test "$again" = 1 ||
		{ lost "run again: status $again: $(head -n 1 "$dir.error")"; return; }
	state=$(state_of "$scene" "$dir")
	test "$state" = "done" || { lost "run again, it comes to something else ($state)"; return; }
	test -z "$(strays "$scene" "$dir")" || { lost "left behind when run again: $(strays "$scene" "$dir" | paste -sd' ')"; return; }
	verified "$dir" || { lost "run again, pen-verify: $(head -n 1 "$dir.verified")"; return; }
}

# Tries one fault at one place of the scene: sets $hit and $place, prints nothing; adds to
# $tried and $survived, and writes what was lost to $work/lost.
try() {
	local name=$1 fault=$2 n=$3 scene=$work/scene/$1 dir ended why call place
	dir=$work/lane$lane/try
	rm -rf "$dir" "$dir".*
	cp -Rp "$scene/before" "$dir"
	case $fault in
	memory* | all*)
		PEN_FAULT_WHO=${fault%+} PEN_FAULT_MEMORY=$n${fault#"${fault%+}"} PEN_FAULT_LOG=$dir.log
		test "$PEN_FAULT_WHO" = all || PEN_FAULT_WHO=pen
		export PEN_FAULT_WHO PEN_FAULT_MEMORY PEN_FAULT_LOG
		command_in "$dir" env LD_PRELOAD="${asan:+$asan:}$tools/nomemory.so"
		ended=$?
		unset PEN_FAULT_WHO PEN_FAULT_MEMORY PEN_FAULT_LOG
		call='' place=''
		read -r _ hit <"$dir.log" || hit=1
		;;
	*)
		command_in "$dir" "$tools/inject" "$fault" "$n" "$dir.log"
		ended=$?
		read -r _ hit call place <"$dir.log" || { echo "inject failed: $(cat "$dir.error")" >&2; exit 1; }
		;;
	esac
	# Beyond the last call only the power can still be cut (which one round sees to).
	test "$hit" = 1 || case $fault in cut | part) test "${from:-1}" = 1 || return ;; *) return ;; esac
	why=$(judge "$scene" "$dir" "$fault" "$ended")
	tried=$((tried + 1))
	if test -z "$why"; then survived=$((survived + 1)); else
		printf '%s\t%s\t%s\t%s\t%s\n' "$name" "$fault" "$n" "$call $place" "$why" >>"$work/lost"
	fi
}
