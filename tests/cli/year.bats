#!/usr/bin/env bats
# The main job, end to end on share/examples: a year of the small agency, what
# its receipts say, what is rejected, and what is found when somebody tampers.

load helper

examples=$top/share/examples

# The demo is run once; the tests look at what it left, or at copies of it.
setup_file() {
	"$examples/demo" "$PEN_BUILD/bin" "$BATS_FILE_TMPDIR/demo" >"$BATS_FILE_TMPDIR/demo.log" 2>&1
	echo $? >"$BATS_FILE_TMPDIR/demo.status"
}

setup() {
	demo=$BATS_FILE_TMPDIR/demo
	export PEN_STAFF=op1
}

# The demo's store and keys, to go on with.
after_the_demo() {
	cp -R "$demo/store" store
	mkdir -p "$XDG_CONFIG_HOME"
	cp -R "$demo/keys/." "$XDG_CONFIG_HOME"
	export PEN_STORE=$PWD/store
}

# A read-only copy, as an auditor has it.
an_auditors_copy() {
	cp -R "$demo/restored" copy
	export PEN_STORE=$PWD/copy
}

# A store with employers, people and both years' levies.
before_the_breakdown() {
	make_store
	cp "$examples"/*.csv "$examples"/*.txt .
	pen-import -q --confirm --expect-rows 12 employer employers.csv
	pen-import -q --confirm --expect-rows 300 registration registration.csv
	pen-import -q --confirm --expect-rows 24 levy levy-2024.csv
	pen-import -q --confirm --expect-rows 24 levy levy-2025.csv
}

ask() { sqlite3 -readonly "$PEN_STORE/pen.db" "$1"; }
sql() { sqlite3 "$PEN_STORE/pen.db" "$1"; }
dump() { ask .dump | sha256sum; }

# ---- 1: the demo ----

@test "the demo runs the year to its end and says where everything lies" {
	tail -n 40 "$BATS_FILE_TMPDIR/demo.log"
	[ "$(cat "$BATS_FILE_TMPDIR/demo.status")" = 0 ]
	tail -n 12 "$BATS_FILE_TMPDIR/demo.log" | grep -q 'Where everything lies'
	for made in store/pen.db receipt.json kept-by-the-auditor.txt exported backup restored/pen.db; do
		test -e "$demo/$made"
	done
}

@test "the demo checks a signature with openssl, reads the backup with sqlite3, and hands findings to jq" {
	grep -q '^Verified OK$' "$BATS_FILE_TMPDIR/demo.log"
	grep -q '^breakdown|sealed|' "$BATS_FILE_TMPDIR/demo.log"
	grep -q '^{"type":"summary"' "$BATS_FILE_TMPDIR/demo.log"
}

@test "one employer is silent, and its folio alone stays open" {
	after_the_demo
	[ "$(ask "SELECT state, count(*) FROM folio WHERE batch = 4 GROUP BY state")" = "$(printf 'confirmed|1\nsealed|11')" ]
	silent=$(ask "SELECT a.value FROM folio AS f JOIN employer_alias AS a USING (employer) WHERE f.batch = 4 AND f.state = 'confirmed'")
	[ "$silent" = "$(sed -n 6p "$examples/employers.csv" | cut -d, -f1)" ]
	run ! grep -q "$silent" "$examples/answers-2024.csv"
	[ "$(ask "SELECT count(*) FROM folio WHERE batch <= 6 AND batch <> 4 AND state <> 'sealed'")" = 0 ]
}

# ---- 2: nothing disappears ----

# Counts lines and fen of a breakdown by themselves, from the source as it came:
# read, rejected by the list of defects, held for the employer that is over its
# levy, accepted.
recount() {
	iconv -f "$2" -t UTF-8 "$examples/$1" | awk -F, -v file="$1" -v held="$3" -v defects="$examples/defects.csv" '
	function fen(s,   a) {
		if (split(s, a, ".") == 1) return s * 100
		return a[1] * 100 + substr(a[2] "0", 1, 2)
	}
	BEGIN { while ((getline line < defects) > 0) { split(line, d, ","); if (d[1] == file) bad[d[2]] = 1 } }
	{ lines["read"]++ }
	NR == 1 { lines["other"]++; next }
	{
		where = NR in bad ? "rejected" : $2 == held ? "held" : "accepted"
		lines[where]++; money[where] += fen($7) + fen($8); money["read"] += fen($7) + fen($8)
	}
	END {
		printf "%d %d %d %d %d %.0f %.0f %.0f %.0f\n", lines["read"], lines["accepted"], lines["rejected"], lines["held"],
			lines["other"], money["read"], money["accepted"], money["rejected"], money["held"]
	}'
}

figures='[.lines.read, .lines.accepted, .lines.rejected, .lines.held, .lines.other,
	.amount_fen.read, .amount_fen.accepted, .amount_fen.rejected, .amount_fen.held] | map(tostring) | join(" ")'

@test "the receipt balances in lines and in fen, and agrees with a count of the source by awk" {
	over=$(sed -n 12p "$examples/employers.csv" | cut -d, -f1)
	jq -e '.lines | .read == .accepted + .rejected + .held + .other' "$demo/receipt.json"
	jq -e '.amount_fen | .read == .accepted + .rejected + .held' "$demo/receipt.json"
	recount breakdown-2024.csv GB18030 "$over"
	[ "$(jq -r "$figures" "$demo/receipt.json")" = "$(recount breakdown-2024.csv GB18030 "$over")" ]
	[ "$(jq -r '.file | .name, .encoding, .bytes' "$demo/receipt.json" | xargs)" = \
		"breakdown-2024.csv GB18030 $(wc -c <"$examples/breakdown-2024.csv")" ]
	[ "$(jq -r .file.digest "$demo/receipt.json")" = "sm3:$(openssl dgst -sm3 -r "$examples/breakdown-2024.csv" | cut -d' ' -f1)" ]
}

@test "the rows in the store add up to what the receipt says was accepted, once the late levy let the held in" {
	after_the_demo
	# Of that batch alone: the years before have theirs, and a case changed some later.
	[ "$(ask 'SELECT count(*), sum(c.unit_fen + c.personal_fen) FROM contribution c JOIN folio f ON f.id = c.folio
		WHERE f.batch = 4')" = \
		"$(jq -r '"\(.lines.accepted + .lines.held)|\(.amount_fen.accepted + .amount_fen.held)"' "$demo/receipt.json")" ]
	pen-import show 4 -f json >now.json || [ $? = 1 ]
	jq -s -e '(.[0] | .. | objects | select(has("lines")) | .lines) as $now | .[1].lines as $before
		| $now.held == 0 and $now.accepted == $before.accepted + $before.held and $now.read == $before.read' now.json "$demo/receipt.json"
}

# Imports a year's breakdown, and compares its rejects with the list of defects.
rejects_are_the_planted_ones() {
	local ended=0
	pen-import -f json --rejects rejects.csv breakdown "$1" >receipt.json || ended=$?
	[ $ended = 1 ]
	sqlite3 rejects.db '.mode csv' '.import rejects.csv rejects' '.import defects.csv defects'
	sqlite3 -separator ' ' rejects.db "SELECT line, \"column\", rule FROM defects WHERE file = '$1' ORDER BY CAST(line AS INTEGER)" >planted
	sqlite3 -separator ' ' rejects.db 'SELECT line, "column", rule FROM rejects ORDER BY CAST(line AS INTEGER)' >found
	diff planted found
	[ "$(jq .lines.rejected receipt.json)" = "$(wc -l <planted)" ]
	[ "$(sqlite3 rejects.db "SELECT count(*) FROM rejects WHERE expected = '' OR message = '' OR (found = '') <> (rule = 'field.required')")" = 0 ]
}

@test "every planted defect of 2024 is rejected with line, column, rule, found and expected, and nothing else is" {
	before_the_breakdown
	rejects_are_the_planted_ones breakdown-2024.csv
	[ "$(sqlite3 rejects.db "SELECT found || ' ' || expected FROM rejects WHERE rule = 'month.range'")" != ' ' ]
	[ "$(sqlite3 rejects.db "SELECT found FROM rejects WHERE rule = 'month.range'")" = 13 ]
}

@test "every planted defect of 2025, from UTF-8 with a BOM, likewise; its receipt agrees with awk" {
	before_the_breakdown
	rejects_are_the_planted_ones breakdown-2025.csv
	[ "$(jq -r '.lines | "\(.read) \(.accepted) \(.rejected) \(.held) \(.other)"' receipt.json)" = \
		"$(recount breakdown-2025.csv UTF-8 none | cut -d' ' -f1-5)" ]
	[ "$(jq .amount_fen.accepted receipt.json)" = "$(recount breakdown-2025.csv UTF-8 none | cut -d' ' -f7)" ]
}

@test "the rejects file holds the lines as they stood, with the byte at which each begins" {
	before_the_breakdown
	pen-import -q --rejects rejects.csv breakdown breakdown-2024.csv || [ $? = 1 ]
	sqlite3 rejects.db '.mode csv' '.import rejects.csv rejects'
	sqlite3 -separator ' ' rejects.db 'SELECT line, byte, 公民身份号码 FROM rejects' >places
	[ "$(wc -l <places)" = 10 ]
	while read -r line byte number; do
		tail -c +$((byte + 1)) breakdown-2024.csv | head -n 1 | cmp - <(sed -n "${line}p" breakdown-2024.csv)
		sed -n "${line}p" breakdown-2024.csv | grep -qF "$number"
	done <places
}

# ---- 3: tampering ----

@test "one sealed amount changed behind the triggers: verify ends with 5 and names the record" {
	an_auditors_copy
	sql "DROP TRIGGER contribution_stays_u;
		UPDATE contribution SET personal_fen = personal_fen + 1 WHERE person = 40 AND folio IN (SELECT id FROM folio WHERE state = 'sealed')"
	number=$(ask 'SELECT id_number FROM registration WHERE person = 40')
	run --separate-stderr pen-verify -f ndjson
	[ "$status" = 5 ]
	jq -s -e --arg number "$number" 'map(select(.type == "finding" and .class == "seal")) | length > 0 and any(.record | contains($number))' <<<"$output"
	jq -s -e '.[-1].type == "summary"' <<<"$output"
}

@test "nothing but notes is found in a copy that nobody touched" {
	an_auditors_copy
	run --separate-stderr pen-verify -f ndjson
	[ "$status" = 0 ]
	[ "$(jq -s 'map(select(.type == "finding" and .severity != "note")) | length' <<<"$output")" = 0 ]
}

@test "triggers keep an amount and a journal entry from being changed in the first place" {
	after_the_demo
	run sql 'UPDATE contribution SET personal_fen = 0 WHERE person = 40'
	[ "$status" != 0 ]
	run sql 'DELETE FROM journal WHERE at = 20'
	[ "$status" != 0 ]
}

@test "a journal entry taken out of the middle: verify ends with 5 and says which" {
	an_auditors_copy
	sql 'DROP TRIGGER journal_stays_d; DELETE FROM journal WHERE at = 20'
	run --separate-stderr pen-verify -f ndjson journal
	[ "$status" = 5 ]
	jq -s -e 'map(select(.type == "finding")) | any((.record + .found + .expected) | test("\\b20\\b"))' <<<"$output"
}

@test "the newest journal entries taken out, with their nodes: only the checkpoint kept outside shows it" {
	an_auditors_copy
	kept=$demo/kept-by-the-auditor.txt
	pen-verify -q journal --since "$kept"
	size=$(sed -n 2p "$kept")
	sql "DROP TRIGGER journal_stays_d; DELETE FROM journal WHERE at >= $((size - 1));
		DELETE FROM journal_node WHERE (number + 1) << level > $((size - 1))"
	pen-verify -q journal
	run --separate-stderr pen-verify -f ndjson journal --since "$kept"
	[ "$status" = 5 ]
}

# ---- 5: the same file again, and files that are none ----

@test "a second import of the same file prints the first receipt and changes nothing" {
	before_the_breakdown
	pen-import -f json breakdown breakdown-2024.csv >first.json || [ $? = 1 ]
	before=$(dump)
	cp breakdown-2024.csv another-name.csv
	for file in breakdown-2024.csv another-name.csv; do
		run --separate-stderr pen-import -f json breakdown "$file"
		[ "$status" = 1 ]
		diff <(jq -S . <<<"$output") <(jq -S . first.json)
	done
	[ "$(dump)" = "$before" ]
}

@test "a second import of a confirmed file, also with --confirm, changes nothing" {
	before_the_breakdown
	before=$(dump)
	pen-import -f json --confirm --expect-rows 24 levy levy-2024.csv >again.json
	[ "$(jq -r '.batch, .state' again.json | xargs)" = "3 confirmed" ]
	[ "$(dump)" = "$before" ]
}

# Refuses a file with status 4 and one line that says why, and leaves no batch.
refuses_file() {
	local batches
	batches=$(ask 'SELECT count(*) FROM batch')
	refuses 4 pen-import breakdown "$1"
	[ ! -s stdout.txt ]
	echo "$message"
	[[ $message == *"$1"* ]]
	[ "$(ask 'SELECT count(*) FROM batch')" = "$batches" ]
}

@test "an empty file is refused" {
	make_store
	: >empty.csv
	refuses_file empty.csv
}

@test "a binary file is refused" {
	make_store
	cp "$PEN_STORE/pen.db" binary.csv
	refuses_file binary.csv
	gzip -c binary.csv >packed.csv
	refuses_file packed.csv
	refuses_file "$(command -v pen-import)"
}

@test "a directory is refused" {
	make_store
	mkdir directory.csv
	refuses_file directory.csv
}

@test "a file that is not there is refused" {
	make_store
	refuses_file missing.csv
}

@test "a header without rows is refused, in both encodings" {
	make_store
	head -n 1 "$examples/breakdown-2025.csv" >header.csv
	refuses_file header.csv
	head -n 1 "$examples/breakdown-2024.csv" >header.gb.csv
	refuses_file header.gb.csv
}

@test "columns that no form knows are refused, and so are another form's" {
	make_store
	printf '甲,乙,丙\n1,2,3\n' >unknown.csv
	refuses_file unknown.csv
	cp "$examples/levy-2024.csv" levy.csv
	refuses_file levy.csv
}
