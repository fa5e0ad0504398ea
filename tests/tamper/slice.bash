# shellcheck shell=bash disable=SC2154
# Every column of every table changed once, in its first row: what stands in different
# tables in one copy of the store, and each record has to be named among the findings.
# tests/tamper/run changes one thing at a time, and more of them. Behind changes.bash and
# look.bash.

# What is changed by itself: without it nothing else opens, or all else differs.
alone='^(store\.(suite|secret|one)|blob_chunk\.content|journal\.(act|text)|parameter_table\.digest)$'

# The changes, with the number of the copy that each goes into.
rounds() {
	awk -F "$tab" -v OFS="$tab" -v alone="$alone" '
		$3 != "first" || $2 == "*" || $4 == "empty" { next }
		{
			place = $1 "." $2
			if (!(place in round)) round[place] = place ~ alone ? 1000 + ++singles : ++columns[$1]
			print round[place], $1, $2, $5
		}' "$1" | sort -t "$tab" -k 1,1n -s
}

# The SQL for one copy, from lines of table, column, statement. Of the statements of a
# column the first that is taken is the change: those behind it find that something was
# changed since, and do nothing.
draw_up() {
	local table column sql last='' union=''
	cat "$2/drop.sql"
	echo "ATTACH '$1/pen.db' AS base; CREATE TEMP TABLE before (n);"
	while IFS=$tab read -r table column sql; do
		if test "$table.$column" != "$last"; then
			echo 'DELETE FROM before; INSERT INTO before SELECT total_changes() + 1;'
			union+="${union:+ UNION ALL }SELECT * FROM ($(needles "$table"))"
			last=$table.$column
		fi
		echo "$sql AND total_changes() = (SELECT n FROM before);"
	done
	printf '.mode json\n.output %s/needles.json\n%s;\n.output\nDETACH base;\n' "$2" "$union"
	cat "$2/triggers.sql"
}

# slice STORE DIR: DIR is worked in. Prints what was not found or not named, and fails.
slice() {
	local store=$1 dir=$2 round bad=0 ended table how
	read_schema "$store/pen.db"
	sqlite3 -readonly "$store/pen.db" "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_master WHERE type = 'trigger'" >"$dir/drop.sql"
	sqlite3 -readonly "$store/pen.db" "SELECT sql || ';' FROM sqlite_master WHERE type = 'trigger'" >"$dir/triggers.sql"
	changes "$store/pen.db" >"$dir/changes"
	rounds "$dir/changes" >"$dir/rounds"
	for round in $(cut -f 1 "$dir/rounds" | uniq); do
		cp "$store/pen.db" "$dir/pen.db"
		grep "^$round$tab" "$dir/rounds" | cut -f 2- | draw_up "$store" "$dir" >"$dir/change.sql"
		sqlite3 "$dir/pen.db" <"$dir/change.sql" 2>/dev/null
		test -s "$dir/needles.json" || continue
		ended=0
		look "$dir" || ended=$?
		while IFS=$tab read -r table how; do
			test "$how" != nothing && test "$ended" = 5 && continue
			echo "not found, or not named (status $ended): $(grep "^$round$tab$table$tab" "$dir/rounds" | head -n 1)"
			bad=1
		done < <(named "$dir/needles.json" "$dir/found.ndjson" "$dir/error.txt")
	done
	return "$bad"
}
