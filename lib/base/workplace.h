/* Directories for work under way in $TMPDIR, which others use too. Their names are
 * numbered and not random, so that what a killed run has left in one is found and taken
 * away by the next that works there. */
#ifndef PEN_BASE_WORKPLACE_H
#define PEN_BASE_WORKPLACE_H

#include <limits.h>

#include "pen.h"

#define PEN_WORKPLACES 64	/* of one name at once */

/* $TMPDIR, or /tmp. */
const char *pen_workplace__parent(void);

/* The n-th path, "PARENT/NAME-UID-N"; nothing is made. PEN_BUSY where something lies there
 * that others can reach: the next one is to be taken. Whoever takes it locks it. */
enum pen_status pen_workplace__at(const char *parent, const char *name, int n, char out[PATH_MAX], struct pen_error *error);

#endif
