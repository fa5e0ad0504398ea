/* A store in the making: a directory with a mark in it (PEN_UNFINISHED_MARKER), locked by
 * whoever is at it. Until the mark goes nobody opens the store; what a killed run has left
 * is known by it, and made anew. */
#ifndef PEN_STORE_MAKING_H
#define PEN_STORE_MAKING_H

#include <limits.h>

#include "pen.h"

struct pen_making { char dir[PATH_MAX]; int mark; bool made; };	/* mark -1: nothing is under way */

/* Takes a directory, which is empty, or left by a killed run, or made (mode 0700). PEN_BUSY:
 * another run is at it. */
enum pen_status pen_making__take(struct pen_making *making, const char *dir, struct pen_error *error);
/* It is whole, and nobody has it open: gives it its name, if that is another, and takes
 * the mark away. */
enum pen_status pen_making__finish(struct pen_making *making, const char *name, struct pen_error *error);
/* Removes all of it, the directory too if it was made here. Harmless where it is finished. */
void pen_making__give_up(struct pen_making *making);

#endif
