#include "option.h"
#include "option_value.h"

#include <assert.h>
#include <getopt.h>
#include <string.h>

#define OPTIONS_MOST 64		/* of a tool, all verbs together */
#define LONG_BASE 256		/* getopt_long's value of the first row; letters lie below */

/* The common options' rows point into one struct; a process reads one line. */
static struct option_common common;

const struct option_row option_common_rows[] = {
	{ 's', "store", OPTION_TEXT, &common.store, "DIR", N_("the store (else PEN_STORE)"), NULL },
	{ 0, "as", OPTION_TEXT, &common.staff, "ID", N_("who acts (else PEN_STAFF)"), NULL },
	{ 0, "key", OPTION_TEXT, &common.key, "FILE", N_("that person's private key (else PEN_KEY, else ID.pem in the usual place)"), NULL },
	{ 'f', "format", OPTION_TEXT, &common.format, "FORMAT", N_("text, csv, json or ndjson"), NULL },
	{ 'o', "output", OPTION_TEXT, &common.output, "FILE", N_("write the result there, whole or not at all"), NULL },
	{ 'q', "quiet", OPTION_FLAG, &common.quiet, NULL, N_("say nothing but what failed"), NULL },
	{ 'v', "verbose", OPTION_FLAG, &common.verbose, NULL, N_("say what is being done"), NULL },
	{ 0, "no-progress", OPTION_FLAG, &common.no_progress, NULL, N_("no progress bar"), NULL },
	{ 0, "help", OPTION_FLAG, &common.help, NULL, N_("this text; after a command, its own"), NULL },
	{ 0, "version", OPTION_FLAG, &common.version, NULL, N_("the version"), NULL },
	{ 0, "completion", OPTION_TEXT, &common.completion, "SHELL", N_("completions for that shell (bash)"), NULL },
	{ 0, "synopsis", OPTION_FLAG, &common.synopsis, NULL, N_("the SYNOPSIS of the man page"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

const struct option_row option_dry_run_rows[] = {
	{ 'n', "dry-run", OPTION_FLAG, &common.dry_run, NULL, N_("do everything but leave the store as it was"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

/* ---- the rows that count ---- */

/* What getopt_long is given, made from tables of rows. rows[i] belongs to the
 * value LONG_BASE + i. */
struct catalogue {
	const struct option_row *rows[OPTIONS_MOST];
	struct option list[OPTIONS_MOST + 1];
	char letters[3 * OPTIONS_MOST + 3];
	int count;
};

static const struct option_row *named(const struct catalogue *catalogue, const char *name)
{
	int i;

	for (i = 0; i < catalogue->count; i++)
		if (strcmp(catalogue->rows[i]->name, name) == 0)
			return catalogue->rows[i];
	return NULL;
}

static void add(struct catalogue *catalogue, const struct option_row *rows)
{
	const struct option_row *known;
	size_t n;
	int i;

	for (; rows && rows->name; rows++) {
		known = named(catalogue, rows->name);
		/* A word looks the same with every verb: it takes an argument or not. */
		assert(!known || (known->type == OPTION_FLAG) == (rows->type == OPTION_FLAG));
		if (known)
			continue;
		i = catalogue->count++;
		assert(i < OPTIONS_MOST);
		catalogue->rows[i] = rows;
		catalogue->list[i] = (struct option){
			rows->name, rows->type == OPTION_FLAG ? no_argument : required_argument, NULL, LONG_BASE + i
		};
		n = strlen(catalogue->letters);
		if (rows->letter)
			snprintf(catalogue->letters + n, sizeof(catalogue->letters) - n, "%c%s",
			    rows->letter, rows->type == OPTION_FLAG ? "" : ":");
	}
}

/* The rows of one verb, or of all of them. A verb's own come first. */
static void fill(struct catalogue *catalogue, const struct tool *tool, const struct verb *verb)
{
	const struct verb *v;

	*catalogue = (struct catalogue){ .letters = "-:" };	/* operands in their order; ':' where one lacks */
	for (v = tool->verbs; v->run; v++) {
		if (verb && v != verb)
			continue;
		add(catalogue, v->options);
		if (v->flags & VERB_DRY_RUN)
			add(catalogue, option_dry_run_rows);
	}
	add(catalogue, option_common_rows);
}

static const struct option_row *row_of(const struct catalogue *catalogue, int value)
{
	int i;

	if (value >= LONG_BASE)
		return catalogue->rows[value - LONG_BASE];
	for (i = 0; i < catalogue->count; i++)
		if (catalogue->rows[i]->letter == value)
			return catalogue->rows[i];
	return NULL;
}

/* ---- the verb ---- */

/* How many words of the operands are this verb's name; 0: another's. */
static int words(const char *name, char **operands, int count)
{
	const char *space = strchr(name, ' ');

	if (!space)
		return count >= 1 && strcmp(operands[0], name) == 0 ? 1 : 0;
	return count >= 2 && strncmp(operands[0], name, (size_t)(space - name)) == 0 &&
	    !operands[0][space - name] && strcmp(operands[1], space + 1) == 0 ? 2 : 0;
}

/* Finds the verb by the first operands, which need a first reading with the
 * options of all the verbs. *skip is how many words it has. */
static const struct verb *find_verb(const struct tool *tool, int argc, char **argv, int *skip)
{
	const struct verb *v, *fallback = NULL;
	struct catalogue catalogue;
	char *first[2];
	int value, count = 0;

	fill(&catalogue, tool, NULL);
	optind = 0;		/* glibc: from the beginning */
	opterr = 0;
	while (count < 2 && (value = getopt_long(argc, argv, catalogue.letters, catalogue.list, NULL)) != -1)
		if (value == 1)
			first[count++] = optarg;
	while (count < 2 && optind < argc)
		first[count++] = argv[optind++];
	for (v = tool->verbs; v->run; v++) {
		if (!v->name)
			fallback = v;
		else if ((*skip = words(v->name, first, count)))
			return v;
	}
	*skip = 0;
	return fallback;
}

/* ---- reading ---- */

static enum pen_status bad_option(const struct tool *tool, const char *word, int missing, struct pen_error *error)
{
	if (missing)
		return wrong_usage(error, _("%s needs an argument; %s --help lists the options"), word, tool->name);
	return wrong_usage(error, _("there is no option %s; %s --help lists them"), word, tool->name);
}

/* The option that getopt_long stumbled over, as it was typed. */
static const char *stumbled(char **argv, int before, char letter[3])
{
	const char *word = argv[before];

	if (strncmp(word, "--", 2) == 0 || !optopt || optopt >= LONG_BASE)
		return word;
	letter[0] = '-';
	letter[1] = (char)optopt;
	letter[2] = '\0';
	return letter;
}

enum pen_status option_read(const struct tool *tool, int argc, char **argv,
    struct option_line *line, struct pen_error *error)
{
	struct catalogue catalogue;
	int value, skip, before;
	char letter[3];

	line->verb = find_verb(tool, argc, argv, &skip);
	line->count = 0;
	/* Without a verb only the common options are known: --help and the like. */
	fill(&catalogue, tool, line->verb);
	optind = 0;
	for (;;) {
		before = optind ? optind : 1;
		value = getopt_long(argc, argv, catalogue.letters, catalogue.list, NULL);
		if (value == -1)
			break;
		if (value == '?' || value == ':')
			return bad_option(tool, stumbled(argv, before, letter), value == ':', error);
		if (value == 1)
			line->operands[line->count++] = optarg;
		else if (option_value(row_of(&catalogue, value), optarg, error) != PEN_OK)
			return error->status;
	}
	while (optind < argc)
		line->operands[line->count++] = argv[optind++];
	line->operands += skip;
	line->count -= skip;
	line->common = common;
	return PEN_OK;
}
