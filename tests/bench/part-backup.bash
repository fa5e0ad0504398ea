# shellcheck shell=bash disable=SC2154
# A backup, beside sqlite3's own, compressed on all processors; and the next one, when
# one page in a hundred has changed here and there.

backup_by_sqlite() {
	rm -f peer.db peer.db.gz
	sqlite3 closed/pen.db ".backup $work/peer.db"
	if has pigz; then pigz -6 peer.db; else gzip -6 peer.db; fi
}

# A row in so many is changed behind the tools' back, to bytes as long as they were: rows
# lie about a hundred to a page.
scatter() {
	sqlite3 changed/pen.db "DROP TRIGGER IF EXISTS contribution_stays_u;
		UPDATE contribution SET base_fen = base_fen + 1 WHERE abs(random()) % $1 = 0"
}

# Prints how many pages in a thousand two stores of one length differ in.
differ() { cmp -l closed/pen.db changed/pen.db | awk -v pages="$(($(stat -c %s closed/pen.db) / 8192))" '{ p = int(($1 - 1) / 8192) } p != last { n++; last = p } END { printf "%.1f", 1000 * n / pages }'; }

part_backup() {
	local sqlite= packer=gzip
	agency_year "${PEN_BENCH_ROWS:-200000}"
	cp -R closed changed
	scatter 12000
	heading "backup: a store of $(du -m closed/pen.db | cut -f 1) MB"
	if has pigz; then packer=pigz; fi
	if has sqlite3 && has gzip; then sqlite=backup_by_sqlite; fi
	side_by_side 'pen-backup create, the first' 'from closed; rm -rf backup' 'pen-backup create --to backup' '' \
		"sqlite3 .backup, $packer -6" clean "$sqlite" 1.00
	rm -rf backup
	from closed
	quietly pen-backup create --to backup
	cp -R backup backup.first
	echo "changed: $(differ) in 1000 pages"
	side_by_side 'pen-backup create, the next' 'from changed; rm -rf backup; cp -R backup.first backup' 'pen-backup create --to backup' '' \
		'the first' 'from closed; rm -rf backup' 'pen-backup create --to backup' 0.20
}
