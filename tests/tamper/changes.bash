# shellcheck shell=bash
# What can be done to a store in the sqlite3 shell, drawn from its schema, so that a
# table that a later migration makes is covered too. `changes STORE.DB` prints a line for
# each change: table, column, which row, how, and the SQL, separated by tabs. Of several
# lines that differ in their SQL alone, the first that the schema takes is the change.
#
#   near       a number one off, a digit or a letter another one
#   other      what another row has there, or another word that the CHECK allows
#   empty      nothing, where the column may be empty
# and for whole rows (column "*"):
#   deleted, copied (under another key), swapped (two rows' values exchanged),
#   reordered (the last column of two rows' keys exchanged)

tab=$'\t'

# The primary key of each table (rowid where there is none), its columns and their types,
# and the words that a CHECK allows a column.
read_schema() {
	local table column type notnull pk words
	tables=()
	declare -gA key_of=() columns_of=() type_of=() fixed=() words_of=()
	while IFS='|' read -r table column type notnull pk words; do
		if test -z "${columns_of[$table]:-}"; then tables+=("$table"); fi
		columns_of[$table]+="${columns_of[$table]:+ }$column"
		if test "$pk" != 0; then key_of[$table]+="${key_of[$table]:+ }$column"; fi
		if test "$pk$notnull" != 00; then fixed[$table.$column]=yes; fi
		type_of[$table.$column]=$type
		words_of[$table.$column]=$words
	done < <(sqlite3 -readonly "$1" "SELECT m.name, c.name, c.type, c.\"notnull\", c.pk,
		CASE WHEN instr(m.sql, 'CHECK (' || c.name || ' IN (') = 0 THEN ''
			ELSE substr(m.sql, instr(m.sql, 'CHECK (' || c.name || ' IN (') + length(c.name) + 12) END
		FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.pk = 0, c.pk, c.cid" | sed -n '/^[a-z_]*|/{s/).*//;p;}')
}

# Conditions for the first, the middle and the last row of a table, in the order of its
# key: lines of which row, tab, condition.
read_rows() {
	local column condition='' order=''
	for column in ${key_of[$2]:-rowid}; do
		condition="$condition${condition:+ || ' AND '} || '$column = ' || quote($column)"
		order="$order${order:+, }$column"
	done
	sqlite3 -readonly -separator "$tab" "$1" "SELECT CASE row_place WHEN 1 THEN 'first' WHEN row_total THEN 'last' ELSE 'middle' END, ${condition# || }
		FROM (SELECT *, row_number() OVER (ORDER BY $order) AS row_place, count(*) OVER () AS row_total FROM $2)
		WHERE row_place IN (1, (row_total + 1) / 2, row_total)"
}

# A value beside that of a column, in $value.
near() {
	case $2 in
	INTEGER) value="COALESCE($1, 0) + 1" ;;
	BLOB) value="zeroblob(COALESCE(length($1), 32))" ;;
	*) value="CASE WHEN substr($1, -1) GLOB '[0-8a-eA-E]' THEN substr($1, 1, length($1) - 1) || char(unicode(substr($1, -1)) + 1) WHEN substr($1, -1) = '9' THEN substr($1, 1, length($1) - 1) || '0' ELSE COALESCE($1, '') || 'x' END" ;;
	esac
}

# One line of the list, for the table, column and row at hand.
say() { printf '%s\t%s\t%s\t%s\t%s\n' "$table" "$column" "$row" "$1" "$2"; }

change_column() {
	local word words=${words_of[$table.$column]//,/ }
	near "$column" "${type_of[$table.$column]}"
	say near "UPDATE $table SET $column = $value WHERE $where"
	if test "${type_of[$table.$column]}" = INTEGER; then
		say near "UPDATE $table SET $column = $column - 1 WHERE $where"
		say near "UPDATE $table SET $column = (SELECT max($column) + 1 FROM $table) WHERE $where"
	fi
	for word in $words; do
		say other "UPDATE $table SET $column = $word WHERE $where AND $column <> $word"
	done
	say other "UPDATE $table SET $column = (SELECT max(o.$column) FROM $table AS o WHERE o.$column IS NOT $table.$column) WHERE $where AND EXISTS (SELECT 1 FROM $table AS o WHERE o.$column IS NOT NULL AND o.$column IS NOT $table.$column)"
	if test -z "${fixed[$table.$column]:-}"; then
		say empty "UPDATE $table SET $column = NULL WHERE $where AND $column IS NOT NULL"
	fi
}

# A copy of a row under another key; where that is not enough, with one more column of
# its own.
copy_row() {
	local extra name last=${key_of[$table]##* } list
	for extra in '' ${columns_of[$table]}; do
		list=
		for name in ${columns_of[$table]}; do
			value=$name
			if test "$name" = "$last" && test "${type_of[$table.$name]}" = INTEGER; then
				value="(SELECT max($name) + 1 FROM $table)"
			elif test "$name" = "$last" || test "$name" = "$extra"; then
				near "$name" "${type_of[$table.$name]}"
			fi
			list+="${list:+, }$value"
		done
		say copied "INSERT INTO $table (${columns_of[$table]// /, }) SELECT $list FROM $table WHERE $where"
	done
}

# Two rows take each other's values in some columns. They are taken out meanwhile, so
# that nothing stands in their way.
exchange() {
	local how=$1 one=$2 two=$3 name sets=''
	shift 3
	for name; do
		sets+="${sets:+, }$name = (SELECT k.$name FROM kept AS k WHERE k.n <> new.n)"
	done
	say "$how" "CREATE TEMP TABLE kept AS SELECT row_number() OVER () AS n, * FROM $table WHERE $one OR $two; CREATE TEMP TABLE new AS SELECT * FROM kept; UPDATE new SET $sets; DELETE FROM $table WHERE $one OR $two; INSERT INTO $table (${columns_of[$table]// /, }) SELECT ${columns_of[$table]// /, } FROM new"
}

change_rows() {
	local column='*' row where first='' name values=()
	while IFS=$tab read -r row where; do
		say deleted "DELETE FROM $table WHERE $where"
		if test "$row" = first; then
			first=$where
			copy_row
		elif test "$row" = last; then
			row='first and last'
			for name in ${columns_of[$table]}; do
				if [[ " ${key_of[$table]} " != *" $name "* ]]; then values+=("$name"); fi
			done
			if test ${#values[@]} != 0; then exchange swapped "$first" "$where" "${values[@]}"; fi
			exchange reordered "$first" "$where" "${key_of[$table]##* }"
		fi
	done
}

changes() {
	local table column row where value rows
	read_schema "$1"
	for table in "${tables[@]}"; do
		rows=$(read_rows "$1" "$table")
		if test -z "$rows"; then
			printf '%s\t*\tnone\tempty\t\n' "$table"
			continue
		fi
		for column in ${columns_of[$table]}; do
			while IFS=$tab read -r row where; do change_column; done <<<"$rows"
		done
		change_rows <<<"$rows"
	done
}
