#!/usr/bin/env bats
# shellcheck disable=SC2154
# Rules of an agency's own, and what a verification can be narrowed to.

load helper

one=$(credit_code 91330106MA0000001)
two=$(credit_code 91330106MA0000002)
wang=$(citizen_id 330106 19800101 011)
li=$(citizen_id 330106 19790101 022)

# Two employers with one person each and a year of theirs, confirmed.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD/config
	make_store ed25519-sha256
	printf '%s\n' 统一社会信用代码,单位名称,行政区划,参保日期 "$one,第一机械厂,330106,2010-01-01" "$two,第二机械厂,330106,2010-01-01" >employer.csv
	printf '%s\n' 公民身份号码,姓名,性别,出生日期,统一社会信用代码,参保日期,参加工作时间,用工类别,缴费基数 \
		"$wang,王一,男,1980-01-01,$one,2020-01-01,2000-01-01,男职工,8000.00" \
		"$li,李二,女,1979-01-01,$two,2020-01-01,2000-01-01,女干部,8000.50" >registration.csv
	printf '%s\n' 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 "V1,$one,2024,2024-12-20,50000.00,税收通用缴款书" \
		"V2,$two,2024,2024-12-20,50000.00,税收通用缴款书" >levy.csv
	printf '%s\n' 年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费 \
		"2024,$one,$wang,王一,8000.00,12,15360.00,7680.00" "2024,$two,$li,李二,8000.00,12,15360.00,7680.00" >breakdown.csv
	for form in employer registration levy breakdown; do
		pen-import -q --confirm --expect-rows 2 "$form" "$form.csv"
	done
}

setup() {
	cp -Rp "$BATS_FILE_TMPDIR/store" store
	cp -Rp "$BATS_FILE_TMPDIR/config" "$XDG_CONFIG_HOME"
	export PEN_STORE=$PWD/store PEN_STAFF=op1
}

sql() { sqlite3 store/pen.db "$1"; }
verify() {
	local expected=$1 ended=0
	shift
	pen-verify -f ndjson "$@" >found.ndjson 2>stderr.txt || ended=$?
	test "$ended" = "$expected" || { cat found.ndjson stderr.txt; return 1; }
}
found() { jq -r "select(.type == \"finding\") | $1" found.ndjson; }
summary() { tail -n 1 found.ndjson | jq -r "$1"; }

# A rule file: NAME ID SQL.
rule() {
	mkdir -p store/rules
	printf -- '-- id: %s\n-- class: logic\n-- severity: warning\n-- clause: R2.2\n-- looks-at: bases\n-- advice: round it\n%s\n' "$2" "$3" >"store/rules/$1.sql"
}
whole="SELECT 'registration of ' || id_number AS record, 'base_fen' AS field, base_fen AS found, base_fen / 100 * 100 AS expected,
	'registration' AS kind, folio, person, line FROM registration WHERE base_fen % 100 <> 0;"

@test "a rule of the agency's own runs with the others, is in the catalogue, and counts in the digest" {
	verify 0
	before=$(summary .rules_digest)
	rule whole zj.whole "$whole"
	verify 1
	[ "$(found '[.rule, .record, .field, .found, .expected, .severity, .advice, .record_kind, .person, .line] | join(" ")')" = \
		"zj.whole registration of $li base_fen 8000.50 8000.00 warning round it registration 2 3" ]
	[ "$(summary '.rules[0] | [.rule, .class, .findings] | join(" ")')" = "zj.whole logic 1" ]
	digest=$(summary .rules_digest)
	[ "$digest" != "$before" ]
	verify 1 --rule zj.whole
	verify 0 --rule id.check
	pen-verify catalogue -f json >catalogue.json
	[ "$(jq -r '.rows[] | select(.rule == "zj.whole") | .file' catalogue.json)" = "$PWD/store/rules/whole.sql" ]
	[ "$(jq .summary.own catalogue.json)" = 1 ]
	# The store keeps the set under its digest, and the file's text under its own.
	sql "SELECT writefile('set.gz', content) FROM blob_chunk WHERE digest = '$digest'"
	own=$(gunzip -c set.gz | sed -n 's/^own\/whole.sql //p')
	sql "SELECT writefile('own.gz', content) FROM blob_chunk WHERE digest = '$own'"
	gunzip -c own.gz | cmp - store/rules/whole.sql
	pen-verify -q journal
	# What comes in from now on is read under that set.
	printf '%s\n' 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 "V3,$one,2024,2024-12-20,1.00,税收通用缴款书" >more.csv
	pen-import -q levy more.csv
	[ "$(sql "SELECT rules_digest FROM batch ORDER BY id DESC LIMIT 1")" = "$digest" ]
}

@test "PEN_RULES names another directory, which has to be there" {
	rule whole zj.whole "$whole"
	mv store/rules elsewhere
	verify 0
	export PEN_RULES=$PWD/elsewhere
	verify 1
	[ "$(found .rule)" = zj.whole ]
	[ "$(env -u PEN_STORE pen-verify catalogue -f json | jq .summary.own)" = 1 ]
	export PEN_RULES=$PWD/nowhere
	refuses 2 pen-verify
	[[ $message == *PEN_RULES* ]]
}

@test "what is no rule, would write, or takes an id that is taken is not made; the others run on" {
	rule a-writes own.writes "UPDATE registration SET base_fen = 1;"
	rule b-two own.two "SELECT 1 AS record; DELETE FROM journal;"
	rule c-sets own.sets "PRAGMA user_version = 99;"
	rule d-opens own.opens "ATTACH 'other.db' AS other;"
	rule e-hidden own.hidden "WITH x AS (SELECT 1) INSERT INTO employer SELECT 99, 1;"
	rule f-taken levy.covers "SELECT 1 AS record;"
	rule g-program id.check "SELECT 1 AS record;"
	rule h-id 'Own Rule' "SELECT 1 AS record;"
	echo "SELECT 1 AS record;" >store/rules/i-headless.sql
	rule j-nowhere own.nowhere "SELECT a FROM nowhere;"
	rule k-empty own.empty ""
	rule l-twice own.writes "SELECT 1 AS record;"
	rule z-whole zj.whole "$whole"
	before=$(sqlite3 -readonly store/pen.db "SELECT count(*), sum(base_fen) FROM registration")
	verify 8
	[ "$(found 'select(.severity == "note") | .record | sub(".*/"; "")' | paste -sd' ')" = \
		"a-writes.sql b-two.sql c-sets.sql d-opens.sql e-hidden.sql f-taken.sql g-program.sql h-id.sql i-headless.sql j-nowhere.sql k-empty.sql l-twice.sql" ]
	[ "$(found 'select(.rule == "zj.whole") | .found')" = 8000.50 ]
	[ "$(summary .not_made)" = 12 ]
	[[ $(found 'select(.rule == "own.writes") | .found') == *"one statement that only reads"* ]]
	[[ $(found 'select(.rule == "f-taken.sql") | .found') == *levy.covers* ]]
	[ "$(sqlite3 -readonly store/pen.db "SELECT count(*), sum(base_fen) FROM registration")" = "$before" ]
	[ ! -e other.db ]
	refuses 8 pen-verify catalogue -q
	[[ $message == *f-taken.sql* ]]
	# No import is kept from its work by them.
	printf '%s\n' 凭证号码,统一社会信用代码,所属年度,缴款日期,实缴金额,凭证种类 "V3,$one,2024,2024-12-20,1.00,税收通用缴款书" >more.csv
	pen-import -q levy more.csv
}

@test "classes are chosen, and one that there is not is refused" {
	rule whole zj.whole "$whole"
	sql "DROP TRIGGER registration_stays_u; UPDATE registration SET sex = 2 WHERE person = 1"
	verify 5
	[ "$(found .class | sort -u | paste -sd' ')" = 'logic seal' ]
	verify 1 --class logic,workflow
	[ "$(found .rule | sort | paste -sd' ')" = 'registration.sex zj.whole' ]
	[ "$(summary .checked.entries)" = 0 ]
	verify 5 --class seal
	[ "$(found .class | sort -u)" = seal ]
	[ "$(summary .only.class)" = seal ]
	verify 0 --class completeness
	refuses 2 pen-verify --class logic,magic
	[[ $message == *magic* ]]
	refuses 2 pen-verify --class ''
}

@test "one employer's or one person's rows are looked at, and what is found of others is counted" {
	rule whole zj.whole "$whole"
	sql "DROP TRIGGER contribution_stays_u; UPDATE contribution SET unit_fen = unit_fen + 700"
	sql "UPDATE levy_year SET amount_fen = 1 WHERE employer = 1"
	verify 1 rules --employer "$one" --class logic
	[ "$(found '[.rule, .person // 0, .employer] | join(" ")' | sort | paste -sd,)" = 'levy.covers 0 1,share.unit 1 1' ]
	[ "$(summary .left_out)" -gt 0 ]
	# The employer itself, its registration, its payment, its breakdown: a row of each.
	[ "$(summary .checked.rows)" = 4 ]
	[ "$(summary .checked.amount_fen)" = $((5000000 + 1536700 + 768000)) ]
	[ "$(summary .only.employer)" = "$one" ]
	verify 1 --person "$li" --class logic
	[ "$(found '[.rule, .person] | join(" ")' | sort | paste -sd,)" = 'share.unit 2,zj.whole 2' ]
	[ "$(summary .checked.rows)" = 2 ]
	# With the seals' part the rows are held against their source.
	verify 5 --person "$li"
	found .rule | grep -q source.rows
	[ "$(summary .checked.entries)" = 0 ]
	refuses 2 pen-verify --employer "$(credit_code 91330106MA0000009)"
	[[ $message == *91330106MA0000009* ]]
	refuses 2 pen-verify --person "$(citizen_id 330106 19800101 999)"
	[[ $message == *"is registered: look at the id"* ]]
	refuses 2 pen-verify --employer "$(credit_code 91330106MA0000009)"
	[[ $message == *"is entered: look at the code"* ]]
	refuses 2 pen-verify --person "$li" --employer "$one"
}

@test "findings have the same keys in JSON, NDJSON and CSV, and text leaves the numbers out" {
	rule whole zj.whole "$whole"
	verify 1
	keys=rule,class,severity,clause,record,field,found,expected,batch,line,advice,record_kind,folio,person,employer
	[ "$(jq -r 'select(.type == "finding") | del(.type) | keys_unsorted | join(",")' found.ndjson)" = $keys ]
	pen-verify -f csv >found.csv || [ $? = 1 ]
	[ "$(head -n 1 found.csv | tr -d '\r')" = $keys ]
	pen-verify -f json >found.json || [ $? = 1 ]
	[ "$(jq -r '.rows[0] | keys_unsorted | join(",")' found.json)" = $keys ]
	pen-verify >found.txt 2>/dev/null || [ $? = 1 ]
	[[ $(head -n 6 found.txt) != *record_kind* ]]
	grep -q zj.whole found.txt
}
