/* What is printed from the option table: --help, the man page's SYNOPSIS,
 * completions. */
#ifndef PEN_USAGE_H
#define PEN_USAGE_H

#include "command.h"

void usage_help(const struct tool *tool, const struct verb *verb, FILE *out);	/* verb NULL: all */
void usage_synopsis(const struct tool *tool, FILE *out);			/* mdoc(7) */
void usage_completion(const struct tool *tool, FILE *out);			/* bash */

#endif
