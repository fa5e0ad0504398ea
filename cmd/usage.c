#include "usage.h"
#include "option.h"

#include <string.h>

/* ---- help ---- */

static void print_rows(const struct option_row *rows, FILE *out)
{
	char left[64], letter[8];

	for (; rows && rows->name; rows++) {
		letter[0] = '\0';
		if (rows->letter)
			snprintf(letter, sizeof(letter), "-%c,", rows->letter);
		snprintf(left, sizeof(left), "  %3s --%s%s%s", letter, rows->name,
		    rows->argument ? " " : "", rows->argument ? rows->argument : "");
		fprintf(out, "%-27s %s\n", left, _(rows->help));
	}
}

static bool has_options(const struct verb *verb)
{
	return (verb->options && verb->options->name) || verb->flags & VERB_DRY_RUN;
}

static void print_verb(const struct tool *tool, const struct verb *verb, FILE *out)
{
	fprintf(out, "  %s%s%s%s%s%s\n", tool->name, verb->name ? " " : "", verb->name ? verb->name : "",
	    has_options(verb) ? " [OPTION]..." : "", verb->operands[0] ? " " : "", verb->operands);
	fprintf(out, "      %s\n", _(verb->help));
	print_rows(verb->options, out);
	if (verb->flags & VERB_DRY_RUN)
		print_rows(option_dry_run_rows, out);
}

void usage_help(const struct tool *tool, const struct verb *verb, FILE *out)
{
	const struct verb *v;

	fprintf(out, "%s: %s\n\n", tool->name, _(tool->summary));
	for (v = tool->verbs; v->run; v++)
		if (!verb || v == verb)
			print_verb(tool, v, out);
	fprintf(out, "\n%s\n", _("Options of all the commands:"));
	print_rows(option_common_rows, out);
	fprintf(out, _("\nExit status: 0 clean, 1 findings, 2 usage, 3 refused, 4 input unusable,\n"
	    "5 integrity, 6 busy, 7 system, 8 incomplete; see pen(7) and %s(1).\n"), tool->name);
}

/* ---- the man page ---- */

/* A metavariable as mdoc writes it, in lower case. */
static void mdoc_argument(const char *s, size_t n, FILE *out)
{
	size_t i;

	for (i = 0; i < n; i++)
		fputc(s[i] >= 'A' && s[i] <= 'Z' ? s[i] - 'A' + 'a' : s[i], out);
}

static void mdoc_rows(const struct option_row *rows, FILE *out)
{
	for (; rows && rows->name; rows++) {
		if (rows->letter)
			fprintf(out, ".Op Fl %c", rows->letter);
		else
			fprintf(out, ".Op Fl -%s", rows->name);
		if (rows->argument) {
			fputs(" Ar ", out);
			mdoc_argument(rows->argument, strlen(rows->argument), out);
		}
		fputc('\n', out);
	}
}

/* An operand, "FILE...", "[TABLE]" or "A|B", to a line. */
static void mdoc_operand(const char *s, size_t n, FILE *out)
{
	const char *word = s + (s[0] == '[');
	size_t length = strcspn(word, " ].|");

	fputs(word > s ? ".Op Ar " : ".Ar ", out);
	mdoc_argument(word, length, out);
	for (word += length; *word == '|'; word += length) {
		length = strcspn(++word, " ].|");
		fputs(" | Ar ", out);
		mdoc_argument(word, length, out);
	}
	fputs(memmem(s, n, "...", 3) ? " ...\n" : "\n", out);
}

static void mdoc_operands(const char *s, FILE *out)
{
	size_t n;

	for (; *s; s += n + strspn(s + n, " ")) {
		n = strcspn(s, " ");
		mdoc_operand(s, n, out);
	}
}

void usage_synopsis(const struct tool *tool, FILE *out)
{
	const struct verb *v;

	for (v = tool->verbs; v->run; v++) {
		fprintf(out, ".Nm %s\n", tool->name);
		if (v->name)
			fprintf(out, ".Cm %s\n", v->name);
		mdoc_rows(v->options, out);
		if (v->flags & VERB_DRY_RUN)
			mdoc_rows(option_dry_run_rows, out);
		mdoc_operands(v->operands, out);
	}
}

/* ---- completions ---- */

static void complete_rows(const struct option_row *rows, FILE *out)
{
	for (; rows && rows->name; rows++)
		fprintf(out, " --%s", rows->name);
}

/* A case of the shell's: the options of a verb, by the first two words. */
static void complete_options(const struct verb *verb, FILE *out)
{
	if (!verb->name)
		return;
	fprintf(out, strchr(verb->name, ' ') ? "\t\"%s\") words+=\"" : "\t\"%s \"*) words+=\"", verb->name);
	complete_rows(verb->options, out);
	if (verb->flags & VERB_DRY_RUN)
		complete_rows(option_dry_run_rows, out);
	fputs("\" ;;\n", out);
}

/* The word of a verb that may come next. */
static void complete_name(const struct verb *verb, FILE *out)
{
	const char *space = verb->name ? strchr(verb->name, ' ') : NULL;

	if (space)
		fprintf(out, "\ttest \"$one $two\" = '%.*s ' && words+=' %s'\n", (int)(space - verb->name), verb->name, space + 1);
	if (verb->name)
		fprintf(out, "\ttest -z \"$one\" && words+=' %.*s'\n", (int)strcspn(verb->name, " "), verb->name);
	else {
		fputs("\ttest -z \"$two\" && words+='", out);
		complete_rows(verb->options, out);
		fputs("'\n", out);
	}
}

void usage_completion(const struct tool *tool, FILE *out)
{
	const struct verb *v;
	char name[64];
	char *p;

	snprintf(name, sizeof(name), "_%s", tool->name);
	for (p = name; *p; p++)
		if (*p == '-')
			*p = '_';
	fprintf(out, "# bash completion for %s, made by %s --completion bash\n"
	    "%s() {\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words='' one='' two='' w\n",
	    tool->name, tool->name, name);
	fputs("\tcase $prev in\n"
	    "\t-f|--format) mapfile -t COMPREPLY < <(compgen -W 'text csv json ndjson' -- \"$cur\"); return ;;\n"
	    "\t-s|--store) mapfile -t COMPREPLY < <(compgen -d -- \"$cur\"); return ;;\n\tesac\n"
	    "\tfor w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n\t\tcase $w in\n\t\t-*) ;;\n"
	    "\t\t*) if test -z \"$one\"; then one=$w; elif test -z \"$two\"; then two=$w; fi ;;\n\t\tesac\n\tdone\n"
	    "\tcase \"$one $two\" in\n", out);
	for (v = tool->verbs; v->run; v++)
		complete_options(v, out);
	fputs("\tesac\n", out);
	for (v = tool->verbs; v->run; v++)
		complete_name(v, out);
	fputs("\twords+='", out);
	complete_rows(option_common_rows, out);
	fprintf(out, "'\n\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n}\ncomplete -o default -F %s %s\n",
	    name, tool->name);
}
