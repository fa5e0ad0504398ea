# shellcheck shell=bash disable=SC2034,SC2154
# A backup of a store of 1 GB, beside sqlite3's own, compressed on all processors; the next
# one, when one page in a hundred has changed here and there, beside the first and beside
# sqlite3's own, which knows no next one; how long writers are locked out,
# beside a raw copy; its verification, beside what it cannot do without; and the most memory
# that each holds.

backup_by_sqlite() {
	rm -f peer.db peer.db.gz
	sqlite3 closed/pen.db ".backup $work/peer.db"
	if has pigz; then pigz -6 peer.db; else gzip -6 peer.db; fi
}

# The engine's own check of the store, the chunks opened, and the sealed rows digested.
verify_by_hand() {
	test "$(sqlite3 closed/pen.db 'PRAGMA integrity_check')" = ok &&
		find backup/chunks -name '*.gz' -exec gunzip -c {} + >/dev/null &&
		openssl dgst -sm3 leaves
}

# Rows are changed behind the tools' back, to bytes as long as they were, here and there: as
# many as a hundredth of the pages.
scatter() {
	local pages=$(($(stat -c %s changed/pen.db) / 8192))
	sqlite3 changed/pen.db "DROP TRIGGER IF EXISTS contribution_stays_u;
		UPDATE contribution SET base_fen = base_fen + 1 WHERE abs(random()) % ((SELECT count(*) FROM contribution) * 100 / $pages) = 0"
}

# Prints how many pages in a thousand two stores of one length differ in.
differ() { cmp -l closed/pen.db changed/pen.db | awk -v pages="$(($(stat -c %s closed/pen.db) / 8192))" '{ p = int(($1 - 1) / 8192) } p != last { n++; last = p } END { printf "%.1f", 1000 * n / pages }'; }

# The longest that somebody who writes waits for the store while a backup is made: ms into
# $took.
locked_out() {
	local start now longest=0
	from closed
	rm -rf backup
	sync
	pen-backup create --to backup >said 2>&1 &
	while kill -0 $! 2>/dev/null; do
		start=$(date +%s%N)
		sqlite3 store/pen.db '.timeout 600000' 'BEGIN IMMEDIATE; ROLLBACK' || fail 'BEGIN IMMEDIATE'
		now=$(($(date +%s%N) - start))
		test "$now" -le "$longest" || longest=$now
	done
	wait $! || fail 'pen-backup create'
	took=$((longest / 1000000))
}

locked_beside_a_copy() {
	local round ours='' theirs=''
	for ((round = 0; round < runs; round++)); do
		locked_out
		ours+="$took "
		once 'rm -f peer.db' 'cp closed/pen.db peer.db'
		theirs+="$took "
	done
	# shellcheck disable=SC2086
	line 'pen-backup create, writers locked out' "$(median $ours)" 'cp of the store' "$(median $theirs)" ms 1.00
	rm -f peer.db
}

# held_by NAME PREPARATION COMMAND…: the most memory that it holds.
held_by() {
	local name=$1
	eval "$2"
	shift 2
	quietly "$build/bench/peak" peak "$@"
	line "$name" "$(cat peak)" "128 MB" 128 MB 1.00
}

part_backup() {
	local sqlite="" packer=gzip by_hand=""
	suite=sm2-sm3
	agency_year "${PEN_BENCH_ROWS:-4000000}"
	cp -R closed changed
	scatter
	mkdir -p "$build/bench"
	${CC:-cc} -O2 -o "$build/bench/peak" "$here/peak.c" || fail "peak.c"
	heading "backup: a store of $(du -m closed/pen.db | cut -f 1) MB" aim
	if has pigz; then packer=pigz; fi
	if has sqlite3 && has gzip; then sqlite=backup_by_sqlite; fi
	if has sqlite3 && has openssl && has gzip; then by_hand=verify_by_hand; fi
	side_by_side 'pen-backup create, the first' 'from closed; rm -rf backup' 'pen-backup create --to backup' '' \
		"sqlite3 .backup, $packer -6" clean "$sqlite" 1.00
	clean
	rm -rf backup
	from closed
	quietly pen-backup create --to backup
	rm -rf backup.first
	cp -R backup backup.first
	side_by_side "pen-backup create, the next ($(differ) of 1000 pages)" 'from changed; rm -rf backup; cp -R backup.first backup' 'pen-backup create --to backup' '' \
		'the first' 'from closed; rm -rf backup' 'pen-backup create --to backup' 0.20 \
		"sqlite3 .backup, $packer -6" clean "$sqlite" 0.20
	clean
	if has sqlite3; then locked_beside_a_copy; fi
	rm -rf backup
	mv backup.first backup
	side_by_side 'pen-backup verify' true 'pen-backup verify --to backup' '' \
		'integrity_check, gunzip, openssl dgst -sm3' true "${by_hand:+verify_by_hand}" 1.50
	held_by 'pen-backup verify, memory' true pen-backup verify --to backup
	held_by 'pen-backup create, memory' 'from closed; rm -rf backup' pen-backup create --to backup
	rm -rf backup changed
}
