# shellcheck shell=bash disable=SC2154
# Whether a finding names a record that was changed, by the list of tests/tamper/names.
# Behind changes.bash, whose read_schema it needs.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# SQL for the needles of the rows of a table that are not the same as in the schema
# "base": the table, the record's needles, and those of where it lies.
needles() {
	local expression record holder=NULL join=" || '&' || "
	expression=$(grep "^$1$tab" "$here/names" | cut -f 2)
	if test -z "$expression"; then expression=${key_of[$1]// /"$join"}; fi
	record=${expression%% ; *}
	if [[ $expression == *' ; '* ]]; then holder=${expression#* ; }; fi
	echo "SELECT '$1' AS tab, $record AS record, $holder AS holder FROM (SELECT * FROM main.$1 EXCEPT SELECT * FROM base.$1) AS $1
		UNION SELECT '$1', $record, $holder FROM (SELECT * FROM base.$1 EXCEPT SELECT * FROM main.$1) AS $1"
}

# For each table of a file of needles how well the findings name one of its rows: a line
# of the table and record, holder, or nothing. A word is not part of a longer number or
# word.
named() {
	jq -rs --slurpfile wanted "$1" --rawfile error "$3" '
		def word: "(^|[^0-9A-Za-z])\\Q" + . + "\\E($|[^0-9A-Za-z])";
		def says($needles): . as $text | ($needles // "" | tostring) | split("|") | any(.[]; . != "" and (split("&") | all(.[]; word as $w | $text | test($w))));
		([.[] | select(.type == "finding" and .class == "seal") | "\(.record) batch=\(.batch) line=\(.line)"] + [$error]) as $said
		| $wanted[0] // [] | group_by(.tab)[] | . as $rows | .[0].tab + "\t" +
		  if any($said[]; . as $s | any($rows[]; .record as $n | $s | says($n))) then "record"
		  elif any($said[]; . as $s | any($rows[]; .holder as $n | $s | says($n))) then "holder"
		  else "nothing" end' "$2"
}

# Findings of a store; fails unless it ends with 5. Where the door finds what was changed
# of the computer or the person that verifies, it says no more than that: what it names
# is looked for in a copy as well, which needs neither.
look() {
	local ended=0
	rm -f "$1/restored"
	PEN_STORE=$1 PEN_STAFF=op1 pen-verify -f ndjson >"$1/found.ndjson" 2>"$1/error.txt" || ended=$?
	if test "$ended" = 5 && grep -qE '\((terminal|staff)\.changed\)$' "$1/error.txt"; then
		touch "$1/restored"
		ended=0
		PEN_STORE=$1 pen-verify -f ndjson >"$1/found.ndjson" 2>/dev/null || ended=$?
		: >"$1/error.txt"
	fi
	return "$ended"
}
