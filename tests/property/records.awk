# A CSV text as its records, one a line: the line on which it begins, then its
# fields, separated by tabs, with \\, \t, \n and \r for what would disturb that.
# `delimiter` parts the fields. Made for the recount alone: character by character,
# after RFC 4180, and nothing in common with how pen reads.
function escaped(s) { gsub(/\\/, "\\\\", s); gsub(/\t/, "\\t", s); gsub(/\n/, "\\n", s); gsub(/\r/, "\\r", s); return s }
function field_ends() { record = record "\t" escaped(field); field = ""; quoted = 0 }
function record_ends() {
	field_ends()
	print began record
	record = ""; began = line; open = 0
}
BEGIN { RS = "\001"; line = 1; began = 1; open = 0 }
{ text = text (NR > 1 ? RS : "") $0 }
END {
	n = length(text)
	for (i = 1; i <= n; i++) {
		c = substr(text, i, 1)
		ends = c == "\n" || c == "\r"
		if (ends && c == "\r" && substr(text, i + 1, 1) == "\n") { c = "\r\n"; i++ }
		if (ends) line++
		if (inside) {
			if (c != "\"") field = field c
			else if (substr(text, i + 1, 1) == "\"") { field = field c; i++ }
			else inside = 0
		}
		else if (ends) { record_ends(); fresh = 1; continue }
		else if (c == "\"" && field == "" && !quoted) { inside = quoted = 1 }
		else if (c == delimiter) field_ends()
		else field = field c
		open = 1
	}
	if (open) record_ends()
}
