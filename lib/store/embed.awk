# lib/store/*.sql to C: an enum of the statements' names and a table of their
# texts. A statement begins at "-- name: NAME"; "-- scan: REASON" beneath it
# says why it may read a whole table.
#   awk -v header=statements.h -v source=statements.c -f embed.awk FILE.sql...

function quote(s) { gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); return "\"" s "\\n\"" }
function finish() { if (name != "") print "\t{ \"" name "\", " (scan == "" ? "NULL" : scan) "," text " }," > source }

BEGIN {
	print "/* Made by embed.awk from the statements in lib/store. */\n#ifndef PEN_STATEMENTS_H\n#define PEN_STATEMENTS_H\n\nenum pen_sql {" > header
	print "/* Made by embed.awk from the statements in lib/store. */\n#include <stddef.h>\n#include \"statements.h\"\n\nconst struct pen_sql_text pen_sql__texts[] = {" > source
}
/^-- name: / { finish(); name = $3; scan = ""; text = ""; print "\tPEN_SQL_" toupper(name) "," > header; next }
/^-- scan: / { s = $0; sub(/^-- scan: /, "", s); scan = quote(s); next }
/^--/ || /^[ \t]*$/ { next }
name == "" { print FILENAME ": " FNR ": a statement without a name" > "/dev/stderr"; exit 1 }
{ text = text "\n\t  " quote($0) }
END {
	finish()
	print "};" > source
	print "\tPEN_SQL_COUNT\n};\n\nstruct pen_sql_text { const char *name, *scan, *text; };\nextern const struct pen_sql_text pen_sql__texts[];\n\n#endif" > header
}
