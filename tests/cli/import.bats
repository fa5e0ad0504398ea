#!/usr/bin/env bats
# shellcheck disable=SC2154
# pen-import: staged, compared, confirmed, held, discarded, interrupted.

load helper

examples=$top/share/examples

ask() { sqlite3 "$PEN_STORE/pen.db" "$1"; }

# A store with the employers and people of the examples, and their levies.
before_the_breakdown() {
	make_store
	cp "$examples"/*.csv .
	pen-import -q --confirm --expect-rows 12 employer employers.csv
	pen-import -q --confirm --expect-rows 300 registration registration.csv
	pen-import -q --confirm --expect-rows 24 levy levy-2024.csv
}

# Everything that the store holds of batches, but for the journal.
contents() {
	for table in batch folio employer employer_alias employer_record person person_alias registration \
		employment contribution levy levy_year opening account_year reject repair hold; do
		sqlite3 "${1:-$PEN_STORE}/pen.db" "SELECT * FROM $table"
	done
}

states() { ask "SELECT group_concat(state || ':' || n, ' ') FROM (SELECT state, COUNT(*) AS n FROM folio WHERE batch = $1 GROUP BY state ORDER BY state)"; }

# ---- the moment of entry (R4.1.2) ----

@test "--confirm without declared totals is refused before anything is read" {
	make_store
	refuses 3 pen-import --confirm employer no-such-file.csv
	[[ $message == *R4.1.2* ]]
	[ "$(ask "SELECT COUNT(*) FROM batch")" = 0 ]
	[ "$(ask "SELECT act FROM journal ORDER BY at DESC LIMIT 1")" = refused ]
}

@test "totals that are not met leave the batch staged, and both numbers are named" {
	make_store
	refuses 3 pen-import -f json --confirm --expect-rows 13 employer "$examples/employers.csv"
	[[ $message == *R4.1.2* && $message == *13* && $message == *12* && $message == *'discard 1'* ]]
	[ "$(jq -r .state stdout.txt)" = staged ]
	[ "$(ask 'SELECT state FROM batch')" = staged ]
	[ "$(ask "SELECT COUNT(*) FROM folio WHERE confirmed_at IS NOT NULL")" = 0 ]
}

@test "an amount is compared to the fen" {
	before_the_breakdown
	refuses 3 pen-import -q --confirm --expect-amount 10415284.91 levy levy-2025.csv
	[[ $message == *10415284.91* && $message == *10415284.92* ]]
	pen-import -q confirm 4 --expect-amount 10415284.92 --expect-rows 24
	[ "$(ask 'SELECT state FROM batch WHERE id = 4')" = confirmed ]
}

@test "the same command after an interruption before confirming finishes the work" {
	make_store
	pen-import -q employer "$examples/employers.csv"
	pen-import -q --confirm --expect-rows 12 employer "$examples/employers.csv"
	[ "$(ask 'SELECT state FROM batch')" = confirmed ]
	[ "$(ask 'SELECT COUNT(*) FROM employer_record')" = 12 ]
}

@test "a person who looked confirms without totals; once is enough" {
	make_store
	pen-import -q employer "$examples/employers.csv"
	pen-import confirm 1 -f json | jq -e '.rows[0] | .rows == 12 and .already == false'
	before=$(contents)
	pen-import confirm 1 -f json | jq -e '.rows[0].already'
	[ "$(contents)" = "$before" ]
}

@test "what is staged is in no form's reference: its employers are not known yet" {
	make_store
	pen-import -q employer "$examples/employers.csv"
	pen-import -f json levy "$examples/levy-2024.csv" >receipt.json || [ $? = 1 ]
	[ "$(jq .lines.rejected receipt.json)" = 24 ]
	[ "$(ask 'SELECT DISTINCT rule FROM reject')" = employer.known ]
}

@test "only an operator brings in and confirms; the attempt is entered" {
	make_store
	refuses 3 pen-import --as lead1 employer "$examples/employers.csv"
	pen-import -q employer "$examples/employers.csv"
	refuses 3 pen-import --as lead1 confirm 1
	refuses 3 pen-import --as auditor1 discard 1
	[ "$(ask "SELECT COUNT(*) FROM journal WHERE act = 'refused'")" = 3 ]
	pen-import --as auditor1 -q list
	pen-import --as auditor1 -q show 1
}

@test "staging, confirming and looking are entered with their counts" {
	make_store
	pen-import -q --confirm --expect-rows 12 employer "$examples/employers.csv"
	pen-import -q show 1 --rows
	[ "$(ask "SELECT group_concat(act, ' ') FROM (SELECT act FROM journal WHERE act LIKE 'import.%' ORDER BY at)")" = \
		'import.stage import.staged import.confirm import.read.begin import.read' ]
	[ "$(ask "SELECT text FROM journal WHERE act = 'import.confirm'" | sed -n 's/^body: //p')" = \
		'{"amount_fen":0,"compared":"totals","folios":1,"held":0,"rows":12}' ]
	[ "$(ask 'SELECT confirmed_at FROM batch')" = "$(ask "SELECT at FROM journal WHERE act = 'import.confirm'")" ]
	[ "$(ask 'SELECT confirmed_at FROM folio')" = "$(ask "SELECT at FROM journal WHERE act = 'import.confirm'")" ]
}

# ---- what it reads ----

@test "UTF-8 with and without a mark, and GB18030, give the same rows" {
	before_the_breakdown
	iconv -f GB18030 -t UTF-8 breakdown-2024.csv >utf8.csv
	{ printf '\357\273\277'; cat utf8.csv; } >marked.csv
	cp -R "$PEN_STORE" base
	for file in breakdown-2024.csv utf8.csv marked.csv; do
		rm -rf "$PEN_STORE" && cp -R base "$PEN_STORE"
		pen-import -q breakdown "$file" || [ $? = 1 ]
		ask 'SELECT * FROM contribution' >"rows.$file"
		ask 'SELECT line, column_name, rule, found, expected, message FROM reject' >"rejects.$file"
		[ "$(ask 'SELECT lines_accepted, lines_rejected, read_fen FROM batch WHERE id = 4')" = '290|10|1016879716' ]
	done
	cmp rows.utf8.csv rows.breakdown-2024.csv
	cmp rows.utf8.csv rows.marked.csv
	cmp rejects.utf8.csv rejects.breakdown-2024.csv
}

@test "a file from stdin is a batch like another" {
	make_store
	pen-import -f json employer - <"$examples/employers.csv" | jq -e '.file.name == "stdin" and .lines.accepted == 12'
}

@test "the order of the lines does not show in the rows but for their line numbers" {
	before_the_breakdown
	iconv -f GB18030 -t UTF-8 breakdown-2024.csv >utf8.csv
	{ head -n 1 utf8.csv; tail -n +2 utf8.csv | tac; } >backwards.csv
	cp -R "$PEN_STORE" base
	columns='folio, person, sequence, base_fen, months, unit_fen, personal_fen'
	pen-import -q breakdown utf8.csv || [ $? = 1 ]
	forwards=$(ask "SELECT $columns FROM contribution ORDER BY folio, person")
	rm -rf "$PEN_STORE" && cp -R base "$PEN_STORE"
	pen-import -q breakdown backwards.csv || [ $? = 1 ]
	[ "$(ask "SELECT $columns FROM contribution ORDER BY folio, person")" = "$forwards" ]
}

@test "what was mended is counted and kept as it stood" {
	make_store
	sed -e '2s/91330106MA1080192C/ 91330106ma1080192c /' -e '3s/330105,/3３0105,/' "$examples/employers.csv" >wide.csv
	pen-import -f json employer wide.csv >receipt.json
	[ "$(jq -c '[.repairs[] | "\(.code) \(.count)"]' receipt.json)" = '["repair.case 1","repair.space 1","repair.width 1"]' ]
	[ "$(ask "SELECT line || old FROM repair WHERE code = 'repair.space'")" = '2 91330106ma1080192c ' ]
	[ "$(ask "SELECT old FROM repair WHERE code = 'repair.width'")" = 3３0105 ]
}

@test "columns that no field has are kept out and listed" {
	make_store
	sed -e '1s/$/,备注/' -e '2,$s/$/,x/' "$examples/employers.csv" >extra.csv
	pen-import -f json employer extra.csv | jq -e '.assumptions == [{"code":"extra.column","count":1,"text":"备注"}]'
}

@test "a form that is computed or goes in by another tool is wrong usage" {
	make_store
	refuses 2 pen-import settlement "$examples/employers.csv"
	refuses 2 pen-import answers "$examples/answers-2024.csv"
	refuses 2 pen-import nonsense "$examples/employers.csv"
	[[ $message == *breakdown* ]]
}

@test "several files are several batches, their receipts the rows of one table" {
	before_the_breakdown
	pen-import -f json levy levy-2025.csv levy-2024-late.csv >receipts.json
	[ "$(jq -c '[.report, (.rows | map(.batch, .lines.accepted))]' receipts.json)" = '["receipts",[4,24,5,1]]' ]
	refuses 2 pen-import --confirm --expect-rows 1 levy levy-2025.csv levy-2024-late.csv
	refuses 2 pen-import --expect-rows 1 levy levy-2024-late.csv
	[[ $message == *"totals are declared for --confirm"* ]]
	refuses 2 pen-import confirm 4-5 --expect-rows 25
	[[ $message == *"one by one"* ]]
}

@test "of several files those before the unusable one are in, and the document ends" {
	before_the_breakdown
	: >empty.csv
	refuses 4 pen-import -f ndjson levy levy-2025.csv empty.csv
	[ "$(jq -s -c '[.[] | select(.type == "receipt") | .batch]' stdout.txt)" = '[4]' ]
	[ "$(jq -s '.[-1] | .type == "summary" and .status == 4' stdout.txt)" = true ]
}

@test "a dry run prints the receipt that would be, and changes nothing" {
	before_the_breakdown
	before=$(contents)
	entries=$(ask 'SELECT COUNT(*) FROM journal')
	ended=0
	pen-import --dry-run -f json breakdown breakdown-2024.csv >receipt.json || ended=$?
	[ $ended = 1 ]
	[ "$(jq -c '[.lines.accepted, .lines.held, .lines.rejected]' receipt.json)" = '[265,25,10]' ]
	[ "$(contents)" = "$before" ]
	[ "$(ask 'SELECT COUNT(*) FROM journal')" = "$entries" ]
	run ! compgen -G '*.rejects.csv'
	[ "$(jq -c '[.dry_run, keys_unsorted[-1]]' receipt.json)" = '[true,"dry_run"]' ]
	{ pen-import --dry-run breakdown breakdown-2024.csv || [ $? = 1 ]; } | grep -q 'dry run.*yes'
	pen-import --dry-run -f json --confirm --expect-rows 24 levy levy-2025.csv | jq -e '.state == "confirmed" and .dry_run'
	[ "$(contents)" = "$before" ]
}

# ---- rejects ----

@test "a rejects file that cannot be written is found before anything is staged" {
	before_the_breakdown
	refuses 7 pen-import --rejects nodir/r.csv breakdown breakdown-2024.csv
	[[ $message == *nodir/r.csv* ]]
	refuses 2 pen-import --rejects "$PWD" breakdown breakdown-2024.csv
	[ "$(ask 'SELECT COUNT(*) FROM batch')" = 3 ]
	pen-import -f json levy levy-2025.csv | jq -e '.dry_run == false'
	if test "$(id -u)" != 0; then
		mkdir closed && chmod 500 closed
		(cd closed && ! PEN_STORE=$PEN_STORE pen-import -q breakdown ../breakdown-2024.csv 2>/dev/null)
		[ "$(ask "SELECT COUNT(*) FROM batch WHERE state = 'staging'")" = 0 ]
	fi
	pen-import -q --rejects r.csv breakdown breakdown-2024.csv || [ $? = 1 ]
	[ "$(wc -l <r.csv)" = 11 ]
	run ! compgen -G '*.tmp'
}

@test "rows that no reject of the parent can be matched with are counted, with what to do" {
	before_the_breakdown
	pen-import -q breakdown breakdown-2024.csv || [ $? = 1 ]
	sed '/share.personal/s/,10199.08,,/,10198.08,,/' breakdown-2024.batch4.rejects.csv >mended.csv
	cut -d, -f1-9 mended.csv >bare.csv
	{ pen-import -f json --amends 4 breakdown bare.csv || [ $? = 1 ]; } >receipt.json
	jq -e '.assumptions[] | select(.code == "amends.unmatched") | .count == 1 and (.text | contains("line"))' receipt.json
	[ "$(ask 'SELECT COUNT(*) FROM reject WHERE mended_by IS NOT NULL')" = 0 ]
	pen-import -q discard 5
	{ pen-import -f json --amends 4 breakdown mended.csv || [ $? = 1 ]; } >receipt.json
	jq -e '[.assumptions[] | select(.code == "amends.unmatched")] == []' receipt.json
}

# One person's rows in one breakdown: a year of months twice.
@test "a line that its neighbours speak against is rejected like another, with its columns as they stood" {
	before_the_breakdown
	iconv -f GB18030 -t UTF-8 breakdown-2024.csv | sed -n '1p;2p;3p' >twice.csv
	first=$(sed -n 2p twice.csv)
	echo "$first" >>twice.csv
	ended=0
	pen-import -f json --rejects r.csv breakdown twice.csv >receipt.json || ended=$?
	[ $ended = 1 ]
	[ "$(jq -c '.lines | [.read, .accepted, .rejected, .other]' receipt.json)" = '[4,2,1,1]' ]
	jq -e '.amount_fen | .read == .accepted + .rejected and .rejected == 4723776' receipt.json
	[ "$(sqlite3 :memory: '.import --csv r.csv r' 'SELECT line, rule, "column", 姓名 FROM r')" = '4|months.overlap|缴费月数|赵子涵' ]
}

@test "mended rejects come in as a batch of their own, and the parent counts what is open" {
	before_the_breakdown
	pen-import -q breakdown breakdown-2024.csv || [ $? = 1 ]
	pen-import -q confirm 4 || [ $? = 1 ]
	open_rejects() { { pen-import -f json show 4 || [ $? = 1 ]; } | jq .head.open_rejects; }
	[ "$(open_rejects)" = 10 ]
	# The right name, and the right share, for two of the ten.
	sed -e '/name.matches/s/王小二/唐标准/' breakdown-2024.batch4.rejects.csv >mended.csv
	name=$(ask "SELECT r.name FROM registration AS r JOIN reject AS j ON j.rule = 'name.matches' AND j.expected = r.name LIMIT 1")
	sed -i "s/唐标准/$name/" mended.csv
	sed -i '/share.personal/s/,10199.08,,/,10198.08,,/' mended.csv
	ended=0
	pen-import -f json --amends 4 breakdown mended.csv >receipt.json || ended=$?
	[ $ended = 1 ]
	[ "$(jq -c '[.amends, .lines.accepted, .lines.rejected]' receipt.json)" = '[4,2,8]' ]
	[ "$(jq -c '[.assumptions[].code | select(. == "extra.column")]' receipt.json)" = '[]' ]
	[ "$(open_rejects)" = 10 ]
	pen-import -q confirm 5
	[ "$(open_rejects)" = 8 ]
	# Its own rejects file is again one that can be mended.
	[ "$(head -n 1 mended.batch5.rejects.csv)" = "$(head -n 1 breakdown-2024.batch4.rejects.csv)" ]
	refuses 2 pen-import --amends 99 breakdown breakdown-2025.csv
	refuses 2 pen-import --amends 3 breakdown breakdown-2025.csv
}

@test "a mending batch that is discarded opens the rejects again" {
	before_the_breakdown
	pen-import -q breakdown breakdown-2024.csv || [ $? = 1 ]
	sed '/share.personal/s/,10199.08,,/,10198.08,,/' breakdown-2024.batch4.rejects.csv >mended.csv
	pen-import -q --amends 4 breakdown mended.csv || [ $? = 1 ]
	[ "$(ask 'SELECT COUNT(*) FROM reject WHERE batch = 4 AND mended_by = 5')" = 1 ]
	pen-import -q discard 5
	[ "$(ask 'SELECT COUNT(*) FROM reject WHERE batch = 4 AND mended_by IS NOT NULL')" = 0 ]
}

# ---- held (R4.2.1) ----

@test "an employer over its levy is held, whole, until a later levy covers it" {
	before_the_breakdown
	pen-import -q breakdown breakdown-2024.csv || [ $? = 1 ]
	[ "$(states 4)" = 'held:1 staged:11' ]
	ended=0
	pen-import -f json show 4 >shown.json || ended=$?
	[ $ended = 1 ]
	jq -e '.rows[] | select(.state == "held") | .rows == 25 and (.hold | contains("levy.covers") and contains("450369.18"))' shown.json
	ended=0
	pen-import -q confirm 4 || ended=$?
	[ $ended = 1 ]
	[ "$(states 4)" = 'confirmed:11 held:1' ]
	pen-import -q --confirm --expect-rows 1 levy levy-2024-late.csv
	[ "$(states 4)" = 'confirmed:12' ]
	[ "$(ask 'SELECT decision FROM hold')" = covered ]
	[ "$(ask "SELECT subject FROM journal WHERE act = 'import.release'")" = "folio $(ask 'SELECT folio FROM hold')" ]
}

@test "a held folio of a batch that nobody compared yet waits for that when it is covered" {
	before_the_breakdown
	pen-import -q breakdown breakdown-2024.csv || [ $? = 1 ]
	pen-import -q --confirm --expect-rows 1 levy levy-2024-late.csv
	[ "$(states 4)" = 'staged:12' ]
	pen-import -q confirm 4
	[ "$(states 4)" = 'confirmed:12' ]
}

@test "release does not let in what is not covered; reject needs a reason, and the receipt still balances" {
	before_the_breakdown
	pen-import -q breakdown breakdown-2024.csv || [ $? = 1 ]
	held=$(ask "SELECT id FROM folio WHERE state = 'held'")
	ended=0
	pen-import -f json release "$held" >released.json || ended=$?
	[ $ended = 1 ]
	jq -e '.rows[0] | .state == "held" and .found == "900738.36" and .expected == "450369.18"' released.json
	pen-admin status -f json | jq -e '[.. | .held? // empty] == [1]'
	refuses 2 pen-import reject "$held"
	pen-import -q reject "$held" --reason 单位撤回
	[ "$(ask 'SELECT decision, reason FROM hold')" = 'rejected|单位撤回' ]
	refuses 3 pen-import release "$held"
	{ pen-import -f json show 4 || [ $? = 1 ]; } | jq -e '.head.lines | .held == 0 and .rejected == 35 and .read == .accepted + .rejected + .other'
}

@test "two breakdowns that each pass alone do not pass together" {
	before_the_breakdown
	iconv -f GB18030 -t UTF-8 breakdown-2024.csv >utf8.csv
	# Two halves of an employer's year whose levy is enough for either.
	code=$(awk -F, 'NR > 1 { sum[$2] += $7 + $8 } END { for (c in sum) if (sum[c] > 900738 && sum[c] < 900739) print c }' utf8.csv)
	awk -F, -v code="$code" 'NR == 1 || $2 == code && ++n <= 8' utf8.csv >first.csv
	awk -F, -v code="$code" 'NR == 1 || $2 == code && ++n > 8 && n <= 16' utf8.csv >second.csv
	pen-import -q breakdown first.csv
	pen-import -q breakdown second.csv || [ $? = 1 ]
	[ "$(states 4)|$(states 5)" = 'staged:1|staged:1' ]
	pen-import -q confirm 5
	ended=0
	pen-import -q confirm 4 || ended=$?
	[ $ended = 1 ]
	[ "$(states 4)|$(states 5)" = 'held:1|confirmed:1' ]
}

@test "a payment in two staged batches is confirmed once: the second batch is refused" {
	before_the_breakdown
	head -n 3 levy-2025.csv >part.csv
	pen-import -q levy levy-2025.csv part.csv
	pen-import -q confirm 5
	refuses 3 pen-import confirm 4
	[[ $message == *'batch 5'* && $message == *R4.1.2* ]]
	pen-import -q discard 4
	pen-import -f json levy levy-2025.csv >again.json || [ $? = 1 ]
	[ "$(jq -c '.lines | [.accepted, .rejected]' again.json)" = '[22,2]' ]
}

@test "a registration and an opening in two staged batches are confirmed once" {
	before_the_breakdown
	head -n 5 opening.csv >part.csv
	pen-import -q opening opening.csv part.csv
	pen-import -q confirm 5
	refuses 3 pen-import confirm 4
	[[ $message == *'batch 5'* ]]
}

# ---- what is in already: months and accounts ----

# The header and some lines of the breakdown of 2024, as UTF-8.
lines_of_the_breakdown() {
	iconv -f GB18030 -t UTF-8 breakdown-2024.csv | sed -n "1p;$1"
}

@test "months that another folio has are rejected, and the folio is named" {
	before_the_breakdown
	lines_of_the_breakdown 2,10p >first.csv
	lines_of_the_breakdown '10,12p;14,15p' >second.csv
	pen-import -q --confirm --expect-rows 9 breakdown first.csv
	folio=$(ask 'SELECT id FROM folio WHERE batch = 4')
	ended=0
	pen-import -f json --rejects r.csv breakdown second.csv >receipt.json || ended=$?
	[ $ended = 1 ]
	[ "$(jq -c '.lines | [.read, .accepted, .rejected]' receipt.json)" = '[6,4,1]' ]
	[ "$(ask 'SELECT line, rule, expected FROM reject WHERE batch = 5')" = \
		"2|months.overlap|none: earlier lines and folio $folio have the whole year" ]
	pen-import -q confirm 5
}

@test "months in a folio that is held and entered are taken; those of one turned down are free" {
	before_the_breakdown
	pen-import -q breakdown breakdown-2024.csv || [ $? = 1 ]
	pen-import -q confirm 4 || [ $? = 1 ]
	held=$(ask "SELECT id FROM folio WHERE state = 'held'")
	line=$(ask "SELECT MIN(line) FROM contribution WHERE folio = $held AND months = 4095")
	lines_of_the_breakdown "${line}p" >again.csv
	refuses_rows() { ended=0; pen-import -f json "$@" >receipt.json || ended=$?; [ $ended = 1 ]; }
	refuses_rows --dry-run breakdown again.csv
	[ "$(jq -c '.lines | [.accepted, .rejected]' receipt.json)" = '[0,1]' ]
	pen-import -q reject "$held" --reason 单位撤回
	pen-import -q --confirm --expect-rows 1 breakdown again.csv
}

@test "months that are only counted are laid into what other folios leave free" {
	before_the_breakdown
	head=$(lines_of_the_breakdown 1p | head -n 1)
	row=2024,91330106MA1080192C,330108197906172832,赵子涵,16402.00
	printf '%s\n%s\n' "$head" "$row,3,7872.96,3936.48,1" >first.csv
	printf '%s\n%s\n' "$head" "$row,6,15745.92,7872.96,5" >second.csv
	printf '%s\n%s\n' "$head" "$row,2,5248.64,2624.32," >third.csv
	printf '%s\n%s\n' "$head" "$row,2,5248.64,2624.32,10" >fourth.csv
	pen-import -q --confirm --expect-rows 1 breakdown first.csv
	pen-import -q --confirm --expect-rows 1 breakdown second.csv
	pen-import -q --confirm --expect-rows 1 breakdown third.csv
	[ "$(ask 'SELECT months FROM contribution ORDER BY folio' | tr '\n' ' ')" = '7 1008 3072 ' ]
	pen-import -q breakdown fourth.csv || [ $? = 1 ]
	[ "$(ask 'SELECT found, expected FROM reject WHERE batch = 7')" = \
		"10-11|months that neither an earlier line nor folio $(ask 'SELECT id FROM folio WHERE batch = 5') has: 4" ]
}

@test "the same months in two staged breakdowns are confirmed once, folio and person named" {
	before_the_breakdown
	lines_of_the_breakdown 2,10p >first.csv
	lines_of_the_breakdown '10,12p;14,15p' >second.csv
	pen-import -q breakdown first.csv second.csv
	pen-import -q confirm 5
	refuses 3 pen-import confirm 4
	[[ $message == *R4.2.1* && $message == *"folio $(ask 'SELECT id FROM folio WHERE batch = 5')"* ]]
	[[ $message == *"$(sed -n 2p second.csv | cut -d, -f3)"* && $message == *'line 10 '* ]]
	pen-import -q discard 4
	pen-import -f json breakdown first.csv >again.json || [ $? = 1 ]
	[ "$(jq -c '.lines | [.accepted, .rejected]' again.json)" = '[8,1]' ]
}

# A folio of settlements that has closed the first opening's account.
settled() {
	sqlite3 "$PEN_STORE/pen.db" "
	INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen, confirmed_at)
	VALUES (900, 900, 'settlement', NULL, $1, 1, 'sealed', 1, 0, 0, 0, 5);
	INSERT INTO account_year SELECT person, $1, 900 FROM person_alias WHERE value = '330108197906172832';"
}

@test "an account that is settled is not opened again, nor one that is opened" {
	before_the_breakdown
	head -n 3 opening.csv >two.csv
	settled 2023
	pen-import -q opening two.csv || [ $? = 1 ]
	[ "$(ask 'SELECT line, rule FROM reject')" = '2|opening.settled' ]
	pen-import -q confirm 4
	head -n 4 opening.csv | sed 2d >more.csv
	pen-import -q opening more.csv || [ $? = 1 ]
	[ "$(ask 'SELECT line, rule FROM reject WHERE batch = 5')" = '2|opening.repeated' ]
}

@test "an account settled while its opening lay staged is not opened" {
	before_the_breakdown
	head -n 3 opening.csv >two.csv
	pen-import -q opening two.csv
	settled 2022
	sqlite3 "$PEN_STORE/pen.db" 'UPDATE account_year SET year = 2023 WHERE folio = 900'
	refuses 3 pen-import confirm 4
	[[ $message == *R4.2.3* && $message == *'folio 900'* && $message == *330108197906172832* ]]
	[ "$(states 4)" = 'staged:1' ]
}

# ---- county staff (R5.1) ----

@test "county staff name only employers of their county; staff of the store's agency all" {
	make_store
	pen-admin --as head1 -q staff add county1 --name 吴九 --role operator --agency 330106
	ended=0
	pen-import --as county1 -f json employer "$examples/employers.csv" >receipt.json || ended=$?
	[ $ended = 1 ]
	[ "$(jq -c '.lines | [.accepted, .rejected]' receipt.json)" = '[2,10]' ]
	[ "$(ask 'SELECT DISTINCT rule, expected FROM reject')" = 'employer.area|330106' ]
	[ "$(ask "SELECT found FROM reject WHERE line = (SELECT MIN(line) FROM reject)")" = \
		"$(awk -F, 'NR > 1 && $3 != 330106 { print $3; exit }' "$examples/employers.csv")" ]
	pen-import --as county1 -q discard 1
	pen-import -q --confirm --expect-rows 12 employer "$examples/employers.csv"
	pen-import --as county1 -q registration "$examples/registration.csv" || [ $? = 1 ]
	[ "$(ask 'SELECT DISTINCT rule FROM reject WHERE batch = 3')" = employer.area ]
	[ "$(ask "SELECT COUNT(*) FROM folio AS f JOIN employer_record AS r ON r.employer = f.employer
		WHERE f.batch = 3 AND r.area <> '330106'")" = 0 ]
	[ "$(ask 'SELECT COUNT(*) FROM folio WHERE batch = 3')" = 2 ]
	pen-import --as county1 -q levy "$examples/levy-2024.csv" || [ $? = 1 ]
	[ "$(ask 'SELECT lines_accepted, lines_rejected FROM batch WHERE id = 4')" = '4|20' ]
}

# ---- signs that contradict themselves ----

@test "a negative amount that is said to be a payment is rejected, and so is a negative late fee" {
	make_store
	pen-import -q --confirm --expect-rows 12 employer "$examples/employers.csv"
	one=$(sed -n 2p "$examples/employers.csv" | cut -d, -f1)
	row() { printf '%s,%s,2024,2024-12-20,%s,税收通用缴款书,基本养老保险,%s,%s\n' "$1" "$one" "$2" "$3" "$4"; }
	{
		echo '凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类,险种,滞纳金,退费标识'
		row V1 -100.00 0.00 否
		row V2 100.00 -1.00 否
		row V3 -100.00 0.00 退费
		row V4 -100.00 0.00 ''
	} >levy.csv
	pen-import -q levy levy.csv || [ $? = 1 ]
	[ "$(ask 'SELECT line, column_name, rule FROM reject ORDER BY line' | tr '\n' ' ')" = \
		'2|实缴金额|amount.negative 3|滞纳金|amount.negative ' ]
	[ "$(ask 'SELECT amount_fen, refund FROM levy' | tr '\n' ' ')" = '-10000|1 -10000|1 ' ]
}

# ---- discard ----

@test "discard takes out rows, rejects, and numbers that nothing else uses, and leaves the rest as it was" {
	make_store
	pen-import -q --confirm --expect-rows 12 employer "$examples/employers.csv"
	before=$(contents | grep -v '^2|')
	sed '3s/330107/330177/' "$examples/registration.csv" >r.csv
	pen-import -q registration r.csv || [ $? = 1 ]
	[ "$(ask 'SELECT COUNT(*) FROM person')" = 299 ]
	pen-import -q discard 2
	for table in registration person person_alias employment reject repair; do
		[ "$(ask "SELECT COUNT(*) FROM $table")" = 0 ]
	done
	[ "$(ask 'SELECT state FROM batch WHERE id = 2')" = discarded ]
	[ "$(ask "SELECT DISTINCT state FROM folio WHERE batch = 2")" = discarded ]
	refuses 3 pen-import confirm 2
	pen-import -q discard 2
	pen-import -q registration r.csv || [ $? = 1 ]
	[ "$(ask 'SELECT MAX(id), COUNT(*) FROM person')" = '299|299' ]
	[ "$(ask "SELECT DISTINCT number FROM folio WHERE batch = 3")" = 1 ]
}

@test "people whom another staged batch names too keep their numbers" {
	make_store
	pen-import -q --confirm --expect-rows 12 employer "$examples/employers.csv"
	head -n 11 "$examples/registration.csv" >part.csv
	pen-import -q registration "$examples/registration.csv" part.csv
	pen-import -q discard 2
	[ "$(ask 'SELECT COUNT(*) FROM person')" = 10 ]
	[ "$(ask 'SELECT COUNT(*) FROM registration AS r JOIN person AS p ON p.id = r.person')" = 10 ]
	pen-import -q discard 3
	[ "$(ask 'SELECT COUNT(*) FROM person')" = 0 ]
}

@test "what is confirmed is not discarded" {
	before_the_breakdown
	refuses 3 pen-import discard 1-3
	[[ $message == *R7.6* ]]
	# An opening that is only staged goes, and with it where its accounts stand.
	head -n 3 "$examples/opening.csv" >opening.csv
	pen-import -q opening opening.csv
	pen-import -q discard 4
	[ "$(ask 'SELECT COUNT(*) FROM account_year')" = 0 ]
	refuses 2 pen-import --amends 4 opening opening.csv
	[[ $message == *"it has no rejects to mend"* ]]
	[ "$(ask "SELECT COUNT(*) FROM batch WHERE state = 'confirmed'")" = 3 ]
}

# ---- interrupted ----

# FILE N: registrations of N people with the employers of the examples, one in
# five hundred with a date that is none.
generate() {
	awk -F, -v n="$2" '
	function id(area, born, seq,   body, i, sum) {
		body = area born sprintf("%03d", seq)
		for (i = 1; i <= 17; i++) sum += substr(body, i, 1) * w[i]
		return body substr("10X98765432", sum % 11 + 1, 1)
	}
	BEGIN { split("7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2", w, " ") }
	FNR > 1 { code[++e] = $1 }
	END {
		print "公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数,证件已核"
		for (p = 0; p < n; p++) {
			y = 1970 + p % 25; m = 1 + int(p / 25) % 12; d = 1 + int(p / 300) % 28; s = 100 + int(p / 8400)
			born = sprintf("%04d-%02d-%02d", y, m, d)
			number = id("330106", sprintf("%04d%02d%02d", y, m, d), s)
			print number ",某人" p "," (s % 2 ? "男" : "女") "," (p % 500 == 499 ? "1999-13-01" : born) "," code[1 + p * 7 % e] ",2015-07-01,2015-07-01," (s % 2 ? "男职工" : "女工人") ",6000.00,是"
		}
	}' "$examples/employers.csv" >"$1"
}

# Starts an import and kills it as soon as its plan is in the store.
kill_while_staging() {
	pen-import -q "$@" >/dev/null 2>&1 3>&- &
	local import=$!
	while kill -0 $import 2>/dev/null && [ "$(ask "SELECT COUNT(*) FROM batch WHERE state = 'staging'" 2>/dev/null)" != 1 ]; do :; done
	kill -KILL $import 2>/dev/null || true
	wait $import 2>/dev/null || true
}

@test "killed ten times and run again, an import ends in the same rows and the same people's numbers" {
	make_store
	pen-import -q --confirm --expect-rows 12 employer "$examples/employers.csv"
	generate people.csv 60000
	cp -R "$PEN_STORE" alone
	start=$(date +%s%N)
	PEN_STORE=$PWD/alone pen-import -q registration people.csv || [ $? = 1 ]
	took=$((($(date +%s%N) - start) / 1000000))
	kill_while_staging registration people.csv
	[ "$(ask 'SELECT state FROM batch WHERE id = 2')" = staging ]
	for i in 1 2 3 4 5 6 7 8 9; do
		ms=$((took * i / 10))
		timeout -s KILL "$((ms / 1000)).$(printf %03d $((ms % 1000)))" pen-import -q registration people.csv >/dev/null 2>&1 || true
	done
	pen-import -q registration people.csv || [ $? = 1 ]
	contents alone >expected
	contents >found
	cmp expected found
	[ "$(ask 'SELECT COUNT(*), MAX(id) FROM person')" = '59880|59880' ]
}

@test "under another plan an interrupted import starts anew" {
	make_store
	pen-import -q --confirm --expect-rows 12 employer "$examples/employers.csv"
	generate people.csv 60000
	kill_while_staging registration people.csv
	[ "$(ask 'SELECT state FROM batch WHERE id = 2')" = staging ]
	pen-import -q --confirm --expect-rows 24 levy "$examples/levy-2024.csv"
	pen-import -q registration people.csv || [ $? = 1 ]
	[ "$(ask "SELECT group_concat(state, ' ') FROM batch WHERE form = 'registration' ORDER BY id")" = 'discarded staged' ]
	[ "$(ask 'SELECT COUNT(*), MAX(id) FROM person')" = '59880|59880' ]
	[ "$(ask 'SELECT COUNT(*) FROM registration AS r JOIN folio AS f ON f.id = r.folio WHERE f.batch <> 4')" = 0 ]
}

@test "an interrupted batch is not confirmed, and can be discarded" {
	make_store
	pen-import -q --confirm --expect-rows 12 employer "$examples/employers.csv"
	generate people.csv 60000
	kill_while_staging registration people.csv
	refuses 3 pen-import confirm 2
	[[ $message == *people.csv* ]]
	pen-import -q discard 2
	[ "$(ask 'SELECT COUNT(*) FROM person')" = 0 ]
}

@test "while another run holds the store, an import is told to try again" {
	make_store
	pen-import -q employer "$examples/employers.csv"
	exec 9<>"$PEN_STORE/pen.lock"
	flock 9
	refuses 6 pen-import registration "$examples/registration.csv"
	refuses 6 pen-import discard 1
	exec 9>&-
	pen-import -q discard 1
}

# ---- looking ----

@test "the rows of a batch are shown with the form's own titles, to be compared" {
	before_the_breakdown
	pen-import -q breakdown breakdown-2024.csv || [ $? = 1 ]
	{ pen-import -f csv show 4 --rows || [ $? = 1 ]; } | tr -d '\r' >rows.csv
	[ "$(head -n 1 rows.csv)" = 'folio,行号,单位,公民身份号码,姓名,序号,缴费类型,缴费基数,缴费月份,月份推定,单位缴费,个人缴费,对应年度,到账日期,凭证号码' ]
	[ "$(wc -l <rows.csv)" = 291 ]
	grep -q '33010919801222397X,𠮷田明,1,1,6963.00,1-12,' rows.csv
	refuses 2 pen-import show 1-4 --rows
}

@test "the list has a line for each batch; forms and schema need no store" {
	before_the_breakdown
	pen-import -f json list | jq -e '[.rows[] | [.batch, .form, .state, .ready, .held]] == [[1,"employer","confirmed",1,0],[2,"registration","confirmed",12,0],[3,"levy","confirmed",1,0]]'
	unset PEN_STORE PEN_STAFF
	[ "$(pen-import -f json forms | jq -c '[.rows[].form]')" = '["benefit-supplement","breakdown","employer","levy","movement","opening","registration","retirement","successor"]' ]
	pen-import schema levy | jq -e '.name == "levy" and (.fields | length) >= 9'
	refuses 2 pen-import schema nonsense
}

@test "a batch that there is not is named" {
	make_store
	for verb in show confirm discard; do
		refuses 2 pen-import $verb 7
		[[ $message == *'batch 7'* ]]
	done
	refuses 2 pen-import release 7
	[[ $message == *'folio 7'* ]]
	refuses 2 pen-import show 1-
}

@test "a levy file without a column for the insurance is said to be taken as pension" {
	make_store
	pen-import -q --confirm --expect-rows 12 employer "$examples/employers.csv"
	one=$(sed -n 2p "$examples/employers.csv" | cut -d, -f1)
	printf '凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类\nV1,%s,2024,2024-12-20,100.00,税收通用缴款书\n' "$one" >levy.csv
	run pen-import -f json levy levy.csv
	[ "$status" = 0 ]
	jq -e '.assumptions[] | select(.code == "assume.pension" and .count == 1)' <<<"$output"
}

@test "a levy row whose cell for the insurance is empty is rejected, since only pension counts" {
	make_store
	pen-import -q --confirm --expect-rows 12 employer "$examples/employers.csv"
	one=$(sed -n 2p "$examples/employers.csv" | cut -d, -f1)
	printf '凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类,险种\nV1,%s,2024,2024-12-20,100.00,税收通用缴款书,\n' "$one" >levy.csv
	run pen-import levy levy.csv
	[ "$status" = 1 ]
	grep -q '险种,field.required' levy.batch*.rejects.csv
}

@test "marks of direction are taken out and listed, and rejected with --strict" {
	make_store
	local code
	code=$(credit_code 91330106MA0000001)
	printf '统一社会信用代码,单位名称,行政区划,参保日期\n\u202d%s\u202c,第\u200e一厂,330106,\ufeff2010-\ufeff01-01\n' "$code" >employers.csv
	pen-import -n -f json --strict employer employers.csv >receipt.json || [ $? = 1 ]
	jq -e '.lines.rejected == 1' receipt.json
	pen-import -q --strict --rejects rejects.csv employer employers.csv || [ $? = 1 ]
	[[ $(cat rejects.csv) == *"repair.strict,<U+202D>$code<U+202C>,$code in the file itself (repair.mark)"* ]]
	pen-import -q discard 1
	pen-import -f json employer employers.csv >receipt.json
	jq -e '.lines.accepted == 1 and (.repairs | map(select(.code == "repair.mark").count) == [3])' receipt.json
	pen-import show 2 --rows -f json | jq -e --arg code "$code" '.rows[0] | .credit_code == $code and .name == "第一厂" and .insured_on == "2010-01-01"'
	[ "$(pen-import show 2 --repairs -f json | jq -r '.rows[] | select(.column == "单位名称") | .old')" = "第"$'\u200e'"一厂" ]
}
