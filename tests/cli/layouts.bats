#!/usr/bin/env bats
# shellcheck disable=SC2154
# One delivery in every layout that it may come in: the same rows each time.

load helper

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$BATS_FILE_TMPDIR/config
	make_store
	examples=$top/share/examples
	pen-import -q --confirm --expect-rows 12 employer "$examples/employers.csv"
	pen-import -q --confirm --expect-rows 300 registration "$examples/registration.csv"
	pen-import -q --confirm --expect-rows 24 levy "$examples/levy-2024.csv"
	# The first employer's rows, as everything else is made from them.
	iconv -f GB18030 -t UTF-8 "$examples/breakdown-2024.csv" | awk -F, 'NR == 1 || $2 == code || code == "" { if (NR == 2) code = $2; print }' |
		head -n 12 | tr -d '\r' >plain.csv
	# The same in JSON: identifiers and amounts as texts.
	jq -R -s 'split("\n") | map(select(. != "") | split(",")) | .[0] as $keys | .[1:] | map([$keys, .] | transpose | map({(.[0]): .[1]}) | add)' plain.csv >rows.json
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$BATS_FILE_TMPDIR/config PEN_STORE=$BATS_FILE_TMPDIR/store PEN_STAFF=op1
}

# What a file comes to: its rows as they are stored (but for the line), lines,
# amounts and repairs. The batch is discarded, so that the next one is the first.
come_to() {
	local batch
	pen-import -f json breakdown "$@" >receipt.json || return 1
	batch=$(jq .batch receipt.json)
	sqlite3 "$PEN_STORE/pen.db" "SELECT person, sequence, kind, base_fen, months, months_assumed, unit_fen, personal_fen,
		arrived, voucher FROM contribution WHERE folio IN (SELECT id FROM folio WHERE batch = $batch) ORDER BY person, line"
	jq -S '{lines: (.lines | del(.other, .read)), amount_fen, repairs}' receipt.json
	pen-import -q discard "$batch"
}

same() {
	test -f expected || { come_to plain.csv >expected && grep -q '"accepted": 11' expected; }
	come_to "$@" >found
	diff found expected
}

refuses_as() {
	local code=$1
	shift
	refuses 4 pen-import breakdown "$@"
	echo "$message"
	[[ $message == *"($code)"* && $message == *"$1"* ]]
	[ ! -s stdout.txt ]
}

@test "comma, tab and semicolon come to the same rows, quoted or not, with any ends of lines" {
	tr ',' '\t' <plain.csv >tab.csv
	same tab.csv
	sed 's/[^,]*/"&"/g; s/,/;/g; s/$/\r/' plain.csv >semicolon.csv
	same semicolon.csv
	tr '\n' '\r' <plain.csv >mac.csv
	same mac.csv
	printf %s "$(cat plain.csv)" >without-end.csv
	same without-end.csv
}

@test "an array and objects one a line come to the same rows" {
	same rows.json
	jq -c '.[]' rows.json >rows.ndjson
	same rows.ndjson
	jq -c . rows.json >one-line.json
	same one-line.json
}

@test "English keys in another order, integer fen and null come to the same rows" {
	jq 'map({personal_fen: (.["个人缴费"] | gsub("[.]"; "") | tonumber), year: (.["年度"] | tonumber), credit_code: .["统一社会信用代码"],
		AAC002: .["公民身份号码"], name: .["姓名"], base: .["缴费基数"], months: (.["缴费月数"] | tonumber), unit: .["单位缴费"], first_month: .["起始月份"], voucher: null})' rows.json >english.json
	same english.json
}

@test "UTF-16 with its mark, GB18030 and UTF-8 come to the same rows, and the receipt says which" {
	{ printf '\377\376'; tr ',' '\t' <plain.csv | iconv -f UTF-8 -t UTF-16LE; } >unicode.txt
	same unicode.txt
	[ "$(jq -r .file.encoding receipt.json)" = 'UTF-16LE with BOM' ]
	{ printf '\376\377'; iconv -f UTF-8 -t UTF-16BE rows.json; } >unicode.json
	same unicode.json
	[ "$(jq -r .file.encoding receipt.json)" = 'UTF-16BE with BOM' ]
	iconv -f UTF-8 -t GB18030 plain.csv >gb.csv
	same gb.csv
	{ printf '\357\273\277'; cat plain.csv; } >bom.csv
	same bom.csv
	[ "$(jq -r .file.encoding receipt.json)" = 'UTF-8 with BOM' ]
}

@test "gzip is opened, in several members and from stdin, and is the same delivery as unpacked" {
	{ head -n 5 plain.csv | gzip; tail -n +6 plain.csv | gzip; } >packed.csv.gz
	same packed.csv.gz
	same - <packed.csv.gz
	same - < <(cat rows.json)
	same packed.csv.gz
	jq .file receipt.json >packed.json
	jq -e --arg bytes "$(wc -c <plain.csv)" '.name == "packed.csv" and .bytes == ($bytes | tonumber)' packed.json
	[ "$(jq -r .digest packed.json)" = "$(pen-import -n -f json breakdown plain.csv | jq -r .file.digest)" ]
}

@test "NUL and 0x1A at the end are passed over and counted; within a cell they reject the row" {
	{ cat plain.csv; printf '\032\0\0\0'; } >padded.csv
	same padded.csv
	jq -e '.assumptions[] | select(.code == "file.padding") | .count == 4' receipt.json
	sed '3s/,/,\x0/3' plain.csv >nul.csv
	run -1 --separate-stderr pen-import -n -f json breakdown nul.csv
	jq -e '.lines.rejected == 1 and .lines.accepted == 10' <<<"$output"
}

@test "what is damaged, cut off or put together from two encodings is refused" {
	gzip -c plain.csv | head -c -9 >cut.csv.gz
	refuses_as gzip.damaged cut.csv.gz
	{ gzip -c plain.csv; echo; } >longer.csv.gz
	refuses_as gzip.damaged longer.csv.gz
	{ head -n 3 plain.csv; tail -n +4 plain.csv | iconv -f UTF-8 -t GB18030; } >mixed.csv
	refuses_as charset.mixed mixed.csv
	[[ $message == *mixed.csv:4:* ]]
	head -c -3 rows.json >cut.json
	refuses_as json.syntax cut.json
	iconv -f UTF-8 -t UTF-16LE plain.csv >unmarked.csv
	refuses_as charset.binary unmarked.csv
	[[ $message == *UTF-16* ]]
}

@test "workbooks, web pages and the like are refused by their name" {
	printf 'PK\003\004\024\0\0\0' >book.csv
	refuses_as file.kind book.csv
	[[ $message == *xlsx* ]]
	printf '\320\317\021\340\241\261\032\341' >book.xls
	refuses_as file.kind book.xls
	printf '<html><table><tr><td>年度</td></tr></table></html>' >page.xls
	refuses_as file.kind page.xls
	[[ $message == *HTML* ]]
	gzip -c page.xls >page.gz
	refuses_as file.kind page.gz
	printf '%%PDF-1.7\n' >paper.csv
	refuses_as file.kind paper.csv
}

@test "JSON that cannot be what it is meant to be is refused with its line" {
	printf '[\n1]' >number.json
	refuses_as json.element number.json
	[[ $message == *number.json:2:* ]]
	printf '{"年度":"2024","年度":"2023"}' >twice.json
	refuses_as json.twice twice.json
	echo '[]' >none.json
	refuses_as input.rows none.json
}

@test "a number as an amount is rejected with advice, and the mended rejects of JSON go in" {
	jq '.[1]["缴费基数"] |= tonumber | .[2] += {"备注": "x"} | .[3]["公民身份号码"] |= "1"' rows.json >numbers.json
	run -1 --separate-stderr pen-import -f json breakdown numbers.json
	batch=$(jq .batch <<<"$output")
	jq -e '.lines.rejected == 2 and .lines.accepted == 9 and .lines.other == 0' <<<"$output"
	rejects=$(jq -r .rejects <<<"$output")
	head -n 1 "$rejects" | grep '备注,line,byte,'
	grep -c 'json.number.*base_fen' "$rejects"
	[ "$(wc -l <"$rejects")" = 3 ]
	id=$(jq -r '.[3]["公民身份号码"]' rows.json)
	awk -F, -v OFS=, -v id="$id" 'NR > 1 && $3 == "1" { $3 = id } { print }' "$rejects" >mended.csv
	pen-import -q --amends "$batch" breakdown mended.csv
	[ "$(sqlite3 "$PEN_STORE/pen.db" "SELECT COUNT(*) FROM reject WHERE batch = $batch AND mended_by IS NULL")" = 0 ]
	pen-verify
}
