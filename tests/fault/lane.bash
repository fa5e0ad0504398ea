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

# One fault at every place (or every so-many-th): a line of the scene, the fault, how often,
# and how often survived.
one_fault() {
	local name=$1 fault=$2 n=1 step=${PEN_FAULT_STEP:-1}
	tried=0 survived=0 hit=1
	while test "$hit" = 1; do
		try "$name" "$fault" "$n"
		# Beyond the hundredth piece of memory of others, some of them.
		case $fault in all*) test "$n" -lt 40 || step=$((n / 12 + 1)) ;; esac
		n=$((n + step))
	done
	printf '%s\t%s\t%s\t%s\n' "$name" "$fault" "$tried" "$survived" >>"$work/lane$lane/counts"
}

all_faults() {
	local fault
	look_at "$1" || { printf '%s\t\t\t\tcannot be looked at\n' "$1" >>"$work/lost"; return; }
	printf '%s\t%s\n' "$1" "$calls" >>"$work/lane$lane/calls"
	for fault in ${PEN_FAULT_FAULTS:-$faults memory memory+ all all+}; do one_fault "$1" "$fault"; done
}

# The counts by command: calls, then for each fault tried, and survived if fewer.
table() {
	local name fault kinds=${PEN_FAULT_FAULTS:-$faults memory memory+ all all+}
	echo "# command: faults tried, and of them survived; by fault (tests/fault/inject.c, nomemory.c)"
	cat "$work"/lane*/counts | awk -F "$tab" -v kinds="$kinds" -v order="$(paste -sd' ' "$work/order")" '
		{ tried[$1, $2] = $3; lived[$1, $2] = $4; sum[$1] += $3; alive[$1] += $4; of[$2] += $3; left[$2] += $4; all += $3; well += $4 }
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
