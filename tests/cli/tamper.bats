#!/usr/bin/env bats
# shellcheck disable=SC2154
# What is changed in the sqlite3 shell, with the triggers dropped: each change is
# found, by the rule that is named, as tampering (class seal, status 5).

load helper

load ../tamper/store

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	rich_store
}

setup() {
	cp -Rp "$BATS_FILE_TMPDIR/store" store
	cp -Rp "$BATS_FILE_TMPDIR/config" "$XDG_CONFIG_HOME"
	export PEN_STORE=$PWD/store PEN_STAFF=op1
}

sql() { sqlite3 -readonly store/pen.db "$1"; }

@test "what the example went through leaves a store that is whole" {
	pen-verify -f ndjson >found.ndjson || { cat found.ndjson; return 1; }
	test "$(sql "SELECT group_concat(decision) FROM (SELECT DISTINCT decision FROM hold WHERE decision IS NOT NULL ORDER BY 1)")" = covered,rejected,released
	test "$(sql "SELECT count(*) FROM folio WHERE state = 'held'")" -gt 0
	test "$(sql "SELECT count(*) FROM reject")" -gt 0
	test "$(sql "SELECT count(*) FROM repair")" -gt 0
	test "$(sql "SELECT count(*) FROM replacement")" -gt 0
	test "$(sql "SELECT value FROM person_alias a JOIN registration r USING (person) WHERE r.id_number = '330106800101121'")" = \
		"$(citizen_id 330106 19800101 121)"
}

# One change after the other, each to the store as it was. A line is the rule that
# has to name it, and the change.
finds() {
	local rule change ended missed=0
	while IFS='|' read -r rule change; do
		test -n "$rule" || continue
		cp "$BATS_FILE_TMPDIR/store/pen.db" store/pen.db
		sqlite3 store/pen.db "$(sqlite3 store/pen.db "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_master WHERE type = 'trigger'")
			$change; SELECT CASE total_changes() WHEN 0 THEN 'changed nothing' END" >changed.txt
		ended=0
		pen-verify -f ndjson >found.ndjson 2>stderr.txt || ended=$?
		if test "$ended" != 5 || grep -q nothing changed.txt ||
		    ! jq -se --arg rule "$rule" 'any(.rule == $rule and .class == "seal")' found.ndjson >/dev/null; then
			echo "not found as $rule (status $ended, $(cat changed.txt)): $change; but $(jq -r 'select(.type == "finding") | .rule' found.ndjson | sort | uniq -c | grep -v store.schema | tr -s '\n ' ' ')"
			missed=1
		fi
	done
	return "$missed"
}

@test "rows said to be replaced" {
	finds <<'EOF'
replacement.stands|INSERT INTO replacement SELECT folio, person, line, 60, folio, line FROM contribution LIMIT 1
replacement.stands|INSERT INTO replacement SELECT m.folio, m.person, m.line, m2.at, m2.by_folio, m2.by_line FROM movement m, replacement m2 WHERE m.person <> m2.subject LIMIT 1
replacement.stands|UPDATE replacement SET at = at - 1
replacement.stands|UPDATE replacement SET by_line = by_line + 1
replacement.stands|DELETE FROM replacement WHERE line = (SELECT min(line) FROM replacement)
EOF
}

@test "identifiers of people and employers" {
	finds <<'EOF'
person.told|UPDATE person_alias SET value = '330106198001010010' WHERE person = 3
person.told|UPDATE person_alias SET value = CASE person WHEN 3 THEN (SELECT value FROM person_alias WHERE person = 4) ELSE (SELECT value FROM person_alias WHERE person = 3) END WHERE person IN (3, 4)
person.told|DELETE FROM person_alias WHERE person = 3
person.told|INSERT INTO person_alias SELECT kind, value, 4, batch FROM person_alias WHERE person = 3
person.told|INSERT INTO person_alias SELECT 'foreign-document', 'X1', 4, batch FROM person_alias WHERE person = 3
person.told|UPDATE person_alias SET batch = 9 WHERE person = 3
person.told|UPDATE person_alias SET value = '330106800101121' WHERE person = (SELECT person FROM registration WHERE id_number = '330106800101121')
person.told|DELETE FROM person WHERE id = 3
person.told|INSERT INTO person VALUES (9000, 2)
person.told|UPDATE person SET batch = 9 WHERE id = 3
employer.told|UPDATE employer_alias SET value = '91330106MA00000016' WHERE employer = 2
employer.told|DELETE FROM employer_alias WHERE employer = 2
employer.told|INSERT INTO employer_alias SELECT kind, value, 3, batch FROM employer_alias WHERE employer = 2
employer.told|INSERT INTO employer_alias SELECT 'unit-number', 'U1', 3, batch FROM employer_alias WHERE employer = 2
employer.told|UPDATE employer_alias SET batch = 9 WHERE employer = 2
employer.told|DELETE FROM employer WHERE id = 2
employer.told|INSERT INTO employer VALUES (9000, 1)
EOF
}

@test "what is kept whole, and the digests that name it" {
	finds <<'EOF'
blob.kept|DELETE FROM blob WHERE digest = (SELECT file_digest FROM batch WHERE id = 4)
blob.kept|DELETE FROM blob WHERE digest = (SELECT file_digest FROM batch WHERE form = 'settlement')
blob.kept|DELETE FROM blob_chunk WHERE digest = (SELECT file_digest FROM batch WHERE id = 1)
blob.kept|DELETE FROM blob WHERE digest = (SELECT form_digest FROM batch WHERE id = 1); DELETE FROM blob_chunk WHERE digest = (SELECT form_digest FROM batch WHERE id = 1)
blob.kept|DELETE FROM blob WHERE digest = (SELECT rules_digest FROM batch WHERE id = 1)
blob.kept|DELETE FROM blob WHERE digest = (SELECT parameters_digest FROM batch WHERE id = 1)
blob.kept|DELETE FROM blob WHERE digest = (SELECT document FROM acknowledgement LIMIT 1); DELETE FROM blob_chunk WHERE digest = (SELECT document FROM acknowledgement LIMIT 1)
blob.kept|UPDATE batch SET file_bytes = file_bytes + 1 WHERE form = 'settlement'
blob.name|UPDATE blob SET name = 'other.csv' WHERE digest = (SELECT file_digest FROM batch WHERE id = 4)
blob.name|UPDATE blob SET kind = 'paper' WHERE digest = (SELECT file_digest FROM batch WHERE id = 4)
blob.name|UPDATE blob SET name = 'covers' WHERE name = 'levy.covers'
blob.name|UPDATE blob SET kind = 'source' WHERE name = 'levy.covers'
blob.name|UPDATE blob SET name = 'policy' WHERE name = 'interest'
journal.acts|UPDATE blob SET name = 'other.txt' WHERE kind = 'paper'
digest.whole|UPDATE folio SET root = root || 'x' WHERE id = 3
digest.whole|UPDATE seal SET digest = digest || 'x' WHERE id = 2
digest.whole|UPDATE seal SET digest = digest || char(0) || 'x' WHERE id = 2
digest.whole|UPDATE batch SET file_digest = file_digest || 'x' WHERE id = 4
digest.whole|UPDATE batch SET form_digest = form_digest || 'x' WHERE id = 4
digest.whole|UPDATE batch SET rules_digest = rules_digest || 'x' WHERE id = 4
digest.whole|UPDATE batch SET parameters_digest = parameters_digest || 'x' WHERE id = 4
digest.whole|UPDATE acknowledgement SET document = document || 'x' WHERE folio = (SELECT min(folio) FROM acknowledgement)
EOF
}

@test "where accounts stand, why folios wait, what is paid, who works where" {
	finds <<'EOF'
account.stands|INSERT INTO account_year SELECT person, 2019, folio FROM account_year LIMIT 1
account.stands|INSERT INTO account_year VALUES (3, 2024, 99999)
account.stands|INSERT INTO account_year SELECT person, 2022, id FROM folio, person_alias WHERE state = 'held' LIMIT 1
account.stands|DELETE FROM account_year WHERE person = 3 AND year = 2024
account.stands|UPDATE account_year SET year = 2025 WHERE person = 3 AND year = 2024
hold.stands|DELETE FROM hold WHERE ended_at IS NULL
hold.stands|DELETE FROM hold WHERE decision = 'rejected'
hold.stands|DELETE FROM hold WHERE decision = 'covered'
hold.stands|UPDATE hold SET ended_at = ended_at + 1 WHERE decision = 'rejected'
hold.stands|UPDATE hold SET decision = 'covered' WHERE decision = 'rejected'
hold.stands|UPDATE hold SET rule = 'none.such' WHERE ended_at IS NULL
hold.stands|UPDATE hold SET at = at - 1 WHERE ended_at IS NULL
hold.stands|INSERT INTO hold (folio, rule, at, found, expected) SELECT 5, rule, at, found, expected FROM hold LIMIT 1
hold.stands|INSERT INTO hold (folio, rule, at, found, expected) SELECT 99999, rule, at, found, expected FROM hold LIMIT 1
folio.state|UPDATE folio SET confirmed_at = NULL WHERE state = 'sealed' AND id = 3
folio.state|UPDATE folio SET confirmed_at = (SELECT max(confirmed_at) FROM folio) WHERE id = 25
folio.state|UPDATE folio SET replaces = 2 WHERE id = 3
folio.belongs|INSERT INTO folio_node SELECT 99999, level, number, hash FROM folio_node
folio.belongs|INSERT INTO employment_change SELECT folio, person, 99, 'join', 202501, 20250101, NULL, NULL, NULL FROM registration LIMIT 1
levy.year|UPDATE levy_year SET amount_fen = amount_fen + 1 WHERE employer = 2
levy.year|INSERT INTO levy_year VALUES (2, 2019, 99999, 100)
levy.year|INSERT INTO levy_year VALUES (2, 2019, 5, 0)
levy.year|DELETE FROM levy_year WHERE employer = 2
employment.told|UPDATE employment SET until = 20240101 WHERE person = 3
employment.told|DELETE FROM employment WHERE person = 3
employment.told|INSERT INTO employment SELECT person, 9, since, NULL, folio FROM employment WHERE person = 3
seal.folios|INSERT INTO seal_folio VALUES (99999, 1)
seal.folios|INSERT INTO seal_folio VALUES (3, 999)
seal.nodes|INSERT INTO seal_node VALUES (4, 8, 0, zeroblob(32))
reject.mended|UPDATE reject SET mended_by = 1
reject.mended|INSERT INTO repair VALUES (999, 1, 'x', 'y', 'z')
EOF
}

@test "the figures of a batch, its rejects and its repairs" {
	finds <<'EOF'
journal.acts|UPDATE batch SET agency = '330106' WHERE id = 4
journal.acts|UPDATE batch SET parent = 1 WHERE id = 4
journal.acts|UPDATE batch SET file_bytes = 1 WHERE id = 4
journal.acts|UPDATE batch SET encoding = 'utf-8' WHERE id = 4
journal.acts|UPDATE batch SET form_digest = (SELECT form_digest FROM batch WHERE id = 1) WHERE id = 4
journal.acts|UPDATE batch SET rules_digest = form_digest WHERE id = 4
journal.acts|UPDATE batch SET parameters_digest = form_digest WHERE id = 4
journal.acts|UPDATE batch SET reference_at = 1 WHERE id = 4
journal.acts|UPDATE batch SET rows_done = 1 WHERE id = 4
journal.acts|UPDATE batch SET rejected_fen = 1 WHERE id = 4
journal.acts|UPDATE batch SET rejects_file = 'other.csv' WHERE id = 4
journal.acts|UPDATE batch SET assumptions = '[]' WHERE id = 4
journal.acts|UPDATE batch SET lines_read = 1 WHERE form = 'settlement'
journal.acts|UPDATE batch SET read_fen = 1 WHERE form = 'settlement'
journal.acts|UPDATE batch SET file_digest = form_digest WHERE form = 'settlement' AND id = 7
journal.acts|UPDATE batch SET form_digest = rules_digest WHERE id = 18
journal.acts|UPDATE batch SET rules_digest = form_digest WHERE id = 18
journal.acts|UPDATE batch SET assumptions = '[1]' WHERE id = 18
journal.acts|UPDATE batch SET encoding = 'utf-8' WHERE id = 18
journal.acts|UPDATE batch SET planned_by = 'head1' WHERE id = 18
journal.acts|UPDATE reject SET mended_by = NULL WHERE mended_by = (SELECT max(mended_by) FROM reject)
journal.acts|UPDATE hold SET found = '0.01' WHERE decision = 'covered'
journal.acts|UPDATE hold SET expected = '0.01' WHERE decision = 'rejected'
journal.acts|UPDATE hold SET found = 'nothing' WHERE rule = 'person.died'
journal.acts|UPDATE reject SET message = 'nothing' WHERE batch = 4 AND line = (SELECT min(line) FROM reject WHERE batch = 4)
journal.acts|UPDATE reject SET line = 9999 WHERE batch = 4 AND line = (SELECT min(line) FROM reject WHERE batch = 4)
journal.acts|DELETE FROM repair WHERE batch = (SELECT max(batch) FROM repair)
EOF
}

@test "computers, and whether access was cut off" {
	finds <<'EOF'
journal.acts|UPDATE terminal SET name = 'x' WHERE at = 0
journal.acts|UPDATE terminal SET name = 'x' WHERE allowed = 1 AND at > 0
journal.acts|UPDATE terminal SET agency = NULL WHERE agency IS NOT NULL
journal.acts|UPDATE terminal SET agency = '330106' WHERE allowed = 0
journal.acts|UPDATE terminal SET allowed = 1 WHERE allowed = 0
journal.acts|UPDATE terminal SET machine = replace(machine, '1', '2') WHERE allowed = 0
journal.acts|DELETE FROM terminal WHERE allowed = 0
journal.cites|UPDATE terminal SET at = at + 1 WHERE allowed = 0
journal.cites|INSERT INTO terminal (machine, at, name, allowed) SELECT replace(machine, '1', '2'), at, name, allowed FROM terminal WHERE at = 0
journal.cites|INSERT INTO terminal (machine, at, name, allowed) SELECT replace(machine, '1', '2'), at, name, allowed FROM terminal WHERE at > 0 AND allowed = 1
journal.cites|INSERT INTO terminal (machine, at, name, allowed) SELECT machine, 1, name, 1 FROM terminal WHERE at = 0
journal.text|UPDATE journal SET act = 'admin.note' WHERE act = 'admin.suspend'
journal.text|UPDATE journal SET act = 'admin.note' WHERE act = 'admin.resume'
journal.suspended|UPDATE journal SET act = 'admin.suspend' WHERE act = 'import.stage' AND at = (SELECT min(at) FROM journal WHERE act = 'import.stage')
journal.role|UPDATE staff_role SET at = at + 1000000 WHERE staff = 'sys1'
EOF
}

@test "the computer that all this was done on, as a copy shows it: the store itself is shut there then" {
	touch store/restored
	finds <<'EOF'
journal.acts|UPDATE terminal SET machine = replace(machine, '1', '2') WHERE at = 0
journal.terminal|UPDATE terminal SET machine = replace(machine, '1', '2') WHERE at = 0
journal.acts|UPDATE terminal SET agency = '330106' WHERE at = 0
journal.acts|DELETE FROM terminal WHERE at = 0
EOF
}

# The door alone sees this much; a copy shows all of it.
@test "whoever is shut out by a row that was changed is told so, and not that they are unknown" {
	here=$(pen-admin terminal id -f json | jq -r .id)
	while IFS='|' read -r code names change; do
		cp "$BATS_FILE_TMPDIR/store/pen.db" store/pen.db
		sqlite3 store/pen.db "$(sqlite3 store/pen.db "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_master WHERE type = 'trigger'") $change"
		for tool in pen-verify 'pen-import list'; do
			# shellcheck disable=SC2086
			refuses 5 $tool
			[[ $message == *"$names is not stored as journal entry "*"($code)" ]] || { echo "$change: $message"; return 1; }
		done
		test "$(sql "SELECT act FROM journal ORDER BY at DESC LIMIT 1")" = refused
		touch store/restored
		run -5 pen-verify -f ndjson
		jq -se --arg names "$names" 'any(.class == "seal" and (.rule | startswith("journal.")) and (.record | contains($names)))' \
			<<<"${output%$'\n'*}" || { echo "$change"; return 1; }
		rm store/restored
	done <<EOF
terminal.changed|terminal $here|UPDATE terminal SET machine = replace(machine, '1', '2') WHERE at = 0
terminal.changed|terminal $here|UPDATE terminal SET agency = '330106' WHERE at = 0
terminal.changed|terminal $here|UPDATE terminal SET allowed = 0 WHERE at = 0
terminal.changed|terminal $here|DELETE FROM terminal WHERE at = 0
staff.changed|staff op1|DELETE FROM staff WHERE id = 'op1'
staff.changed|staff op1|UPDATE staff_key SET public_key = (SELECT k.public_key FROM staff_key k WHERE k.staff = 'lead1') WHERE staff = 'op1'
staff.changed|staff op1|DELETE FROM staff_key WHERE staff = 'op1'
staff.changed|staff op1|DELETE FROM staff_role WHERE staff = 'op1'
staff.changed|staff op1|UPDATE staff_role SET granted = 0 WHERE staff = 'op1'
EOF
}

@test "the version number of the file set back" {
	for version in 0 1 5; do
		cp "$BATS_FILE_TMPDIR/store/pen.db" store/pen.db
		sqlite3 store/pen.db "PRAGMA user_version = $version"
		refuses 5 pen-verify
		[[ $message == *"version $version"*'(store.version)' ]]
	done
	touch store/restored
	refuses 5 pen-verify
}

@test "roles that nobody granted, at the index of an entry that did something else" {
	finds <<'EOF'
journal.cites|INSERT INTO staff_role VALUES ('op1', 'head', 0, 1)
journal.cites|INSERT INTO staff_role VALUES ('head1', 'syslead', 0, 1)
journal.cites|UPDATE staff_key SET at = 0 WHERE staff = 'op1'
journal.acts|INSERT INTO staff_role SELECT staff, 'syslead', at, 1 FROM staff_role WHERE staff = 'op1'
journal.acts|INSERT INTO staff_role SELECT staff, 'amender', at, 1 FROM staff_role WHERE staff = 'op1'
journal.cites|INSERT INTO staff_role SELECT staff, 'operator', at, 0 FROM staff_role WHERE staff = 'auditor1'
EOF
}

# Column by column: tests/cli/log.bats.
@test "entries of the running logs" {
	finds <<'EOF'
journal.acts|UPDATE running_log SET faults = '无' WHERE id = 2
journal.acts|UPDATE running_log SET on_date = on_date - 1 WHERE id = 2
journal.acts|DELETE FROM running_log WHERE id = 1
journal.acts|UPDATE running_log SET at = at + 1 WHERE id = 1
journal.cites|INSERT INTO running_log SELECT 9, kind, at, agency, on_date - 1, until_date, NULL, follows, ports, servers, equipment, faults, entries, findings, found, measures, cut_off, reported_to, cleared, unit, points, clause, note, document FROM running_log WHERE id = 1
journal.cites|UPDATE running_log SET kind = 'inspect' WHERE id = 3
log.stands|UPDATE running_log SET corrects = 3 WHERE id = 2
log.stands|UPDATE running_log SET follows = 1 WHERE id = 3
log.stands|UPDATE running_log SET agency = '330106' WHERE id = 3
log.stands|DELETE FROM staff_role WHERE staff = 'net1'
blob.kept|UPDATE running_log SET document = 'f' || substr(document, 2) WHERE id = 1
digest.whole|UPDATE running_log SET document = document || 'x' WHERE id = 1
EOF
}

@test "statements that were handed out, and on which day" {
	finds <<'EOF'
journal.acts|UPDATE statement_issue SET on_date = on_date + 100 WHERE id = 1
journal.acts|UPDATE statement_issue SET digest = replace(digest, 'a', 'b') WHERE id = 3
journal.acts|UPDATE statement_issue SET person = person + 1 WHERE id = 3
journal.acts|UPDATE statement_issue SET as_of = as_of - 1 WHERE id = 2
journal.acts|DELETE FROM statement_issue WHERE id = 4
journal.cites|INSERT INTO statement_issue SELECT 9, at, form, year, employer, person, as_of, on_date - 1, digest FROM statement_issue WHERE id = 1
issue.stands|UPDATE statement_issue SET employer = NULL WHERE id = 1
issue.stands|UPDATE statement_issue SET as_of = at WHERE id = 1
issue.stands|INSERT INTO statement_issue SELECT 9, at, form, year, employer, person, as_of, on_date, digest FROM statement_issue WHERE id = 1
issue.stands|UPDATE staff_role SET role = 'lead' WHERE staff = 'op1'
EOF
}

@test "the schema beneath, and the file" {
	finds <<'EOF'
store.schema|DROP INDEX folio_batch; UPDATE store SET one = 1
store.schema|CREATE TRIGGER sly AFTER INSERT ON movement BEGIN SELECT 1; END; UPDATE store SET one = 1
EOF
	cp "$BATS_FILE_TMPDIR/store/pen.db" store/pen.db
	sqlite3 store/pen.db "DROP INDEX levy_voucher"
	run -5 pen-verify -f ndjson
	[ "$(jq -r 'select(.type == "finding" and .severity != "note") | .record' <<<"${output%$'\n'*}")" = "index levy_voucher of table levy" ]
	# An index that is said to be over another column than its entries are.
	cp "$BATS_FILE_TMPDIR/store/pen.db" store/pen.db
	sqlite3 store/pen.db ".dbconfig defensive off" "PRAGMA writable_schema = ON" \
		"UPDATE sqlite_master SET sql = 'CREATE INDEX levy_voucher ON levy (insurance)' WHERE name = 'levy_voucher'"
	run -5 pen-verify -f ndjson
	jq -se 'any(.rule == "store.integrity" and .class == "seal")' <<<"${output%$'\n'*}"
}

@test "one key under two names, written in another way" {
	sqlite3 store/pen.db "SELECT public_key FROM staff_key WHERE staff = 'op1'" >op1.pub
	openssl ec -pubin -in op1.pub -conv_form compressed -pubout -out compressed.pub 2>/dev/null
	run ! cmp -s op1.pub compressed.pub
	sqlite3 store/pen.db "UPDATE staff_key SET public_key = CAST(readfile('compressed.pub') AS TEXT) WHERE staff = 'auditor1'"
	run -5 pen-verify -f ndjson
	jq -se 'any(.rule == "staff.key" and .class == "seal" and .clause == "R4.2.3" and (.record | startswith("key of staff op1")))' <<<"${output%$'\n'*}"
}
