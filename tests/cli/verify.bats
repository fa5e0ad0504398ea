#!/usr/bin/env bats
# What verification finds, names, and ends with.

load helper

# Two employers, sealed but for the second's breakdown, which is confirmed.
make_sealed() {
	make_store
	local i code id
	echo 统一社会信用代码,单位名称,行政区划,参保日期 >employer.csv
	echo 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数 >registration.csv
	echo 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 >levy.csv
	echo 年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费 >breakdown.csv
	echo 统一社会信用代码,核对意见 >answers.csv
	for i in 1 2; do
		code=$(credit_code "91330106MA000000$i")
		id=$(citizen_id 330106 19800101 "0${i}1")
		echo "$code,第${i}机械厂,330106,2010-01-01" >>employer.csv
		echo "V$i,$code,2023,2023-12-20,50000.00,税收通用缴款书" >>levy.csv
		echo "$id,王$i,男,1980-01-01,$code,2010-01-01,2000-01-01,男职工,8000.00" >>registration.csv
		echo "2023,$code,$id,王$i,8000.00,12,15360.00,7680.00" >>breakdown.csv
		test "$i" = 2 || echo "$code,一致" >>answers.csv
	done
	for form in employer registration levy breakdown; do
		pen-import -q --confirm --expect-rows 2 "$form" "$form.csv"
	done
	echo 盖章 >paper.txt
	pen-seal acknowledge 4 --from answers.csv --document paper.txt -q
	pen-seal sign 1-4 -q || test $? = 1
	pen-seal sign 1-4 --as lead1 -q || test $? = 1
	pen-seal close 1-4 -q || test $? = 1
}

# shellcheck disable=SC2153
sql() { sqlite3 "$PEN_STORE/pen.db" "$1"; }
findings() { jq -c 'select(.type == "finding")' findings.ndjson; }
verify() {
	local expected=$1 ended=0
	shift
	pen-verify -f ndjson "$@" >findings.ndjson 2>stderr.txt || ended=$?
	test "$ended" = "$expected" || { cat findings.ndjson stderr.txt; return 1; }
}

@test "a sound store is clean, and the summary says how much was read" {
	make_sealed
	verify 0
	[ -z "$(findings)" ]
	summary=$(jq -c 'select(.type == "summary")' findings.ndjson)
	[ "$(jq .status <<<"$summary")" = 0 ]
	[ "$(jq .checked.seals <<<"$summary")" = 4 ]
	[ "$(jq .checked.leaves <<<"$summary")" = 7 ]
	[ "$(jq .checked.rows <<<"$summary")" = 8 ]
	[ "$(jq .checked.sources <<<"$summary")" = 1 ]
	[ "$(jq .not_made <<<"$summary")" = 0 ]
}

@test "one sealed amount changed in the sqlite3 shell is found and its record named" {
	make_sealed
	sql "DROP TRIGGER contribution_stays_u; UPDATE contribution SET personal_fen = 868000 WHERE line = 2"
	verify 5
	found=$(findings | jq -c 'select(.rule == "source.rows")')
	[ "$(jq -r .field <<<"$found")" = personal_fen ]
	[ "$(jq -r .found <<<"$found")" = 8680.00 ]
	[ "$(jq -r .expected <<<"$found")" = 7680.00 ]
	[ "$(jq .batch <<<"$found")" = 4 ]
	[ "$(jq .line <<<"$found")" = 2 ]
	[[ $(jq -r .record <<<"$found") == *王1* ]]
	[ "$(findings | jq -r .rule | head -n 1)" = seal.root ]
}

@test "a confirmed row that nobody signed yet has its source file for a witness" {
	make_sealed
	sql "DROP TRIGGER contribution_stays_u; UPDATE contribution SET base_fen = 1 WHERE line = 3"
	verify 5 seals
	[ "$(findings | wc -l)" = 1 ]
	[ "$(findings | jq -r .rule)" = source.rows ]
	[ "$(findings | jq -r .expected)" = 8000.00 ]
}

@test "a journal row taken out of the middle is found" {
	make_sealed
	sql "DROP TRIGGER journal_stays_d; DELETE FROM journal WHERE at = 12"
	verify 5 journal
	[ "$(findings | jq -r 'select(.rule == "journal.gap") | .record')" = "journal entry 12 is gone" ]
}

@test "the newest journal row taken out is found by a checkpoint kept outside" {
	make_sealed
	pen-seal checkpoint >cp.txt
	size=$(sed -n 2p cp.txt)
	sql "DROP TRIGGER journal_stays_d; DELETE FROM journal WHERE at = (SELECT max(at) FROM journal);
	     DELETE FROM journal_node WHERE ((number + 1) << level) > (SELECT count(*) FROM journal)"
	cp -R store copy
	touch copy/restored
	verify 0 journal -s copy
	verify 5 journal --since cp.txt
	[[ $(findings | jq -r 'select(.rule == "journal.checkpoint") | .record') == \
	    "the journal has $((size - 1)) entries, the checkpoint $size: entries were taken out"* ]]
}

@test "a journal that takes no entry any more is a finding, and the rest is verified all the same" {
	make_sealed
	sql "DROP TRIGGER journal_stays_d; DELETE FROM journal WHERE at >= 8 * (SELECT max(at) / 8 FROM journal) - 1"
	verify 5
	findings | jq -r .rule | grep -q journal.tree
	[ "$(jq 'select(.type == "summary") | .checked.rows' findings.ndjson)" = 8 ]
}

@test "a checkpoint of another log, or that is none, is refused" {
	make_sealed
	echo nothing >cp.txt
	refuses 4 pen-verify journal --since cp.txt
	pen-seal checkpoint | sed 's,^pen/330100,pen/440100,' >cp.txt
	refuses 4 pen-verify journal --since cp.txt
	pen-seal checkpoint | sed '2s/.*/7/' >cp.txt
	verify 5 journal --since cp.txt
	[ "$(findings | jq -r .field)" = signature ]
}

@test "what init and staff add wrote is held to the journal: log key, agency, role" {
	make_sealed
	sql "UPDATE store SET log_key = (SELECT public_key FROM staff_key WHERE staff = 'op1')"
	verify 5 journal
	[ "$(findings | jq -r 'select(.rule == "journal.acts") | .field')" = log_key ]
	sql "INSERT INTO staff_role (staff, role, at, granted) VALUES ('op1', 'lead', 1, 1)"
	verify 5 rules --rule journal.cites
	[ "$(findings | jq -r .record)" = "role lead of staff op1" ]
}

@test "an employer's answer slipped in behind the tools' back is found" {
	make_sealed
	sql "INSERT INTO acknowledgement SELECT (SELECT max(id) FROM folio), at, answer, answered_on, note, document FROM acknowledgement"
	verify 5 seals
	[ "$(findings | jq -r .rule)" = seal.answers ]
}

@test "a kept source file that was changed is found by its digest" {
	make_sealed
	sql "UPDATE blob SET digest = 'f' || substr(digest, 2) WHERE kind = 'paper'"
	verify 5 seals
	[ "$(findings | jq -r 'select(.rule == "blob.digest") | .record')" = "paper paper.txt" ]
}

@test "a rule broken in the store ends with 1, or 5 if the sums behind it were touched" {
	make_sealed
	sql "UPDATE levy_year SET amount_fen = 1 WHERE employer = 1"
	verify 1 rules --rule levy.covers
	[ "$(findings | jq -r .expected)" = 0.01 ]
	verify 5 rules --rule levy.year
	[ "$(findings | jq -r .expected)" = 50000.00 ]
}

@test "a rule that cannot run is said not to be made, and ends with 8" {
	make_sealed
	mkdir share
	cp -R "$top/share/." share
	printf -- '-- id: broken\n-- class: logic\n-- severity: error\n-- clause: R2.2\n-- looks-at: x\n-- advice: y\nSELECT a FROM nowhere;\n' >share/rules/broken.sql
	export PEN_SHARE=$PWD/share
	verify 8
	[ "$(findings | jq -r .rule)" = broken ]
	[ "$(findings | jq -r .severity)" = note ]
	[ "$(jq 'select(.type == "summary") | .not_made' findings.ndjson)" = 1 ]
	# Nor one that does not say what it is; and nothing is let in unlooked at.
	sed -i '/^-- class/d' share/rules/broken.sql
	verify 8
	[ "$(findings | jq -r .rule)" = broken.sql ]
	refuses 8 pen-verify catalogue -q
}

@test "a copy needs nobody, and nothing is entered there" {
	make_sealed
	cp -R store copy
	touch copy/restored
	unset PEN_STAFF
	before=$(sqlite3 -readonly copy/pen.db .dump | sha256sum)
	verify 0 -s copy
	[ "$(sqlite3 -readonly copy/pen.db .dump | sha256sum)" = "$before" ]
	refuses 2 pen-verify
}

@test "a verification leaves its mark, before and after" {
	make_sealed
	verify 0
	[ "$(sql "SELECT group_concat(act) FROM (SELECT act FROM journal ORDER BY at DESC LIMIT 2)")" = verify.read,verify.begin ]
}

@test "batches and rules can be chosen, and what there is not is refused" {
	make_sealed
	verify 0 seals --batch 3-4
	[ "$(jq 'select(.type == "summary") | .checked.seals' findings.ndjson)" = 2 ]
	refuses 2 pen-verify --batch 9
	refuses 2 pen-verify --rule no.such
}

@test "the catalogue names every rule of the program and of share/rules" {
	pen-verify catalogue -f json >catalogue.json
	for rule in month.range seal.root source.rows journal.gap levy.covers folio.seal; do
		jq -e --arg rule "$rule" '.rows[] | select(.rule == $rule) | .advice | length > 0' catalogue.json >/dev/null
	done
	[ "$(jq .summary.files catalogue.json)" = "$(find "$top/share/rules" -name '*.sql' | wc -l)" ]
	# Those that import and verification look at alike stand in both places.
	[ "$(jq -r '.rows[].rule' catalogue.json | sort | uniq -d | paste -sd' ')" = 'employer.known employer.repeated levy.repeated months.overlap opening.repeated retirement.repeated successor.circle successor.repeated' ]
}

# ---- since an entry, a day, a checkpoint ----

# A rule of the agency's own that finds every folio, so that what is listed is seen.
every_folio() {
	mkdir -p store/rules
	printf -- '-- id: own.folio\n-- class: logic\n-- severity: warning\n-- clause: R2.2\n-- looks-at: folios\n-- advice: none\n' >store/rules/own.sql
	echo "SELECT 'folio ' || id AS record, 'id' AS field, id AS found, 0 AS expected, 'folio' AS kind, id AS folio, batch AS batch FROM folio;" >>store/rules/own.sql
}
summary() { jq -r "select(.type == \"summary\") | $1" findings.ndjson; }
listed() { findings | jq -r "$1" | sort -n | paste -sd' '; }

@test "findings are listed since an entry, a day, or a checkpoint, and the others counted" {
	make_sealed
	every_folio
	pen-seal checkpoint >cp.txt
	size=$(sed -n 2p cp.txt)
	verify 1 rules --rule own.folio
	all=$(summary .findings.warning)
	[ "$(summary '.only.since')" = null ]
	verify 1 rules --rule own.folio --since 0
	[ "$(summary '[.findings.warning, .only.since, .left_out] | join(" ")')" = "$all 0 0" ]
	verify 0 rules --rule own.folio --since "$size"
	[ "$(summary '[.findings.warning, .only.since, .left_out] | join(" ")')" = "0 $size $all" ]
	# A batch more, and one of the folios that waited is signed.
	sed 's/V[12]/W&/; s/,2023/,2024/; s/,2023/,2024/' levy.csv >levy-2024.csv
	pen-import -q --confirm --expect-rows 2 levy levy-2024.csv
	newest=$(sql "SELECT max(id) FROM folio")
	verify 1 rules --rule own.folio --since "$size"
	[ "$(listed .folio)" = "$newest" ]
	verify 1 --rule own.folio --since cp.txt
	[ "$(listed .folio)" = "$newest" ]
	[ "$(summary '[.only.since, .left_out] | join(" ")')" = "$size $all" ]
	waited=$(sql "SELECT id FROM folio WHERE state = 'confirmed' AND form = 'breakdown'")
	pen-seal acknowledge 4 --employer "$(credit_code 91330106MA0000002)" --answer agreed --document paper.txt -q
	verify 1 rules --rule own.folio --since "$size"
	[ "$(listed .folio)" = "$waited $newest" ]
	verify 1 rules --rule own.folio --since "$(date +%F)"
	[ "$(listed .folio | wc -w)" = $((all + 1)) ]
	verify 0 rules --rule own.folio --since "$(date -d tomorrow +%F)"
	verify 1 rules --rule own.folio --since 2001-01-01
	[ "$(summary .only.since)" = 0 ]
	refuses 2 pen-verify --since 999999
	refuses 4 pen-verify --since nowhere.txt
	refuses 2 pen-verify --since cp.txt --person "$(citizen_id 330106 19800101 011)"
	pen-verify --since "$size" --person "$(citizen_id 330106 19800101 011)" -q
	verify 1 --batch 2 --person "$(citizen_id 330106 19800101 011)"
	[ "$(listed .folio)" = 2 ]
	verify 1 rules --rule own.folio --since 1800-01-01
	[ "$(summary .only.since)" = 0 ]
}

@test "what was changed of before is not listed, and yet ends with 5" {
	make_sealed
	pen-seal checkpoint >cp.txt
	size=$(sed -n 2p cp.txt)
	sed 's/V[12]/W&/; s/,2023/,2024/; s/,2023/,2024/' levy.csv >levy-2024.csv
	pen-import -q --confirm --expect-rows 2 levy levy-2024.csv
	cp store/pen.db whole.db
	sql "DROP TRIGGER contribution_stays_u; UPDATE contribution SET personal_fen = 868000 WHERE line = 2"
	verify 5 seals --since "$size"
	[ -z "$(findings)" ]
	[ "$(summary '.left_out > 0 and .left_out == .left_out_integrity')" = true ]
	[[ $(cat stderr.txt) == *'run it again without --since (verify.earlier)' ]]
	cp whole.db store/pen.db
	sql "DROP TRIGGER levy_stays_u; UPDATE levy SET amount_fen = 1 WHERE folio = (SELECT max(id) FROM folio) AND line = 2"
	verify 5 seals --since cp.txt
	[ "$(listed .batch)" = 5 ]
	# Entries of the journal, and what they made, by their index.
	cp whole.db store/pen.db
	sql "DROP TRIGGER journal_stays_u; UPDATE journal SET text = replace(text, 'time: 2', 'time: 3') WHERE at IN (3, $size)"
	verify 5 journal --since "$size"
	[ "$(findings | jq -r 'select(.rule == "journal.signature") | .record' | grep -o '[0-9]*')" = "$size" ]
	[ "$(summary '.left_out_integrity > 0')" = true ]
	cp whole.db store/pen.db
	sql "UPDATE staff SET name = 'x' WHERE id = 'op1'"
	verify 5 journal --since "$size"
	[ -z "$(findings)" ]
	# What is of no entry, folio or batch is listed always.
	cp whole.db store/pen.db
	sql "DROP TRIGGER journal_stays_d; DELETE FROM journal WHERE at = 3"
	verify 5 journal --since "$size"
	[ "$(findings | jq -r .record | head -n 1)" = "journal entry 3 is gone" ]
}

@test "a batch that was discarded before its file was kept is not missed" {
	make_store
	{ echo 统一社会信用代码,单位名称,行政区划,参保日期; echo "$(credit_code 91330106MA0000001),一厂,330106,2010-01-01"; } >employer.csv
	sql "CREATE TRIGGER stop BEFORE UPDATE OF state ON batch WHEN NEW.state = 'staged' BEGIN SELECT RAISE(ABORT, 'the power is cut'); END"
	refuses 3 pen-import employer employer.csv
	sql "DROP TRIGGER stop"
	[ "$(sql "SELECT state FROM batch")" = staging ]
	pen-import -q discard 1
	verify 0
}
