# pen-rules(7) from the catalogue: what `pen-verify catalogue -f json` prints becomes
# mdoc. `make pages` runs it; a test of the structure holds the page to it.
#
# $text is the part of the page that stands before and behind the list.

# A word that a line may begin or end with: no request, no macro, no escape.
def plain: gsub("\\\\"; "\\e") | gsub("(?<q>^[.'])"; "\\&" + .q) | gsub("--"; "\\-\\-");

# A sentence of it: capital letter, full stop.
def sentence: (.[0:1] | ascii_upcase) + .[1:] + "." | plain;

def classes: {
	"correctness": "正确性: what a value is by itself.",
	"completeness": "完整性: that nothing is missing.",
	"logic": "逻辑性: values, rows and records beside each other.",
	"seal": "Whether what is stored is what was entered and signed: any finding ends with 5.",
	"workflow": "Duties: what waits longer than it may, by the clock of the machine."
};

# Rules that stand in the program and in a file are one entry.
def entry: .[0] as $rule
	| ".It Sy \($rule.rule)\n" +
	(map(.looks_at | sentence) | unique_by(ascii_downcase) | join("\n")) +
	"\n.br\nTo do: " + (map(.advice | plain) | unique | join(".\nFor one of the file: ")) + ".\n.Pq " +
	([$rule.severity, $rule.clause] + (map(.file | select(. != null)) | map("\\fI" + . + "\\fP")) | join(", "));

($text | split("@RULES@\n")) as $parts
| $parts[0]
+ (.rows | group_by(.rule) | group_by(.[0].class)
	| sort_by(.[0][0].class as $class | ["correctness", "completeness", "logic", "seal", "workflow"] | index($class))
	| map(.[0][0].class as $class
		| ".Ss Class \($class)\n\(classes[$class])\n.Bl -tag -width Ds\n" + (map(entry) | join("\n")) + "\n.El\n")
	| join(""))
+ $parts[1]
