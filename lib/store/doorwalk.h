/* Verification of the journal, entry by entry: whether the door was open to each
 * act (R7.3, R7.4), whether its author held a role for it, and which way the clock
 * ran. Whoever has a key and a program of their own can enter what the tools
 * refuse; here it shows. */
#ifndef PEN_STORE_DOORWALK_H
#define PEN_STORE_DOORWALK_H

#include "store/walk.h"

/* What the entries before have come to; starts as {0}. */
struct pen_doorwalk { bool suspended; int64_t suspended_at; char time[21]; };

/* An entry: its columns, and what its signed text says. */
struct pen_doorwalk_entry { int64_t at; const char *time, *staff, *act, *subject, *text; };

enum pen_status pen_doorwalk__entry(struct pen_doorwalk *door, struct pen_walk *walk,
    const struct pen_doorwalk_entry *entry, struct pen_error *error);

#endif
