/* What every tool has in common: the option table behind parsing, usage, man
 * SYNOPSIS and completions; the session, the printer, the error line and the
 * exit status.
 *
 * A tool is a table of verbs, each with a table of options beside the variables
 * they fill and one function that makes one call into libpen. */
#ifndef PEN_COMMAND_H
#define PEN_COMMAND_H

#include "pen.h"
#include "wrong.h"

enum option_type {
	OPTION_FLAG,		/* bool */
	OPTION_TEXT,		/* const char * */
	OPTION_COUNT,		/* int64_t, 0 or more */
	OPTION_YEAR,		/* int32_t */
	OPTION_DATE,		/* int32_t yyyymmdd */
	OPTION_YUAN,		/* int64_t fen, from "1234.50" */
	OPTION_AGE,		/* int64_t seconds, from "5d", "36h" */
	OPTION_LIST		/* struct option_list: given again, one more */
};

/* The texts of an option that may be repeated, in their order. */
#define OPTION_LIST_MOST 32
struct option_list { const char *at[OPTION_LIST_MOST]; size_t count; };

struct option_row {
	char letter;			/* 0: none */
	const char *name;		/* without the dashes; NULL ends a table */
	enum option_type type;
	void *into;
	const char *argument;		/* metavariable; NULL for a flag */
	const char *help;
	bool *given;			/* set true when the option is given; may be NULL */
};

/* What a verb's function is handed. */
struct command {
	int argc; char **argv;		/* the operands */
	bool dry_run;
	struct pen_session *session;	/* NULL unless the verb asks for one */
	struct pen_printer *printer;
	const char *store;		/* as given */
	const char *staff;
	struct pen_session_options options;	/* for a verb that opens none */
};

/* STAFF_OPTIONAL: it only reads, so on a copy nobody needs to be named.
 * WHILE_SUSPENDED: it works while access is cut off (R7.3). ANYWHERE: on a computer
 * that is not registered, too (R7.4). The library looks at the acts themselves. */
enum {
	VERB_SESSION = 1, VERB_DRY_RUN = 2, VERB_STAFF_OPTIONAL = 4,
	VERB_WHILE_SUSPENDED = 8, VERB_ANYWHERE = 16, VERB_RESTORED = 32
};

struct verb {
	const char *name;		/* NULL: the tool's default verb */
	const char *operands;		/* "FORM FILE...", for usage; "" for none */
	const char *help;
	unsigned flags;
	int least, most;		/* operands; most -1: any number */
	const struct option_row *options;	/* its own; may be NULL */
	enum pen_status (*run)(struct command *command, struct pen_error *error);
};

struct tool {
	const char *name, *summary;
	const struct verb *verbs;	/* ends in run NULL */
};

/* Parses, opens what the verb asks for, runs it, reports. Options common to all
 * the tools: -s/--store, --as, --key, -f/--format, -o/--output, --dry-run (where
 * VERB_DRY_RUN), -q/--quiet, -v/--verbose, --no-progress, --help, --version,
 * --completion SHELL, --synopsis. A verb's name may stand anywhere among the
 * options; if no operand names a verb, the default verb runs. */
int command_main(const struct tool *tool, int argc, char **argv);

#endif
