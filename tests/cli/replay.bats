#!/usr/bin/env bats
# shellcheck disable=SC2154
# What the store holds, made again from the files that it kept and from what its
# settlements name: it comes out the same, and what somebody changed who then made sums
# and roots fit is named by record.

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

ask() { sqlite3 -readonly store/pen.db "$1"; }

# Somebody with the store, and without the keys: changes rows, then has verification say
# what sums and roots they come to, and puts those in.
insider() {
	local field found folio
	sqlite3 store/pen.db "$(ask "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_master WHERE type = 'trigger'") $1"
	pen-verify seals -f ndjson 2>/dev/null | jq -r 'select(.rule == "seal.root" or .rule == "seal.sums") |
		[.field, .found, (.record | capture("folio (?<n>[0-9]+)").n)] | join(" ")' |
		while read -r field found folio; do
			sqlite3 store/pen.db "UPDATE folio SET $field = CASE '$field' WHEN 'root' THEN '$found' ELSE REPLACE('$found', '.', '') END WHERE id = $folio"
		done
	pen-verify seals -f ndjson 2>/dev/null | jq -se 'all(.rule != "seal.root" and .rule != "seal.sums")' >/dev/null
}

# Replays, and expects a finding: RULE FIELD FOUND EXPECTED, and a piece of the record.
named() {
	local ended=0
	pen-verify replay -f ndjson >found.ndjson 2>stderr.txt || ended=$?
	test "$ended" = 5 && jq -se --arg rule "$1" --arg field "$2" --arg found "$3" --arg expected "$4" --arg record "$5" \
		'any(.rule == $rule and .class == "seal" and .field == $field and .found == $found and .expected == $expected and (.record | contains($record)))' found.ndjson ||
		{ echo "status $ended"; cat found.ndjson; return 1; }
}

@test "a store in which everything has happened comes out of its sources the same, twice" {
	pen-verify replay -f json >replayed.json
	jq -e '.rows == [] and .summary.not_made == 0 and .summary.checked.sources == '"$(ask "SELECT count(*) FROM batch WHERE staged_at IS NOT NULL AND ended_at IS NULL")"' and
		.summary.checked.folios == '"$(ask "SELECT count(*) FROM folio WHERE root IS NOT NULL")" replayed.json
	pen-verify replay --batch 4,7 -f json | jq -e '.summary.checked.sources == 2'
	# It is a reading, and is entered as one; it changes nothing else.
	[ "$(ask "SELECT group_concat(act, ' ') FROM (SELECT act FROM journal ORDER BY at DESC LIMIT 4)")" = 'verify.read verify.begin verify.read verify.begin' ]
	chmod -w store store/pen.db
	bound env -u PEN_STAFF pen-verify -q replay
}

@test "where the clock was set back, a date that had come at import is no tampering" {
	PEN_CLOCK=$(date -u -d 2024-12-01T04:00:00Z +%s) pen-verify replay -f json >replayed.json || true
	jq -e '.rows == []' replayed.json
}

@test "a row that was changed, with sums and root made to fit, is named with what the file says" {
	folio=$(ask "SELECT min(folio) FROM contribution")
	line=$(ask "SELECT min(line) FROM contribution WHERE folio = $folio")
	was=$(ask "SELECT printf('%.2f', personal_fen / 100.0) FROM contribution WHERE folio = $folio AND line = $line")
	insider "UPDATE contribution SET personal_fen = 12345600 WHERE folio = $folio AND line = $line"
	named source.rows personal_fen 123456.00 "$was" "folio $folio"
	jq -se --argjson line "$line" 'any(.rule == "source.rows" and .line == $line and .batch == 4)' found.ndjson
	jq -se 'any(.rule == "replay.root" and (.record | contains("folio '"$folio"' ")))' found.ndjson
	# Plain verification sees that the seal says another root, and then looks at the rows.
	run -5 pen-verify seals -f ndjson
	jq -se --argjson line "$line" 'any(.rule == "seal.text" and .field == "root") and any(.rule == "source.rows" and .line == $line)' <<<"${output%$'\n'*}"
}

@test "a row slipped in and a row taken out, with all made to fit, are named" {
	folio=$(ask "SELECT min(folio) FROM contribution")
	cp store/pen.db kept.db
	insider "INSERT INTO contribution SELECT folio, person, 9999, 2, kind, base_fen, 0, months_assumed, unit_fen, personal_fen, for_year, arrived, voucher FROM contribution WHERE folio = $folio LIMIT 1"
	named source.rows line 'a row in the store' 'no such row: the source file does not have it' "folio $folio"
	jq -se 'any(.line == 9999)' found.ndjson
	cp kept.db store/pen.db
	line=$(ask "SELECT max(line) FROM contribution WHERE folio = $folio")
	insider "DELETE FROM contribution WHERE folio = $folio AND line = $line"
	named source.rows line 'no such row in the store' 'the row of the source file' "folio $folio"
	jq -se --argjson line "$line" 'any(.line == $line)' found.ndjson
}

@test "a movement of a sealed settlement is named by person, by plain verification too" {
	folio=$(ask "SELECT min(folio) FROM movement")
	line=$(ask "SELECT min(line) FROM movement WHERE folio = $folio AND kind = 'balance'")
	who=$(ask "SELECT r.id_number FROM movement m JOIN registration r USING (person) WHERE m.folio = $folio AND m.line = $line")
	[ "$(ask "SELECT state FROM folio WHERE id = $folio")" = sealed ]
	cp store/pen.db kept.db
	sqlite3 store/pen.db "DROP TRIGGER movement_stays_u; UPDATE movement SET personal_interest_fen = personal_interest_fen + 1 WHERE folio = $folio AND line = $line"
	run -5 pen-verify seals -f ndjson
	jq -se --argjson line "$line" --arg who "$who" 'any(.rule == "seal.root") and any(.rule == "settlement.rows" and .field == "personal_interest_fen" and .line == $line and (.record | contains($who)))' <<<"${output%$'\n'*}"
	# And with root and sums made to fit, to the fen.
	cp kept.db store/pen.db
	was=$(ask "SELECT printf('%.2f', personal_interest_fen / 100.0) FROM movement WHERE folio = $folio AND line = $line")
	insider "UPDATE movement SET personal_interest_fen = 1 WHERE folio = $folio AND line = $line"
	named settlement.rows personal_interest_fen 0.01 "$was" "$who"
}

@test "a year settled twice comes out twice, and what was settled first is looked at still" {
	# By the settlement, that is: what a case settled again is a case's.
	person=$(ask "SELECT subject FROM replacement r JOIN movement m ON m.folio = r.folio AND m.line = r.line AND m.person = r.subject
		WHERE NOT EXISTS (SELECT 1 FROM movement a JOIN folio f ON f.id = a.folio JOIN batch b ON b.id = f.batch
			WHERE a.person = r.subject AND b.amendment IS NOT NULL) LIMIT 1")
	[ "$(ask "SELECT count(DISTINCT folio) FROM movement WHERE person = $person AND year = 2024")" = 2 ]
	cp store/pen.db kept.db
	for which in min max; do
		cp kept.db store/pen.db
		folio=$(ask "SELECT $which(folio) FROM movement WHERE person = $person")
		was=$(ask "SELECT printf('%.2f', personal_principal_fen / 100.0) FROM movement WHERE folio = $folio AND person = $person AND kind = 'credit'")
		insider "UPDATE movement SET personal_principal_fen = 100 WHERE folio = $folio AND person = $person AND kind = 'credit'"
		named settlement.rows personal_principal_fen 1.00 "$was" "folio $folio"
	done
}

@test "the balance that an account opened with, changed with all made to fit, shows at its own row and in what was settled from it" {
	person=$(ask "SELECT min(person) FROM opening")
	folio=$(ask "SELECT folio FROM opening WHERE person = $person")
	insider "UPDATE opening SET personal_principal_fen = personal_principal_fen + 100000 WHERE person = $person"
	who=$(ask "SELECT id_number FROM registration WHERE person = $person")
	run -5 pen-verify replay -f ndjson
	jq -se --arg who "$who" 'any(.rule == "source.rows" and (.record | contains($who)) and (.record | startswith("opening")))
		and any(.rule == "settlement.rows" and .field == "personal_principal_fen" and (.record | contains($who)))' <<<"${output%$'\n'*}"
	[ -n "$folio" ]
}

@test "a retirement and the supplement that filled it in are made again, each as its file says" {
	for which in min max; do
		cp "$BATS_FILE_TMPDIR/store/pen.db" store/pen.db
		folio=$(ask "SELECT $which(folio) FROM retirement")
		insider "UPDATE retirement SET basic_fen = 130000 WHERE folio = $folio"
		named source.rows basic_fen 1300.00 1200.00 "folio $folio"
	done
	# Taken from the row before, as that was when the supplement came in.
	cp "$BATS_FILE_TMPDIR/store/pen.db" store/pen.db
	insider "UPDATE retirement SET benefit_from = 201103 WHERE folio = $folio"
	named source.rows benefit_from 2011-03 2010-02 "folio $folio"
}

@test "months that were laid by assumption are laid as they were, whatever was registered since" {
	rm -rf store && make_store
	one=$(credit_code 91330106MA0000001) two=$(credit_code 91330106MA0000002) wang=$(citizen_id 330106 19800101 011)
	printf '%s\n' 统一社会信用代码,单位名称,行政区划,参保日期 "$one,一厂,330106,2010-01-01" "$two,二厂,330106,2010-01-01" >employers.csv
	register() { printf '%s\n' 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数 "$wang,王一,男,1980-01-01,$1,$2,2000-01-01,男职工,8000.00"; }
	register "$one" 2024-03-01 >first.csv
	register "$two" 2024-09-01 >second.csv
	printf '%s\n' 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 "V1,$one,2024,2024-12-20,50000.00,税收通用缴款书" >levy.csv
	pay() { printf '%s\n' 年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费,起始月份 "2024,$one,$wang,王一,8000.00,$1,$2"; }
	pay 2 2560.00,1280.00, >two.csv
	pay 1 1280.00,640.00,9 >told.csv
	pay 3 3840.00,1920.00, >three.csv
	pen-import -q --confirm --expect-rows 2 employer employers.csv
	pen-import -q --confirm --expect-rows 1 registration first.csv
	pen-import -q --confirm --expect-rows 1 levy levy.csv
	for file in two told three; do pen-import -q --confirm --expect-rows 1 breakdown $file.csv; done
	pen-import -q --confirm --expect-rows 1 registration second.csv
	[ "$(ask "SELECT group_concat(months, ' ') FROM (SELECT months FROM contribution ORDER BY folio)")" = '12 256 112' ]
	pen-verify -q
	pen-verify -q replay
	# As many months, but others: nothing was signed yet, and it shows.
	sqlite3 store/pen.db "DROP TRIGGER contribution_stays_u; UPDATE contribution SET months = 3 WHERE months = 12"
	named source.rows months 1-2 3-4 王一
}

@test "who was left out of a settlement for a folio that was held then is left out still" {
	one=$(sed -n 2p "$examples/employers.csv" | cut -d, -f1)
	late=$(ask "SELECT batch FROM folio WHERE id = (SELECT folio FROM hold WHERE rule = 'person.died')")
	pen-seal -q acknowledge "$late" --employer "$one" --answer agreed --document "$examples/answers-2024.txt"
	sign_and_close "$late"
	# Another month after the death: held, in a batch that is merely staged.
	{
		echo 年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费,起始月份
		awk -F, 'NR == 4 { print "2025," $5 "," $1 "," $2 ",8000.00,1,1280.00,640.00,6" }' "$examples/registration.csv"
	} >later.csv
	pen-import -q breakdown later.csv || [ $? = 1 ]
	pen-account -q settle --year 2025 || [ $? = 1 ]
	dead=$(sed -n 4p "$examples/registration.csv" | cut -d, -f1)
	[ "$(ask "SELECT count(*) FROM movement m JOIN registration r USING (person) WHERE m.year = 2025 AND r.id_number = '$dead'")" = 0 ]
	[ "$(ask "SELECT count(DISTINCT person) > 200 FROM movement WHERE year = 2025")" = 1 ]
	pen-verify -q replay
	cp store/pen.db kept.db
	# Turned down since: its rows are there to say whom it kept out.
	pen-import -q confirm "$(newest_batch_of breakdown)" || [ $? = 1 ]
	pen-import -q reject "$(ask "SELECT id FROM folio WHERE state = 'held' ORDER BY id DESC LIMIT 1")" --reason 已故
	pen-verify -q replay
	# Discarded since: nobody can say, and so it is not passed.
	cp kept.db store/pen.db
	pen-import -q discard "$(newest_batch_of breakdown)"
	pen-verify replay -f ndjson >found.ndjson || [ $? = 8 ]
	jq -se '[.[] | select(.rule != null)] | length == 1 and (.[0] | .rule == "settlement.rows" and .severity == "note" and (.found | startswith("1 people")))' found.ndjson
	# Everybody else is worked out again all the same.
	person=$(ask "SELECT max(person) FROM movement WHERE year = 2025")
	sqlite3 store/pen.db "DROP TRIGGER movement_stays_d; DELETE FROM movement WHERE year = 2025 AND person = $person AND kind = 'balance'"
	run -5 pen-verify replay
}

newest_batch_of() { ask "SELECT max(id) FROM batch WHERE form = '$1'"; }

@test "rows of no folio, and folios of no batch, are named" {
	sqlite3 store/pen.db "INSERT INTO levy SELECT 99999, employer, line, voucher, year, paid_on, amount_fen, voucher_kind, 'other', late_fee_fen, refund FROM levy LIMIT 1"
	named folio.belongs folio 'folio 99999: no such folio' 'a folio that a batch brought' 'levy of employer number'
	sqlite3 store/pen.db "INSERT INTO folio SELECT 99999, 999, form, employer, period, 9, state, rows, unit_fen, personal_fen, amount_fen, root, replaces, confirmed_at, sealed_at, ended_at FROM folio LIMIT 1"
	named folio.belongs batch 'batch 999: no such batch' 'the batch that brought it' 'folio 99999'
	run -5 pen-verify rules --rule folio.belongs
}

@test "a source that is gone or damaged is said so, and never passed" {
	digest=$(ask "SELECT file_digest FROM batch WHERE id = 4")
	cp store/pen.db kept.db
	sqlite3 store/pen.db "DELETE FROM blob WHERE digest = '$digest'; DELETE FROM blob_chunk WHERE digest = '$digest'"
	run -5 pen-verify replay -f ndjson
	jq -se 'any(.rule == "source.rows" and .batch == 4 and (.record | startswith("batch 4 ")))' <<<"${output%$'\n'*}"
	cp kept.db store/pen.db
	printf '年度\n' | gzip >other.gz
	sqlite3 store/pen.db "UPDATE blob_chunk SET content = readfile('other.gz') WHERE digest = (SELECT file_digest FROM batch WHERE id = 7)"
	run -5 pen-verify replay -f ndjson
	jq -se 'any(.rule == "settlement.rows" and .batch == 7)' <<<"${output%$'\n'*}"
	# The rate of a year is not in force any more: the settlement cannot be made again.
	cp kept.db store/pen.db
	sqlite3 store/pen.db "DELETE FROM parameter_table WHERE name = 'interest'"
	pen-verify replay -f ndjson >found.ndjson || [ $? = 8 ]
	jq -se 'any(.rule == "settlement.rows" and .severity == "note")' found.ndjson
}

@test "one rule, batches that are not there, and too much said are as everywhere" {
	refuses 2 pen-verify replay --batch 999
	refuses 2 pen-verify replay --rule no.such
	refuses 4 pen-verify replay --since no-such-checkpoint
	refuses 2 pen-verify replay --class logic
	pen-verify -q replay --rule replay.root
	LC_ALL=zh_CN.UTF-8 LANGUAGE=zh_CN pen-verify catalogue -f csv >catalogue.csv
	for rule in replay.root settlement.rows folio.belongs source.rows; do grep -q "^$rule," catalogue.csv; done
}
