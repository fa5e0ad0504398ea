# shellcheck shell=bash disable=SC1091,SC2034,SC2154
# What tests/fault/run and tests/fault/check have in common: the tools are made, the scenes
# prepared, and one command is put through all faults. $PEN_BUILD and $work are set.
_tests=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BATS_TEST_DIRNAME=$_tests/cli BATS_RUN_TMPDIR=$work/template
bats_require_minimum_version() { :; }
# shellcheck source=SCRIPTDIR/../cli/helper.bash
. "$_tests/cli/helper.bash"
# shellcheck source=SCRIPTDIR/year.bash
. "$_tests/fault/year.bash"
# shellcheck source=SCRIPTDIR/try.bash
. "$_tests/fault/try.bash"
export PEN_STAFF=op1
suite=${PEN_FAULT_SUITE:-ed25519-sha256}

prepare() {
	tools=$work/tools
	mkdir -p "$tools"
	local flags=(-D_GNU_SOURCE -std=c11 -O2 -Wall -Wextra)
	${CC:-cc} "${flags[@]}" -o "$tools/inject" "$_tests/fault/inject.c" &&
		${CC:-cc} "${flags[@]}" -fPIC -shared -o "$tools/nomemory.so" "$_tests/fault/nomemory.c" &&
		make_scenes
}

# The rounds, as the place at which each begins; with no time set there is the one.
rounds() {
	if test -z "${PEN_FAULT_MINUTES:-}" || test -n "${PEN_FAULT_PLACES:-}"; then
		echo 1
	else
		echo 1 9 5 13 3 11 7 15 2 10 6 14 4 12 8 16
	fi
}

time_is_left() { test -z "${PEN_FAULT_MINUTES:-}" || test "$SECONDS" -lt $((PEN_FAULT_MINUTES * 60)); }

# Where a fault begins, and how far it goes on: with PEN_FAULT_PLACES at so many places of
# the command, evenly, and each fault at others.
spread() {
	local kind i=0 count kinds=0 of
	start=1 step=${PEN_FAULT_STEP:-1}
	test -n "${PEN_FAULT_PLACES:-}" || return 0
	case $2 in memory*) count=pen ;; all*) count=all ;; *) count=disk ;; esac
	test -e "$work/scene/$1/$count.count" || count_places "$1"
	read -r of _ <"$work/scene/$1/$count.count"
	step=$((of / PEN_FAULT_PLACES + 1))
	for kind in $faults memory memory+ all all+; do
		test "$kind" != "$2" || i=$kinds
		kinds=$((kinds + 1))
	done
	start=$((1 + i * step / kinds))
}

# How many places there are: calls, and pieces of memory that libpen, or all, ask for.
count_places() {
	local scene=$work/scene/$1 who
	cp "$scene/count" "$scene/disk.count"
	for who in pen all; do
		rm -rf "$scene/other"
		cp -Rp "$scene/before" "$scene/other"
		PEN_FAULT_WHO=$who PEN_FAULT_MEMORY=0 PEN_FAULT_LOG=$scene/$who.count command_in "$scene/other" env LD_PRELOAD="${asan:+$asan:}$tools/nomemory.so"
	done
}

# The place behind $n. Beyond the fortieth piece of memory of others some of them are taken,
# about as many in four rounds as in a run without rounds; the other rounds end there.
next_place() {
	local step=$step
	test -z "${PEN_FAULT_MINUTES:-}" || step=$((step * 16))
	test -z "${PEN_FAULT_PLACES:-}" || { n=$((n + step)); return 0; }
	case $1 in
	all*)
		if test "$n" -lt 40; then :; elif test -z "${PEN_FAULT_MINUTES:-}"; then
			step=$((n / 12 + 1))
		else
			case $from in 1 | 9 | 5 | 13) step=$((n / 3 + 1)) ;; *) return 1 ;; esac
		fi
		;;
	esac
	n=$((n + step))
}

# One fault at every place (or every so-many-th), or in a round at those of the round: a
# line of the scene, the fault, how often, and how often survived.
one_fault() {
	local name=$1 fault=$2 n step start
	spread "$name" "$fault"
	n=${from:-1}
	test -z "${PEN_FAULT_PLACES:-}" || n=$start
	tried=0 survived=0 hit=1
	try "$name" "$fault" "$n"
	while test "$hit" = 1 && next_place "$fault"; do try "$name" "$fault" "$n"; done
	printf '%s\t%s\t%s\t%s\n' "$name" "$fault" "$tried" "$survived" >>"$work/lane$lane/counts"
}

all_faults() {
	local fault
	if ! test -e "$work/scene/$1/count"; then
		look_at "$1" || { printf '%s\t\t\t\tcannot be looked at, or no call is seen in which it writes\n' "$1" >>"$work/lost"; return; }
		printf '%s\t%s\n' "$1" "$calls" >>"$work/lane$lane/calls"
	fi
	mapfile -d '' command <"$work/scene/$1/command"
	for fault in ${PEN_FAULT_FAULTS:-$faults memory memory+ all all+}; do one_fault "$1" "$fault"; done
	printf '%s\n' "${from:-1}" >>"$work/scene/$1/rounds"
}

# Which places they were, if not every one.
reached() {
	local name
	test -z "${PEN_FAULT_PLACES:-}" || { echo "# each fault at about $PEN_FAULT_PLACES places of each command, evenly from its beginning to its end"; return 0; }
	test -n "${PEN_FAULT_MINUTES:-}" || { test "${PEN_FAULT_STEP:-1}" = 1 || echo "# every ${PEN_FAULT_STEP}th place"; return 0; }
	for name in ${PEN_FAULT_SCENES:-$scenes}; do
		if test -e "$work/scene/$name/rounds"; then wc -l <"$work/scene/$name/rounds"; else echo 0; fi
	done | sort -n | uniq -c | while read -r commands times; do
		echo "# of $commands commands $times in ${PEN_FAULT_STEP:+$PEN_FAULT_STEP times }16 places"
	done
}

# The counts by command: calls, then for each fault tried, and survived if fewer.
table() {
	local name fault kinds=${PEN_FAULT_FAULTS:-$faults memory memory+ all all+}
	echo "# command: faults tried, and of them survived; by fault (tests/fault/inject.c, nomemory.c)"
	reached
	cat "$work"/lane*/counts | awk -F "$tab" -v kinds="$kinds" -v order="$(paste -sd' ' "$work/order")" '
		{ tried[$1, $2] += $3; lived[$1, $2] += $4; sum[$1] += $3; alive[$1] += $4; of[$2] += $3; left[$2] += $4; all += $3; well += $4 }
		function cell(a, b) { return a == "" ? "-" : a == b ? a : b "/" a }
		END {
			k = split(kinds, kind, " "); s = split(order, scene, " ")
			printf "%-20s%8s%10s", "command", "tried", "survived"
			for (i = 1; i <= k; i++) printf "%9s", kind[i]
			print ""
			for (j = 1; j <= s; j++) {
				if (!(scene[j] in sum)) continue
				printf "%-20s%8d%10d", scene[j], sum[scene[j]], alive[scene[j]]
				for (i = 1; i <= k; i++) printf "%9s", cell(tried[scene[j], kind[i]], lived[scene[j], kind[i]])
				print ""
			}
			printf "%-20s%8d%10d", "all", all, well
			for (i = 1; i <= k; i++) printf "%9s", cell(of[kind[i]], left[kind[i]])
			print ""
		}'
}
