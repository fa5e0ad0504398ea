# share/schema/NNNN-NAME.sql to C: the migrations in order, and of each the first
# table, index, trigger or column that it makes.

function quote(s) { gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); return "\"" s "\\n\"" }
function close_one() { print "\t, " (made == "" ? "NULL, NULL" : made) " }," }

BEGIN { print "/* Made by schema.awk from share/schema. */\n#include <stddef.h>\n#include \"store/store.h\"\n\nconst struct pen_migration pen_schema__migrations[] = {" }
FNR == 1 {
	if (NR > 1) close_one()
	made = ""
	file = FILENAME; sub(/.*\//, "", file)
	print "\t{ " (substr(file, 1, 4) + 0) ", \"" file "\","
}
made == "" && /^CREATE (TABLE|(UNIQUE )?INDEX|TRIGGER) / { name = $2 == "UNIQUE" ? $4 : $3; made = "\"" name "\", NULL" }
made == "" && /^ALTER TABLE [a-z_]+ ADD COLUMN / { made = "\"" $3 "\", \"" $6 "\"" }
{ print "\t  " quote($0) }
END { close_one(); print "\t{ 0, NULL, NULL, NULL, NULL }\n};" }
