# shellcheck shell=bash disable=SC2154
# A backup, beside sqlite3's own, compressed.

backup_by_sqlite() { sqlite3 closed/pen.db ".backup $work/peer.db" && gzip -6 peer.db; }

part_backup() {
	local sqlite=
	agency_year "${PEN_BENCH_ROWS:-200000}"
	heading "backup: a store of $(du -m closed/pen.db | cut -f 1) MB"
	if has sqlite3 && has gzip; then sqlite=backup_by_sqlite; fi
	side_by_side 'pen-backup create' 'from closed; rm -rf backup' 'pen-backup create --to backup' '' \
		'sqlite3 .backup, gzip -6' clean "$sqlite" ''
}
