/* Files that a killed run has left half written: beside a path, under its name with
 * ".PID-N.tmp" behind it. */
#ifndef PEN_BASE_LEFTOVER_H
#define PEN_BASE_LEFTOVER_H

#include <stdbool.h>

/* Takes away those of this path on which nobody is at work; what cannot be taken away
 * stays. */
void pen_leftover__sweep(const char *path);

/* Locks a new file of such a name for as long as it is open, so that nobody takes it for
 * left over; false if somebody already has, and another is needed. A file system without
 * locks takes none away either. */
bool pen_leftover__claim(int fd);

#endif
