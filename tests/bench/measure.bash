# shellcheck shell=bash disable=SC2154
# How things are measured. What is compared is run in turn, one after the other,
# round after round, so that whatever else the machine does meets all of them; the
# median of each is taken. Files are warm: they were written just before, and the
# page cache, which only root could drop, is left alone. What the preparation
# wrote is on the disk (sync) before the clock starts; what a run itself leaves to
# be written later is its own affair (pen and sqlite3 sync before they end).

runs=${PEN_BENCH_RUNS:-5}

fail() { echo "bench: $*" >&2; test ! -f said || cat said >&2; exit 1; }
has() { command -v "$1" >/dev/null; }

# True if DuckDB is there: it comes from npm, into the build.
duckdb() {
	has node || return 1
	test -d "$build/bench/node_modules/@duckdb/node-api" && return 0
	has npm && npm install --silent --no-audit --no-fund --prefix "$build/bench" @duckdb/node-api >/dev/null 2>&1
}

# Runs something that has to end with 0, or with 1 where something is left.
quietly() { "$@" >said 2>&1 || test $? = 1 || fail "$*"; }

facts() {
	quietly pen-admin init --store facts --agency 330100 --name 某市 --head head1:王敏
	echo "$(nproc) processors, $(sed -n 's/^model name[^:]*: //p;T;q' /proc/cpuinfo); $(df --output=fstype . | tail -n 1)"
	echo "pen with $(pen-admin status --store facts --as head1 | sed -n 's/^engine *//p'), made by ${CC:-cc} ${CFLAGS:-}"
	if has sqlite3; then echo "sqlite3 $(sqlite3 --version | cut -d ' ' -f 1)"; fi
	echo "medians of $runs"
	rm -rf facts config
}

heading() { printf '\n%-44s %10s   %-36s %10s %7s %7s\n' "$1" "" "beside" "" "ratio" "${2:+aim}"; }

# line OURS TIME THEIRS TIME UNIT [AIM]: one line of the table.
line() {
	printf '%-44s %7d %2s   %-36s %7d %2s %7s %7s\n' "$1" "$2" "$5" "$3" "$4" "$5" \
		"$(awk -v a="$2" -v b="$4" 'BEGIN { printf "%.2f", a / (b ? b : 1) }')" "${6:-}"
}

# median NUMBER…: the one in the middle.
median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }

# once PREPARATION COMMAND: milliseconds, into $took. Both are shell text; the
# preparation is not counted.
once() {
	local start
	eval "$1" || fail "$1"
	sync
	start=$(date +%s%N)
	eval "$2" >said 2>&1 || test $? = 1 || fail "$2"
	took=$((($(date +%s%N) - start) / 1000000))
}

# side_by_side NAME PREPARATION COMMAND AIM, and the same of each peer, whose AIM is
# that of our figure beside it. An empty COMMAND: the peer is not installed.
side_by_side() {
	local names=() before=() commands=() aims=() times=() medians=() i round
	while test $# != 0; do
		names+=("$1") before+=("$2") commands+=("$3") aims+=("$4"); shift 4
	done
	for ((round = 0; round < runs; round++)); do
		for i in "${!names[@]}"; do
			test -n "${commands[i]}" || continue
			once "${before[i]}" "${commands[i]}"
			times[i]+="$took "
		done
	done
	for i in "${!names[@]}"; do
		# shellcheck disable=SC2086
		test -z "${times[i]:-}" || medians[i]=$(median ${times[i]})
	done
	for ((i = 1; i < ${#names[@]}; i++)); do
		if test -n "${commands[i]}"; then
			line "${names[0]}" "${medians[0]}" "${names[i]}" "${medians[i]}" ms "${aims[i]}"
		else
			printf '%-44s %7d ms   %s: not installed, skipped\n' "${names[0]}" "${medians[0]}" "${names[i]}"
		fi
	done
}
