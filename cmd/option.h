/* The option table: reading a command line by it. */
#ifndef PEN_OPTION_H
#define PEN_OPTION_H

#include "command.h"

#include <libintl.h>

#define _(text) dgettext("pen", text)
#define N_(text) text

/* The options that all the tools have, and the operands that were left. */
struct option_common {
	const char *store, *staff, *key, *format, *output, *completion;
	bool dry_run, quiet, verbose, no_progress, help, version, synopsis;
};

/* A command line, read: argv without its options and the words of the verb. */
struct option_line {
	struct option_common common;
	const struct verb *verb;	/* NULL: none named, and no default */
	int count;
	char **operands;
};

/* Reads the line; operands points to room for argc entries. PEN_USAGE if it
 * cannot be. That operands are missing is not looked at here. */
enum pen_status option_read(const struct tool *tool, int argc, char **argv,
    struct option_line *line, struct pen_error *error);

/* The rows of the options that all have, and of --dry-run. */
extern const struct option_row option_common_rows[], option_dry_run_rows[];

#endif
