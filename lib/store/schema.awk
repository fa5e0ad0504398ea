# share/schema/NNNN-NAME.sql to C: the migrations in order.

function quote(s) { gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); return "\"" s "\\n\"" }

BEGIN { print "/* Made by schema.awk from share/schema. */\n#include <stddef.h>\n#include \"store/store.h\"\n\nconst struct pen_migration pen_schema__migrations[] = {" }
FNR == 1 {
	if (NR > 1) print "\t},"
	file = FILENAME; sub(/.*\//, "", file)
	print "\t{ " (substr(file, 1, 4) + 0) ", \"" file "\","
}
{ print "\t  " quote($0) }
END { print "\t},\n\t{ 0, NULL, NULL }\n};" }
